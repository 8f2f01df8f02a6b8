"""Workers that are held for as long as what they call takes, by Little's law."""

import numpy as np
import pytest

from tests.strategies import number, reason, solved


def test_workers_are_held_for_their_own_time_and_all_that_they_wait_for():
    solution = solved("""
    flows: {f: {rate: 1000/s, steps: [api: [db: {times: 2}, log: {async: true}]]}}
    components:
      api: {kind: service, replicas: 4, cores: 8, workers: 50, service_time: {fixed: 1ms}}
      db: {kind: external, service_time: 10ms}
      log: {kind: external, service_time: 5s}
    """)
    wait = number(solution, "components.api.wait")
    assert number(solution, "components.api.residence") == pytest.approx(0.021 + wait, rel=1e-6)
    assert number(solution, "components.api.held_workers") == pytest.approx(250 * (0.021 + wait), rel=1e-6)
    assert number(solution, "components.api.utilization.workers") == pytest.approx(
        250 * (0.021 + wait) / 50, rel=1e-6
    )


def test_workers_of_a_shared_pool_are_held_out_of_all_of_them():
    solution = solved("""
    flows: {f: {rate: 100/s, steps: [job: [db]]}}
    components:
      job: {kind: worker, replicas: 5, cores: 4, workers: 4, service_time: {fixed: 1ms}}
      db: {kind: external, service_time: 99ms}
    """)
    held = 100 * (0.1 + number(solution, "components.job.wait"))
    assert number(solution, "components.job.utilization.workers") == pytest.approx(held / 20, rel=1e-6)


def test_a_call_that_times_out_holds_its_caller_until_then():
    solution = solved("""
    flows: {f: {rate: 100/s, steps: [api: [db: {timeout: 10ms}]]}}
    components:
      api: {kind: service, replicas: 1, cores: 4, workers: 50}
      db: {kind: external, service_time: 100ms}
    """)
    mean = 0.1 * (1 - np.exp(-0.1))  # of the smaller of an exponential time and the timeout
    assert number(solution, "components.api.residence") == pytest.approx(mean, rel=1e-4)


def test_the_time_that_workers_are_held_at_the_mean_is_weighted_by_the_mean_rates():
    solution = solved("""
    flows:
      short: {rate: 100/s, peak: 9x, steps: [api: [a]]}
      long: {rate: 100/s, steps: [api: [b]]}
    components:
      api: {kind: service, replicas: 10, cores: 4, workers: 500}
      a: {kind: external, service_time: {fixed: 10ms}}
      b: {kind: external, service_time: {fixed: 110ms}}
    """)
    assert number(solution, "components.api.residence") == pytest.approx(0.020, rel=1e-6)
    assert number(solution, "components.api.residence_at_mean") == pytest.approx(0.060, rel=1e-6)


def test_a_worker_that_calls_something_overloaded_is_held_without_bound():
    solution = solved("""
    flows: {f: {rate: 100/s, steps: [api: [db]]}}
    components:
      api: {kind: service, replicas: 1, cores: 4, workers: 500}
      db: {kind: database, cores: 1, replicas: 1, service_time: 11ms}
    """)
    assert "overloaded" in reason(solution, "components.api.residence")
    assert ("components", "api", "utilization", "workers") not in solution.records
