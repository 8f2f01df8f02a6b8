"""Fixed service times: M/D/c exactly, at any number of servers and any utilization below one."""

from __future__ import annotations

import math
from collections.abc import Callable

from sdplan.formulas._poisson import NODES, excess
from sdplan.formulas.queueing import wait_mmc

_SUMMED = 40  # terms one by one, then an integral with Euler and Maclaurin's correction
_GROWTH = 3.0
_LEFT_OUT = 1e-14


def wait_mdc(*, arrival_rate: float, service_time: float, servers: float) -> float:
    """Mean wait in the queue with fixed service times, M/D/c [s]; infinite at full utilization and above.

    Sum over k of E[(N(a k) - c k)+] / (lambda k) with N(m) a Poisson number of mean m: Crommelin 1932, as
    Spitzer's identity for E_c/D/1.  Relative error below 1e-8 up to a million servers and a utilization of
    1 - 1e-9.
    """
    load, servers = arrival_rate * service_time, math.floor(servers) if servers < math.inf else servers
    if load >= servers:
        return math.inf
    if load <= 0 or math.isinf(servers):
        return 0.0
    return service_time / load * _over_all(lambda k: excess(servers * k, load * k)[1] / k)


def waiting_mdc(*, offered_load: float, servers: float) -> float:
    """Probability of having to wait where service times are fixed, M/D/c; one at full utilization and above.

    1 - exp(- sum over k of P(N(a k) >= c k) / k), by the same identity as `wait_mdc`.
    """
    servers = math.floor(servers) if servers < math.inf else servers
    if offered_load >= servers:
        return 1.0
    if offered_load <= 0 or math.isinf(servers):
        return 0.0
    return -math.expm1(-_over_all(lambda k: excess(servers * k, offered_load * k)[0] / k))


def _over_all(term: Callable[[float], float]) -> float:
    """The sum over k = 1, 2, ... of a positive falling term that ends up exponential."""
    total = 0.0
    for k in range(1, _SUMMED):
        value = term(float(k))
        total += value
        if value <= _LEFT_OUT * total:
            return total
    low = _SUMMED - 0.5
    slope = term(low + 0.5) - term(low - 0.5)
    total += slope / 24  # the sum is the integral from half a step before, plus f'/24
    while True:
        high = low * _GROWTH
        part = (high - low) * math.fsum(weight * term(low + (high - low) * node) for node, weight in NODES)
        total += part
        if part <= _LEFT_OUT * total:
            return total
        low = high


def wait_mgc_interpolated(
    *, arrival_rate: float, service_time: float, servers: float, service_scv: float
) -> float:
    """Mean wait in the queue with any service times, M/G/c [s]; infinite at full utilization and above.

    An approximation: on the line through the exact values for fixed and exponential service times (Boxma,
    Cohen and Huffels 1979; Tijms 2003, s. 9.6); exact for one server.  Against exact values with up to 16
    servers within 1.3 % for an SCV below one; for one of 2 to 4 up to 36 % high at 50 % utilization, 18 % at
    80 % and 8 % at 90 %.
    """
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    fixed, exponential = wait_mdc(**station), wait_mmc(**station)
    if math.isinf(exponential):
        return math.inf
    return max(0.0, fixed + service_scv * (exponential - fixed))
