"""Latency of flows: by hand where times are fixed, by closed forms, and by Monte Carlo where they are mixed."""

import numpy as np
import pytest
from scipy.optimize import brentq

from tests.strategies import number, reason, solved


def external(**times):
    return ", ".join(f"{name}: {{kind: external, service_time: {time}}}" for name, time in times.items())


def flow(steps, components, more=""):
    return solved(f"flows: {{f: {{rate: 1/s, steps: {steps}}}}}\ncomponents: {{{components}}}\n{more}")


def mean(steps, components):
    return number(flow(steps, components), "flows.f.latency.mean")


FIXED = external(a="{fixed: 10ms}", b="{fixed: 20ms}", c="{fixed: 40ms}")


@pytest.mark.parametrize(
    ("steps", "milliseconds"),
    [
        ("[a > b > c]", 70),
        ("[a, b, c]", 70),
        ("[a: [b, c]]", 70),
        ("[a: {times: 3}]", 30),
        ("[a: {times: 10%}]", 1),
        ("[a: {times: 2.5}]", 25),
        ("[a: {fan_out: 50}]", 10),
        ("[a: {fan_out: 50%}]", 5),
        ("[a: {times: 0}, b]", 20),
        ("[a: {fan_out: 0}, b]", 20),
        ("[a: {async: true}, b]", 20),
        ("[a: [b: {async: true, calls: [c]}]]", 10),
        ("[parallel: [a, b, c]]", 40),
        ("[parallel: {need: any, calls: [a, b, c]}]", 10),
        ("[parallel: {need: 2, calls: [a, b, c]}]", 20),
        ("[parallel: [a > b, c], a]", 50),
        ("[choose: {x: {share: 25%, calls: [a]}, y: {share: rest, calls: [b, c]}}]", 0.25 * 10 + 0.75 * 60),
        ("[choose: {x: {share: 25%, calls: [a]}, y: {share: rest, calls: []}}]", 2.5),
        ("[a: {fallback: [c]}]", 10),
        ("[b: {timeout: 15ms, optional: true}, a]", 25),
        ("[b: {timeout: 15ms, fallback: [c]}, a]", 65),
        ("[b: {timeout: 25ms, optional: true}, a]", 30),
        ("[parallel: {timeout: 30ms, need: 2, calls: [a, b, c]}]", 20),
        ("[a: {times: 2, calls: [b: {times: 2}]}]", 100),
        ("[a: {times: 2, fan_out: 7}]", 20),
    ],
)
def test_fixed_times_add_up_as_on_paper(steps, milliseconds):
    assert mean(steps, FIXED) == pytest.approx(milliseconds / 1000, rel=1e-6)


@pytest.mark.parametrize(
    ("fill", "write"), [("", 1), ("fill: true,", 1), ("fill: async,", 0), ("fill: false,", 0)]
)
def test_cache_aside_is_the_second_form_of_the_seed_cases(fill, write):
    """H * cache + (1 - H) * (cache + db + cache_write)."""
    components = """
    api: {kind: external}, db: {kind: external, service_time: {fixed: 100ms}},
    cache: {kind: cache, ops: {read: {service_time: {fixed: 1ms}}, write: {service_time: {fixed: 2ms}}}}
    """.replace("\n", " ")
    found = mean(f"[api: [cache: {{hit: 90%, {fill} miss: [db]}}]]", components)
    assert found == pytest.approx(0.9 * 0.001 + 0.1 * (0.001 + 0.1 + write * 0.002), rel=1e-6)


def test_an_edge_answers_hits_and_asks_the_origin_itself():
    components = FIXED + ", edge: {kind: cdn, rtt: 5ms, service_time: {fixed: 1ms}}"
    found = mean("[edge: {hit: 60%, miss: [a > c]}]", components)
    assert found == pytest.approx(0.006 + 0.4 * 0.050, rel=1e-6)


def test_a_look_that_fails_is_a_miss_and_waits_out_its_timeout():
    components = FIXED + ", slow: {kind: cache, service_time: {fixed: 30ms}}"
    found = flow("[a: [slow: {hit: 90%, fill: false, timeout: 5ms, miss: [b]}]]", components)
    assert number(found, "flows.f.latency.mean") == pytest.approx(0.010 + 0.005 + 0.020, rel=1e-6)
    assert number(found, "flows.f.timeouts") == 0.0


def test_a_fallback_follows_when_the_cache_and_its_origin_have_failed():
    components = FIXED + ", near: {kind: cache, service_time: {fixed: 1ms}}"
    found = flow("[a: [near: {hit: 50%, fill: false, miss: [c: {timeout: 4ms}], fallback: [b]}]]", components)
    assert number(found, "flows.f.latency.mean") == pytest.approx(0.010 + 0.001 + 0.5 * 0.024, rel=1e-6)
    assert number(found, "flows.f.timeouts") == 0.0


