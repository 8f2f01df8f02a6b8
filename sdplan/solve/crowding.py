"""Crowding: how many calls there can be at a place at once, where all who call it hold a worker meanwhile."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from sdplan.distributions.queue_laws import Wait
from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run, Site, place_id
from sdplan.solve.solution import Label
from sdplan.solve.stations import Station
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place

WITHIN = "a queue no longer than what its callers and its own workers can have open at once"
_CROWDED = "its callers' workers keep the queue shorter, and they wait instead: at most"
_SEEN = 1e-4  # a queue longer than allowed that is rarer than this changes nothing
Widths = dict[Place, float]


def most_present(
    runs: Iterable[Run], places: Mapping[Place, list[Site]], ledger: Ledger
) -> dict[Place, float]:
    """The most calls that each place can hold and queue; none is named where there is no such number."""
    found: Widths = {}
    for place, sites in places.items():
        workers = _workers(place, ledger)
        if math.isfinite(workers):
            widest: Widths = {}
            for site in sites:
                _larger(widest, _while_held(site.call, ledger))
            for callee, width in widest.items():
                found[callee] = found.get(callee, 0.0) + workers * width
    for run in runs:
        for entered in _widths(run.tree, ledger):
            found.pop(entered, None)
    return {place: most for place, most in found.items() if math.isfinite(most)}


def _workers(place: Place, ledger: Ledger) -> float:
    path: Path = ("components", place[0])
    if not ledger.has((*path, "workers")):
        return math.inf
    return ledger.value((*path, "workers")) * ledger.value((*path, "replicas"), 1.0)


def _while_held(call: Call, ledger: Ledger) -> Widths:
    widths = _widths(call.body, ledger)
    if call.miss is not None and call.miss_inside:
        _larger(widths, _widths(call.miss, ledger))
    return widths


def _widths(node: Node, ledger: Ledger) -> Widths:
    """How many calls one passage through a node can have open at each place, up to the next workers."""
    if isinstance(node, Call):
        return _call_widths(node, ledger)
    widths: Widths = {}
    for inner in [way.node for way in node.branches] if isinstance(node, Choice) else node.items:
        each = _widths(inner, ledger)
        if isinstance(node, Parallel):
            for place, width in each.items():
                widths[place] = widths.get(place, 0.0) + width
        else:
            _larger(widths, each)
    return widths


def _call_widths(call: Call, ledger: Ledger) -> Widths:
    widths: Widths = {}
    if math.isinf(_workers(call.place, ledger)):
        widths = _while_held(call, ledger)
    _larger(widths, {call.place: 1.0})
    runs_on = call.detached or (call.timeout is not None and not call.cancel) or call.hedge is not None
    at_once = math.inf if runs_on else max(1.0, math.ceil(call.fan_out))
    widths = {place: width * at_once for place, width in widths.items()}
    for later in (None if call.miss_inside else call.miss, call.fallback):
        if later is not None:
            _larger(widths, _widths(later, ledger))
    return widths


def _larger(widths: Widths, others: Mapping[Place, float]) -> None:
    for place, width in others.items():
        widths[place] = max(widths.get(place, 0.0), width)


def mark_crowded(station: Station, most: float, suffix: str, ledger: Ledger) -> None:
    """Say of the wait in a queue that it reads too high where its callers' workers keep the queue short.

    What is not waited for here is waited for by the callers, so the times of whole runs hold.
    """
    count, wait = station.servers, station.wait
    path: Path = ("components", place_id(station.place))
    where = (*path, f"wait{suffix}")
    load = ledger.value((*path, f"offered_load{suffix}"))
    if not isinstance(wait, Wait) or not 0.0 < load < count or not ledger.has(where):
        return
    beyond = wait.waiting * (load / count) ** max(0.0, most - count)
    if beyond > _SEEN:
        record = ledger.records[where]
        label: Label = "approximation" if record.label == "approximation" else "bound"
        ledger.records[where] = record._replace(label=label, note=_CROWDED)
