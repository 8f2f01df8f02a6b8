"""Closed flows: the rate at which a stated number of clients asks, from the queues that its runs visit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.populations import Visited, throughput
from sdplan.solve.runs import Site, place_id
from sdplan.solve.solution import Record
from sdplan.solve.stations import Station
from sdplan.solve.tree import Place
from sdplan.spec.design import Design
from sdplan.units import NUMBER, RATE

_NOTE = (
    "Buzen's convolution, as if all calls were one after another, service times exponential and the calls of "
    "other flows random"
)
_SETTLED = 1e-7
_JUST_BELOW = 1 - 1e-9  # of what a queue can serve: a closed group never asks for more


def closed_rates(
    design: Design,
    sites: Iterable[Site],
    stations: Mapping[Place, Station],
    before: Mapping[str, Record],
    ledger: Ledger,
) -> dict[str, Record]:
    """The rates of the flows that state their clients, given what the last round took them for."""
    closed = [name for name, flow in design.flows.items() if flow.clients is not None]
    every = list(sites) if closed else []
    found: dict[str, Record] = {}
    for name in closed:
        record, waits = _rate(name, [site for site in every if site.run.flow == name], stations, ledger)
        last = before.get(name)
        found |= {str(one.path): one for one in waits}
        if last is not None and len(closed) > 1:  # groups that share queues would swing back and forth
            record = record._replace(value=0.5 * (record.value + last.value))
        found[name] = record
    return found


def rates_agree(one: Mapping[str, Record], other: Mapping[str, Record]) -> bool:
    """Whether two rounds give every group of clients the same rate."""
    return set(one) == set(other) and all(
        abs(one[name].value - other[name].value) <= _SETTLED * max(1e-3, other[name].value) for name in one
    )


def _rate(
    name: str, sites: list[Site], stations: Mapping[Place, Station], ledger: Ledger
) -> tuple[Record, list[Record]]:
    """The rate of a group of clients, and their waits at the queues that nobody else visits."""
    base: Path = ("flows", name)
    clients, think = (*base, "clients", "count"), (*base, "clients", "think")
    delay, own, queues = ledger.value(think), dict[Place, float](), dict[Place, float]()
    whole = ledger.value((*base, "rate"))
    for site in sites:
        if site.call.detached or whole <= 0.0:
            continue
        visits = ledger.value(site.rate("rate")) / whole
        delay += visits * (ledger.value(("components", site.call.place[0], "rtt")) + site.call.distance)
        demand = visits * _service(site, stations)
        if _is_queue(site.call.place, stations):
            part = _part(site, ledger)
            own[site.call.place] = own.get(site.call.place, 0.0) + demand * part
            queues[site.call.place] = max(1.0, round(1.0 / part))
        else:
            delay += demand
    peak = ledger.value((*base, "peak_rate")) if ledger.has((*base, "peak_rate")) else whole
    visited = [
        _visited(place, demand, queues[place], peak, stations[place], ledger) for place, demand in own.items()
    ]
    group = throughput(ledger.value(clients), delay, visited)
    waits = [
        record
        for place, one, present, full in zip(own, visited, group.present, group.full, strict=True)
        for record in _waits(place, one, group.rate, present, full, clients)
        if one.open_load <= _SETTLED * one.servers
    ]
    most = [one.left / one.demand for one in visited if one.demand > 0.0]
    rate = min([group.rate, *(_JUST_BELOW * one for one in most)])
    rate = rate if math.isfinite(rate) else whole
    inputs = (("count", clients), ("think", think))
    word = "throughput of a closed group"
    return Record((*base, "rate"), rate, RATE, "approximation", word, inputs, _NOTE), waits


def _waits(
    place: Place, one: Visited, rate: float, present: float, full: float, clients: Path
) -> list[Record]:
    """The wait for each unit of service at one queue, and the share of the time in which all servers work."""
    base: Path = ("components", place_id(place))
    if not math.isfinite(rate) or rate * one.demand <= 0.0:
        return []
    stretch = max(0.0, present / (rate * one.demand) - 1.0)
    inputs = (("count", clients),)
    wait = Record((*base, "group_wait_per_service"), stretch, NUMBER, "approximation", "group", inputs, _NOTE)
    share = Record((*base, "group_waiting"), min(full, 1.0), NUMBER, "approximation", "group", inputs, _NOTE)
    return [wait, share._replace(is_share=True)]


def _is_queue(place: Place, stations: Mapping[Place, Station]) -> bool:
    return place in stations and stations[place].servers > 0.0


def _service(site: Site, stations: Mapping[Place, Station]) -> float:
    station = stations.get(site.call.place)
    law = None if station is None else station.services.get(site.call.op)
    return 0.0 if law is None else law.mean


def _part(site: Site, ledger: Ledger) -> float:
    """The share of a component's calls that comes to one of its queues."""
    path: Path = ("components", place_id(site.call.place))
    calls = ledger.value((*path, "calls", site.call.op, "peak"))
    return ledger.value((*path, "node", site.call.op, "peak")) / calls if calls > 0.0 else 1.0


def _visited(
    place: Place, demand: float, queues: float, rate: float, station: Station, ledger: Ledger
) -> Visited:
    """The equal queues of a place, with what the calls of other flows leave of their servers."""
    load = ledger.value(("components", place_id(place), "offered_load"))
    return Visited(demand, station.servers, queues, max(0.0, load - rate * demand))
