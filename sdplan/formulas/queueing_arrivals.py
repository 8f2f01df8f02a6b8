"""Arrivals other than Poisson, exponential service: GI/M/1 and GI/M/c.

Round robin over R stations leaves each with every R-th arrival of a Poisson stream: Erlang arrivals, which
wait less than random ones.  A wait is zero or exponential, as for Poisson arrivals, with other numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class ExponentialWait(NamedTuple):
    """No wait, or with probability `waiting` one that is exponential with this `rate` per second [1/s]."""

    waiting: float
    rate: float


def gim1(*, arrival_rate: float, service_time: float, arrival_scv: float) -> ExponentialWait:
    """The wait at one server with independent times between arrivals, GI/M/1 (Gross et al. 2008, s. 5.3.1).

    The time between arrivals has a gamma law up to an SCV of one (fixed at zero, Erlang where 1/SCV is
    whole), and above it two exponentials of balanced means.  Everyone waits without end at full utilization.
    """
    return gimc(arrival_rate=arrival_rate, service_time=service_time, servers=1, arrival_scv=arrival_scv)


def gimc(*, arrival_rate: float, service_time: float, servers: float, arrival_scv: float) -> ExponentialWait:
    """The wait at several servers with any times between arrivals, GI/M/c (Gross et al. 2008, s. 5.3.2).

    Arrivals as for `gim1`; Takacs 1962 as a sum of positive terms.  Work grows with the servers.
    """
    servers = math.floor(servers) if servers < math.inf else servers
    utilization = arrival_rate * service_time / servers if servers >= 1 else math.inf
    if not utilization < 1:
        return ExponentialWait(1.0, 0.0)
    if utilization <= 0 or math.isinf(servers):
        return ExponentialWait(0.0, servers / service_time if service_time > 0 else math.inf)
    idle = _idle(utilization, arrival_scv)
    rate = idle * servers / service_time
    if servers == 1:
        return ExponentialWait(1 - idle, rate)
    return ExponentialWait(_waiting(utilization, int(servers), arrival_scv, idle), rate)


def _waiting(utilization: float, servers: int, arrival_scv: float, idle: float) -> float:
    """One over 1 + idle times the sum over j of the ways in which j servers may stand idle."""
    load = utilization * servers
    logarithm, rest = 0.0, []
    for j in range(1, servers + 1):
        left = _transform_less(j / load, arrival_scv)
        logarithm += math.log((servers - j + 1) / j * left / max(1 - left, 1e-300))
        term = _ratio(j, servers, load, arrival_scv, idle) / left
        rest.append((logarithm, term))
    top = max(0.0, *(power for power, _ in rest))
    scaled = math.fsum(math.exp(power - top) * term for power, term in rest)
    return math.exp(-top) / (math.exp(-top) + idle * scaled)


def _ratio(j: float, servers: int, load: float, arrival_scv: float, idle: float) -> float:
    """(c (1 - A(j mu)) - j) / (c idle - j): smooth, although both are zero at the same j."""
    gap = servers * idle - j
    if abs(gap) > 1e-6 * servers:
        return _ratio_at(j, servers, load, arrival_scv, idle)
    beside = (j * (1 - 1e-4), j * (1 + 1e-4))
    return sum(_ratio_at(near, servers, load, arrival_scv, idle) for near in beside) / 2


def _ratio_at(j: float, servers: int, load: float, arrival_scv: float, idle: float) -> float:
    return (servers * _transform_less(j / load, arrival_scv) - j) / (servers * idle - j)


def _transform_less(s: float, scv: float) -> float:
    """One minus the Laplace transform of the time between arrivals, whose mean is one."""
    if scv <= 0:
        return -math.expm1(-s)
    if scv <= 1:
        return -math.expm1(-math.log1p(scv * s) / scv)
    first = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2
    return sum(p * s / (2 * p + s) for p in (first, 1 - first))


def _idle(utilization: float, scv: float) -> float:
    """The root of 1 - A((1 - sigma)/rho) = 1 - sigma between zero and one, by bisection."""
    if utilization <= 0:
        return 1.0
    if not utilization < 1:
        return 0.0
    low, high = 0.0, 1.0
    while high - low > 1e-16 * high:
        middle = (low + high) / 2 if low else high / 2
        if middle in (low, high) or middle < 1e-18:
            break
        low, high = (middle, high) if _transform_less(middle / utilization, scv) > middle else (low, middle)
    return high
