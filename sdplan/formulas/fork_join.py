"""Fork and join: a request that waits for several parallel parts.

Either the parts are independent exponential times, or each passes a queue of its own that the same requests
fill at the same moments.
"""

from __future__ import annotations

from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.queueing import OVERLOADED, offered_load, response_time_mm1

_NELSON = "Nelson and Tantawi 1988, Approximate Analysis of Fork/Join Synchronization, IEEE ToC 37(6)"
_DAVID = "David and Nagaraja 2003, Order Statistics, 3rd ed., s. 2.5 and 4.6"
_STREAMS = "Poisson requests, each of which sends one part to every M/M/1 queue, all queues alike."
_EULER = 0.5772156649015329


def _harmonic_sum(branches: Any, first: Any = 1) -> Any:
    import sympy

    k = sympy.Symbol("k", integer=True)
    return sympy.Sum(1 / k, (k, first, branches))


def _harmonic(count: float) -> float:
    """1 + 1/2 + ... + 1/count, beyond 50 terms by Euler's asymptotic series."""
    if count <= 50:
        return sum(1 / k for k in range(1, int(count) + 1))
    square = count * count
    return (
        xp.log(count) + _EULER + 1 / (2 * count) - (1 / 12 - (1 / 120 - 1 / 252 / square) / square) / square
    )


def _slowest_definition(*, service_time: Any, branches: Any) -> Any:
    return service_time * _harmonic_sum(branches)


@formula(
    r"E[\max]",
    source=f"{_DAVID}; Renyi 1953",
    validity="Independent exponential times that start together.",
    define=_slowest_definition,
)
def slowest_of_exponential(*, service_time: float, branches: float) -> float:
    """Mean time until the last of several parallel exponential parts is done [s]."""
    return service_time * xp.elementwise(_harmonic, branches)


def _needed_definition(*, service_time: Any, branches: Any, answers_needed: Any) -> Any:
    return service_time * _harmonic_sum(branches, branches - answers_needed + 1)


@formula(
    r"E[T_{k:n}]",
    source=f"{_DAVID}; Renyi 1953",
    validity="Independent exponential times that start together.",
    outside="More answers than there are parts never come.",
    domain=lambda service_time, branches, answers_needed: answers_needed <= branches,
    define=_needed_definition,
)
def answers_of_exponential(*, service_time: float, branches: float, answers_needed: float) -> float:
    """Mean time until so many of several parallel exponential parts are done [s]."""
    return service_time * xp.elementwise(_between, branches, answers_needed)


def _between(branches: float, needed: float) -> float:
    if not branches < float("inf"):
        return 0.0
    return _harmonic(branches) - _harmonic(max(branches - needed, 0))


@formula(
    r"\max(q)",
    source=_DAVID,
    validity="Independent exponential times that start together.",
    outside="No time is enough for certainty.",
    domain=lambda service_time, branches, level: (level < 1) & (branches >= 1),
)
def slowest_quantile_of_exponential(*, service_time: float, branches: float, level: float) -> float:
    """Percentile of the time until the last of several parallel exponential parts is done [s]."""
    return -service_time * xp.log(-xp.expm1(xp.log(level) / branches))


@formula(
    "R_2",
    source=f"{_NELSON}, eq. 6; Flatto and Hahn 1984",
    validity=_STREAMS,
    outside=OVERLOADED,
    domain=lambda arrival_rate, service_time: arrival_rate * service_time < 1,
)
def fork_join_two(*, arrival_rate: float, service_time: float) -> float:
    """Mean response time of a request that waits for both of two queues [s]."""
    rho = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    return (12 - rho) / 8 * response_time_mm1(arrival_rate=arrival_rate, service_time=service_time)


def _nelson_tantawi_definition(*, arrival_rate: Any, service_time: Any, branches: Any) -> Any:
    import sympy

    rho = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    growth = sympy.Rational(2, 3) * _harmonic_sum(branches)
    two = fork_join_two(arrival_rate=arrival_rate, service_time=service_time)
    return (growth + sympy.Rational(4, 11) * (1 - growth) * rho) * two


@formula(
    "R_n",
    source=f"{_NELSON}, eq. 19",
    label="approximation",
    validity=f"{_STREAMS} Exact for two; for 4 to 16 queues it is 1 to 3 % low against simulation.",
    outside=f"{OVERLOADED} The approximation begins at two queues.",
    domain=lambda arrival_rate, service_time, branches: (arrival_rate * service_time < 1) & (branches >= 2),
    define=_nelson_tantawi_definition,
)
def fork_join_nelson_tantawi(*, arrival_rate: float, service_time: float, branches: float) -> float:
    """Mean response time of a request that waits for several equal queues [s]."""
    rho = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    growth = xp.elementwise(_harmonic, branches) / 1.5
    two = fork_join_two(arrival_rate=arrival_rate, service_time=service_time)
    return (growth + 4 / 11 * (1 - growth) * rho) * two
