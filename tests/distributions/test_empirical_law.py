"""The law of measured delays against the measurements themselves."""

import math

import numpy as np
import pytest

from sdplan.distributions import (
    Deterministic,
    Empirical,
    Exponential,
    Hop,
    Series,
    empirical,
    empirical_from_counts,
    percentiles,
)
from sdplan.distributions.empirical import RELATIVE_ERROR

MEASURED = np.random.default_rng(3).lognormal(-4.0, 1.5, 50_000)
LEVELS = (0.01, 0.5, 0.9, 0.99, 0.999)


def test_the_mean_of_many_measurements_is_kept_to_rounding():
    assert empirical(MEASURED).mean == pytest.approx(math.fsum(MEASURED) / MEASURED.size, rel=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_a_percentile_is_that_of_the_measurements_within_the_stated_error(level):
    expected = float(np.quantile(MEASURED, level, method="inverted_cdf"))

    assert empirical(MEASURED).quantile(level) == pytest.approx(expected, rel=RELATIVE_ERROR)


def test_buckets_are_far_fewer_than_measurements():
    law = empirical(MEASURED)

    assert isinstance(law, Empirical)
    assert len(law.values) < 3000


def test_a_few_measurements_are_kept_as_they_are():
    law = empirical([0.3, 0.1, 0.1, 0.5])

    assert law == Empirical((0.1, 0.3, 0.5), (0.5, 0.25, 0.25))
    assert (law.quantile(0.5), law.quantile(0.6), law.quantile(0.99)) == (0.1, 0.3, 0.5)
    assert law.scv == pytest.approx(np.var([0.3, 0.1, 0.1, 0.5]) / 0.25**2)
    assert law.sf(np.array([0.0, 0.1, 0.2, 0.3, 0.5])).tolist() == [1.0, 0.5, 0.5, 0.25, 0.0]


def test_counts_say_the_same_as_measurements():
    counted = empirical_from_counts([(0.3, 2), (0.1, 6), (0.3, 1), (9.0, 0)])

    assert counted == empirical([0.1] * 6 + [0.3] * 3)


def test_the_limited_expected_value_is_the_mean_of_the_cut_measurements():
    ends = np.array([0.001, 0.02, 0.3, 5.0])
    few = MEASURED[:400]

    expected = [np.minimum(few, end).mean() for end in ends]

    assert empirical(few).lev(ends) == pytest.approx(expected, rel=1e-12)


def test_one_measured_value_is_a_fixed_time():
    assert empirical([0.25, 0.25]) == Deterministic(0.25)


def test_measurements_in_a_series_agree_with_their_simulation():
    random = np.random.default_rng(4)
    drawn = random.choice(MEASURED, 2_000_000) + random.exponential(0.05, 2_000_000)

    read = percentiles(Series((Hop(empirical(MEASURED)), Hop(Exponential(0.05)))), (0.5, 0.99)).quantiles

    assert read == pytest.approx({level: float(np.quantile(drawn, level)) for level in read}, rel=5e-3)


@pytest.mark.parametrize("wrong", [[], [-1.0], [math.nan], [0.1, math.inf]])
def test_what_is_no_measurement_is_refused(wrong):
    with pytest.raises(ValueError, match="finite durations of 0 s or more"):
        empirical(wrong)


@pytest.mark.parametrize("count", [0.0, -1.0, math.inf])
def test_counts_that_are_none_are_refused(count):
    with pytest.raises(ValueError, match="counts of measured delays"):
        empirical_from_counts([(0.1, count)])
