"""Items, bytes kept, bytes moved and money, worked out by hand."""

from fractions import Fraction

import pytest

from tests.strategies import errors, number, solved

DAY, YEAR = 86400, 365 * 86400
MONTH = 30 * DAY


def test_links_of_the_seed_document_after_five_years():
    solution = solved("""
    flows: {shorten: {rate: 100M/day, steps: [db: write]}}
    entities: {link: {size: {code: 7B, url: 500B}, created_by: shorten, keep: {db: 5y}}}
    components: {db: {kind: database}}
    """)
    assert number(solution, "flows.shorten.rate") == pytest.approx(1157.40740741, rel=1e-9)
    assert number(solution, "entities.link.count") == pytest.approx(1.825e11, rel=1e-12)
    assert number(solution, "entities.link.stored") == pytest.approx(1.825e11 * 507, rel=1e-12)
    assert number(solution, "entities.link.ingest") == pytest.approx(1e8 / DAY * 507, rel=1e-12)


def test_items_are_those_from_the_start_and_those_created_and_kept():
    solution = solved("""
    flows:
      signup: {rate: 1M/day, steps: [db: write]}
      upload: {rate: 5M/day, steps: [db: write]}
    entities:
      user: {size: 2KB, count: 40M, created_by: {signup: 1, upload: 20%}, keep: {db: 30d, archive: 1y}}
    components: {db: {kind: database}, archive: {kind: object-store}}
    """)
    assert number(solution, "entities.user.created") == pytest.approx(2e6 / DAY, rel=1e-12)
    assert number(solution, "entities.user.items.db") == pytest.approx(40e6 + 60e6, rel=1e-12)
    assert number(solution, "entities.user.items.archive") == pytest.approx(40e6 + 730e6, rel=1e-12)
    assert number(solution, "entities.user.count") == pytest.approx(770e6, rel=1e-12)
    assert number(solution, "entities.user.stored.db") == pytest.approx(100e6 * 2000, rel=1e-12)
    assert number(solution, "entities.user.stored") == pytest.approx((100e6 + 770e6) * 2000, rel=1e-12)


def test_forever_is_until_the_horizon():
    text = """
    {horizon}
    flows: {{add: {{rate: 10/s, active: 6h/day, peak: 5x, steps: [db: write]}}}}
    entities: {{row: {{size: 1KB, created_by: add, keep: {{db: forever}}}}}}
    components: {{db: {{kind: database}}}}
    """
    solution = solved(text.format(horizon="horizon: 3y"))
    assert number(solution, "entities.row.count") == pytest.approx(10 * 3 * YEAR, rel=1e-12)
    found = errors(text.format(horizon=""))
    assert [(finding.code, finding.path[:2]) for finding in found] == [("SP402", ("entities", "row"))]


def test_what_is_counted_and_never_created_is_just_kept():
    solution = solved("""
    flows: {read: {rate: 10/s, steps: [db]}}
    entities: {item: {size: 4KB, count: 25M, keep: {db: forever}}}
    components: {db: {kind: database, copies: 3, overhead: 1.5x}}
    """)
    assert number(solution, "entities.item.count") == 25e6
    assert number(solution, "components.db.stored") == pytest.approx(25e6 * 4000 * 3 * 1.5, rel=1e-12)


@pytest.mark.parametrize(
    ("copies", "factor"), [("1", 1), ("3", 3), ("8+4", Fraction(12, 8)), ("10+4", Fraction(14, 10))]
)
def test_copies_and_erasure_codes_multiply_the_stored_bytes(copies, factor):
    solution = solved(f"""
    flows: {{add: {{rate: 1/s, steps: [store: write]}}}}
    entities: {{photo: {{size: 2MB, created_by: add, keep: {{store: 10d}}}}}}
    components: {{store: {{kind: object-store, copies: {copies}}}}}
    """)
    expected = float(10 * DAY * 2_000_000 * factor)
    assert number(solution, "entities.photo.stored.store") == pytest.approx(expected, rel=1e-12)
    assert number(solution, "components.store.stored") == pytest.approx(expected, rel=1e-12)


