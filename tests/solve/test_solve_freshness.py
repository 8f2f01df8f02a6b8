"""How old what a triggered run leaves behind is, and what it leaves unread."""

import numpy as np
import pytest

from tests.strategies import number, reason, solved


@pytest.mark.parametrize(("lag", "expected"), [("10s", 100.0), ("40s", 130.0)])
def test_the_freshness_of_the_seed_document_is_lag_and_batch_cycle_and_run(lag, expected):
    solution = solved(f"""
    flows:
      click: {{rate: 100/s, steps: [events]}}
      refresh: {{trigger: {{stream: events, every: 60s}}, steps: [job]}}
    components:
      events: {{kind: stream, lag: {{fixed: {lag}}}}}
      job: {{kind: worker, replicas: 10, service_time: {{fixed: 30s}}}}
    """)
    assert number(solution, "flows.refresh.freshness.max") == pytest.approx(expected, rel=1e-9)


def test_the_longest_run_takes_the_longest_way_and_waits_out_its_timeouts():
    solution = solved("""
    flows:
      w: {rate: 1/s, steps: [log]}
      r:
        trigger: log
        steps:
          - a: {times: 2.5}
          - parallel: {need: 2, calls: [a, b, c]}
          - choose: {x: {share: 10%, calls: [c]}, y: {share: rest, calls: [a]}}
          - c: {timeout: 25ms, optional: true}
          - near: {hit: 90%, fill: false, miss: [b]}
          - c: {async: true}
    components:
      log: {kind: stream}
      a: {kind: external, service_time: {fixed: 10ms}}
      b: {kind: external, service_time: {fixed: 20ms}}
      c: {kind: external, service_time: {fixed: 40ms}}
      near: {kind: cache, service_time: {fixed: 1ms}}
    """)
    expected = 3 * 10 + 20 + 40 + 25 + (1 + 20)
    assert number(solution, "flows.r.freshness.max") == pytest.approx(expected / 1000, rel=1e-9)


def test_a_run_whose_times_have_no_end_has_no_longest_freshness():
    solution = solved("""
    flows: {w: {rate: 1/s, steps: [log]}, r: {trigger: log, steps: [a]}}
    components: {log: {kind: stream}, a: {kind: external, service_time: 10ms}}
    """)
    assert "no upper end" in reason(solution, "flows.r.freshness.max")


def test_percentiles_of_freshness_are_what_a_simulation_gives():
    solution = solved("""
    flows:
      w: {rate: 50/s, steps: [api > log]}
      r: {trigger: {stream: log, every: 10s}, steps: [job]}
    components:
      api: {kind: external, service_time: 50ms}
      log: {kind: stream, lag: 2s}
      job: {kind: external, service_time: 3s}
    """)
    draws = np.random.default_rng(5)
    size = 400_000
    true = draws.exponential(0.05, size) + draws.exponential(2, size) + draws.uniform(0, 10, size)
    true += draws.exponential(3, size)
    for level in (0.5, 0.95, 0.99):
        found = number(solution, f"flows.r.freshness.p{level * 100:g}")
        assert found == pytest.approx(np.quantile(true, level), rel=0.01)
    assert solution.records["flows", "r", "freshness", "p99"].label == "bound"


def test_a_consumer_that_cannot_keep_up_grows_a_backlog():
    solution = solved("""
    flows:
      w: {rate: 100/s, peak: 3x, steps: [log]}
      r: {trigger: log, steps: [job]}
    components: {log: {kind: queue}, job: {kind: worker, replicas: 4, service_time: 20ms}}
    """)
    assert number(solution, "flows.r.backlog_growth") == pytest.approx(300 - 200, rel=1e-9)
    assert "backlog grows" in reason(solution, "flows.r.freshness")


def test_a_consumer_that_keeps_up_grows_none():
    solution = solved("""
    flows: {w: {rate: 100/s, steps: [log]}, r: {trigger: log, steps: [job]}}
    components: {log: {kind: queue}, job: {kind: worker, replicas: 4, service_time: 20ms}}
    """)
    assert number(solution, "flows.r.backlog_growth") == 0.0
