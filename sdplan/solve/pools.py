"""Pools: workers are held for their own time and for everything that they call, and are waited for.

A call that finds every worker of its replica held waits until one is free.  A pool within a pool can queue
no more calls than its callers have workers, because each of them is held by the call that it made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sdplan.distributions import trees
from sdplan.distributions.bounded_queue_laws import bounded_wait
from sdplan.distributions.grids import GridError
from sdplan.distributions.laws import Law
from sdplan.distributions.moments import moments
from sdplan.distributions.queue_laws import Wait
from sdplan.findings import Path
from sdplan.formulas.queueing import erlang_c, littles_law
from sdplan.formulas.queueing_finite import wait_mmck
from sdplan.formulas.queueing_general import wait_ggc_whitt
from sdplan.solve.crowding import WITHIN
from sdplan.solve.journey import Journey, Unstable
from sdplan.solve.law_trees import NOTHING, is_nothing
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Site, place_id
from sdplan.solve.solution import Record
from sdplan.solve.spreading import Arrivals, shares_queue
from sdplan.solve.stations import POINTS, Station
from sdplan.solve.tree import Place, calls
from sdplan.spec.components import Component
from sdplan.spec.design import Design
from sdplan.units import DURATION, NUMBER

_MOST_QUEUED = 10_000.0  # beyond this the end of a queue is too far away to matter
_NOTE = "wait of M/M/c scaled by the spread of the held times (Whitt), arrivals as random"
_FULL = 1 - 1e-9
Sites = Mapping[Place, list[Site]]


def holds_others(sites: Iterable[Site]) -> bool:
    """Whether a call of a place calls others while it holds its worker."""
    return any(next(calls(site.call.body), None) or site.call.miss_inside for site in sites)


def held_station(
    place: Place, spec: Component, arrivals: Arrivals, laws: Mapping[str, Law], point: str, ledger: Ledger
) -> Station:
    """A place whose workers do its own work while they are held: nothing waits but for a worker."""
    services = {op: law for op in arrivals.by_op if (law := laws.get(op, laws.get(""))) is not None}
    total = ledger.value(arrivals.total)
    count = len(arrivals.by_op)
    shares = {op: ledger.value(rate) / total if total else 1.0 / count for op, rate in arrivals.by_op.items()}
    return Station(place, 0.0, services, shares)


class Order(NamedTuple):
    """The places, those that are called before those that call them, as far as there is such an order."""

    places: list[Place]
    is_circular: bool


def in_order(places: Sites) -> Order:
    """The order in which places can be taken so that what they call is known."""
    called = {place: _callees(sites) for place, sites in places.items()}
    order: dict[Place, None] = {}
    open_: set[Place] = set()
    circles: set[Place] = set()

    def visit(place: Place) -> None:
        if place in open_:
            circles.add(place)
        if place in order or place in open_ or place not in called:
            return
        open_.add(place)
        for other in called[place]:
            visit(other)
        open_.discard(place)
        order[place] = None

    for place in places:
        visit(place)
    return Order(list(order), bool(circles))


def _callees(sites: Iterable[Site]) -> dict[Place, None]:
    inside = (node for site in sites for node in (site.call.body, site.call.miss) if node is not None)
    return dict.fromkeys(call.place for node in inside for call in calls(node))


class WorkerPools:
    """The wait for a free worker at each place that has workers to wait for, at one load point."""

    def __init__(
        self,
        design: Design,
        places: Sites,
        bounds: Mapping[Place, float],
        arriving: Mapping[Place, Arrivals],
        stations: Mapping[Place, Station],
        point: str,
        ledger: Ledger,
    ) -> None:
        self.design = design
        self.places = places
        self.arriving = arriving
        self.point = point
        self.ledger = ledger
        self.waits: dict[Place, trees.Node | Unstable] = {}
        self.journey = Journey(design, stations, self.waits, ledger)
        self.bounds = bounds

    def solve(self) -> dict[Place, trees.Node | Unstable]:
        """The waits of all places, those that are called first."""
        order = in_order(self.places)
        for place in order.places:
            if self.ledger.has(("components", place[0], "workers")):
                self._pool(place, self.places[place])
            if order.is_circular and self.journey.pool(place) != NOTHING:
                self.journey.forget()  # something built already may wait for this place too
        return self.waits

    def _pool(self, place: Place, sites: list[Site]) -> None:
        path: Path = ("components", place_id(place))
        suffix = POINTS[self.point]
        held = self._held(place, sites)
        residence = (*path, f"residence{suffix}")
        if held is None:
            reason = f"something that {place[0]} calls is overloaded, so its workers are held without bound"
            self.ledger.missing[residence] = reason
            self._forget(path, suffix)
            self.waits[place] = Unstable(place)
            return
        mean, scv = held
        self.ledger.missing.pop(residence, None)
        terms = tuple((f"term{n}", site.rate(f"{self.point}_rate")) for n, site in enumerate(sites))
        note = "times of different calls are taken as independent"
        self.ledger.write(Record(residence, mean, DURATION, "approximation", "mean held time", terms, note))
        servers = self._utilization(place, path, residence, suffix)
        if holds_others(sites):
            self._wait(place, path, servers, scv, suffix)

    def _forget(self, path: Path, suffix: str) -> None:
        """Take back what earlier passes said of workers that are now held without bound."""
        for where in (
            (f"utilization{suffix}", "workers"),
            (f"residence{suffix}",),
            (f"held_workers{suffix}",),
        ):
            self.ledger.records.pop((*path, *where), None)
        self._forget_waits(path, suffix)

    def _forget_waits(self, path: Path, suffix: str) -> None:
        """Take back what an earlier pass said of the wait for a worker."""
        for name in ("worker_wait", "residence_scv"):
            self.ledger.records.pop((*path, f"{name}{suffix}"), None)
        own = self.ledger.records.get((*path, f"wait{suffix}"))
        if own is not None and own.formula == "= worker_wait":
            del self.ledger.records[own.path]

    def _utilization(self, place: Place, path: Path, residence: Path, suffix: str) -> Path:
        """The share of the workers that is held, and where their number stands."""
        own: Path = ("components", place[0])
        held, servers = (*path, f"held_workers{suffix}"), (*own, "workers")
        arrival_rate = self.arriving[place].total
        self.ledger.apply(held, littles_law, {"arrival_rate": arrival_rate, "response_time": residence})
        if shares_queue(self.design.components[place[0]]):
            inputs = {"workers": servers, "replicas": (*own, "replicas")}
            servers = (*own, "shared_workers")
            self.ledger.follow(servers, "workers * replicas", inputs)
        share = (*path, f"utilization{suffix}", "workers")
        self.ledger.follow(
            share, "held_workers / workers", {"held_workers": held, "workers": servers}, is_share=True
        )
        return servers

    def _wait(self, place: Place, path: Path, servers: Path, scv: float, suffix: str) -> None:
        """The wait for a free worker, entered and kept for those who call the place."""
        ledger, wait = self.ledger, (*path, f"worker_wait{suffix}")
        held, count = ledger.value((*path, f"held_workers{suffix}")), ledger.value(servers)
        own = (*path, f"wait{suffix}")
        self._forget_waits(path, suffix)
        if held <= 0.0:
            return
        if held >= count * _FULL:
            ledger.missing[wait] = (
                f"{place_id(place)} is overloaded at {self.point}: calls hold {held:.3g} of its workers, "
                f"and there are {count:g}"
            )
            self.waits[place] = Unstable(place)
            return
        ledger.missing.pop(wait, None)
        spread = (*path, f"residence_scv{suffix}")
        note = "E[T²] / E[T]² - 1"
        ledger.write(Record(spread, scv, NUMBER, "exact", "spread of the held times", note=note))
        ledger.default((*path, "arrival_scv"), 1.0)
        inputs = {
            "arrival_rate": self.arriving[place].total,
            "service_time": (*path, f"residence{suffix}"),
            "servers": servers,
            "arrival_scv": (*path, "arrival_scv"),
            "service_scv": spread,
        }
        most = self.bounds.get(place, float("inf"))
        mean = ledger.apply(wait, wait_ggc_whitt, inputs, note=_NOTE)
        waiting = erlang_c(offered_load=held, servers=count)
        if waiting <= 0.0 or mean <= 0.0:
            return
        law: Law = Wait(waiting=waiting, rate=waiting / mean)
        if count < most < _MOST_QUEUED:
            named = {name: inputs[name] for name in ("arrival_rate", "service_time", "servers")}
            room = (*path, "worker_room")
            ledger.write(Record(room, most - count, formula="workers of its callers", note=WITHIN))
            named["room"] = room
            ledger.apply(wait, wait_mmck, named, note=WITHIN, label="approximation")
            law = bounded_wait(**{name: ledger.value(where) for name, where in named.items()})
        self.waits[place] = trees.Hop(law)
        if not ledger.has(("components", place[0], "cores")):
            ledger.follow(own, "worker_wait", {"worker_wait": wait})

    def _held(self, place: Place, sites: list[Site]) -> tuple[float, float] | None:
        """Mean and spread of the time for which a call holds its worker, failed calls included."""
        total = first = second = 0.0
        for site in sites:
            law = self.journey.held(site.call)
            if isinstance(law, Unstable):
                return None
            rate = self.ledger.value(site.rate(f"{self.point}_rate"))
            mean, scv = _moments(law)
            total, first = total + rate, first + rate * mean
            second += rate * mean * mean * (1.0 + scv)
        if total <= 0.0 or first <= 0.0:
            return 0.0, 0.0
        mean = first / total
        return mean, max(0.0, second / first / mean - 1.0) if mean > 0.0 else 0.0


def _moments(law: trees.Node) -> tuple[float, float]:
    """Mean and spread of a law, failed calls included; none where no grid can tell its times apart."""
    if is_nothing(law):
        return 0.0, 0.0
    try:
        return moments(law)
    except GridError:
        return 0.0, 0.0
