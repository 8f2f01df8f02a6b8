"""Queues whose callers give up: how likely a wait is longer than a time."""

from __future__ import annotations

import math
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas._patience import Virtual, virtual
from sdplan.formulas.queueing_impatient import waiting_mmcm, waiting_served_mmcm

_BACCELLI = "Baccelli and Hebuterne 1981, On Queues with Impatient Customers, Performance '81"
_VALID = "Poisson arrivals, exponential service times and exponential patience, first come first served."
_OUTSIDE = "Without a server, or with endless patience at full utilization, every time is passed."


def _inside(arrival_rate: Any, service_time: Any, servers: Any, patience: Any, time: Any) -> Any:
    return (servers >= 1) & ((patience < math.inf) | (arrival_rate * service_time < servers))


def _beyond(station: Any, time: Any, served: int) -> Any:
    """The share whose virtual wait is longer, of those who must wait or, if `served`, sit it out."""
    import sympy

    shape = station["servers"] * station["patience"] / station["service_time"] + served
    come = station["arrival_rate"] * station["patience"]
    left = come * sympy.exp(-time / station["patience"])
    return sympy.lowergamma(shape, left) / sympy.lowergamma(shape, come)


def _wait_definition(*, arrival_rate: Any, service_time: Any, servers: Any, patience: Any, time: Any) -> Any:
    import sympy

    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    station["patience"] = patience
    return waiting_mmcm(**station) * sympy.exp(-time / patience) * _beyond(station, time, 0)


@formula(
    r"F_q(t)",
    source=_BACCELLI,
    validity=_VALID,
    outside=_OUTSIDE,
    domain=_inside,
    limit=1.0,
    define=_wait_definition,
)
def wait_survival_mmcm(
    *, arrival_rate: float, service_time: float, servers: float, patience: float, time: float
) -> float:
    """Probability that a request to an M/M/c+M queue is neither served nor given up within the time."""
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    beyond = xp.elementwise(_virtual_beyond, arrival_rate, service_time, servers, patience, time)
    return waiting_mmcm(**station, patience=patience) * beyond


def _served_definition(
    *, arrival_rate: Any, service_time: Any, servers: Any, patience: Any, time: Any
) -> Any:
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    station["patience"] = patience
    return waiting_served_mmcm(**station) * _beyond(station, time, 1)


@formula(
    r"F_s(t)",
    source=_BACCELLI,
    validity=_VALID,
    outside=_OUTSIDE,
    domain=_inside,
    limit=1.0,
    define=_served_definition,
)
def wait_served_survival_mmcm(
    *, arrival_rate: float, service_time: float, servers: float, patience: float, time: float
) -> float:
    """Probability that a request which an M/M/c+M queue serves waited longer than the time."""
    station = {"arrival_rate": arrival_rate, "service_time": service_time, "servers": servers}
    beyond = xp.elementwise(_served_beyond, arrival_rate, service_time, servers, patience, time)
    return waiting_served_mmcm(**station, patience=patience) * beyond


def _virtual_beyond(
    arrival_rate: float, service_time: float, servers: float, patience: float, time: float
) -> float:
    """Of those who must wait, the share that is still waiting after the time."""
    share, _, _ = _after(arrival_rate * service_time, service_time, servers, patience, time)
    return share


def _served_beyond(
    arrival_rate: float, service_time: float, servers: float, patience: float, time: float
) -> float:
    """Of those who wait and are served, the share that waits longer."""
    share, start, later = _after(arrival_rate * service_time, service_time, servers, patience, time)
    return min(1.0, share * (1 - later.lost) / max(1 - start.lost, 1e-300)) if share else 0.0


def _after(
    load: float, service_time: float, servers: float, patience: float, time: float
) -> tuple[float, Virtual, Virtual]:
    """The share that waits on after the time, and the virtual wait at the start and from then on.

    Seen from the time on, the virtual wait is one of the same kind at a load that is less by the share of
    the callers whose patience has ended.
    """
    none = Virtual(0.0, 0.0, 0.0)
    if not (load > 0 and patience > 0 and service_time > 0 and time < math.inf and 1 <= servers < math.inf):
        return 0.0, none, none
    if math.isinf(load):
        return math.exp(-time / patience), none, none
    servers = math.floor(servers)
    ratio, patient, turns = load / servers, servers * patience / service_time, servers * time / service_time
    start, later = virtual(ratio, patient), virtual(ratio * math.exp(-time / patience), patient)
    come = -ratio * patient * math.expm1(-time / patience) if patient < math.inf else ratio * turns
    exponent = come - turns + later.log_mass - start.log_mass - time / patience
    return min(1.0, xp.exp(exponent)), start, later
