"""Retries and hedges against closed forms and reference cases."""

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest

from sdplan.distributions import (
    Exponential,
    Hop,
    Retried,
    Series,
    Timeout,
    exponential,
    failing,
    fixed,
    hedged,
    hedged_after_percentile,
    lognormal_from_quantiles,
    moments,
    percentiles,
    retried,
)

FOLDER = Path(__file__).parents[1] / "cases"
CASES = {
    case["id"]: case
    for case in json.loads((FOLDER / "reliability_caches_latency.json").read_text(encoding="utf-8"))
}
LEVELS = (0.5, 0.95, 0.99, 0.999)
SLOW = Hop(lognormal_from_quantiles(p50=10.0, p99=200.0))
EXPECTED = CASES["lat-hedge"]["expected"]


@pytest.mark.parametrize(("name", "shared"), [("hedged", 0.0), ("corr20", 0.2), ("base", 1.0)])
def test_a_call_hedged_at_its_p95_has_the_percentiles_of_the_reference_case(name, shared):
    read = percentiles(hedged_after_percentile(SLOW, 0.95, shared), LEVELS).quantiles

    assert list(read.values()) == pytest.approx(EXPECTED[name], rel=1e-3)


def test_a_model_without_shared_slowness_promises_a_tail_that_is_nearly_half_as_long():
    independent, shared = (
        percentiles(hedged_after_percentile(SLOW, 0.95, share)).quantiles[0.999] for share in (0.0, 0.2)
    )

    assert shared / independent == pytest.approx(1.8, abs=0.05)


def test_two_copies_at_once_have_the_percentiles_of_the_reference_case():
    read = percentiles(hedged(SLOW, 0.0), LEVELS).quantiles

    assert list(read.values()) == pytest.approx(EXPECTED["duplicate_immediately"], rel=1e-3)


def test_a_call_that_never_succeeds_has_no_percentile_to_be_hedged_after():
    never = Hop(exponential(1.0), 1.0)

    assert hedged_after_percentile(never, 0.95) == never


def test_a_call_that_is_refused_at_once_leaves_nothing_to_hedge():
    assert failing(hedged(Hop(exponential(1.0), 0.3), 0.5)) == pytest.approx(0.3, rel=1e-12)
    assert percentiles(hedged(Hop(exponential(1.0), 0.3), 0.5)).failed == pytest.approx(0.3, rel=1e-9)


def test_a_hedged_call_with_a_time_limit_of_its_own_fails_when_both_do():
    node = hedged(Timeout(Hop(Exponential(1.0)), 2.0), 0.5)

    assert failing(node) == pytest.approx(math.exp(-4.0), rel=1e-12)
    assert percentiles(node).failed == pytest.approx(math.exp(-4.0), rel=1e-6)


def test_the_reference_call_with_a_timeout_and_one_retry():
    node = retried(Timeout(SLOW, 100.0), 1, 20.0)

    result = percentiles(node, (0.99,))

    assert result.quantiles[0.99] == pytest.approx(139.0, abs=0.5)
    assert 1.0 - result.failed == pytest.approx(0.99864, abs=5e-6)


@pytest.mark.parametrize("retries", [0.0, 1.0, 3.0, 10.0, 2.25])
@pytest.mark.parametrize("backoff", [0.0, 0.5])
def test_a_call_fails_when_all_its_attempts_do(retries, backoff):
    late = math.exp(-1.0)
    node = retried(Timeout(Hop(Exponential(1.0)), 1.0), retries, backoff, 0.5)

    low, part = int(retries), retries - int(retries)
    expected = (1 - part) * late ** (low + 1) + part * late ** (low + 2)

    assert failing(node) == pytest.approx(expected, rel=1e-12)
    assert percentiles(node).failed == pytest.approx(expected, rel=1e-6)


def test_attempts_without_end_and_without_pauses_are_one_memoryless_wait():
    # Attempts cut at 1 s and begun again at once are one exponential call that is never cut.
    node = retried(Timeout(Hop(Exponential(3.0)), 1.0), 10**9)

    result = percentiles(node)

    assert result.failed < 1e-12
    assert result.mean == pytest.approx(3.0, rel=1e-9)
    assert result.quantiles == pytest.approx({p: -3.0 * math.log1p(-p) for p in LEVELS}, rel=2e-3)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999999, 1.0])
@pytest.mark.parametrize("backoff", [0.0, 1e-3, 1e6])
def test_retries_without_end_end(share, backoff):
    began = time.process_time()

    result = percentiles(Retried(Hop(exponential(0.01), share), 1e15, backoff, 1.0))

    assert time.process_time() - began < 2.0
    assert 0.0 <= result.failed <= 1.0 + 1e-12
    times = list(result.quantiles.values())
    assert all(math.isfinite(t) and t >= 0.0 for t in times)
    assert times == sorted(times)
    assert result.mean is None or math.isfinite(result.mean)


def test_pauses_double_and_jitter_draws_its_share_of_them_evenly():
    # Refused three times at once and then answered at once: only the pauses 1, 2 and 4 s are left.
    refused = Series((Hop(fixed(0.0), 0.9),))
    runs = 1_000_000
    random = np.random.default_rng(11)
    tries = np.minimum(random.geometric(0.1, runs), 5)
    good = tries < 5
    pauses = [2.0**k * (1.0 - 0.5 * random.random(runs)) for k in range(3)]
    waited = sum(np.where(tries > k + 1, pause, 0.0) for k, pause in enumerate(pauses))

    result = percentiles(retried(refused, 3, 1.0, 0.5), (0.6, 0.9, 0.99))

    assert result.failed == pytest.approx(0.9**4, rel=1e-9)
    assert result.mean == pytest.approx(float(waited[good].mean()), rel=5e-3)
    for level, took in result.quantiles.items():
        assert took == pytest.approx(float(np.quantile(waited[good], level)), rel=5e-3)


def test_ten_retries_cost_hardly_more_than_two():
    # By the tree of all attempts it would be a thousand times as much.
    calls = Timeout(Series((SLOW, Hop(exponential(5.0)))), 30.0)
    took = []
    for retries in (2, 10):
        began = time.process_time()
        percentiles(retried(calls, retries, 1.0, 1.0))
        took.append(time.process_time() - began)

    assert took[1] < 30.0 * took[0] + 0.05


def test_the_mean_time_of_all_attempts_is_that_of_good_and_failed_ones():
    attempt, late = 1.0 - math.exp(-1.0), math.exp(-1.0)

    mean = moments(retried(Timeout(Hop(Exponential(1.0)), 1.0), 2, 0.25)).mean

    assert mean == pytest.approx(attempt * (1 + late + late**2) + 0.25 * late + 0.5 * late**2, rel=1e-12)
