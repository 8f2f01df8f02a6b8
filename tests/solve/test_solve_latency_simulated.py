"""Latency of mixed designs against a million simulated runs."""

import numpy as np
import pytest
from scipy.stats import gamma, lognorm
from test_solve_latency import external, flow

from tests.strategies import number

RUNS = 1_000_000


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
