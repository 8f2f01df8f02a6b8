"""Stores, copies and shards; limits and which is tightest; replicas that the design leaves open."""

import pytest

from tests.strategies import errors, number, outcome, solved


def store(component, *, reads="100/s", writes="100/s"):
    return solved(f"""
    flows:
      r: {{rate: {reads}, steps: [db]}}
      w: {{rate: {writes}, steps: [db: write]}}
    components: {{db: {{kind: database, cores: 1, service_time: 1us, limits: {{requests: 1k/s}}, {component}}}}}
    """)


@pytest.mark.parametrize(
    ("component", "busiest"),
    [
        ("shards: 5, copies: 1", 900 / 5 + 300 / 5),
        ("shards: 5, copies: 3", 900 / 5 + 300 / 5),  # leader: reads and writes go to the shard's leader
        ("shards: 5, copies: 3, replication: {mode: leader}", 900 / 5 + 300 / 5),
        ("shards: 5, copies: 3, replication: {reads: any}", 900 / 15 + 300 / 5),
        ("shards: 5, copies: 3, replication: {mode: leaderless}", 900 / 15 + 300 / 5),
        ("shards: 5, copies: 3, replication: {mode: leaderless, read_quorum: 2}", 900 * 2 / 15 + 300 / 5),
        ("shards: 5, copies: 3, replication: {mode: leaderless, read_quorum: quorum}", 900 * 2 / 15 + 60),
        ("shards: 5, copies: 3, replication: {mode: leaderless, read_quorum: one}", 900 / 15 + 60),
        ("shards: 5, copies: 3, replication: {mode: leaderless, read_quorum: all}", 900 / 5 + 60),
        ("replicas: 15, copies: 3, replication: {reads: any}", 900 / 15 + 300 / 5),
        ("shards: 5, copies: 1, skew: 2", 2 * (900 + 300) / 5),
        ("shards: 1, copies: 1, skew: 2", 900 + 300),  # one shard has all, and no more than all
    ],
)
def test_writes_load_every_copy_and_reads_load_the_copies_that_are_asked(component, busiest):
    solution = store(component, reads="900/s", writes="300/s")
    assert number(solution, "components.db.utilization.requests") == pytest.approx(busiest / 1000, rel=1e-12)


def test_followers_share_the_reads_and_take_every_write_too():
    solution = store("shards: 5, copies: 3, replication: {reads: followers}", reads="9000/s", writes="300/s")
    assert number(solution, "components.db.utilization.requests") == pytest.approx(
        (9000 / 10 + 300 / 5) / 1000, rel=1e-12
    )


@pytest.mark.parametrize(
    ("stated", "replicas", "shards", "copies"),
    [
        ("shards: 4, copies: 3", 12, 4, 3),
        ("replicas: 12, copies: 3", 12, 4, 3),
        ("replicas: 12, shards: 4, copies: 3", 12, 4, 3),
        ("shards: 4", 4, 4, 1),
        ("replicas: 6", 6, 6, 1),
        ("shards: 2, copies: 8+4", 24, 2, 12),
    ],
)
def test_two_of_shards_copies_and_replicas_give_the_third(stated, replicas, shards, copies):
    solution = store(stated, reads="1/s", writes="1/s")
    found = [number(solution, f"components.db.{field}") for field in ("replicas", "shards", "copies")]
    assert found == [replicas, shards, copies]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("shards: 4, copies: 3, replicas: 10", "10 replicas are not 4 shards of 3 copies"),
        ("copies: 3, replicas: 10", "10 replicas do not divide into shards of 3 copies"),
        ("copies: three", "expected copies, got `three`"),
        ("copies: 8+4+2", "expected copies, got `8+4+2`"),
        ("copies: 0", "expected copies, got `0`"),
    ],
)
def test_nodes_that_do_not_fit_together_are_an_error(stated, said):
    found = errors(f"""
    flows: {{f: {{rate: 1/s, steps: [db]}}}}
    components: {{db: {{kind: database, {stated}}}}}
    """)
    assert [finding.message for finding in found] == [said]


def limited(limits, rate="1000/s", more=""):
    return solved(f"""
    flows: {{f: {{rate: {rate}, request: 2KB, response: 10KB, connections: {{a: 30k}}, {more} steps: [a]}}}}
    components: {{a: {{kind: gateway, replicas: 4, limits: {{{limits}}}}}}}
    """)


@pytest.mark.parametrize(
    ("limit", "used"),
    [
        ("requests: 500/s", 0.5),
        ("connections: 10k", 0.75),
        ("in: 1MB/s", 0.5),
        ("in: 8Mbit/s", 0.5),
        ("out: 10MB/s", 0.25),
    ],
)
def test_each_limit_is_per_replica(limit, used):
    solution = limited(limit)
    name = limit.split(":")[0]
    assert number(solution, f"components.a.utilization.{name}") == pytest.approx(used, rel=1e-12)
    assert number(solution, "components.a.utilization") == pytest.approx(used, rel=1e-12)


