"""A network of queues against a discrete-event simulation of it: arrivals, servers, first come first served."""

import heapq

import numpy as np
import pytest

from tests.strategies import number, solved

JOBS = 400_000
WARM = 20_000


def served(arrivals, services, servers):
    """When each job leaves a station of so many servers that takes them in the order of arrival."""
    free = [0.0] * servers
    leaving = np.empty(len(arrivals))
    for job in np.argsort(arrivals, kind="stable"):
        start = max(arrivals[job], heapq.heappop(free))
        leaving[job] = start + services[job]
        heapq.heappush(free, leaving[job])
    return leaving


def test_three_stations_in_a_row_are_as_simulated():
    solution = solved("""
    flows: {f: {rate: 340/s, steps: [front > back > log]}}
    components:
      front: {kind: worker, replicas: 1, cores: 4, service_time: 9ms}
      back: {kind: worker, replicas: 2, cores: 1, service_time: 4ms}
      log: {kind: worker, replicas: 1, cores: 8, service_time: 12ms}
    """)
    draws = np.random.default_rng(11)
    start = np.cumsum(draws.exponential(1 / 340, JOBS))
    at = start
    for servers, service in ((4, 0.009), (2, 0.004), (8, 0.012)):
        at = served(at, draws.exponential(service, JOBS), servers)
    stay = (at - start)[WARM:]
    assert number(solution, "flows.f.latency.mean") == pytest.approx(stay.mean(), rel=0.03)
    for level in (0.5, 0.9, 0.99):
        found = number(solution, f"flows.f.latency.p{level * 100:g}")
        assert found == pytest.approx(np.quantile(stay, level), rel=0.05)


def test_mixed_operations_in_one_queue_are_as_simulated():
    """One server, so the mean wait is exact; the tail is Allen and Cunneen's exponential."""
    solution = solved("""
    flows:
      fast: {rate: 300/s, steps: [a: {op: read}]}
      slow: {rate: 20/s, steps: [a: {op: scan}]}
    components:
      a: {kind: worker, replicas: 1, cores: 1, ops: {read: {service_time: {fixed: 1ms}}, scan: {service_time: 15ms}}}
    """)
    draws = np.random.default_rng(12)
    start = np.cumsum(draws.exponential(1 / 320, JOBS))
    is_slow = draws.random(JOBS) < 20 / 320
    service = np.where(is_slow, draws.exponential(0.015, JOBS), 0.001)
    wait = served(start, service, 1) - start - service
    assert number(solution, "components.a.wait") == pytest.approx(wait[WARM:].mean(), rel=0.03)
    stay = (wait + service)[WARM:]
    chosen = is_slow[WARM:]
    assert number(solution, "flows.fast.latency.mean") == pytest.approx(stay[~chosen].mean(), rel=0.03)
    assert number(solution, "flows.slow.latency.mean") == pytest.approx(stay[chosen].mean(), rel=0.03)
    assert number(solution, "flows.fast.latency.p99") == pytest.approx(
        np.quantile(stay[~chosen], 0.99), rel=0.2
    )


def test_calls_split_at_random_over_replicas_wait_as_simulated():
    solution = solved("""
    flows: {f: {rate: 1000/s, steps: [a]}}
    components: {a: {kind: service, replicas: 5, cores: 2, balance: random, service_time: 8ms}}
    """)
    draws = np.random.default_rng(13)
    start = np.cumsum(draws.exponential(1 / 200, JOBS))  # one of the five
    stay = (served(start, draws.exponential(0.008, JOBS), 2) - start)[WARM:]
    for level in (0.5, 0.99):
        found = number(solution, f"flows.f.latency.p{level * 100:g}")
        assert found == pytest.approx(np.quantile(stay, level), rel=0.04)


def test_held_workers_are_as_simulated_while_none_is_waited_for():
    solution = solved("""
    flows: {f: {rate: 300/s, steps: [api: [db]]}}
    components:
      api: {kind: worker, replicas: 1, cores: 2, workers: 64, service_time: 5ms}
      db: {kind: worker, replicas: 1, cores: 8, service_time: 20ms}
    """)
    draws = np.random.default_rng(14)
    start = np.cumsum(draws.exponential(1 / 300, JOBS))
    left = served(start, draws.exponential(0.005, JOBS), 2)
    left = served(left, draws.exponential(0.020, JOBS), 8)
    held = (left - start)[WARM:].sum() / (start[-1] - start[WARM])
    assert number(solution, "components.api.held_workers") == pytest.approx(held, rel=0.03)