def test_a_fallback_runs_as_often_as_the_call_fails_and_takes_its_own_time():
    solution = flow("[a: {timeout: 5ms, fallback: [c]}]", FIXED)
    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.045, rel=1e-6)
    assert number(solution, "components.c.rate") == 1.0
    assert number(solution, "flows.f.errors") == 0.0
    assert not any("fallback" in entry.what for entry in solution.uncounted)


def test_the_round_trip_is_paid_by_every_call():
    components = "a: {kind: external, rtt: 30ms, service_time: {fixed: 10ms}}"
    assert mean("[a, a]", components) == pytest.approx(0.080, rel=1e-6)
    assert mean("[a: {timeout: 20ms, optional: true}]", components) == pytest.approx(0.020, rel=1e-6)


def test_a_timeout_fails_its_share_and_percentiles_are_of_good_runs():
    solution = flow("[a: {timeout: 20ms}]", external(a="10ms"))
    late = np.exp(-2)
    assert number(solution, "flows.f.timeouts") == pytest.approx(late, rel=1e-9)
    for level, share in (("p50", 0.5), ("p99", 0.99)):
        expected = -0.010 * np.log(1 - share * (1 - late))
        assert number(solution, f"flows.f.latency.{level}") == pytest.approx(expected, rel=2e-3)


def test_a_failed_step_ends_its_sequence():
    solution = flow(
        "[parallel: {need: any, calls: [a > b]}, c]", external(a="{fixed: 1ms}", b="1ms", c="1ms")
    )
    assert number(solution, "flows.f.timeouts") == 0.0
    solution = flow("[a: {timeout: 10ms}, b: {timeout: 10ms}]", external(a="10ms", b="10ms"))
    assert number(solution, "flows.f.timeouts") == pytest.approx(1 - (1 - np.exp(-1)) ** 2, rel=1e-6)


def test_a_run_that_always_times_out_has_no_latency_but_a_reason():
    solution = flow("[a: {timeout: 5ms}]", FIXED)
    assert "no run succeeds" in reason(solution, "flows.f.latency.p99")


def test_a_fan_out_takes_the_largest_of_its_calls():
    solution = flow("[a: {fan_out: 100}]", external(a="10ms"))
    for level, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999)):
        expected = -0.010 * np.log1p(-(share**0.01))
        assert number(solution, f"flows.f.latency.{level}") == pytest.approx(expected, rel=2e-3)
    assert number(solution, "flows.f.latency.mean") == pytest.approx(
        0.010 * sum(1 / k for k in range(1, 101)), rel=1e-3
    )
    assert solution.records["flows", "f", "latency", "p99"].label == "bound"


def test_two_of_three_equal_branches_take_the_middle_one():
    solution = flow("[parallel: {need: 2, calls: [a, b, c]}]", external(a="10ms", b="10ms", c="10ms"))

    def below(time):
        one = 1 - np.exp(-time / 0.010)
        return 3 * one**2 - 2 * one**3

    for level, share in (("p50", 0.5), ("p99", 0.99)):
        expected = brentq(lambda time, share=share: below(time) - share, 0, 1, xtol=1e-15)
        assert number(solution, f"flows.f.latency.{level}") == pytest.approx(expected, rel=2e-3)


def test_a_chain_of_equal_hops_is_erlang():
    from scipy.stats import gamma

    solution = flow("[a, b, c, d]", external(a="10ms", b="10ms", c="10ms", d="10ms"))
    for level, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.99", 0.9999)):
        assert number(solution, f"flows.f.latency.{level}") == pytest.approx(
            gamma.ppf(share, 4, scale=0.010), rel=1e-3
        )


def test_the_sum_of_the_hops_p99_is_shown_and_is_not_the_p99():
    solution = flow("[a, b, c, d]", external(a="10ms", b="10ms", c="10ms", d="10ms"))
    assert number(solution, "flows.f.adding.p99") == pytest.approx(0.040 * np.log(100), rel=1e-6)
    assert number(solution, "flows.f.latency.p99") < 0.6 * number(solution, "flows.f.adding.p99")


def test_a_flow_without_steps_takes_no_time():
    solution = solved("flows: {f: {rate: 1/s}}\ncomponents: {}\n")
    assert number(solution, "flows.f.latency.p99") == 0.0


def test_a_share_of_late_runs_is_never_more_than_all_of_them():
    """On a grid, the failures of 7.5 retries, a mixture of seven and eight, add up to a rounding more."""
    step = "{d: {times: 1M, timeout: 2ns, op: write, retries: 7.5, hedge: p75}}"
    solution = solved(
        f"""
flows:
  g: {{rate: 1/s, steps: [{step}, d, d]}}
components:
  d:
    kind: stream
    service_time: {{mean: 1ms, scv: 1, law: weibull}}
    scaling: {{contention: 9 nines}}
    handshakes: 3
    reuse: 100%
"""
    )

    assert number(solution, "flows.g.late") == 1.0
    assert number(solution, "flows.g.undegraded") == 0.0
