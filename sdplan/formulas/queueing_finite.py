"""Queues with a bounded room, M/M/c/K: what is refused, and how long the accepted wait.

The room counts the places to wait; the K of Kendall's notation is the servers and the room together.
"""

from __future__ import annotations

import math
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._erlang import blocking
from sdplan.formulas._formula import formula
from sdplan.formulas._geometric import mean_turns, total
from sdplan.formulas.queueing import GROSS, erlang_b, offered_load

_SOURCE = f"{GROSS}, s. 2.5"
_VALID = (
    "Poisson arrivals, exponential service times, first come first served; a request that finds the room "
    "full is refused and does not come back."
)
_NO_SERVER = "Without a server nothing is served."


def _full(offered_load: Any, servers: Any, room: Any, weight: Any = 1) -> Any:
    """The textbook's sum over the places to wait, of weight(n) rho^n."""
    import sympy

    n = sympy.Symbol("n", integer=True)
    weight = weight(n) if callable(weight) else weight
    return sympy.Sum(weight * (offered_load / servers) ** n, (n, 0, room))


def _loss_definition(*, arrival_rate: Any, service_time: Any, servers: Any, room: Any) -> Any:
    a = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    b = erlang_b(offered_load=a, servers=servers)
    return b * (a / servers) ** room / (1 - b + b * _full(a, servers, room))


@formula(
    "B(a, c, r)",
    source=_SOURCE,
    validity=_VALID,
    outside="Without a server every request is refused in the end.",
    domain=lambda arrival_rate, service_time, servers, room: servers >= 1,
    limit=1.0,
    define=_loss_definition,
)
def loss_mmck(*, arrival_rate: float, service_time: float, servers: float, room: float) -> float:
    """Share of the requests that a bounded M/M/c/K queue refuses.

    Without room it is Erlang's loss formula, with room without end the share above capacity.
    """
    return xp.elementwise(_loss, arrival_rate * service_time, servers, room)


def _loss(load: float, servers: float, room: float) -> float:
    if servers < 1 or math.isinf(load) or math.isinf(servers):
        return 0.0 if math.isinf(servers) and math.isfinite(load) else 1.0
    servers, room = math.floor(servers), _whole(room)
    inverse, ratio = _inverse_blocking(load, servers), load / servers
    if ratio <= 1:
        power = xp.power(ratio, room)
        return power / (inverse + ratio * total(ratio, room)) if power else 0.0
    return 1 / (inverse * xp.power(1 / ratio, room) + total(ratio, room))


def _whole(count: float) -> float:
    return math.floor(count) if math.isfinite(count) else count


def _inverse_blocking(load: float, servers: float) -> float:
    lost = blocking(load, servers)
    return 1 / lost if lost > 0 else math.inf


def _waiting_definition(*, arrival_rate: Any, service_time: Any, servers: Any, room: Any) -> Any:
    a = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    b = erlang_b(offered_load=a, servers=servers)
    ahead = _full(a, servers, room - 1)
    return b * ahead / (1 - b + b * ahead)


@formula(
    "P_w",
    source=_SOURCE,
    validity=_VALID,
    outside=_NO_SERVER,
    domain=lambda arrival_rate, service_time, servers, room: servers >= 1,
    limit=1.0,
    define=_waiting_definition,
)
def waiting_mmck(*, arrival_rate: float, service_time: float, servers: float, room: float) -> float:
    """Probability that an accepted request has to wait in a bounded M/M/c/K queue."""
    return xp.elementwise(_waiting, arrival_rate * service_time, servers, room)


def _waiting(load: float, servers: float, room: float) -> float:
    if room < 1 or load <= 0 or math.isinf(servers):
        return 0.0
    if servers < 1 or math.isinf(load):
        return 1.0
    servers, room = math.floor(servers), _whole(room)
    inverse, ratio = _inverse_blocking(load, servers), load / servers
    if math.isinf(inverse):
        return 0.0
    ahead = total(ratio, room)
    free = (inverse - 1) * (xp.power(1 / ratio, room - 1) if ratio > 1 else 1.0)
    return 1.0 if math.isinf(ahead) else ahead / (free + ahead)


def _wait_definition(*, arrival_rate: Any, service_time: Any, servers: Any, room: Any) -> Any:
    a = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    b = erlang_b(offered_load=a, servers=servers)
    turns = _full(a, servers, room - 1, lambda n: n + 1)
    return service_time / servers * b * turns / (1 - b + b * _full(a, servers, room - 1))


@formula(
    "W_q",
    source=_SOURCE,
    validity=_VALID,
    outside=_NO_SERVER,
    domain=lambda arrival_rate, service_time, servers, room: servers >= 1,
    define=_wait_definition,
)
def wait_mmck(*, arrival_rate: float, service_time: float, servers: float, room: float) -> float:
    """Mean wait of the accepted requests in a bounded M/M/c/K queue [s]."""
    load = arrival_rate * service_time
    return xp.elementwise(_wait_turns, load, servers, room) * service_time / xp.maximum(servers, 1)


def _wait_turns(load: float, servers: float, room: float) -> float:
    waiting = _waiting(load, servers, room)
    if not waiting:
        return 0.0
    return waiting * mean_turns(load / math.floor(servers), _whole(room)) if servers >= 1 else math.inf


@formula(
    "W",
    source=_SOURCE,
    validity=_VALID,
    outside=_NO_SERVER,
    domain=lambda arrival_rate, service_time, servers, room: servers >= 1,
)
def response_time_mmck(*, arrival_rate: float, service_time: float, servers: float, room: float) -> float:
    """Mean response time of the accepted requests in a bounded M/M/c/K queue [s]."""
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    return wait_mmck(**station, room=room) + service_time


@formula(
    "X",
    source=_SOURCE,
    validity=_VALID,
    outside=_NO_SERVER,
    domain=lambda arrival_rate, service_time, servers, room: servers >= 1,
    limit=0.0,
)
def throughput_mmck(*, arrival_rate: float, service_time: float, servers: float, room: float) -> float:
    """Requests per second that a bounded M/M/c/K queue accepts [1/s]."""
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    return arrival_rate * (1 - loss_mmck(**station, room=room))
