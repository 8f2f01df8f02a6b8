"""The Poisson distribution at any size, with nothing that cancels or overflows."""

from __future__ import annotations

import math
from collections.abc import Callable

_GAUSS = (
    (0.0950125098376374, 0.1894506104550685),
    (0.2816035507792589, 0.1826034150449236),
    (0.4580167776572274, 0.1691565193950025),
    (0.6178762444026438, 0.1495959888165767),
    (0.7554044083550030, 0.1246289712555339),
    (0.8656312023878318, 0.0951585116824928),
    (0.9445750230732326, 0.0622535239386479),
    (0.9894009349916499, 0.0271524594117541),
)
NODES = tuple((0.5 + side * node / 2, weight / 2) for node, weight in _GAUSS for side in (-1, 1))
_GONE = 40.0  # e^-40 is lost beside one
_LEFT_OUT = 1e-18
_SMALLEST = 1e-290  # below, floats lose digits and no longer fall when they are multiplied
_LARGEST = 1e9  # means beyond which the spread is too small to be summed


def probability(count: float, mean: float) -> float:
    """P(N = count) of a Poisson number, in the form of Loader 2000 for binomial ones."""
    if mean <= 0 or count <= 0:
        return math.exp(-mean) if count == 0 else 0.0
    part = mean / count
    apart = _less_log((mean - count) / count) if part > 0.5 else part - 1 - math.log(part)
    exponent = -count * apart - _stirling(count)
    return math.exp(exponent) / math.sqrt(2 * math.pi * count)


def _less_log(x: float) -> float:
    """x - log(1 + x), not negative; summed as a series where it would cancel."""
    if abs(x) > 0.05:
        return x - math.log1p(x)
    total, power = 0.0, x * x
    for k in range(2, 16):
        total += power / k
        power *= -x
    return total


def _stirling(n: float) -> float:
    """log(n!) less n log n - n + log(2 pi n)/2."""
    if n < 16:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - math.log(2 * math.pi) / 2
    square = n * n
    return (
        1 / 12
        - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 / square) / square) / square) / square)
        / square
    ) / n


def expectation(mean: float, value: Callable[[float], float]) -> float:
    """The mean of a function of a Poisson number, the function being between zero and one.

    Summed outwards from the mode until what is left is lost beside the sum.
    """
    if mean > _LARGEST:
        return value(math.floor(mean))
    mode = math.floor(mean)
    at_mode = share = probability(mode, mean)
    total, count = 0.0, mode
    while share > max(_LEFT_OUT * total, _SMALLEST):
        total += share * value(count)
        count += 1
        share *= mean / count
    share, count = at_mode, mode
    while count > 0 and share > max(_LEFT_OUT * total, _SMALLEST):
        share *= count / mean
        count -= 1
        total += share * value(count)
    return total


def excess(count: float, mean: float) -> tuple[float, float]:
    """P(N >= count) and E[max(0, N - count)] of a Poisson number whose mean is at most the count.

    As integrals of positive functions over u, of (1 - u)^(count - 1) e^(mean u) and of u times that.
    """
    at = probability(count, mean)
    if at == 0.0:
        return 0.0, 0.0
    width = min(1.0, _width(count, mean))
    reached = passed = 0.0
    for low, high in ((0.0, 0.06), (0.06, 0.25), (0.25, 1.0)):
        for node, weight in NODES:
            u = width * (low + (high - low) * node)
            share = width * (high - low) * weight * math.exp(_fall(u, count, mean)) if u < 1 else 0.0
            reached += share
            passed += share * u
    return at * count * reached, at * count * mean * passed


def _fall(u: float, count: float, mean: float) -> float:
    return -(count - 1) * _less_log(-u) - (count - 1 - mean) * u


def _width(count: float, mean: float) -> float:
    """Where the integrand has fallen to nothing, or beyond."""
    curve, slope = (count - 1) / 2, count - 1 - mean
    below = slope + math.sqrt(slope * slope + 4 * _GONE * curve)
    return 2 * _GONE / below if below > 0 else 1.0
