"""Percentiles of single laws without a closed form, all levels at once, against bisection and mpmath."""

import math
import random

import mpmath
import numpy as np
import pytest

from sdplan.distributions import (
    Deterministic,
    Exponential,
    Gamma,
    Hop,
    Lognormal,
    Mixture,
    Series,
    Shifted,
    Sojourn,
    Wait,
    percentile,
    percentiles,
)
from sdplan.distributions import memo as memory

LEVELS = (0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999)
LAWS = {
    "six decades": Mixture(
        (Exponential(1e-4), Lognormal(0.0, 1.0), Exponential(100.0)), (0.99, 0.009, 0.001)
    ),
    "two far apart": Mixture((Exponential(1e-3), Exponential(1e3)), (0.9985, 0.0015)),
    "with an atom": Mixture((Deterministic(0.3), Exponential(0.1)), (0.4, 0.6)),
    "with two atoms": Mixture((Deterministic(0.3), Deterministic(2.0), Wait(0.2, 3.0)), (0.7, 0.25, 0.05)),
    "mostly no wait": Wait(0.02, 5.0),
    "a shifted mixture": Shifted(Mixture((Sojourn(1.0, 0.5, 0.2), Exponential(50.0)), (0.95, 0.05)), 3.0),
    "a gamma law of hardly any time": Gamma(1.0, 30.0),
    "a heavy tail": Mixture((Lognormal(0.0, 2.0), Sojourn(0.01, 0.9, 5.0)), (0.5, 0.5)),
}


@pytest.mark.parametrize("name", LAWS)
def test_all_levels_at_once_are_where_the_survival_is_as_low_as_they_say(name):
    law = LAWS[name]

    for level, time in zip(LEVELS, law.tail_quantiles([1.0 - level for level in LEVELS]), strict=True):
        low, high = 0.0, law.reach(1e-6) + 1.0
        for _ in range(200):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if float(law.sf(np.array(middle))) > 1.0 - level else (low, middle)
        assert time == pytest.approx(high, rel=1e-10, abs=1e-13)


def test_the_stay_at_a_station_meets_the_survival_in_fifty_digits():
    draw = random.Random(2)
    for _ in range(60):
        mean, waiting, ratio = 10 ** draw.uniform(-6, 3), draw.random(), 10 ** draw.uniform(-6, 2)
        tail = 10 ** draw.uniform(-9, -0.1)
        law = Sojourn(mean, waiting, ratio / mean)

        time = law.tail_quantile(tail)

        with mpmath.workdps(50):
            x, mu, theta = mpmath.mpf(time), 1 / mpmath.mpf(mean), mpmath.mpf(ratio / mean)
            hypo = (theta * mpmath.exp(-mu * x) - mu * mpmath.exp(-theta * x)) / (theta - mu)
            survival = (1 - mpmath.mpf(waiting)) * mpmath.exp(-mu * x) + mpmath.mpf(waiting) * hypo
            assert abs(float(survival / tail) - 1.0) < 1e-8


@pytest.mark.parametrize("tail", [0.5, 1e-3, 1e-12])
def test_the_stay_where_the_textbook_divides_by_nothing(tail):
    law = Sojourn(1.0, 0.6353160175364294, 1.0)

    assert float(law.sf(np.array(law.tail_quantile(tail)))) == pytest.approx(tail, rel=1e-10)


def test_a_tree_that_was_asked_for_before_is_not_computed_again():
    node = Series((Hop(Exponential(0.123)), Hop(Lognormal(-2.0, 0.7))))

    first = percentiles(node, LEVELS)

    assert percentiles(Series((Hop(Exponential(0.123)), Hop(Lognormal(-2.0, 0.7)))), LEVELS) is first
    assert percentiles(node, LEVELS[:2]) is not first


def test_what_is_remembered_is_bounded():
    remembered = memory.Memo[float]()
    for number in range(3 * memory.MOST):
        assert remembered(number, lambda number=number: math.sqrt(number)) == math.sqrt(number)

    assert len(remembered.known) <= memory.MOST
    assert isinstance(percentile.KNOWN, memory.Memo)
