import math

import pytest

from sdplan.distributions import (
    Branch,
    Exponential,
    Fallback,
    FanOut,
    ForkJoin,
    Hop,
    Optional,
    Repeat,
    Series,
    Timeout,
    percentiles,
    sum_of_percentiles,
)

ONE, FIVE, TEN = (Hop(Exponential(mean)) for mean in (1.0, 5.0, 10.0))
P99 = math.log(100)  # of an exponential law with mean 1


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (ONE, P99),
        (Series((ONE, FIVE, TEN)), 16 * P99),
        (Series(()), 0.0),
        (Repeat(ONE, 2.5), 2.5 * P99),
        (ForkJoin((ONE, TEN)), 10 * P99),
        (ForkJoin((ONE, FIVE, TEN), 2), 5 * P99),
        (ForkJoin((ONE, TEN), "any"), P99),
        (FanOut(FIVE, 30), 5 * P99),
        (Timeout(TEN, 12.0), 12.0),
        (Timeout(ONE, 12.0), P99),
        (Optional(FIVE), 5 * P99),
        (Fallback(ONE, TEN), P99),
        (Branch(((0.9, ONE), (0.1, TEN))), 10 * P99),
        (Branch(((0.995, ONE), (0.005, TEN))), P99),
        (Branch(((0.006, ONE), (0.004, TEN))), P99),
        (Branch(()), 0.0),
    ],
)
def test_what_adding_the_hops_would_say(node, expected):
    assert sum_of_percentiles(node, 0.99) == pytest.approx(expected, rel=1e-12)


def test_adding_overstates_the_tail_of_a_series():
    node = Series((ONE,) * 8)

    assert sum_of_percentiles(node, 0.999) > 2.5 * percentiles(node).quantiles[0.999]


def test_adding_understates_a_wide_fan_out():
    node = FanOut(ONE, 100)

    assert sum_of_percentiles(node, 0.99) < 0.6 * percentiles(node).quantiles[0.99]
