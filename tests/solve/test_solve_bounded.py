"""Bounded queues, servers that slow each other down, and hot keys, against chains solved state by state."""

import numpy as np
import pytest

from tests.strategies import number, reason, solved

RATE, SERVICE, CORES = 300.0, 0.010, 2


def bounded(queue, rate=RATE, time="10ms"):
    return solved(f"""
    flows: {{f: {{rate: {rate}/s, steps: [a]}}}}
    components: {{a: {{kind: service, replicas: 1, cores: {CORES}, service_time: {time}, queue: {queue}}}}}
    """)


def chain(rate, leaving):
    """Chances of a birth-death chain with these rates of leaving each state but the first."""
    weights = np.cumprod([1.0, *(rate / one for one in leaving)])
    return weights / weights.sum()


def served(present):
    return min(present, CORES) / SERVICE


@pytest.mark.parametrize("room", [0, 1, 7])
@pytest.mark.parametrize("rate", [50, 200, 900])
def test_a_full_room_refuses_as_the_chain_says(room, rate):
    chances = chain(rate, [served(n) for n in range(1, CORES + room + 1)])
    solution = bounded(f"{{room: {room}}}", rate)
    refused = chances[-1]
    queued = sum((n - CORES) * share for n, share in enumerate(chances) if n > CORES)
    assert number(solution, "components.a.refused") == pytest.approx(refused, rel=1e-9)
    assert number(solution, "components.a.wait") == pytest.approx(queued / rate / (1 - refused), abs=1e-12)
    assert number(solution, "components.a.utilization") == pytest.approx(
        rate * (1 - refused) * SERVICE / CORES, rel=1e-9
    )
    assert number(solution, "flows.f.timeouts") == pytest.approx(refused, rel=1e-6)


@pytest.mark.parametrize("rate", [50, 200, 900])
def test_callers_without_end_of_patience_give_up_as_the_chain_says(rate):
    patience = 0.05
    chances = chain(rate, [served(n) + max(0, n - CORES) / patience for n in range(1, 400)])
    queued = sum((n - CORES) * share for n, share in enumerate(chances) if n > CORES)
    solution = bounded("{patience: 50ms}", rate)
    assert number(solution, "components.a.refused") == pytest.approx(queued / patience / rate, rel=1e-8)
    assert solution.records["components", "a", "refused"].label == "exact"
    assert reason(solution, "components.a.wait") == ""


def test_a_room_and_patience_together_lose_what_the_chain_says():
    patience, room = 0.05, 5
    chances = chain(RATE, [served(n) + max(0, n - CORES) / patience for n in range(1, CORES + room + 1)])
    queued = sum((n - CORES) * share for n, share in enumerate(chances) if n > CORES)
    solution = bounded("{room: 5, patience: 50ms}")
    expected = chances[-1] + queued / patience / RATE
    assert number(solution, "components.a.refused") == pytest.approx(expected, rel=1e-9)


def test_other_service_times_in_a_bounded_queue_are_an_approximation():
    record = bounded("{room: 5}", time="{fixed: 10ms}").records["components", "a", "refused"]
    assert record.label == "approximation"
    assert "exponential" in record.note


def test_what_is_refused_still_counts_for_the_nodes_that_are_needed():
    solution = bounded("{room: 5}", 900)
    assert number(solution, "components.a.asked_utilization") == pytest.approx(4.5, rel=1e-12)
    assert number(solution, "components.a.replicas_needed") == 7.0
    assert number(solution, "components.a.capacity") == pytest.approx(200.0, rel=1e-9)


def test_servers_that_slow_each_other_down_are_a_chain_with_their_worth():
    solution = solved("""
    flows: {f: {rate: 220/s, steps: [a]}}
    components:
      a:
        {kind: service, replicas: 1, cores: 8, service_time: 20ms, scaling: {contention: 5%, coherency: 0.1%}}
    """)

    def worth(n):
        return n / (1 + 0.05 * (n - 1) + 0.001 * n * (n - 1))

    chances = chain(220, [worth(min(n, 8)) / 0.020 for n in range(1, 3000)])
    waiting = chances[8:].sum()
    present = float(np.arange(chances.size) @ chances)
    assert number(solution, "components.a.effective_servers") == pytest.approx(worth(8), rel=1e-12)
    assert number(solution, "components.a.utilization") == pytest.approx(220 * 0.020 / worth(8), rel=1e-12)
    assert number(solution, "components.a.waiting") == pytest.approx(waiting, rel=1e-9)
    assert number(solution, "flows.f.latency.mean") == pytest.approx(present / 220, rel=1e-6)


def test_more_servers_than_their_worth_are_overloaded():
    solution = solved("""
    flows: {f: {rate: 300/s, steps: [a]}}
    components:
      a: {kind: service, replicas: 1, cores: 8, service_time: 20ms, scaling: {contention: 5%, coherency: 0.1%}}
    """)
    assert "overloaded" in reason(solution, "components.a.wait")


def store(more="", popularity="{zipf: 1}", steps="[a: {entity: x}]"):
    return solved(f"""
    entities: {{x: {{size: 1KB, count: 1M, popularity: {popularity}}}}}
    flows: {{f: {{rate: 300/s, steps: {steps}}}}}
    components:
      a: {{kind: database, shards: 8, cores: 8, service_time: 20ms{more}}}
      c: {{kind: cache, hit: 50%}}
    """)


def test_the_shard_of_the_hottest_key_gets_all_its_calls():
    top = 1 / sum(1 / rank for rank in range(1, 1_000_001))
    share = top + (1 - top) / 8
    assert number(store(), "components.a.hot_key_share.read") == pytest.approx(top, rel=1e-9)
    assert number(store(), "components.a.offered_load") == pytest.approx(300 * share * 0.020, rel=1e-9)


def test_the_larger_of_skew_and_hot_key_counts():
    assert number(store(", skew: 3"), "components.a.offered_load") == pytest.approx(300 * 3 / 8 * 0.020)
    assert number(store(", skew: 1.1"), "components.a.offered_load") == pytest.approx(
        number(store(), "components.a.offered_load")
    )


@pytest.mark.parametrize(("reads", "busy"), [("leader", "leader"), ("followers", "follower")])
def test_a_leader_and_a_follower_are_not_equally_busy(reads, busy):
    solution = solved(f"""
    flows: {{f: {{rate: 60/s, steps: [a]}}, g: {{rate: 20/s, steps: [a: {{op: write}}]}}}}
    components:
      a: {{kind: database, copies: 2, shards: 1, cores: 1, service_time: 10ms, replication: {{reads: {reads}}}}}
    """)
    other = {"leader": "follower", "follower": "leader"}[busy]
    assert number(solution, f"components.a.{busy}_utilization") == pytest.approx(0.8)
    assert number(solution, f"components.a.{other}_utilization") == pytest.approx(0.2)
    record = solution.records["components", "a", "wait"]
    assert ("follower" in record.note) == (reads == "followers")


def test_tokens_in_store_last_as_long_as_the_use_above_what_flows_in_lets_them():
    solution = solved("""
    flows: {f: {rate: 100/s, peak: 3x, steps: [a]}}
    components:
      a: {kind: database, limits: {requests: {sustained: 200/s, burst: 500/s, tokens: 60k}}}
    """)
    assert number(solution, "components.a.burst_lasts.requests") == pytest.approx(60_000 / 100)


def test_behind_a_cache_or_with_an_even_popularity_no_key_is_hot():
    for solution in (store(popularity="uniform"), store(steps="[c: {entity: x, miss: [a: {entity: x}]}]")):
        assert ("components", "a", "hot_key_share", "read") not in solution.records
