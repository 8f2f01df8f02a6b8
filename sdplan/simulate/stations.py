"""Stations: a component whose calls are known all at once, and the queues at its nodes."""

from __future__ import annotations

import numpy as np

from sdplan.distributions.normal import Array
from sdplan.simulate.draws import sample
from sdplan.simulate.lanes import Indices, starts, starts_of_queues
from sdplan.simulate.later import Later
from sdplan.simulate.measures import Flags
from sdplan.simulate.nodes import kind_counts, kind_of
from sdplan.simulate.observed import BATCHES, NodesSeen, Samples
from sdplan.simulate.plan import Layout


class Served:
    """All calls of a station in the order of their arrival."""

    def __init__(
        self, arrivals: Array, waits: Array, services: Array, queues: Indices | None, timed: Flags
    ) -> None:
        self.arrivals = arrivals
        self.waits = waits
        self.services = services
        self.queues = queues
        self.timed = timed  # whether the operation has a time of its own


class Station:
    """A component in a region; calls enter first, and then all are served."""

    def __init__(self, layout: Layout, rng: np.random.Generator) -> None:
        self.layout = layout
        self.rng = rng
        self.calls: list[tuple[str, Later[Array]]] = []
        self.served = Later(self._serve)

    def enter(self, op: str, arrivals: Later[Array]) -> Later[Array]:
        """Enter the calls of one place in a tree; the times at which their own work ends."""
        number = len(self.calls)
        self.calls.append((op, arrivals))
        return Later(lambda: self.served()[1][number])

    def _serve(self) -> tuple[Served, list[Array]]:
        columns = [arrivals() for _, arrivals in self.calls]
        laws = [self.layout.law(op) for op, _ in self.calls]
        services = [
            sample(law, len(column), self.rng) if law is not None else np.zeros(len(column))
            for law, column in zip(laws, columns, strict=True)
        ]
        timed = [np.full(len(column), law is not None) for law, column in zip(laws, columns, strict=True)]
        arrivals, service, has_time = np.concatenate(columns), np.concatenate(services), np.concatenate(timed)
        order = np.argsort(arrivals, kind="stable") if len(columns) > 1 or _unsorted(arrivals) else None
        if order is not None:
            arrivals, service, has_time = arrivals[order], service[order], has_time[order]
        queues = self._queues(len(arrivals))
        begun = self._begun(arrivals, service, queues, has_time)
        ends = begun + service
        if order is not None:
            back = np.empty_like(ends)
            back[order] = ends
            ends = back
        cuts = np.cumsum([len(column) for column in columns])[:-1]
        served = Served(arrivals, begun - arrivals, service, queues, has_time)
        return served, list(np.split(ends, cuts))

    def _begun(self, arrivals: Array, services: Array, queues: Indices | None, timed: Flags) -> Array:
        """When each call is served; one without a time of its own does not queue."""
        servers = self.layout.workers if self.layout.works_on_worker else self.layout.servers
        if servers <= 0.0:
            return arrivals
        if not timed.all():
            begun = arrivals.copy()
            inner = None if queues is None else queues[timed]
            begun[timed] = self._begun(arrivals[timed], services[timed], inner, timed[timed])
            return begun
        if queues is None:
            return starts(arrivals, services, servers)
        return starts_of_queues(arrivals, services, queues, servers)

    def _queues(self, count: int) -> Indices | None:
        """Which node each call goes to; nothing where there is one queue, or none."""
        layout = self.layout
        if layout.queues == 1 or (layout.servers <= 0.0 and not layout.works_on_worker):
            return None
        spread = layout.spread
        if spread is None:
            if layout.balance == "round-robin":
                return np.arange(count) % layout.queues
            return self.rng.integers(0, layout.queues, count)
        hot = min(spread.skew, spread.shards) / spread.shards
        shards = self.rng.integers(0, spread.shards, count)
        if spread.skew != 1.0 and spread.shards > 1:
            others = self.rng.integers(1, spread.shards, count)
            shards = np.where(self.rng.random(count) < hot, 0, others)
        first = {"any": 0, "followers": 1}.get(spread.reads)
        if first is None or spread.copies == 1:
            return shards * spread.copies
        return shards * spread.copies + self.rng.integers(first, spread.copies, count)

    def seen(self, warm: float, batch: float) -> tuple[NodesSeen, ...]:
        """What was seen in the window, by the kind of node."""
        served, _ = self.served()
        counts = kind_counts(self.layout)
        if len(counts) == 1 or served.queues is None:
            (name, nodes), *_ = counts.items()
            return (_seen(name, nodes, served, None, warm, batch, self.layout.works_on_worker),)
        copies = self.layout.spread.copies if self.layout.spread else 1
        kinds = np.array(
            [kind_of(self.layout, queue // copies, queue % copies) for queue in served.queues.tolist()]
        )
        return tuple(
            _seen(name, nodes, served, kinds == name, warm, batch, self.layout.works_on_worker)
            for name, nodes in counts.items()
        )


def _unsorted(values: Array) -> bool:
    return bool((np.diff(values) < 0.0).any())


def _seen(
    name: str, nodes: int, served: Served, chosen: Flags | None, warm: float, batch: float, holds: bool
) -> NodesSeen:
    arrivals, waits, services = (
        part if chosen is None else part[chosen] for part in (served.arrivals, served.waits, served.services)
    )
    timed = served.timed if chosen is None else served.timed[chosen]
    edges = np.searchsorted(arrivals, warm + batch * np.arange(BATCHES + 1))
    calls = np.diff(edges).astype(np.float64)
    worked = np.concatenate(([0.0], np.cumsum(services)))
    busy = np.diff(worked[edges])
    taken = np.concatenate(([0], np.cumsum(timed)))[edges]
    inner = slice(int(edges[0]), int(edges[-1]))
    marks = tuple(int(mark - taken[0]) for mark in taken)
    kept = timed[inner]
    waited = Samples(waits[inner][kept], marks)
    stayed = Samples((waits + services)[inner][kept], marks)
    none = Samples(np.zeros(0), (0,) * (BATCHES + 1))
    held = busy if holds else np.zeros(BATCHES)
    return NodesSeen(
        name, nodes, calls, np.zeros(BATCHES), busy, held, waited, waited if holds else none, stayed
    )
