"""Priorities: who waits how long where some classes are served before others, without interruption."""

from __future__ import annotations

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.queueing import GROSS, erlang_c, offered_load

_FULL = "Where the class and those before it fill the servers, its queue grows without end."


@formula(
    "W_q",
    source=f"{GROSS}, s. 3.4.2; Cobham 1954; Kella and Yechiali 1985 for several servers",
    validity="Poisson arrivals, exponential service times with one mean for all classes, no interruption of "
    "a service once begun, first come first served within a class.  A class stays stable when those after it "
    "are too many.",
    outside=_FULL,
    domain=lambda arrival_rate, higher_rate, lower_rate, service_time, servers: (
        (higher_rate + arrival_rate) * service_time < servers
    ),
)
def wait_priority_mmc(
    *, arrival_rate: float, higher_rate: float, lower_rate: float, service_time: float, servers: float
) -> float:
    """Mean wait of one class of several where those of higher rank go first, M/M/c [s]."""
    rate = higher_rate + arrival_rate + lower_rate
    load = offered_load(arrival_rate=rate, service_time=service_time)
    busy = erlang_c(offered_load=xp.minimum(load, servers), servers=servers)
    before = 1 - higher_rate * service_time / servers
    own = 1 - (higher_rate + arrival_rate) * service_time / servers
    return busy * service_time / servers / (before * own)
