"""Service laws from what a design states: a mean, a mean and a variation, or two numbers of a shape."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from sdplan.distributions.laws import Deterministic, Exponential, Gamma, Law, Lognormal
from sdplan.distributions.more_laws import Weibull
from sdplan.distributions.normal import normal_upper_quantile


def fixed(value: float) -> Law:
    """The same time every time [s]."""
    return Deterministic(_duration("fixed time", value))


def exponential(mean: float) -> Law:
    """An exponential law with this mean [s]; a mean of 0 is no delay at all."""
    return Exponential(mean) if _duration("mean", mean) else Deterministic(0.0)


def from_mean_and_scv(*, mean: float, scv: float) -> Law:
    """A law of this mean [s] and squared coefficient of variation: fixed (0), exponential (1), else gamma.

    Below 1e-4 a lognormal law stands in for the gamma law: their p99.9 differ by less than 2e-4 there.
    """
    if not (math.isfinite(scv) and scv >= 0.0):
        raise ValueError(f"A squared coefficient of variation is 0 or more, not {scv:g}.")
    if scv == 0.0 or _duration("mean", mean) == 0.0:
        return Deterministic(mean)
    if scv == 1.0:
        return Exponential(mean)
    return Gamma(mean, scv) if scv >= 1e-4 else _lognormal(mean, math.sqrt(math.log1p(scv)))


def lognormal_from_quantiles(*, p50: float, p99: float) -> Lognormal:
    """The lognormal law with this median and 99th percentile [s]: sigma = ln(p99/p50) / 2.326."""
    if not 0.0 < _duration("p50", p50) < _duration("p99", p99):
        raise ValueError(f"A lognormal law needs 0 < p50 < p99, not {p50:g} s and {p99:g} s.")
    return Lognormal(math.log(p50), math.log(p99 / p50) / normal_upper_quantile(0.01))


def lognormal_from_mean_and_p99(*, mean: float, p99: float) -> Lognormal:
    """The lognormal law with this mean and 99th percentile [s].

    ln(p99/mean) = z sigma - sigma^2/2 has two roots up to its largest value z^2/2; the smaller sigma is
    taken, the one that tends to a fixed time.
    """
    z = normal_upper_quantile(0.01)
    if not 0.0 < _duration("mean", mean) < _duration("p99", p99):
        raise ValueError(f"A lognormal law needs 0 < mean < p99, not a mean of {mean:g} s and {p99:g} s.")
    room = z**2 - 2.0 * math.log(p99 / mean)
    if room < 0.0:
        raise ValueError(
            f"No lognormal law has a p99 of {p99 / mean:.3g} times its mean: the most is "
            f"{math.exp(z**2 / 2.0):.3g} times.  State p50 and p99 instead."
        )
    return _lognormal(mean, z - math.sqrt(room))


def weibull_from_quantiles(*, p50: float, p99: float) -> Weibull:
    """The Weibull law with this median and 99th percentile [s]: shape = ln(ln 100 / ln 2) / ln(p99/p50)."""
    if not 0.0 < _duration("p50", p50) < _duration("p99", p99):
        raise ValueError(f"A Weibull law needs 0 < p50 < p99, not {p50:g} s and {p99:g} s.")
    shape = math.log(math.log(100.0) / math.log(2.0)) / math.log(p99 / p50)
    return Weibull(p50 / math.log(2.0) ** (1.0 / shape), shape)


def weibull_from_mean_and_scv(*, mean: float, scv: float) -> Law:
    """The Weibull law of this mean [s] and squared coefficient of variation; fixed where either is 0."""
    if not (math.isfinite(scv) and scv >= 0.0):
        raise ValueError(f"A squared coefficient of variation is 0 or more, not {scv:g}.")
    if scv == 0.0 or _duration("mean", mean) == 0.0:
        return Deterministic(mean)
    if scv > Weibull(1.0, _FLATTEST).scv:
        raise ValueError(f"No Weibull law is computed for a squared coefficient of variation of {scv:g}.")
    shape = 1.0 / _root(lambda inverse: Weibull(1.0, 1.0 / inverse).scv, scv, 1e-7, 1.0 / _FLATTEST)
    return Weibull(mean / math.gamma(1.0 + 1.0 / shape), shape)


@lru_cache(maxsize=256)
def gamma_from_quantiles(*, p50: float, p99: float) -> Law:
    """The gamma law with this median and 99th percentile [s].

    Below p99/p50 = 1.024 a lognormal law stands in for it: their p99.9 differ by less than 2e-4 there.
    """
    if not 0.0 < _duration("p50", p50) < _duration("p99", p99):
        raise ValueError(f"A gamma law needs 0 < p50 < p99, not {p50:g} s and {p99:g} s.")
    if p99 / p50 < 1.024:
        return lognormal_from_quantiles(p50=p50, p99=p99)
    if _gamma_ratio(_WIDEST) < p99 / p50:
        raise ValueError(f"No gamma law is computed whose p99 is {p99 / p50:.3g} times its median.")
    guess = (math.log(p99 / p50) / normal_upper_quantile(0.01)) ** 2  # were it lognormal and narrow
    scv = _root(_gamma_ratio, p99 / p50, 0.3 * guess, min(3.0 * guess, _WIDEST))
    return Gamma(p50 / Gamma(1.0, scv).quantile(0.5), scv)


_FLATTEST = 0.05  # the shape below which a Weibull law is no law of delays: a scv of 1e14
_WIDEST = 40.0  # the scv above which the median of a gamma law is nothing


def _gamma_ratio(scv: float) -> float:
    law = Gamma(1.0, scv)
    return law.quantile(0.99) / law.quantile(0.5)


def _root(rising: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where a rising function has this value, by halving in logarithms and, near by, by secants."""
    below, above = math.log(rising(low) / value), math.log(rising(high) / value)
    left, right = math.log(low), math.log(high)
    for turn in range(200):
        even = turn % 3 == 2
        middle = 0.5 * (left + right) if even else left - below * (right - left) / (above - below)
        found = math.log(rising(math.exp(middle)) / value)
        if abs(found) < 1e-13 or right - left < 1e-15:
            break
        left, below, right, above = (
            (middle, found, right, above) if found < 0.0 else (left, below, middle, found)
        )
    return math.exp(middle)


def _lognormal(mean: float, sigma: float) -> Lognormal:
    return Lognormal(math.log(mean) - 0.5 * sigma**2, sigma)


def _duration(name: str, value: float) -> float:
    if not (math.isfinite(value) and value >= 0.0):
        raise ValueError(f"The {name} of a service time is a duration of 0 s or more, not {value:g} s.")
    return value