def test_several_entities_in_one_store_add_up():
    solution = solved("""
    flows: {add: {rate: 1/s, steps: [db: write]}}
    entities:
      a: {size: 1KB, created_by: add, keep: {db: 1d}}
      b: {size: 3KB, created_by: {add: 50%}, keep: {db: 2d}}
    components: {db: {kind: database, copies: 2}}
    """)
    expected = 2 * (DAY * 1000 + 0.5 * 2 * DAY * 3000)
    assert number(solution, "components.db.stored") == pytest.approx(expected, rel=1e-12)


def test_a_stream_keeps_its_messages_for_its_retention_in_every_copy():
    solution = solved("""
    flows:
      click: {rate: 10k/s, active: 12h/day, peak: 4x, steps: [log: {times: 2}]}
      read: {trigger: log, steps: [job]}
    components:
      log: {kind: stream, message: 200B, retention: 7d, copies: 3, partitions: 8}
      job: {kind: worker}
    """)
    assert number(solution, "components.log.in") == pytest.approx(4e6, rel=1e-12)
    assert number(solution, "components.log.peak_in") == pytest.approx(4e6 * 2 * 4, rel=1e-12)
    assert number(solution, "components.log.stored") == pytest.approx(4e6 * 7 * DAY * 3, rel=1e-12)


def test_the_sizes_of_a_flow_pass_through_edges_gateways_and_balancers():
    solution = solved("""
    flows:
      f: {rate: 100/s, peak: 2x, request: 1KB, response: 50KB, steps: [edge: {hit: 80%, miss: [lb > gate > api > db]}]}
    components:
      {edge: {kind: cdn}, lb: {kind: load-balancer}, gate: {kind: gateway}, api: {kind: service}, db: {kind: database}}
    """)
    assert number(solution, "flows.f.in") == pytest.approx(100e3, rel=1e-12)
    assert number(solution, "flows.f.out") == pytest.approx(5e6, rel=1e-12)
    assert number(solution, "flows.f.peak_out") == pytest.approx(10e6, rel=1e-12)
    assert number(solution, "components.edge.out") == pytest.approx(5e6, rel=1e-12)
    for name in ("lb", "gate", "api"):
        assert number(solution, f"components.{name}.in") == pytest.approx(20e3, rel=1e-9)
        assert number(solution, f"components.{name}.out") == pytest.approx(1e6, rel=1e-9)
        assert number(solution, f"components.{name}.peak_out") == pytest.approx(2e6, rel=1e-9)
    assert number(solution, "components.db.out") == 0.0
    assert any(entry.code == "SP901" and "db" in entry.what for entry in solution.uncounted)


def test_an_entity_is_moved_out_by_a_read_and_in_by_a_write_and_a_stated_size_wins():
    solution = solved("""
    flows:
      r: {rate: 10/s, steps: [db: {entity: row}]}
      w: {rate: 1/s, steps: [db: {op: write, entity: row}]}
      x: {rate: 1/s, steps: [db: {op: write, entity: row, request: 1MB, response: 10B}]}
    entities: {row: {size: {head: 200B, body: 1.8KB}}}
    components: {db: {kind: database}}
    """)
    assert number(solution, "components.db.out") == pytest.approx(10 * 2000 + 10, rel=1e-12)
    assert number(solution, "components.db.in") == pytest.approx(2000 + 1e6, rel=1e-12)


def test_filling_a_cache_moves_what_was_looked_up_into_it():
    text = """
    flows: {{f: {{rate: 100/s, steps: [api: [cache: {{hit: 75%, {size}, miss: [db: {{{size}}}]}}]]}}}}
    entities: {{row: {{size: 4KB}}}}
    components: {{api: {{kind: service}}, cache: {{kind: cache}}, db: {{kind: database}}}}
    """
    for size in ("entity: row", "response: 4KB"):
        solution = solved(text.format(size=size))
        assert number(solution, "components.cache.out") == pytest.approx(400e3, rel=1e-12)
        assert number(solution, "components.cache.in") == pytest.approx(100e3, rel=1e-12)
        assert number(solution, "components.db.out") == pytest.approx(100e3, rel=1e-12)


