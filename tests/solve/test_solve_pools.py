"""Pools: workers are held for all that they call, and are waited for."""

import pytest

from sdplan.formulas.queueing import wait_mmc
from sdplan.simulate import simulated
from tests.strategies import number, solved

DESIGN = """
flows:
  f: {{rate: {rate}/s, steps: [api > slow]}}
components:
  api: {{kind: service, replicas: 1, workers: 20}}
  slow: {{kind: external, service_time: {time}}}
"""


@pytest.mark.parametrize(("time", "rate"), [("10ms", 2000), ("100ms", 200)])
def test_a_dependency_ten_times_slower_exhausts_the_pool_at_a_tenth_of_the_rate(time, rate):
    # Little's law: 20 workers, each held for the time of the dependency, carry 20 / time calls a second.
    below = solved(DESIGN.format(rate=rate * 0.99, time=time))
    above = solved(DESIGN.format(rate=rate * 1.01, time=time))

    assert number(below, "components.api.utilization.workers") == pytest.approx(0.99)
    assert number(below, "flows.f.latency.p99") > 0
    assert number(above, "components.api.utilization.workers") == pytest.approx(1.01)
    assert "api is overloaded" in above.missing["flows", "f", "latency"]


def test_the_wait_for_a_worker_is_erlangs_where_held_times_are_exponential():
    solution = solved(DESIGN.format(rate=1700, time="10ms"))

    exact = wait_mmc(arrival_rate=1700.0, service_time=0.010, servers=20.0)
    assert number(solution, "components.api.worker_wait") == pytest.approx(exact, rel=1e-9)
    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.010 + exact, rel=1e-9)


def test_tight_pools_within_each_other_take_as_long_as_simulated():
    solution = solved(
        """
flows:
  f: {rate: 1360/s, steps: [front > mid > api]}
components:
  front: {kind: service, replicas: 1, workers: 16}
  mid: {kind: service, replicas: 1, workers: 14}
  api: {kind: service, replicas: 1, workers: 16, cores: 8, service_time: 5ms, balance: random}
"""
    )
    found = simulated(solution, runs=60_000, seed=1).numbers

    for level in ("mean", "p50", "p99"):
        path = ("flows", "f", "latency", level)
        assert solution.records[path].value == pytest.approx(found[path].value, rel=0.08)


def test_workers_that_call_nothing_are_the_servers_of_a_queue():
    text = DESIGN.format(rate=1700, time="10ms").replace("[api > slow]", "[api]")
    solution = solved(text.replace("workers: 20", "workers: 20, service_time: 10ms, balance: random"))

    exact = wait_mmc(arrival_rate=1700.0, service_time=0.010, servers=20.0)
    assert number(solution, "components.api.wait") == pytest.approx(exact, rel=1e-9)
    assert ("components", "api", "worker_wait") not in solution.records


def test_a_caller_that_gives_up_holds_its_worker_no_longer_than_its_timeout():
    text = DESIGN.format(rate=100, time="{fixed: 1s}").replace(
        "api > slow", "{api: [{slow: {timeout: 50ms}}]}"
    )

    assert number(solved(text), "components.api.held_workers") == pytest.approx(100 * 0.050, rel=1e-6)


def test_an_slo_on_the_wait_of_a_pool_is_judged():
    more = "\nslos: {short: {component: api, wait: {p99: 1s}}}\n"
    solution = solved(DESIGN.format(rate=1700, time="10ms") + more)

    assert solution.slos[0].met
    assert number(solution, "components.api.wait.p99") > number(solution, "components.api.wait")