def test_the_tightest_limit_is_the_utilization_and_is_named_last():
    solution = limited("requests: 500/s, connections: 10k, out: 10MB/s")
    record = solution.records["components", "a", "utilization"]
    assert record.value == pytest.approx(0.75, rel=1e-12)
    tightest = max((where for _, where in record.inputs), key=lambda where: solution.records[where].value)
    assert tightest[-1] == "connections"
    assert number(solution, "components.a.capacity") == pytest.approx(1000 / 0.75, rel=1e-12)


def test_bytes_at_the_mean_are_those_of_the_active_time():
    solution = limited("out: 10MB/s", rate="500/s", more="active: 12h/day, peak: 3x,")
    assert number(solution, "components.a.utilization_at_mean.out") == pytest.approx(0.25, rel=1e-12)
    assert number(solution, "components.a.utilization.out") == pytest.approx(0.75, rel=1e-12)


def test_bytes_of_a_store_load_the_leader_of_each_shard():
    solution = solved("""
    flows:
      r: {rate: 100/s, steps: [db: {response: 1MB}]}
      w: {rate: 10/s, steps: [db: {op: write, request: 1MB}]}
    components: {db: {kind: database, shards: 2, copies: 3, limits: {out: 100MB/s, in: 10MB/s}}}
    """)
    assert number(solution, "components.db.utilization.out") == pytest.approx(0.5, rel=1e-12)
    assert number(solution, "components.db.utilization.in") == pytest.approx(0.5, rel=1e-12)


def test_bytes_that_any_copy_may_send_are_spread_over_all_copies():
    solution = solved("""
    flows:
      r: {rate: 120/s, steps: [db: {response: 1MB}]}
      w: {rate: 10/s, steps: [db: {op: write, request: 1MB}]}
    components:
      db: {kind: database, shards: 2, copies: 3, replication: {reads: any}, limits: {out: 100MB/s, in: 10MB/s}}
    """)
    assert number(solution, "components.db.utilization.out") == pytest.approx(0.2, rel=1e-12)
    assert number(solution, "components.db.utilization.in") == pytest.approx(0.5, rel=1e-12)


def test_a_meter_of_ones_own_is_used_by_operation_and_size():
    solution = solved("""
    inputs: {unit_size: 4KB}
    flows:
      get: {rate: 1000/s, peak: 2x, steps: [t: {op: read, response: 9KB}]}
      small: {rate: 1000/s, steps: [t: {op: read, response: 1KB}]}
      put: {rate: 100/s, peak: 2x, steps: [t: {op: write, request: 2.5KB}]}
    components:
      t:
        kind: database
        replicas: 4
        ops:
          read: {uses: {rcu: = ceil(response / unit_size)}}
          write: {uses: {wcu: = ceil(request / 1KB), extra: 2}}
        limits: {rcu: 3.5k/s, wcu: 300/s}
    """)
    assert number(solution, "components.t.uses.rcu") == pytest.approx(2000 * 3 + 1000, rel=1e-12)
    assert number(solution, "components.t.uses.wcu") == pytest.approx(200 * 3, rel=1e-12)
    assert number(solution, "components.t.uses.extra") == pytest.approx(400, rel=1e-12)
    assert number(solution, "components.t.utilization.rcu") == pytest.approx(0.5, rel=1e-12)
    assert number(solution, "components.t.utilization.wcu") == pytest.approx(0.5, rel=1e-12)
    assert number(solution, "components.t.utilization_at_mean.rcu") == pytest.approx(4 / 14, rel=1e-12)


def test_a_burst_carries_the_peak_and_the_sustained_rate_carries_the_mean():
    solution = solved("""
    flows: {f: {rate: 2000/s, peak: 3x, steps: [t]}}
    components:
      t: {kind: database, ops: {read: {uses: {rcu: 1}}},
          limits: {rcu: {sustained: 2.5k/s, burst: 9k/s, tokens: 300k}}, replicas: 1}
    """)
    assert number(solution, "components.t.utilization.rcu") == pytest.approx(6 / 9, rel=1e-12)
    assert number(solution, "components.t.utilization_at_mean.rcu") == pytest.approx(0.8, rel=1e-12)


def test_the_tightest_of_cores_and_limits_counts():
    solution = solved("""
    flows: {f: {rate: 600/s, steps: [a]}}
    components: {a: {kind: service, replicas: 2, cores: 4, service_time: 2ms, limits: {requests: 1k/s}}}
    """)
    assert number(solution, "components.a.utilization.cores") == pytest.approx(0.15, rel=1e-12)
    assert number(solution, "components.a.utilization.requests") == pytest.approx(0.3, rel=1e-12)
    assert number(solution, "components.a.utilization") == pytest.approx(0.3, rel=1e-12)


def test_what_is_not_stated_is_listed_and_not_invented():
    _, findings = outcome("""
    flows: {f: {rate: 1000/s, steps: [a]}}
    components: {a: {kind: database, limits: {concurrency: 30}}}
    """)
    assert not [finding for finding in findings if finding.severity == "error"]
    solution = solved("""
    flows: {f: {rate: 1000/s, steps: [a]}}
    components: {a: {kind: database, limits: {concurrency: 30}}}
    """)
    said = {entry.what for entry in solution.uncounted}
    assert any("`concurrency`" in what for what in said)
    assert "one call of a without a size" in said
    assert "a states no availability" in said
