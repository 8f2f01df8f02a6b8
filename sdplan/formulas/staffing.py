"""Staffing: how many servers a wanted wait takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._erlang import blocking
from sdplan.formulas._formula import formula

_HALFIN = (
    "Halfin and Whitt 1981, Heavy-Traffic Limits for Queues with Many Exponential Servers, Operations "
    "Research 29(3)"
)
_MANY = 2.0**60


def _delay_definition(*, quality: Any) -> Any:
    import sympy

    x = sympy.Symbol("x", real=True)
    below = sympy.sqrt(sympy.pi / 2) + sympy.Integral(sympy.exp(-(x**2) / 2), (x, 0, quality))
    return 1 / (1 + quality * sympy.exp(quality**2 / 2) * below)


@formula(
    r"\alpha(\beta)",
    source=f"{_HALFIN}, eq. 2.3",
    label="approximation",
    validity="M/M/c with many servers, as the limit; within 0.05 of Erlang C from 10 servers, 0.02 from 100.",
    define=_delay_definition,
)
def halfin_whitt_waiting(*, quality: float) -> float:
    """Probability of having to wait with square-root staffing."""
    return xp.elementwise(_delay, quality)


def _delay(quality: float) -> float:
    if quality > 38:  # the density is below the smallest float
        return 0.0
    density = math.exp(-quality * quality / 2) / math.sqrt(2 * math.pi)
    below = math.erfc(-quality / math.sqrt(2)) / 2
    return 1 / (1 + quality * below / density)


@formula(
    r"c_{\sqrt{}}",
    source=_HALFIN,
    label="approximation",
    validity="Many servers: the wait is the same at every size for the same quality.",
)
def square_root_servers(*, offered_load: float, quality: float) -> float:
    """Servers by the square-root rule."""
    return xp.ceil(offered_load + quality * xp.sqrt(offered_load))


def servers_for_waiting(*, offered_load: float, waiting: float) -> float:
    """Fewest servers with which at most this share has to wait, M/M/c, by bisection on Erlang C.

    Infinite for a share of zero, or for a load without end; one for a share of one or more without load.
    """
    if waiting <= 0 < offered_load:
        return math.inf
    return _fewest(offered_load, lambda c: _erlang_c(offered_load, c) <= waiting)


def servers_for_wait(*, arrival_rate: float, service_time: float, wait: float) -> float:
    """Fewest servers with which the mean wait is at most `wait` [s], M/M/c, by bisection.

    Infinite for a wait of zero, or for a load without end.
    """
    load = arrival_rate * service_time
    if wait <= 0 < load:
        return math.inf

    def quick(c: float) -> bool:
        return load < c and _erlang_c(load, c) * service_time <= wait * (c - load)

    return _fewest(load, quick)


def _erlang_c(load: float, servers: float) -> float:
    if load >= servers:
        return 1.0
    lost = blocking(load, servers)
    return servers * lost / (servers - load + load * lost)


def _fewest(load: float, enough: Callable[[float], bool]) -> float:
    low, high = 0.0, max(1.0, math.ceil(load) if load < _MANY else math.inf)
    if math.isinf(high):
        return math.inf
    while not enough(high):
        low, high = high, high + max(1.0, high - low) * 2
        if high > _MANY:
            return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
