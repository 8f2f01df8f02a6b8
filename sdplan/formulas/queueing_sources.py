"""Queues with a finite number of clients: each thinks, asks, waits for its answer, and thinks again.

The room counts the places to wait; who finds it full goes back to thinking.  Without room this is Engset's
system, with room for all it is the machine repair model M/M/c//N.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.queueing import GROSS

_VALID = (
    "Exponential think and service times, first come first served; without room for waiting any service and "
    "think times."
)
_OUTSIDE = "With fewer clients than servers nobody is refused; nor is the share defined without think time."
_LEFT_OUT = 1e-300


class Occupancy(NamedTuple):
    """Means over the states: requests inside and waiting, and the shares of the time full and refused."""

    inside: float
    waiting: float
    full: float
    refused: float


def _occupancy(population: float, load: float, servers: float, room: float) -> Occupancy:
    """States outwards from the most likely one; `load` is service time over think time."""
    last = min(population, servers + room)
    mode = _mode(population, load, servers, last)
    total = inside = waiting = thinking = full = 0.0
    for step in (1, -1):
        k, weight = (mode, 1.0) if step > 0 else (mode - 1, _down(mode, population, load, servers))
        while 0 <= k <= last and weight > _LEFT_OUT:
            total += weight
            inside += weight * k
            waiting += weight * max(0.0, k - servers)
            thinking += weight * (population - k)
            full += weight if k == last else 0.0
            weight *= _up(k, population, load, servers) if step > 0 else _down(k, population, load, servers)
            k += step
    blocked = full * (population - last) if last == servers + room else 0.0
    refused = blocked / thinking if thinking else 0.0
    return Occupancy(
        inside / total, waiting / total, full / total if last == servers + room else 0.0, refused
    )


def _up(k: float, population: float, load: float, servers: float) -> float:
    return (population - k) * load / min(k + 1, servers)


def _down(k: float, population: float, load: float, servers: float) -> float:
    return min(k, servers) / ((population - k + 1) * load) if k > 0 else 0.0


def _mode(population: float, load: float, servers: float, last: float) -> float:
    """The most likely state: the weights rise before it and fall after it."""
    low, high = 0, int(last)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if _up(middle, population, load, servers) > 1 else (low, middle)
    return low


def _whole(*counts: float) -> tuple[float, ...]:
    return tuple(math.floor(count) if math.isfinite(count) else 2.0**53 for count in counts)


def _inside_domain(**station: Any) -> Any:
    found: Any = (station["servers"] >= 1) & (station["population"] >= station["servers"])
    return (
        found
        & (station["population"] < 1e9)
        & (station["think_time"] > 0)
        & (station["service_time"] < math.inf)
    )


def _states(population: Any, think_time: Any, service_time: Any, servers: Any, weight: Any) -> Any:
    """Sums over the states without waiting, k clients in service, each by its weight."""
    import sympy

    k = sympy.Symbol("k", integer=True, nonnegative=True)
    at = sympy.binomial(population, k) * (service_time / think_time) ** k
    return sympy.Sum(weight(k) * at, (k, 0, servers))


def _time_definition(*, population: Any, think_time: Any, service_time: Any, servers: Any) -> Any:
    import sympy

    full = sympy.binomial(population, servers) * (service_time / think_time) ** servers
    return full / _states(population, think_time, service_time, servers, lambda k: 1)


@formula(
    "E(N, c)",
    source=f"{GROSS}, s. 2.7; Engset 1918",
    validity=_VALID,
    outside=_OUTSIDE,
    domain=lambda population, think_time, service_time, servers: _inside_domain(
        population=population, think_time=think_time, service_time=service_time, servers=servers
    ),
    limit=0.0,
    define=_time_definition,
)
def engset_time_congestion(
    *, population: float, think_time: float, service_time: float, servers: float
) -> float:
    """Share of the time in which all servers are busy when nothing queues and the clients are few."""
    return xp.elementwise(_busy_time, population, think_time, service_time, servers)


def _busy_time(population: float, think_time: float, service_time: float, servers: float) -> float:
    if not _inside_domain(
        population=population, think_time=think_time, service_time=service_time, servers=servers
    ):
        return math.nan
    population, servers = _whole(population, servers)
    return _occupancy(population, service_time / think_time, servers, 0).full


@formula(
    "B(N, c)",
    source=f"{GROSS}, s. 2.7; Engset 1918",
    validity=_VALID,
    outside=_OUTSIDE,
    domain=lambda population, think_time, service_time, servers: _inside_domain(
        population=population - 1, think_time=think_time, service_time=service_time, servers=servers
    ),
    limit=0.0,
)
def engset_loss(*, population: float, think_time: float, service_time: float, servers: float) -> float:
    """Share of the requests that find all servers busy when nothing queues and the clients are few.

    A client's request meets the others only: the time congestion with one client less.
    """
    return engset_time_congestion(
        population=population - 1, think_time=think_time, service_time=service_time, servers=servers
    )


class FiniteSource(NamedTuple):
    """A station with few clients: throughput [1/s], times [s], mean numbers, and the share refused."""

    throughput: float
    response_time: float
    wait_time: float
    inside: float
    waiting: float
    refused: float


def finite_source(
    *, population: float, think_time: float, service_time: float, servers: float, room: float = math.inf
) -> FiniteSource:
    """A station with so many clients, M/M/c//N, or bounded M/M/c/K//N, in s (Gross et al. 2008, s. 2.7).

    Summed outwards from the most likely state, in a work that grows with the root of the clients.  Without a
    server, clients or requests nothing is served, and a time that would never end is infinite.
    """
    population, servers, room = _whole(max(population, 0), max(servers, 0), max(room, 0))
    if population < 1 or servers < 1 or math.isinf(think_time):
        stuck = population if population and not servers else 0.0
        return FiniteSource(0.0, math.inf if stuck else 0.0, math.inf if stuck else 0.0, stuck, stuck, 0.0)
    if service_time <= 0:
        rate = population / think_time if think_time > 0 else math.inf
        return FiniteSource(rate, 0.0, 0.0, 0.0, 0.0, 0.0)
    if think_time <= 0:
        inside = min(population, servers + room)
        rate = min(inside, servers) / service_time
        waiting = inside - min(inside, servers)
        return FiniteSource(rate, inside / rate, waiting / rate, inside, waiting, float(population > inside))
    found = _occupancy(population, service_time / think_time, servers, room)
    rate = (found.inside - found.waiting) / service_time
    wait = found.waiting / rate if rate else 0.0
    return FiniteSource(rate, wait + service_time, wait, found.inside, found.waiting, found.refused)
