"""Regions: each with its share of the traffic and its own instances, and calls that cross."""

import pytest

from tests.strategies import errors, number, solved

TWO = "regions: {us: {share: 60%, rtt: {eu: 80ms}}, eu: {share: 40%}}\n"
THREE = """regions:
  us: {share: 50%, rtt: {eu: 80ms, ap: 150ms}}
  eu: {share: 30%, rtt: {ap: 200ms}}
  ap: {share: 20%}
"""


def test_each_region_gets_its_share_at_every_load_point():
    solution = solved(
        TWO
        + """
flows: {f: {rate: 1000/s, active: 12h/day, peak: 3x, steps: [api]}}
components: {api: {kind: service, replicas: 20, service_time: 1ms}}
"""
    )
    for region, share in (("us", 0.6), ("eu", 0.4)):
        assert number(solution, f"flows.f@{region}.rate") == pytest.approx(1000 * share, rel=1e-12)
        assert number(solution, f"components.api@{region}.mean_rate") == pytest.approx(
            2000 * share, rel=1e-12
        )
        assert number(solution, f"components.api@{region}.peak_rate") == pytest.approx(
            6000 * share, rel=1e-12
        )
        assert number(solution, f"components.api@{region}.utilization") == pytest.approx(
            6000 * share * 0.001 / 20, rel=1e-12
        )
    assert number(solution, "components.api.peak_rate") == pytest.approx(6000, rel=1e-12)
    assert number(solution, "flows.f.rate") == 1000.0
    assert number(solution, "components.api.utilization") == pytest.approx(0.18, rel=1e-12)


def test_a_peak_that_is_a_rate_is_shared_too():
    solution = solved(
        TWO
        + """
flows: {f: {rate: 1000/s, peak: 5000/s, steps: [api]}}
components: {api: {kind: service}}
"""
    )
    assert number(solution, "flows.f@eu.peak_rate") == pytest.approx(2000, rel=1e-12)
    assert number(solution, "flows.f.peak_rate") == pytest.approx(5000, rel=1e-12)


def test_others_are_all_regions_but_the_callers_own():
    solution = solved(
        THREE
        + """
flows: {w: {rate: 100/s, steps: [api: [db: write, db@others: {op: write, async: true}]]}}
components: {api: {kind: service}, db: {kind: database}}
"""
    )
    for region in ("us", "eu", "ap"):
        assert number(solution, f"components.db@{region}.rate") == pytest.approx(100, rel=1e-12)
    assert number(solution, "components.db.rate") == pytest.approx(300, rel=1e-12)
    assert number(solution, "components.api.rate") == pytest.approx(100, rel=1e-12)
    assert number(solution, "flows.w.latency.p99") == 0.0


def test_a_call_to_a_named_region_lands_there_and_pays_the_way():
    solution = solved(
        TWO
        + """
flows: {f: {rate: 100/s, steps: [api: [db@eu: [cache]]]}}
components:
  api: {kind: service}
  db: {kind: database, service_time: {fixed: 5ms}}
  cache: {kind: cache, service_time: {fixed: 1ms}}
"""
    )
    assert number(solution, "components.db@eu.rate") == pytest.approx(100, rel=1e-12)
    assert number(solution, "components.cache@eu.rate") == pytest.approx(100, rel=1e-12)
    assert "components.db@us.rate" not in {".".join(map(str, path)) for path in solution.records}
    assert number(solution, "flows.f@us.latency.mean") == pytest.approx(0.086, rel=1e-6)
    assert number(solution, "flows.f@eu.latency.mean") == pytest.approx(0.006, rel=1e-6)
    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.086, rel=1e-6)


def test_waiting_for_all_other_regions_takes_the_farthest():
    solution = solved(
        THREE
        + """
flows: {w: {rate: 100/s, steps: [api: [db@others: {op: write}]]}}
components: {api: {kind: service}, db: {kind: database, service_time: {fixed: 5ms}}}
"""
    )
    for region, way in (("us", 0.150), ("eu", 0.200), ("ap", 0.200)):
        assert number(solution, f"flows.w@{region}.latency.mean") == pytest.approx(way + 0.005, rel=1e-6)


def test_what_exists_in_one_region_only_serves_all_of_them_from_there():
    solution = solved(
        THREE
        + """
flows: {f: {rate: 100/s, steps: [api: [ledger]]}}
components:
  api: {kind: service}
  ledger: {kind: database, regions: [us], service_time: {fixed: 5ms}, cores: 1, replicas: 4}
"""
    )
    assert number(solution, "components.ledger@us.rate") == pytest.approx(100, rel=1e-12)
    assert number(solution, "flows.f@us.latency.mean") == pytest.approx(0.005, rel=0.1)
    assert number(solution, "flows.f@ap.latency.mean") == pytest.approx(0.155, rel=0.01)


