"""Latency of flows: by hand where times are fixed, by closed forms, and by Monte Carlo where they are mixed."""

import numpy as np
import pytest
from scipy.optimize import brentq

from tests.strategies import number, reason, solved

RUNS = 1_000_000


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


def test_a_fallback_takes_its_own_time_although_its_load_is_not_computed_yet():
    solution = flow("[a: {timeout: 5ms, fallback: [c]}]", FIXED)
    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.045, rel=1e-6)
    assert number(solution, "components.c.rate") == 0.0
    assert any("fallback" in entry.what for entry in solution.uncounted)


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


def close(solution, times, *, failed=0.0):
    """Every percentile within 1 % of the simulated one."""
    for level in (0.5, 0.75, 0.9, 0.95, 0.99, 0.999):
        name = f"p{level * 100:g}"
        assert number(solution, f"flows.f.latency.{name}") == pytest.approx(
            np.quantile(times, level), rel=0.01
        )
    assert number(solution, "flows.f.latency.mean") == pytest.approx(times.mean(), rel=0.005)
    assert number(solution, "flows.f.timeouts") == pytest.approx(failed, rel=0.02, abs=2e-5)


def lognormal(draws, p50, p99, size):
    return p50 * np.exp(draws.normal(size=size) * np.log(p99 / p50) / 2.3263478740408408)


def test_a_page_through_cache_choice_and_repeated_calls_is_as_simulated():
    solution = flow(
        """[api: [
        cache: {hit: 80%, miss: [db: {times: 1.5}]},
        choose: {short: {share: 30%, calls: [a]}, long: {share: rest, calls: [b: {times: 20%}]}},
        log: {async: true}]]""".replace("\n", " "),
        external(api="{fixed: 3ms}", db="{p50: 8ms, p99: 60ms}", a="5ms", b="{mean: 40ms, scv: 4}", log="9s")
        + ", cache: {kind: cache, service_time: 500us}",
    )
    draws = np.random.default_rng(1)
    times = 0.003 + draws.exponential(0.0005, RUNS)
    missed = draws.random(RUNS) < 0.2
    twice = draws.random(RUNS) < 0.5
    origin = lognormal(draws, 0.008, 0.060, RUNS) + twice * lognormal(draws, 0.008, 0.060, RUNS)
    times += missed * (origin + draws.exponential(0.0005, RUNS))
    short = draws.random(RUNS) < 0.3
    seldom = draws.random(RUNS) < 0.2
    spread = number(solution, "components.b.latency.p99")
    slow = lawful(draws, 0.040, 4.0, spread)
    times += np.where(short, draws.exponential(0.005, RUNS), seldom * slow)
    close(solution, times)


def lawful(draws, average, scv, p99):
    """A mean and an scv leave the law open: what the solver took is recognised by its p99."""
    from scipy.stats import gamma, lognorm

    sigma = np.sqrt(np.log(1 + scv))
    choices = {
        gamma.ppf(0.99, 1 / scv, scale=average * scv): lambda: draws.gamma(1 / scv, average * scv, RUNS),
        lognorm.ppf(0.99, sigma, scale=average / np.sqrt(1 + scv)): lambda: draws.lognormal(
            np.log(average / np.sqrt(1 + scv)), sigma, RUNS
        ),
    }
    nearest = min(choices, key=lambda tail: abs(tail / p99 - 1))
    assert nearest == pytest.approx(p99, rel=1e-3)
    return choices[nearest]()


def test_a_search_with_shards_spares_and_an_optional_extra_is_as_simulated():
    solution = flow(
        """[front: [
        parallel: {need: 2, calls: [a, b > a, c]},
        shard: {fan_out: 20},
        extra: {optional: true, timeout: 12ms},
        slow: {timeout: 30ms, fallback: [spare]},
        last: {timeout: 25ms}]]""".replace("\n", " "),
        external(
            front="1ms",
            a="4ms",
            b="{fixed: 2ms}",
            c="9ms",
            shard="{p50: 2ms, p99: 11ms}",
            extra="10ms",
            slow="20ms",
            spare="{fixed: 6ms}",
            last="5ms",
        ),
    )
    draws = np.random.default_rng(2)
    branches = np.stack(
        [
            draws.exponential(0.004, RUNS),
            0.002 + draws.exponential(0.004, RUNS),
            draws.exponential(0.009, RUNS),
        ]
    )
    times = draws.exponential(0.001, RUNS) + np.sort(branches, axis=0)[1]
    shards = np.zeros(RUNS)
    for _ in range(20):
        np.maximum(shards, lognormal(draws, 0.002, 0.011, RUNS), out=shards)
    slow = draws.exponential(0.020, RUNS)
    last = draws.exponential(0.005, RUNS)
    times += shards + np.minimum(draws.exponential(0.010, RUNS), 0.012)
    times += np.where(slow > 0.030, 0.036, slow) + last
    good = last <= 0.025
    close(solution, times[good], failed=np.exp(-5))


def test_an_edge_with_a_timeout_around_its_origin_is_as_simulated():
    solution = flow(
        """[edge: {hit: 70%, timeout: 80ms, miss: [lb > api: [
        choose: {read: {share: 60%, calls: [db]}, both: {share: rest, calls: [parallel: [db, other]]}}]]}]""".replace(
            "\n", " "
        ),
        "edge: {kind: cdn, rtt: 8ms, service_time: 1ms}, "
        + external(
            lb="{fixed: 500us}", api="{mean: 6ms, p99: 30ms}", db="9ms", other="{p50: 9ms, p99: 90ms}"
        ),
    )
    draws = np.random.default_rng(3)
    tail = (
        2.3263478740408408  # mean and p99 of a lognormal: the smaller root of s²/2 - z s + ln(p99 / mean) = 0
    )
    sigma = tail - np.sqrt(tail**2 - 2 * np.log(5))
    api = draws.lognormal(np.log(0.006) - sigma**2 / 2, sigma, RUNS)
    both = draws.random(RUNS) < 0.4
    origin = draws.exponential(0.009, RUNS)
    origin = np.where(both, np.maximum(origin, lognormal(draws, 0.009, 0.090, RUNS)), origin)
    missed = draws.random(RUNS) < 0.3
    times = 0.008 + draws.exponential(0.001, RUNS) + missed * (0.0005 + api + origin)
    good = times <= 0.080
    close(solution, times[good], failed=1 - good.mean())
