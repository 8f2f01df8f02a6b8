"""Circulation: load makes waits, waits make calls late, and late calls are made again, until nothing changes.

The first pass takes every call to succeed, or as few to fail as did in a design like this one.  What a pass
finds of failures adds load to the next, so the loads only rise and end at the lowest solution that there is,
or where a queue grows without bound: then no stable solution was found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from operator import is_
from typing import NamedTuple

from sdplan.distributions import Law
from sdplan.findings import Finding, Path
from sdplan.solve.crowding import mark_crowded, most_present
from sdplan.solve.journey import Journey, Pools, Unstable
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import RATES, Loaded, arrivals, load, peak_sum
from sdplan.solve.nodes import Nodes
from sdplan.solve.pools import WorkerPools, held_station, holds_others
from sdplan.solve.runs import Run, Site, Trial, Trials, place_id
from sdplan.solve.service_times import service_laws
from sdplan.solve.solution import Label, Prefix
from sdplan.solve.spreading import Arrivals, node_arrivals
from sdplan.solve.stations import POINTS, Station, station
from sdplan.solve.tree import Place
from sdplan.solve.trials import apart, trials
from sdplan.spec.design import Design

_MOST_PASSES = 200
_FREE_PASSES = 20  # after these, passes that go to and fro are ended
_KEPT = {"stored", "memory"}  # what is full takes no more, and still answers
_SETTLED = 1e-9  # of the calls; what changes less has settled


class Pass(NamedTuple):
    """What a pass finds: the calls, their queues, the pools, and what becomes of the calls."""

    sites: list[Site]
    places: Mapping[Place, list[Site]]
    stations: Mapping[str, Mapping[Place, Station]]
    pools: Mapping[str, Pools]
    journeys: Mapping[str, Journey]
    trials: Trials

    def running(self, point: str) -> set[Place]:
        """The places whose queues and pools do not grow without bound."""
        if point not in self.stations:
            return set()
        pools = self.pools[point]
        return {
            place
            for place, one in self.stations[point].items()
            if one.stable and not isinstance(pools.get(place), Unstable)
        }


NO_PASS = Pass([], {}, {}, {}, {}, {})


class _Queued(NamedTuple):
    """A queue, and the rates that it was made for with how far they may be trusted."""

    rates: tuple[float, ...]
    trust: tuple[tuple[Label, Prefix], ...]
    arriving: Arrivals
    station: Station


class Circulation:
    """The passes of one round, on one ledger."""

    def __init__(self, design: Design, runs: list[Run], nodes: Mapping[str, Nodes], ledger: Ledger) -> None:
        self.design = design
        self.runs = runs
        self.nodes = nodes
        self.ledger = ledger
        self.laws: dict[str, dict[str, Law]] = {}
        self.findings: list[Finding] = []
        self._loaded: dict[Path, Loaded] = {}
        self._here: dict[Place, list[Site]] = {}
        self._known: dict[tuple[Place, str], _Queued] = {}

    def solve(self, start: Trials) -> Pass | None:
        """Passes until two agree; nothing where `start`, which has few failures, is not the place to begin.

        That is where other calls than those fail, or a queue grows without bound.
        """
        start = {point: start[point] for point in self.ledger.points if point in start}
        found: Trials = start
        earlier: Trials = {}
        last = NO_PASS
        stable: dict[str, set[Place]] = {}
        for number in range(_MOST_PASSES):
            sites, circle = load(self.design, self.runs, found, self.ledger, self._loaded)
            self.findings += circle
            if circle:
                return last
            last = self._pass(sites)
            if start and not (_same_calls(last.trials, start) and self._all_run(last)):
                return None
            if number == 0:
                stable = {point: last.running(point) for point in self.ledger.points}
            if not last.trials or _agree(last.trials, found) or self._has_errors():
                break
            if number >= _FREE_PASSES and _agree(last.trials, earlier):  # to and fro between two
                self._tell_unsettled(last)
                break
            found, earlier = last.trials, found
        else:
            self._tell_unsettled(last)
        self._tell_retries(last, stable)
        self._withdraw_waits(last)
        return last

    def _tell_unsettled(self, last: Pass) -> None:
        """Say of the flows whose failures and loads do not agree that theirs is one state of several."""
        failing = (path for of_runs in last.trials.values() for path in of_runs)
        for flow in dict.fromkeys(str(path[1]).partition("@")[0] for path in failing):
            self.ledger.not_counted(
                ("flows", flow),
                "SP903",
                f"the failures of {flow} and the load that they make do not settle",
                "its numbers are of one of the states that it goes through",
                "make fewer attempts, wait longer, or add nodes to what is late",
            )

    def _all_run(self, last: Pass) -> bool:
        return all(len(last.running(point)) == len(last.places) for point in self.ledger.points)

    def _has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)

    def _pass(self, sites: list[Site]) -> Pass:
        places = arrivals(sites)
        for place in places:
            self._service(place[0])
        stations: dict[str, dict[Place, Station]] = {point: {} for point in self.ledger.points}
        arriving: dict[str, dict[Place, Arrivals]] = {point: {} for point in self.ledger.points}
        for place, here in places.items():
            same = _same(here, self._here.get(place))
            if not same:
                self._sums(place, here)
                self._here[place] = here
            for point in self.ledger.points:
                kept = self._known.get((place, point)) if same else None
                kept = kept or self._queue(place, here, point)
                arriving[point][place], stations[point][place] = kept.arriving, kept.station
        bounds = most_present(self.runs, places, self.ledger)
        pools: dict[str, Pools] = {}
        journeys: dict[str, Journey] = {}
        found: dict[str, dict[Path, dict[Path, Trial]]] = {}
        for point in self.ledger.points:
            self._crowd(stations[point], bounds, point)
            pool = WorkerPools(
                self.design, places, bounds, arriving[point], stations[point], point, self.ledger
            )
            pools[point] = pool.solve()
            journeys[point] = pool.journey
            of_runs = {run.path: of_run for run in self.runs if (of_run := trials(run, pool.journey))}
            if of_runs:
                found[point] = of_runs
        return Pass(sites, places, stations, pools, journeys, found)

    def _crowd(self, stations: Mapping[Place, Station], bounds: Mapping[Place, float], point: str) -> None:
        """Label the waits of queues that callers, or a component's own workers, keep from growing."""
        for place, one in stations.items():
            path: Path = ("components", place[0])
            most = bounds.get(place, math.inf)
            if self.ledger.has((*path, "workers")) and self.ledger.has((*path, "cores")):
                most = min(most, self.ledger.value((*path, "workers")))
            if math.isfinite(most):
                mark_crowded(one, most, POINTS[point], self.ledger)

    def _sums(self, place: Place, sites: list[Site]) -> None:
        """The rates of all calls of a place."""
        for which in RATES:
            path: Path = ("components", place_id(place), which)
            if which == "peak_rate":
                peak_sum(self.design, path, sites, self.ledger)
            else:
                self.ledger.fold(path, "sum", [site.rate(which) for site in sites])

    def _service(self, name: str) -> None:
        """The service laws of a component, once."""
        if name not in self.laws:
            self.laws[name], wrong = service_laws(name, self.design.components[name], self.ledger)
            self.findings += wrong

    def _queue(self, place: Place, sites: list[Site], point: str) -> _Queued:
        """The queue of a place, taken from the pass before where its load has not changed."""
        records = [self.ledger.records[site.rate(f"{point}_rate")] for site in sites]
        rates = tuple(record.value for record in records)
        trust = tuple((record.label, record.prefix) for record in records)
        known = self._known.get((place, point))
        if known is not None and known.trust == trust and _close(known.rates, rates):
            return known
        spec, laws = self.design.components[place[0]], self.laws[place[0]]
        arriving = node_arrivals(place, spec, self.nodes[place[0]], sites, point, self.ledger)
        is_pool = spec.workers is not None and spec.cores is None and holds_others(sites)
        queue = held_station if is_pool else station
        made = queue(place, spec, arriving, laws, point, self.ledger)
        self._known[place, point] = _Queued(rates, trust, arriving, made)
        return self._known[place, point]

    def _withdraw_waits(self, last: Pass) -> None:
        """Take back what earlier passes said of the waits of queues that grow without bound."""
        for point, suffix in self.ledger.points.items():
            names = [f"{name}{suffix}" for name in ("wait", "waiting", "worker_wait")]
            for place in set(last.places) - last.running(point):
                for name in names:
                    self.ledger.records.pop(("components", place_id(place), name), None)

    def _tell_retries(self, last: Pass, stable: Mapping[str, set[Place]]) -> None:
        """Say of a queue that only the retries overload that no stable solution was found with them."""
        for point, suffix in self.ledger.points.items():
            for place in stable.get(point, set()) - last.running(point):
                path: Path = ("components", place_id(place), f"wait{suffix}")
                reason = self.ledger.missing.get(path, f"{place_id(place)} is overloaded at {point}")
                self.ledger.missing[path] = (
                    f"{reason}; without the attempts that its late calls add it would not be: "
                    "no stable solution was found with them"
                )


