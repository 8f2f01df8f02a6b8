"""Metastability: a load that is carried on the way up, and that a burst can tip into a lasting overload.

Where calls are late because a queue is overloaded they are made again, and what they add may keep the queue
overloaded after the burst has gone.  Both solutions are entered: the one that the rise in load ends in, and
the utilization of the other.  Sources: Bronson et al. 2021, Metastable Failures in Distributed Systems
(HotOS), section 2; Beyer et al. 2016, Site Reliability Engineering, ch. 22.
"""

from __future__ import annotations

from collections.abc import Mapping

from sdplan.findings import Path
from sdplan.solve.circulation import Pass
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run, Site, hit_path, place_id
from sdplan.solve.solution import Record
from sdplan.solve.stations import POINTS
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, calls
from sdplan.units import NUMBER


def overloaded_solutions(runs: list[Run], found: Pass, point: str, ledger: Ledger) -> None:
    """Enter for each queue that late calls could keep overloaded by how much it would be.

    The search starts with every queue overloaded, so that every call that waits for one is late as often as
    it is made, and lets those queues go that are not full even so.  What is left feeds itself.
    """
    if not any(call.retries for run in runs for call in calls(run.tree)):
        return
    places = found.places
    busy = {place: share for place in places if (share := _busy(place, point, ledger)) > 0.0}
    full = found.running(point) & busy.keys()
    loads: dict[Place, float] = {}
    while full:
        loads = _loads(runs, places, full, busy, point, ledger)
        staying = {place for place in full if loads[place] >= 1.0}
        if staying == full:
            break
        full = staying
    for place in full:
        _enter(place, loads[place], point, ledger)


def _busy(place: Place, point: str, ledger: Ledger) -> float:
    """How full the queue of a place is with the calls that the stable solution makes."""
    path: Path = ("components", place_id(place), f"utilization{POINTS[point]}")
    return max(ledger.value((*path, unit)) for unit in ("cores", "workers", "replicas"))


def _loads(
    runs: list[Run],
    places: Mapping[Place, list[Site]],
    full: set[Place],
    busy: Mapping[Place, float],
    point: str,
    ledger: Ledger,
) -> dict[Place, float]:
    """The utilization of each queue once calls that wait for a full one are late."""
    rates: dict[Place, float] = {}
    for run in runs:
        rate = ledger.value((*run.path, f"{point}_rate"))
        for place, visits in _visits(run.tree, full, ledger).items():
            rates[place] = rates.get(place, 0.0) + rate * visits
    normal = {
        place: sum(ledger.value(site.rate(f"{point}_rate")) for site in sites)
        for place, sites in places.items()
    }
    return {
        place: busy[place] * rates.get(place, 0.0) / normal[place] if normal[place] > 0.0 else 0.0
        for place in full
    }


def _visits(node: Node, full: set[Place], ledger: Ledger) -> dict[Place, float]:
    """Visits of each place in one passage, in which every call that waits for a full queue is late."""
    found: dict[Place, float] = {}
    if isinstance(node, Call):
        return _call_visits(node, full, ledger)
    if isinstance(node, Choice):
        for way in node.branches:
            _add(found, _visits(way.node, full, ledger), way.share)
        return found
    for item in node.items:
        _add(found, _visits(item, full, ledger), 1.0)
        if not isinstance(node, Parallel) and _certainly_late(item, full):
            break
    return found


def _call_visits(call: Call, full: set[Place], ledger: Ledger) -> dict[Place, float]:
    late = _attempt_is_late(call, full)
    attempts = call.retries + 1.0 if late and not call.cancel else 1.0
    once: dict[Place, float] = {call.place: 1.0}
    _add(once, _visits(call.body, full, ledger), 1.0)
    found: dict[Place, float] = {}
    _add(found, once, attempts)
    if call.miss is not None:
        missed = 1.0 if late else 1.0 - ledger.value(hit_path(call, ledger))
        _add(found, _visits(call.miss, full, ledger), missed)
    if call.fallback is not None and late:
        _add(found, _visits(call.fallback, full, ledger), 1.0)
    whole: dict[Place, float] = {}
    _add(whole, found, call.times * call.fan_out)
    return whole


def _attempt_is_late(call: Call, full: set[Place]) -> bool:
    """Whether an attempt ends at its timeout because it waits for a full queue."""
    if call.timeout is None:
        return _certainly_late(call.body, full)
    return call.place in full or _waits_for(call.body, full)


def _waits_for(node: Node, full: set[Place]) -> bool:
    """Whether a passage always waits for a full queue, up to some timeout of its own."""
    if isinstance(node, Call):
        return not node.detached and (node.place in full or _waits_for(node.body, full))
    if isinstance(node, Choice):
        taken = [way.node for way in node.branches if way.share > 0.0]
        return bool(taken) and all(_waits_for(inner, full) for inner in taken)
    return any(_waits_for(item, full) for item in node.items)


def _certainly_late(node: Node, full: set[Place]) -> bool:
    """Whether a passage fails because something in it is late and nothing stands in for it."""
    if isinstance(node, Call):
        excused = node.detached or node.optional or node.fallback is not None or node.miss is not None
        return not excused and _attempt_is_late(node, full)
    if isinstance(node, Choice):
        taken = [way.node for way in node.branches if way.share > 0.0]
        return bool(taken) and all(_certainly_late(inner, full) for inner in taken)
    if isinstance(node, Parallel) and node.need != "all":
        return bool(node.items) and all(_certainly_late(item, full) for item in node.items)
    return any(_certainly_late(item, full) for item in node.items)


def _add(found: dict[Place, float], others: Mapping[Place, float], share: float) -> None:
    for place, visits in others.items():
        found[place] = found.get(place, 0.0) + visits * share


def _enter(place: Place, load: float, point: str, ledger: Ledger) -> None:
    path: Path = ("components", place_id(place))
    suffix = POINTS[point]
    note = "every call that waits for it is late and made again; late calls run on: a second solution"
    inputs = (("utilization", (*path, f"utilization{suffix}")),)
    ledger.write(
        Record(
            (*path, f"overloaded_utilization{suffix}"),
            load,
            NUMBER,
            "approximation",
            "second solution",
            inputs,
            note,
            is_share=True,
        )
    )
