"""Intervals hold the truth as often as they say, and widen where there is little to see."""

import math

import numpy as np
import pytest

from sdplan.simulate.measures import mean, percentiles, seldom_mean, share
from sdplan.simulate.observed import even


def dependent(seed, count=20_000):
    """Exponential samples, each of which is the last one again half of the time."""
    draws = np.random.default_rng(seed)
    new = draws.random(count) < 0.5
    new[0] = True
    return draws.exponential(1.0, count)[np.maximum.accumulate(np.where(new, np.arange(count), 0))]


def test_intervals_of_dependent_samples_hold_the_truth_as_often_as_they_say():
    seeds = range(200)
    held = {"mean": 0, "p50": 0, "p99": 0, "share": 0}
    for seed in seeds:
        samples = even(dependent(seed))
        found = percentiles(samples, {"p50": 0.5, "p99": 0.99})
        found |= {"mean": mean(samples), "share": share(samples, samples.values > 2.0)}
        truth = {"mean": 1.0, "p50": math.log(2), "p99": math.log(100), "share": math.exp(-2)}
        for name, measure in found.items():
            held[name] += measure.shown.low <= truth[name] <= measure.shown.high
    assert min(held.values()) >= 0.955 * len(seeds)
    assert max(held.values()) <= len(seeds)


def test_what_was_never_seen_may_still_happen():
    none = share(even(np.zeros(10_000)), np.zeros(10_000, dtype=bool))
    assert none.value == none.judged.low == 0.0
    assert 5e-4 < none.judged.high < 5e-3
    waits = seldom_mean(even(np.zeros(10_000)), 0.010)
    assert waits.value == 0.0
    assert 5e-6 < waits.judged.high < 5e-5


@pytest.mark.parametrize("count", [0, 5, 150])
def test_too_few_samples_give_no_number(count):
    samples = even(np.ones(count))
    assert mean(samples) is None
    assert percentiles(samples, {"p50": 0.5}) == {}
    assert share(samples, samples.values > 0) is None


def test_a_percentile_needs_samples_above_it():
    assert set(percentiles(even(np.arange(10_000.0)), {"p99": 0.99, "p99.9": 0.999})) == {"p99"}