def test_the_nearest_of_several_regions_serves():
    solution = solved(
        THREE
        + """
flows: {f: {rate: 100/s, steps: [ledger]}}
components: {ledger: {kind: database, regions: [us, eu], service_time: {fixed: 5ms}}}
"""
    )
    assert number(solution, "components.ledger@us.rate") == pytest.approx(70, rel=1e-12)
    assert number(solution, "components.ledger@eu.rate") == pytest.approx(30, rel=1e-12)


def test_edges_and_external_systems_stand_outside_of_regions():
    solution = solved(
        TWO
        + """
flows: {f: {rate: 100/s, steps: [edge: {hit: 90%, miss: [api > bank]}]}}
components: {edge: {kind: cdn}, api: {kind: service}, bank: {kind: external}}
"""
    )
    assert number(solution, "components.edge.rate") == pytest.approx(100, rel=1e-12)
    assert number(solution, "components.bank.rate") == pytest.approx(10, rel=1e-9)
    assert number(solution, "components.api@us.rate") == pytest.approx(6, rel=1e-9)


def test_messages_stay_in_the_region_that_wrote_them():
    solution = solved(
        TWO
        + """
flows:
  w: {rate: 100/s, steps: [log]}
  r: {trigger: log, steps: [job]}
components: {log: {kind: stream}, job: {kind: worker}}
"""
    )
    assert number(solution, "components.job@us.rate") == pytest.approx(60, rel=1e-12)
    assert number(solution, "components.job@eu.rate") == pytest.approx(40, rel=1e-12)


def test_a_store_that_is_everywhere_keeps_every_byte_once_and_is_paid_for_once():
    solution = solved(
        TWO
        + """
flows: {w: {rate: 10/s, steps: [db: write]}}
entities: {row: {size: 1KB, created_by: w, keep: {db: 100s}}}
components: {db: {kind: database, copies: 2, price: {stored: 1 USD/KB/s, hour: 3600 USD/h}}}
"""
    )
    assert number(solution, "components.db.stored") == pytest.approx(2e6, rel=1e-12)
    nodes = 2 * 2
    assert number(solution, "components.db.cost") == pytest.approx(2000 + nodes, rel=1e-12)
    assert number(solution, "components.db@us.cost") == pytest.approx(1200 + 2, rel=1e-12)


def test_connections_divide_over_the_regions():
    solution = solved(
        TWO
        + """
flows: {f: {rate: 10/s, connections: {gate: 100k}, steps: [gate]}}
components: {gate: {kind: gateway, replicas: 2, limits: {connections: 50k}}}
"""
    )
    assert number(solution, "components.gate@us.utilization.connections") == pytest.approx(0.6, rel=1e-12)
    assert number(solution, "components.gate@eu.utilization.connections") == pytest.approx(0.4, rel=1e-12)


def test_open_replicas_are_enough_for_the_busiest_region():
    solution = solved(
        TWO
        + """
flows: {f: {rate: 1000/s, steps: [api]}}
components: {api: {kind: service, service_time: 7ms}}
"""
    )
    assert number(solution, "components.api.replicas") == 6.0


def test_the_availability_of_a_flow_is_that_of_its_worst_region():
    solution = solved(
        TWO
        + """
flows: {f: {rate: 300/s, steps: [api]}}
components: {api: {kind: service, replicas: 2, service_time: 6ms, availability: 99%}}
"""
    )
    assert number(solution, "flows.f@us.unavailability") == pytest.approx(1 - 0.99**2, rel=1e-9)
    assert number(solution, "flows.f@eu.unavailability") == pytest.approx(0.01**2, rel=1e-9)
    assert number(solution, "flows.f.availability") == pytest.approx(0.99**2, rel=1e-12)
    assert number(solution, "flows.f.unavailability") == pytest.approx(1 - 0.99**2, rel=1e-9)


def test_a_choice_in_several_other_regions_is_drawn_in_each():
    solution = solved(
        THREE
        + """
flows: {f: {rate: 1/s, steps: [api@others: [choose: {a: {share: 50%, calls: [bank]}, b: {share: rest, calls: []}}]]}}
components: {api: {kind: service, sla: 100%}, bank: {kind: external, sla: 90%}}
"""
    )
    assert number(solution, "flows.f@us.unavailability") == pytest.approx(0.1 * 0.75, rel=1e-9)


def test_shares_of_regions_come_to_all_of_the_traffic():
    found = errors("""
    regions: {us: {share: 60%}, eu: {share: 30%}}
    flows: {f: {rate: 1/s, steps: [api]}}
    components: {api: {kind: service}}
    """)
    assert [(finding.code, finding.path) for finding in found] == [("SP304", ("regions",))]


def test_an_unknown_region_is_an_error_wherever_it_stands():
    found = errors(
        TWO
        + """
flows: {f: {rate: 1/s, steps: [api@usa]}}
components: {api: {kind: service, regions: [eux]}}
"""
    )
    assert [finding.code for finding in found] == ["SP401", "SP401"]
    assert "did you mean `us`?" in {finding.hint for finding in found}
