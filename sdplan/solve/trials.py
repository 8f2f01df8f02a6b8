"""Trials: how often the attempts of a call fail, are made again, or are hedged.

A failed attempt was too late, was turned away, or waited for something that failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sdplan.distributions import exceeding, failing, trees
from sdplan.distributions.grids import GridError
from sdplan.findings import Path
from sdplan.solve.journey import Journey, Unstable
from sdplan.solve.runs import Run, Trial, site_path
from sdplan.solve.tree import Call, Choice, Node, Parallel, calls

_NOISE = 1e-15  # failures rarer than this are noise of the numbers, not a result


def may_fail(run: Run, journey: Journey) -> bool:
    """Whether a run holds a call that can be late, be hedged or be turned away."""
    return _has_late_group(run.tree) or any(
        call.timeout is not None or call.hedge is not None or _refused(call, journey) > 0.0
        for call in calls(run.tree)
    )


def _has_late_group(node: Node) -> bool:
    if isinstance(node, Parallel) and node.timeout is not None:
        return True
    return any(_has_late_group(inner) for inner in _inside(node))


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
    """What becomes of each call of a run."""
    found: dict[Path, Trial] = {}
    for call in calls(run.tree):
        trial = _trial(call, journey)
        if trial != Trial():
            found[site_path(run, call)] = trial
    _reach(run, run.tree, journey, found)
    return found


def _trial(call: Call, journey: Journey) -> Trial:
    refused = _refused(call, journey)
    attempt = journey.attempt(call)
    if isinstance(attempt, Unstable):
        return Trial(refused=refused)
    failure = lost(attempt)
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
    try:
        share = failing(law)
    except GridError:
        return 0.0
    return min(1.0, share) if share > _NOISE else 0.0


def _later(law: trees.Node, time: float) -> float:
    try:
        return exceeding(law, time)
    except GridError:
        return 0.0


def _reach(run: Run, node: Node, journey: Journey, found: dict[Path, Trial]) -> None:
    """Enter for each item of a sequence how often nothing before it has failed."""
    reached = 1.0
    for item in _inside(node):
        is_sequence = not isinstance(node, Call | Choice | Parallel)
        if is_sequence and reached < 1.0:
            for first in _first(item):
                path = site_path(run, first)
                found[path] = found.get(path, Trial())._replace(reached=reached)
        _reach(run, item, journey, found)
        if is_sequence:
            law = journey.law(item)
            reached *= 1.0 if isinstance(law, Unstable) else 1.0 - lost(law)


def _first(node: Node) -> Iterator[Call]:
    """The calls with which a node begins: what has failed before it keeps these from being made."""
    if isinstance(node, Call):
        yield node
    elif isinstance(node, Choice | Parallel):
        for inner in _inside(node):
            yield from _first(inner)
    else:
        yield from (call for item in node.items for call in _first(item))


def apart(one: Mapping[Path, Trial], other: Mapping[Path, Trial]) -> float:
    """By how much two sets of trials differ at most, as a part of what is made."""
    return max(
        (
            max(abs(a - b) for a, b in zip(one.get(path, Trial()), other.get(path, Trial()), strict=True))
            for path in {*one, *other}
        ),
        default=0.0,
    )
