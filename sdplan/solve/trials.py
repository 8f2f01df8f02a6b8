"""Trials: how often the attempts of a call fail, are made again, or are hedged.

A failed attempt was too late, was turned away, or waited for something that failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sdplan.distributions import exceeding, failing, trees
from sdplan.distributions.failing import any_of
from sdplan.distributions.grids import GridError
from sdplan.findings import Path
from sdplan.solve.journey import Journey, Unstable
from sdplan.solve.runs import Run, Trial, Trials, site_path
from sdplan.solve.tree import Call, Choice, Node, Parallel, calls

_SURE = Trial()
_FEW = 0.01
_NOISE = 1e-15  # failures rarer than this are noise of the numbers, not a result


class Fallible:
    """The parts of a run that hold a call, or a group of calls, that can be late, hedged or turned away."""

    def __init__(self, run: Run, journey: Journey) -> None:
        self._journey = journey
        self._known: set[int] = set()
        self.is_empty = not self._marked(run.tree)

    def __contains__(self, node: Node) -> bool:
        return id(node) in self._known

    def _marked(self, node: Node) -> bool:
        inside = [self._marked(inner) for inner in _inside(node)]
        fallible = self._itself(node) or any(inside)
        if fallible:
            self._known.add(id(node))
        return fallible

    def _itself(self, node: Node) -> bool:
        if isinstance(node, Call):
            late = node.timeout is not None or node.hedge is not None
            return late or _refused(node, self._journey) > 0.0
        return isinstance(node, Parallel) and node.timeout is not None


def _inside(node: Node) -> Iterator[Node]:
    if isinstance(node, Call):
        yield from (inner for inner in (node.body, node.miss, node.fallback) if inner is not None)
    elif isinstance(node, Choice):
        yield from (way.node for way in node.branches)
    else:
        yield from node.items


def _refused(call: Call, journey: Journey) -> float:
    """The share of attempts that do nothing: all of them where the component is lost."""
    if call.place[0] in journey.design.lost:
        return 1.0
    station = journey.stations.get(call.place)
    return 0.0 if station is None else station.refused


def trials(run: Run, journey: Journey) -> dict[Path, Trial]:
    """What becomes of each call of a run that may fail."""
    found: dict[Path, Trial] = {}
    fallible = Fallible(run, journey)
    if fallible.is_empty:
        return found
    losses = Losses()
    for call in calls(run.tree):
        if call in fallible and (trial := _trial(call, journey, losses)) != _SURE:
            found[site_path(run, call)] = trial
    _reach(run, run.tree, journey, fallible, losses, found)
    return found


def _trial(call: Call, journey: Journey, losses: Losses) -> Trial:
    refused = _refused(call, journey)
    attempt = journey.attempt(call)
    if isinstance(attempt, Unstable):
        return Trial(refused=refused)
    failure = losses.of(attempt)
    second = 0.0
    if call.hedge is not None:
        once = journey.once(call)
        delay = None if isinstance(once, Unstable) else journey.hedge_delay(call, once)
        if isinstance(once, Unstable):
            second = 1.0 if call.timeout is not None else 0.0
        elif delay is not None:
            second = _later(once, delay)
    return Trial(failure, second, refused)


def lost(law: trees.Node) -> float:
    """How often a law fails; never, where its times lie too far apart for any grid to tell."""
    return Losses().of(law)


class Losses:
    """How often the laws of a run fail, each found once; laws are told apart by identity."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[trees.Node, float]] = {}

    def of(self, law: trees.Node) -> float:
        """How often this law of the run fails."""
        try:
            share = self._share(law)
        except GridError:
            return 0.0
        return min(1.0, share) if share > _NOISE else 0.0

    def _share(self, law: trees.Node) -> float:
        found = self._known.get(id(law))
        if found is None:
            parts = [self._share(item) for item in law.items] if isinstance(law, trees.Series) else None
            found = law, failing(law) if parts is None else any_of(parts)
            self._known[id(law)] = found
        return found[1]


def _later(law: trees.Node, time: float) -> float:
    try:
        return exceeding(law, time)
    except GridError:
        return 0.0


def _reach(
    run: Run, node: Node, journey: Journey, fallible: Fallible, losses: Losses, found: dict[Path, Trial]
) -> None:
    """Enter for each item of a sequence how often nothing before it has failed."""
    reached = 1.0
    for item in _inside(node):
        is_sequence = not isinstance(node, Call | Choice | Parallel)
        if is_sequence and reached < 1.0:
            for first in _first(item):
                path = site_path(run, first)
                found[path] = found.get(path, Trial())._replace(reached=reached)
        if item not in fallible:
            continue
        _reach(run, item, journey, fallible, losses, found)
        if is_sequence:
            law = journey.law(item)
            reached *= 1.0 if isinstance(law, Unstable) else 1.0 - losses.of(law)


def _first(node: Node) -> Iterator[Call]:
    """The calls with which a node begins: what has failed before it keeps these from being made."""
    if isinstance(node, Call):
        yield node
    elif isinstance(node, Choice | Parallel):
        for inner in _inside(node):
            yield from _first(inner)
    else:
        yield from (call for item in node.items for call in _first(item))


def are_rare(found: Trials) -> bool:
    """Whether so few calls fail that the load which they add cannot keep itself up."""
    return all(
        max(trial.failure, trial.second_calls, trial.refused, 1.0 - trial.reached) <= _FEW
        for runs in found.values()
        for of_run in runs.values()
        for trial in of_run.values()
    )


def apart(one: Mapping[Path, Trial], other: Mapping[Path, Trial]) -> float:
    """By how much two sets of trials differ at most, as a part of what is made."""
    return max(
        (
            max(abs(a - b) for a, b in zip(one.get(path, Trial()), other.get(path, Trial()), strict=True))
            for path in {*one, *other}
        ),
        default=0.0,
    )