def test_the_chat_fan_out_of_the_seed_document():
    solution = solved("""
    flows: {send: {rate: 8000/s, steps: [redis: {fan_out: 120, op: publish, request: 350B}]}}
    components: {redis: {kind: cache, shards: 6, limits: {in: 100MB/s}}}
    """)
    assert number(solution, "components.redis.rate") == 960_000
    assert number(solution, "components.redis.in") == pytest.approx(3.36e8, rel=1e-12)
    assert number(solution, "components.redis.utilization.in") == pytest.approx(0.56, rel=1e-12)


def test_prices_by_time_use_and_bytes():
    solution = solved("""
    flows:
      f: {rate: 100/s, active: 6h/day, peak: 5x, response: 1MB, request: 1KB, steps: [gate > table]}
      w: {rate: 10/s, peak: 9x, steps: [table: {op: write, request: 2.5KB}]}
    entities: {row: {size: 1KB, count: 1bn, keep: {table: forever}}}
    components:
      gate: {kind: gateway, replicas: 3, price: {hour: 0.05 USD/h, out: 0.09 USD/GB}}
      table:
        kind: database
        copies: 3
        ops: {read: {uses: {unit: 1}}, write: {uses: {unit: = ceil(request / 1KB)}}}
        price:
          requests: {price: 0.2 USD/1M, free: 100M/month}
          unit: 1 USD/1M
          stored: 0.1 USD/GB/month
          month: 30 USD/month
    """)

    def monthly(name):
        return number(solution, name) * MONTH

    out = 100 * 1e6 * MONTH
    assert monthly("components.gate.cost") == pytest.approx(3 * 0.05 * 720 + out / 1e9 * 0.09, rel=1e-9)
    requests = 110 * MONTH
    expected = (requests - 100e6) * 0.2e-6 + (100 + 30) * MONTH * 1e-6 + 3 * 1000 * 0.1 + 30
    assert monthly("components.table.cost") == pytest.approx(expected, rel=1e-9)
    assert monthly("cost") == pytest.approx(
        monthly("components.gate.cost") + monthly("components.table.cost"), rel=1e-12
    )
    assert solution.records["cost",].unit == "USD/s"
    assert solution.records["cost",].prefix == ""


def test_an_allowance_larger_than_the_use_costs_nothing():
    solution = solved("""
    flows: {f: {rate: 1/s, steps: [fn]}}
    components: {fn: {kind: function, price: {requests: {price: 0.2 USD/1M, free: 10M/month}}}}
    """)
    assert number(solution, "components.fn.cost") == 0.0


def test_a_store_that_no_flow_calls_is_paid_for_too():
    solution = solved("""
    flows: {f: {rate: 1/s, steps: [db: write]}}
    entities: {row: {size: 1GB, created_by: f, keep: {db: 1d, archive: 1000s}}}
    components:
      db: {kind: database, price: {month: 100 USD/month}}
      archive: {kind: object-store, copies: 2, price: {stored: 0.01 USD/GB/month}}
    """)
    assert number(solution, "components.archive.cost") * MONTH == pytest.approx(2000 * 0.01, rel=1e-9)
    assert number(solution, "cost") * MONTH == pytest.approx(120, rel=1e-9)


def test_open_replicas_are_paid_for_as_they_were_chosen():
    solution = solved("""
    flows: {f: {rate: 1000/s, steps: [a]}}
    components: {a: {kind: service, service_time: 7ms, price: {hour: 1 USD/h}}}
    """)
    assert number(solution, "components.a.cost") * 3600 == pytest.approx(10.0, rel=1e-12)


def test_a_component_without_a_price_makes_the_cost_at_least():
    solution = solved("""
    flows: {f: {rate: 1/s, steps: [a > b]}}
    components: {a: {kind: service, price: {month: 10 USD/month}}, b: {kind: service}}
    """)
    record = solution.records["cost",]
    assert (record.prefix, record.label) == ("at least ", "bound")


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ("hour: 5 USD/GB", "SP302"),
        ("out: 5 USD/GB/month", "SP302"),
        ("requests: {price: 1 USD/1M, free: 1GB}", "SP302"),
    ],
)
def test_a_price_that_does_not_come_to_money_over_time_is_an_error(price, code):
    found = errors(f"""
    flows: {{f: {{rate: 1/s, response: 1KB, steps: [a]}}}}
    components: {{a: {{kind: service, price: {{{price}}}}}}}
    """)
    assert [finding.code for finding in found] == [code]
