"""Queues whose callers give up: Erlang A, M/M/c+M, with exponential patience and an unlimited room.

Of all requests, a share waits, and of these a share gives up; who gives up while waiting is not served.
The queue is stable at any load, because those who are too many leave.
"""

from __future__ import annotations

import math
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._erlang import blocking
from sdplan.formulas._formula import formula
from sdplan.formulas._patience import Virtual, virtual
from sdplan.formulas.queueing import erlang_b, offered_load

_SOURCE = (
    "Garnett, Mandelbaum and Reiman 2002, Designing a Call Center with Impatient Customers, M&SOM 4(3); "
    "Palm 1957"
)
_VALID = (
    "Poisson arrivals, exponential service times and exponential patience, first come first served; "
    "who gives up does not come back."
)
_NO_SERVER = "Without a server everyone waits and gives up."


def _has_servers(arrival_rate: Any, service_time: Any, servers: Any, patience: Any) -> Any:
    return servers >= 1


def _ends(arrival_rate: Any, service_time: Any, servers: Any, patience: Any) -> Any:
    return (servers >= 1) & ((patience < math.inf) | (arrival_rate * service_time < servers))


def _busy_sum(arrival_rate: Any, service_time: Any, servers: Any, patience: Any) -> Any:
    """Palm's function A(x, y) = 1 + y/(x+1) + y^2/((x+1)(x+2)) + ... as an incomplete gamma function."""
    import sympy

    x, y = servers * patience / service_time, arrival_rate * patience
    return x * sympy.exp(y) * y**-x * sympy.lowergamma(x, y)


def _waiting_definition(*, arrival_rate: Any, service_time: Any, servers: Any, patience: Any) -> Any:
    a = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    b = erlang_b(offered_load=a, servers=servers)
    busy = _busy_sum(arrival_rate, service_time, servers, patience)
    return busy * b / (1 + (busy - 1) * b)


@formula(
    "P_w",
    source=_SOURCE,
    validity=_VALID,
    outside=_NO_SERVER,
    domain=_has_servers,
    limit=1.0,
    define=_waiting_definition,
)
def waiting_mmcm(*, arrival_rate: float, service_time: float, servers: float, patience: float) -> float:
    """Probability that a request has to wait in an M/M/c+M queue, whose callers give up."""
    return xp.elementwise(_waiting, arrival_rate, service_time, servers, patience)


def _waiting(arrival_rate: float, service_time: float, servers: float, patience: float) -> float:
    load = arrival_rate * service_time
    lost = blocking(load, servers) if load < math.inf else 1.0
    if not (servers >= 1 and load < math.inf):
        return 1.0
    if lost == 0 or math.isinf(servers):
        return 0.0
    busy = _virtual(load, service_time, servers, patience).log_mass
    return 1 / (1 + (1 - lost) / lost * math.exp(-busy))


def _virtual(load: float, service_time: float, servers: float, patience: float) -> Virtual:
    servers = math.floor(servers)
    return virtual(load / servers, servers * patience / service_time)


def _abandonment_definition(*, arrival_rate: Any, service_time: Any, servers: Any, patience: Any) -> Any:
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    ratio = arrival_rate * service_time / servers
    busy = _busy_sum(**station, patience=patience)
    return waiting_mmcm(**station, patience=patience) * (1 + (1 / busy - 1) / ratio)


@formula(
    "P_a",
    source=_SOURCE,
    validity=_VALID,
    outside=_NO_SERVER,
    domain=_has_servers,
    limit=1.0,
    define=_abandonment_definition,
)
def abandonment_mmcm(*, arrival_rate: float, service_time: float, servers: float, patience: float) -> float:
    """Share of the requests that give up waiting in an M/M/c+M queue.

    With endless patience it is the share above capacity.
    """
    return xp.elementwise(_abandonment, arrival_rate, service_time, servers, patience)


def _abandonment(arrival_rate: float, service_time: float, servers: float, patience: float) -> float:
    waiting = _waiting(arrival_rate, service_time, servers, patience)
    load = arrival_rate * service_time
    if waiting == 0 or not load < math.inf or servers < 1:
        return waiting
    return waiting * _virtual(load, service_time, servers, patience).lost


@formula(
    "W_q",
    source=f"{_SOURCE}; Little's law over those who wait",
    validity=_VALID,
    outside=f"{_NO_SERVER} With endless patience the queue at full utilization grows without end.",
    domain=_ends,
)
def wait_mmcm(*, arrival_rate: float, service_time: float, servers: float, patience: float) -> float:
    """Mean wait of all requests of an M/M/c+M queue, those that give up included [s]."""
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    return patience * abandonment_mmcm(**station, patience=patience)


@formula(
    "P_{w,s}",
    source=_SOURCE,
    validity=_VALID,
    outside=_NO_SERVER,
    domain=_has_servers,
    limit=1.0,
)
def waiting_served_mmcm(
    *, arrival_rate: float, service_time: float, servers: float, patience: float
) -> float:
    """Probability that a request which is served had to wait in an M/M/c+M queue."""
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    waiting = waiting_mmcm(**station, patience=patience)
    lost = abandonment_mmcm(**station, patience=patience)
    return (waiting - lost) / xp.maximum(1 - lost, 1e-300)


def wait_served_mmcm(*, arrival_rate: float, service_time: float, servers: float, patience: float) -> float:
    """Mean wait of the requests that are served in an M/M/c+M queue [s].

    By quadrature over the virtual wait (Baccelli and Hebuterne 1981); less than the mean wait of all where
    the long waits are those that nobody sits out.  Endless without a server, or with endless patience at
    full utilization.
    """
    if not _ends(arrival_rate, service_time, servers, patience):
        return math.inf
    waiting, load = _waiting(arrival_rate, service_time, servers, patience), arrival_rate * service_time
    if waiting == 0 or math.isinf(load):  # at a load without end only those without a wait are served
        return 0.0
    found = _virtual(load, service_time, servers, patience)
    kept = waiting * (1 - found.lost)
    share = kept / (1 - waiting + kept) if kept else 0.0
    return share * found.served_turns * service_time / math.floor(servers)
