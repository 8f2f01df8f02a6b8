"""Queues with a bounded room: how likely an accepted request waits or stays longer than a time."""

from __future__ import annotations

import math
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas._geometric import total
from sdplan.formulas._poisson import expectation
from sdplan.formulas.queueing import GROSS
from sdplan.formulas.queueing_finite import waiting_mmck

_VALID = (
    "Poisson arrivals, exponential service times, first come first served; what finds no room is refused."
)
_OUTSIDE = "Without a server, or in a room without end at full utilization, every time is passed."


def _inside(arrival_rate: Any, service_time: Any, servers: Any, room: Any, time: Any) -> Any:
    return (servers >= 1) & ((room < math.inf) | (arrival_rate * service_time < servers))


def _turns_made(service_time: Any, servers: Any, time: Any) -> Any:
    """The probability that so many turns come to an end within the time, while all servers are busy."""
    import sympy

    j = sympy.Symbol("j", integer=True, nonnegative=True)
    z = servers * time / service_time
    return j, sympy.exp(-z) * z**j / sympy.factorial(j)


def _wait_definition(*, arrival_rate: Any, service_time: Any, servers: Any, room: Any, time: Any) -> Any:
    import sympy

    j, made = _turns_made(service_time, servers, time)
    n = sympy.Symbol("n", integer=True)
    ratio = arrival_rate * service_time / servers
    waiting = waiting_mmck(arrival_rate=arrival_rate, service_time=service_time, servers=servers, room=room)
    longer = sympy.Sum(made * sympy.Sum(ratio**n, (n, j, room - 1)), (j, 0, room - 1))
    return waiting * longer / sympy.Sum(ratio**n, (n, 0, room - 1))


@formula(
    r"F_q(t)",
    source=f"{GROSS}, s. 2.5",
    validity=_VALID,
    outside=_OUTSIDE,
    domain=_inside,
    limit=1.0,
    define=_wait_definition,
)
def wait_survival_mmck(
    *, arrival_rate: float, service_time: float, servers: float, room: float, time: float
) -> float:
    """Probability that an accepted request to a bounded M/M/c/K queue waits longer than the time."""
    waiting = waiting_mmck(arrival_rate=arrival_rate, service_time=service_time, servers=servers, room=room)
    turns = servers * time / xp.maximum(service_time, 1e-300)
    ratio = arrival_rate * service_time / xp.maximum(servers, 1)
    return waiting * xp.elementwise(_longer_wait, turns, ratio, room)


def _longer_wait(turns: float, ratio: float, room: float) -> float:
    """The share of those who wait that takes more than so many turns of the whole station."""
    if not (turns < math.inf and ratio < math.inf and room >= 1):
        return 0.0 if ratio < math.inf else 1.0
    if math.isinf(room) or (0 < ratio < 1 and room * math.log(ratio) < -700):
        return math.exp(-turns * (1 - ratio)) if ratio < 1 else 1.0
    whole = total(ratio, room)

    def more(made: float) -> float:
        return _left(made, ratio, room) / whole if made < room else 0.0

    return expectation(turns, more)


def _left(made: float, ratio: float, room: float) -> float:
    """The weight of the places from `made` on, where that of the heaviest place is one."""
    rest = total(ratio, room - made)
    return rest * ratio**made if ratio < 1 else rest


def response_time_survival_mmck(
    *, arrival_rate: float, service_time: float, servers: float, room: float, time: float
) -> float:
    """Probability that an accepted request stays longer than the time, as `wait_survival_mmck` waits.

    The wait and an independent exponential service time (Gross et al. 2008, s. 2.5), as sums of positive
    terms over the turns that come to an end within the time; one where a stay never ends.
    """
    if not _inside(arrival_rate, service_time, servers, room, time):
        return 1.0
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    waiting = waiting_mmck(**station, room=room)
    ratio, own = arrival_rate * service_time / servers, time / xp.maximum(service_time, 1e-300)
    late = _longer_stay(own, servers, ratio, room) if waiting else 0.0
    return (1 - waiting) * xp.exp(-own) + waiting * late


def _longer_stay(own: float, servers: float, ratio: float, room: float) -> float:
    """The share of those who wait that stays longer than `own` service times."""
    if not (own < math.inf and servers < math.inf and ratio < math.inf and room >= 1):
        return 0.0 if ratio < math.inf else 1.0
    if math.isinf(room) or (0 < ratio < 1 and room * math.log(ratio) < -700):
        return _unbounded_stay(own, servers * (1 - ratio))
    whole, kept = total(ratio, room), (servers - 1) / servers

    def more(made: float) -> float:
        waiting = _left(made, ratio, room) if made < room else 0.0
        return min(1.0, (waiting + _in_service(made, kept, ratio, room)) / whole)

    return expectation(own * servers, more)


def _in_service(made: float, kept: float, ratio: float, room: float) -> float:
    """The weight of those whose wait took fewer turns than `made` and whose service still lasts."""
    turns = min(made, room)
    if turns == 0:
        return 0.0
    larger, smaller = max(ratio, kept), min(ratio, kept)
    spread = total(smaller / larger, turns)
    exponent = (turns - 1) * math.log(larger) - (room - 1) * math.log(max(ratio, 1.0))
    return spread * math.exp(exponent) * math.pow(kept, made - turns)


def _unbounded_stay(own: float, spare: float) -> float:
    """A wait that is exponential with a rate of `spare` per service time, and the service."""
    gap = abs(spare - 1) * own
    decay = -math.expm1(-gap) / gap if gap > 1e-300 else 1.0
    return math.exp(-spare * own) + spare * own * math.exp(-min(1.0, spare) * own) * decay
