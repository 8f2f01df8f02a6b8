"""Service laws from what a design states: a mean, a mean and a variation, or two numbers of a lognormal."""

from __future__ import annotations

import math

from sdplan.distributions.laws import Deterministic, Exponential, Gamma, Law, Lognormal
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


def _lognormal(mean: float, sigma: float) -> Lognormal:
    return Lognormal(math.log(mean) - 0.5 * sigma**2, sigma)


def _duration(name: str, value: float) -> float:
    if not (math.isfinite(value) and value >= 0.0):
        raise ValueError(f"The {name} of a service time is a duration of 0 s or more, not {value:g} s.")
    return value