def without_overfull(design: Design, found: Pass, ledger: Ledger) -> Pass:
    """The same pass, in which no call gets through a place that is asked for more than its limits allow."""
    stations = {point: dict(queues) for point, queues in found.stations.items()}
    for point, queues in stations.items():
        for place, queue in queues.items():
            base: Path = ("components", place_id(place), f"utilization{POINTS[point]}")
            meters = set(design.components[place[0]].limits) - _KEPT
            if any(ledger.value((*base, meter)) > 1.0 + _SETTLED for meter in meters):
                queues[place] = queue._replace(stable=False)
    if stations == found.stations:
        return found
    journeys = {
        point: Journey(design, stations[point], found.pools[point], ledger) for point in found.journeys
    }
    return found._replace(stations=stations, journeys=journeys)


def _same(one: list[Site], other: list[Site] | None) -> bool:
    """Whether these are the very same calls, whose rates nothing has touched since."""
    return other is not None and len(one) == len(other) and all(map(is_, one, other))


def _close(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(one) == len(other) and all(
        abs(a - b) <= _SETTLED * max(a, b) for a, b in zip(one, other, strict=True)
    )


def _same_calls(one: Trials, other: Trials) -> bool:
    """Whether the same calls of the same runs may fail."""
    return one.keys() == other.keys() and all(
        one[point].keys() == other[point].keys()
        and all(one[point][run].keys() == other[point][run].keys() for run in one[point])
        for point in one
    )


def _agree(one: Trials, other: Trials) -> bool:
    return all(
        apart(one.get(point, {}).get(path, {}), other.get(point, {}).get(path, {})) <= _SETTLED
        for point in {*one, *other}
        for path in {*one.get(point, {}), *other.get(point, {})}
    )
