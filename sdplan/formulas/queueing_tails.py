"""Queueing tails: percentiles of waits and response times, and how likely a time is passed."""

from __future__ import annotations

import math
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.queueing import GROSS, MARKOV, OVERLOADED, erlang_c, offered_load, response_time_mm1

_CERTAIN = f"{OVERLOADED} No time is enough for certainty."


@formula(
    "R(q)",
    source=f"{GROSS}, s. 2.2",
    validity=MARKOV,
    outside=_CERTAIN,
    domain=lambda arrival_rate, service_time, level: (arrival_rate * service_time < 1) & (level < 1),
)
def response_time_quantile_mm1(*, arrival_rate: float, service_time: float, level: float) -> float:
    """Percentile of the response time of one server, M/M/1 [s]."""
    mean = response_time_mm1(arrival_rate=arrival_rate, service_time=service_time)
    return -mean * xp.log1p(-level)


@formula(
    "W(q)",
    source=f"{GROSS}, s. 2.3",
    validity=MARKOV,
    outside=_CERTAIN,
    domain=lambda arrival_rate, service_time, servers, level: (
        (arrival_rate * service_time < servers) & (level < 1)
    ),
)
def wait_quantile_mmc(*, arrival_rate: float, service_time: float, servers: float, level: float) -> float:
    """Percentile of the wait in the queue, M/M/c [s].

    Zero where the level is no more than the probability of not having to wait.
    """
    a = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    excess = xp.log(erlang_c(offered_load=a, servers=servers) / (1 - level))
    return xp.maximum(0, excess) * service_time / (servers - a)


def _survival_definition(*, arrival_rate: Any, service_time: Any, servers: Any, time: Any) -> Any:
    import sympy

    a = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    c = erlang_c(offered_load=a, servers=servers)
    x, spare = time / service_time, servers - a - 1
    return sympy.exp(-x) * (1 + c * (1 - sympy.exp(-x * spare)) / spare)


@formula(
    "F(t)",
    source=f"{GROSS}, s. 2.3",
    validity=MARKOV,
    outside="At or above full utilization, or for work without end, every time is passed.",
    domain=lambda arrival_rate, service_time, servers, time: arrival_rate * service_time < servers,
    limit=1.0,
    define=_survival_definition,
)
def response_time_survival_mmc(
    *, arrival_rate: float, service_time: float, servers: float, time: float
) -> float:
    """Probability that the response takes longer than the time, M/M/c.

    The textbook form divides zero by zero where the spare servers are exactly one; the form computed
    here is the same function without that gap and does not overflow.
    """
    a = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    c = erlang_c(offered_load=a, servers=servers)
    x, spare = time / xp.maximum(service_time, 1e-300), servers - a
    gap = xp.maximum(spare - 1, 1 - spare) * x
    return xp.exp(-x) + c * x * xp.exp(-xp.minimum(1, spare) * x) * _mean_decay(gap)


def _mean_decay(z: float) -> float:
    """(1 - exp(-z)) / z, which is one at zero; z is not negative."""
    guarded = xp.maximum(z, 1e-300)
    return xp.minimum(1, -xp.expm1(-guarded) / guarded)


def _quantile_equation(*, arrival_rate: Any, service_time: Any, servers: Any, level: Any) -> Any:
    import sympy

    value = sympy.Symbol("response_time_quantile_mmc", positive=True)
    survival = response_time_survival_mmc(
        arrival_rate=arrival_rate, service_time=service_time, servers=servers, time=value
    )
    return sympy.Eq(survival, 1 - level)


@formula(
    "R(q)",
    source=f"{GROSS}, s. 2.3, solved for the time",
    validity=MARKOV,
    outside=_CERTAIN,
    domain=lambda arrival_rate, service_time, servers, level: (
        (arrival_rate * service_time < servers) & (level < 1)
    ),
    define=_quantile_equation,
)
def response_time_quantile_mmc(
    *, arrival_rate: float, service_time: float, servers: float, level: float
) -> float:
    """Percentile of the response time, M/M/c [s]."""
    return xp.elementwise(_quantile, arrival_rate, service_time, servers, level)


def _quantile(arrival_rate: float, service_time: float, servers: float, level: float) -> float:
    """Bisection on the time in service times; the survival falls from one to zero."""
    load = arrival_rate * service_time
    if not load < servers or level >= 1 or level <= 0:
        return math.inf if level > 0 else 0.0

    def late(x: float) -> bool:
        return (
            response_time_survival_mmc(arrival_rate=load, service_time=1.0, servers=servers, time=x)
            > 1 - level
        )

    high = 1.0
    while late(high):
        high *= 2
    low = 0.0 if high == 1.0 else high / 2
    while high - low > 1e-15 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if late(middle) else (low, middle)
    return (low + high) / 2 * service_time
