"""The regularised incomplete gamma function over arrays, without scipy.

Series below, continued fraction above (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31), both from the last
term backwards; how many terms are needed was measured for shapes up to a million.  The factor before them is
written so that nothing large cancels (Loader 2000), which keeps an absolute error of 1e-14.
"""

from __future__ import annotations

import math

import numpy as np

from sdplan.distributions.normal import Array


def gamma_shares(a: Array, x: Array) -> tuple[Array, Array]:
    """Q(a, x) and P(a + 1, x): the share of a gamma law of shape a above x, and that of shape a + 1 below.

    The scale is 1; a > 0, x >= 0, they broadcast.  Both keep their relative precision where they are small.
    """
    shape, at, factor = np.broadcast_arrays(a, x, _factor(a, x))
    low = at < np.maximum(shape + 1.0, 10.0)
    high = ~low
    above, below = np.empty(at.shape), np.empty(at.shape)
    rest = factor[low] * _series(shape[low], at[low])
    above[low], below[low] = 1.0 - factor[low] - rest, rest
    above[high] = factor[high] * shape[high] * _fraction(shape[high], at[high])
    below[high] = 1.0 - factor[high] - above[high]
    above[at == 0.0] = 1.0
    return above, below


def tail_over_factor(a: Array, x: Array) -> Array:
    """Q(a, x) over x^a e^-x / Gamma(a + 1), where both may be too small for a float; x >= a + 1."""
    shape, at = np.broadcast_arrays(a, x)
    return np.asarray(shape * _fraction(shape, at))


def _factor(a: Array, x: Array) -> Array:
    """x^a e^-x / Gamma(a + 1): what P(a, x) loses when a grows by one."""
    part = np.maximum(x, 1e-300) / a
    beside = np.clip(part - 1.0, -0.5, 0.5)
    inside = np.abs(part - 1.0) <= 0.5
    exponent = np.where(inside, np.log1p(beside) - beside, np.log(part) - part + 1.0)
    constant = np.vectorize(_at_its_shape, otypes=[np.float64])(a)
    factor: Array = np.exp(a * exponent + constant)
    return factor


def _at_its_shape(a: float) -> float:
    """ln(a^a e^-a / Gamma(a + 1)), by Stirling's series where the terms would cancel."""
    if a < 20.0:
        return a * math.log(a) - a - math.lgamma(a + 1.0)
    series = 1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * a**2)) / a**2) / a**2
    return -0.5 * math.log(2.0 * math.pi * a) - series / a


def _series(a: Array, x: Array) -> Array:
    """x/(a+1) (1 + x/(a+2) (1 + ...))."""
    total = np.zeros(a.shape)
    for n in range(_terms(a, 60, 12.0), 0, -1):
        total += 1.0
        total *= x / (a + n)
    return total


def _fraction(a: Array, x: Array) -> Array:
    """1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...)))."""
    terms = _terms(a, 12, 3.0)
    base = x + 1.0 - a
    below = base + 2.0 * terms
    for n in range(terms, 0, -1):
        below = base + 2.0 * (n - 1) + n * (a - n) / below
    return 1.0 / below


def _terms(a: Array, least: int, per_root: float) -> int:
    return least + int(per_root * math.sqrt(float(a.max(initial=0.0))))
