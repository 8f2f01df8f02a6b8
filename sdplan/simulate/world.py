"""The world: all flows and components of a plan on one clock, watched through a window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sdplan.distributions.normal import Array
from sdplan.simulate.calls import Compiler
from sdplan.simulate.clock import Clock
from sdplan.simulate.draws import Draws
from sdplan.simulate.nodes import Nodes, Watch
from sdplan.simulate.observed import BATCHES, NodesSeen, Observed, RunsSeen, Samples, as_array, even
from sdplan.simulate.plan import Plan, Source
from sdplan.simulate.schedule import Schedule
from sdplan.simulate.sources import Inbox, Post, Runs, closed, poisson

Progress = Callable[[float], None]
"""Told how much of the work is done, from 0 to 1."""
_DRAINS = 3.0  # windows after the measured one, for its runs to end
_LISTS = ("waits", "worker_waits", "stays")
_TOTALS = ("calls", "refused", "busy", "held")


def simulate_events(
    plan: Plan, time: Schedule, seed: int, most: int, progress: Progress | None = None
) -> Observed:
    """Event by event: any design, some hundred thousand calls a second."""
    world = _World(plan, time, np.random.default_rng(seed))
    end = time.warm + time.window
    runs, clock = list(world.runs.values()), world.clock

    def over() -> bool:
        if progress is not None:
            progress(min(1.0, clock.now / end))
        if clock.now < end:
            return False
        return clock.now > (1.0 + _DRAINS) * end or not any(one.unfinished for one in runs)

    whole = clock.run(over, most)
    return world.observed(whole)


class _World:
    def __init__(self, plan: Plan, time: Schedule, rng: np.random.Generator) -> None:
        self.plan = plan
        self.time = time
        self.clock = Clock()
        self.draws = Draws(rng)
        self.nodes = {place: Nodes(layout, self.clock, self.draws) for place, layout in plan.layouts.items()}
        self.marks: list[dict[Watch, tuple[float, ...]]] = []
        self.started: list[dict[str, int]] = []
        self.post = Post(self.draws)
        self.runs = {source.name: self._runs(source) for source in plan.sources}
        for source in plan.sources:
            self._drive(source)
        for number in range(BATCHES + 1):
            self.clock.after(time.warm + number * time.window / BATCHES, self._mark)

    def _runs(self, source: Source) -> Runs:
        hits = {path: hit for (tree, path), hit in self.plan.hits.items() if tree == source.name}
        compiler = Compiler(self.clock, self.draws, self.nodes, hits, self.post.publish)
        end = self.time.warm + self.time.window
        return Runs(self.clock, compiler.begin(source.tree), self.time.warm, end)

    def _drive(self, source: Source) -> None:
        runs = self.runs[source.name]
        if source.trigger is not None:
            self.post.add(Inbox(self.clock, self.draws, source.trigger, runs))
        elif source.clients > 0.0:
            closed(self.clock, self.draws, runs, source)
        elif source.rate > 0.0:
            poisson(self.clock, self.draws, runs, source.rate)

    def _mark(self) -> None:
        """Note how far everything has come, at the end of a batch."""
        watches = [watch for nodes in self.nodes.values() for watch in nodes.watches.values()]
        self.marks.append(
            {
                watch: (
                    *(getattr(watch, name) for name in _TOTALS),
                    *(len(getattr(watch, name)) for name in _LISTS),
                )
                for watch in watches
            }
        )
        self.started.append({name: runs.started for name, runs in self.runs.items()})

    def observed(self, whole: bool) -> Observed:
        """What was seen in the window."""
        whole = whole and len(self.marks) == BATCHES + 1
        while len(self.marks) < BATCHES + 1:
            self._mark()
        flows = {name: self._seen(name, runs) for name, runs in self.runs.items()}
        places = {
            place: tuple(self._nodes_seen(watch) for watch in nodes.watches.values())
            for place, nodes in self.nodes.items()
        }
        return Observed(self.time.window / BATCHES, flows, places, whole)

    def _seen(self, name: str, runs: Runs) -> RunsSeen:
        started = np.diff([marks[name] for marks in self.started]).astype(np.float64)
        return RunsSeen(started, even(as_array(runs.times)), even(as_array(runs.fresh)), runs.unfinished)

    def _nodes_seen(self, watch: Watch) -> NodesSeen:
        marks = np.array([marks[watch] for marks in self.marks], dtype=np.float64)
        calls, refused, busy, held = np.diff(marks[:, : len(_TOTALS)], axis=0).T
        waits, worker_waits, stays = (
            _windowed(getattr(watch, name), marks[:, len(_TOTALS) + number])
            for number, name in enumerate(_LISTS)
        )
        return NodesSeen(watch.name, watch.nodes, calls, refused, busy, held, waits, worker_waits, stays)


def _windowed(values: list[float], marks: Array) -> Samples:
    first, last = int(marks[0]), int(marks[-1])
    return Samples(as_array(values[first:last]), tuple(int(mark) - first for mark in marks))
