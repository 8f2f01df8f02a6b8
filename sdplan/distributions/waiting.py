"""What a caller that waits for a tree of calls asks: has it failed, is it late, how long was the wait.

Closed forms where calls are single hops, chosen, or at once; else one grid that ends where the question does.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sdplan.distributions import trees
from sdplan.distributions.evaluation import evaluate, wide
from sdplan.distributions.failing import Asked, closed_failing, fewer_of, fewer_of_copies, late_hop, mixed
from sdplan.distributions.grids import Grid, share_below
from sdplan.distributions.memo import Memo
from sdplan.distributions.parts import Part
from sdplan.distributions.plans import Plan
from sdplan.distributions.trees import Node

_CELLS = 512
_SHORTEST = 1e-12  # s; an earlier question is asked for then
_NARROW = 0.25  # where no answer comes before three quarters of the time, the grid is drawn again from there
_FEW = 50  # cells; a wait of fewer is no longer than the time of all runs, which is known better


def failing(node: Node) -> float:
    """The probability that a call fails, its retries and spares included."""
    return closed_failing(node, Asked(late=exceeding, failed_by=_failed_by))


def exceeding(node: Node, time: float) -> float:
    """The probability that there is no good answer by `time` [s]; failed calls never give one."""
    if time < 0.0:
        return 1.0
    match node:
        case trees.Timeout():
            return exceeding(node.node, min(time, node.time))
        case trees.Branch():
            return math.fsum(share * exceeding(option, time) for share, option in node.options)
        case trees.ForkJoin():
            each = [exceeding(item, time) for item in node.items]
            return fewer_of(trees.count_needed(node.need, len(each)), each)
        case trees.FanOut():
            late = exceeding(node.node, time)
            return mixed(
                node.count,
                lambda count: fewer_of_copies(int(count), trees.count_needed(node.need, int(count)), late),
            )
        case _:
            hop = trees.as_one_hop(node)
            return late_hop(hop, time) if hop else max(0.0, 1.0 - _looked_up(node, time).good)


def mean_within(node: Node, time: float) -> float:
    """E[min(T, time)] in seconds, where T is when the answer comes, good or not."""
    if time <= 0.0:
        return 0.0
    match node:
        case trees.Timeout():
            return mean_within(node.node, min(time, node.time))
        case trees.Branch():
            return math.fsum(share * mean_within(option, time) for share, option in node.options)
        case trees.Optional():
            return mean_within(node.node, time)
        case _:
            hop = trees.as_one_hop(node)
            return _hop_within(hop, time) if hop else min(time, _looked_up(node, time).wait)


def _failed_by(node: Node, time: float) -> float:
    return _looked_up(node, time).failed


def _hop_within(hop: trees.Hop, time: float) -> float:
    start, rest = hop.law.fixed_part()
    within = min(start, time)
    if rest is not None and time > start:
        within += float(rest.lev(np.array(time - start)))
    return (1.0 - hop.unavailability) * within


class _Look(NamedTuple):
    """What of a tree has answered well, and failed, by some time, and the mean wait up to then [s]."""

    good: float
    failed: float
    wait: float


def _looked_up(node: Node, time: float) -> _Look:
    return _KNOWN((node, time), lambda: _look(node, time))


def _look(node: Node, time: float) -> _Look:
    time = max(time, _SHORTEST)
    plan, grid = Plan(node), _up_to(time)
    outcome = evaluate(plan, grid)
    start = min(part.start for part in outcome if not part.missing)
    if start < time and time - start < _NARROW * time:
        grid = _up_to(time - start)
        outcome = evaluate(plan, grid)
    parts = [(_come_by(part, grid, time), part) for part in outcome]
    waits = math.fsum(_within(part, grid, time, come) for come, part in parts)
    good, failed = (come for come, _ in parts)
    wait = min(time, max(0.0, time + waits))
    if wait - start < _FEW * grid.step:
        wait = min(wait, math.fsum(part.moment for part in wide(plan)[1]))
    return _Look(good, failed, wait)


def _up_to(time: float) -> Grid:
    """A grid that has this time in the middle of its last cell but one."""
    return Grid(time / (_CELLS - 1.5), _CELLS)


def _come_by(part: Part, grid: Grid, time: float) -> float:
    left = time - part.start
    if left < 0.0 or part.missing:
        return 0.0
    return min(part.mass, max(0.0, share_below(part.masses, grid, left)))


def _within(part: Part, grid: Grid, time: float, come: float) -> float:
    """How much earlier than `time` this part ends its wait: the integral of what has come by then [s]."""
    left = time - part.start
    if left <= 0.0 or part.missing:
        return 0.0
    come_by = np.cumsum(part.masses)
    whole = min(int(left / grid.step), grid.cells - 1)
    return -grid.step * (float(come_by[:whole].sum()) + (left / grid.step - whole) * float(come_by[whole]))


_KNOWN: Memo[_Look] = Memo()
