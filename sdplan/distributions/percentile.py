"""Percentiles of a tree of calls, with an estimate of their numerical error.

A first, wide grid holds all but a millionth of the runs: it gives the totals, which a grid that ends cannot
know, and says roughly where the percentiles lie.  Each percentile is then read from a grid that ends a little
beyond it, which is exact because nothing depends on what comes later.  The same percentile on two grids tells
how far off the finer one is; where that is too much, its cells are halved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from sdplan.distributions import trees
from sdplan.distributions.evaluation import evaluate, wide
from sdplan.distributions.grids import Grid, GridError, share_below
from sdplan.distributions.memo import Memo
from sdplan.distributions.plans import Plan
from sdplan.distributions.trees import Node
from sdplan.distributions.views import View, mean_of, viewed

LEVELS = (0.5, 0.95, 0.99, 0.999)
TOLERANCE = 1e-3  # wanted relative error of a percentile
_CELLS = 512
_MOST_CELLS = 4096
_MARGIN = 1.3  # how far a grid goes beyond the percentile that is read from it
_LOWEST = 1 / 6  # a percentile below this part of a grid is read from a finer one
_DEEPEST = 6  # grids within grids; the sixth is 6^6 times finer than the first
_HARDLY_ANY = 1e-6  # of so few good runs no percentile is told
_SHORT = 1e-3  # the error of a percentile below this part of the mean is stated against this part
_SMALLEST = 1e-6  # what is smaller than this part of the mean is not told apart from 0


class Result(NamedTuple):
    """The time of good runs in seconds, and the share of runs that fail.

    `mean` is None and `quantiles` is empty where all but a millionth of the runs fail.  `error` is the
    estimated relative error of the worst percentile, from the numerical method alone.
    """

    mean: float | None
    quantiles: dict[float, float]
    failed: float
    error: float


KNOWN: Memo[Result] = Memo()
"""The percentiles that were asked for, by tree and levels."""


class _Group(NamedTuple):
    """Percentiles that are read from one view, and the estimated error of the worst of them."""

    view: View
    levels: list[float]
    error: float


def percentiles(node: Node, levels: Iterable[float] = LEVELS) -> Result:
    """Mean and percentiles of the good runs [s], the failed share, and the numerical error.

    What was asked before, of the same tree, is not computed again.
    """
    wanted = sorted(set(levels))
    return KNOWN((node, tuple(wanted)), lambda: _percentiles(node, wanted))


def _percentiles(node: Node, wanted: list[float]) -> Result:
    if isinstance(node, trees.Hop):
        return _of_one_law(node, wanted)
    plan = Plan(node)
    grid, outcome = wide(plan)
    ok, bad = outcome
    if ok.mass < _HARDLY_ANY:
        return Result(None, {}, bad.mass, 0.0)
    whole = viewed(plan, ok.mass, grid, outcome, wanted)
    groups = list(_groups(whole, wanted, ok.moment / ok.mass))
    read = {level: group.view.read[level] for group in groups for level in group.levels}
    times = accumulate((read[level] for level in wanted), max)  # they come from grids that differ in rounding
    finer = () if plan.has_exact_totals else (group.view for group in groups)
    mean = mean_of([whole, *finer])
    worst = max((group.error for group in groups), default=0.0)
    return Result(mean, dict(zip(wanted, times, strict=True)), bad.mass, worst)


def _of_one_law(hop: trees.Hop, levels: Sequence[float]) -> Result:
    if 1.0 - hop.unavailability < _HARDLY_ANY:
        return Result(None, {}, hop.unavailability, 0.0)
    times = hop.law.tail_quantiles([1.0 - level for level in levels])
    return Result(hop.law.mean, dict(zip(levels, times, strict=True)), hop.unavailability, 0.0)


def cdf_at(node: Node, time: float) -> float:
    """The share of good runs that end within `time` [s]; 0 where hardly any is good."""
    plan = Plan(node)
    grid, outcome = wide(plan)
    good, left = outcome.ok.mass, time - outcome.ok.start
    if good < _HARDLY_ANY or left < 0.0:
        return 0.0
    if left * _MARGIN < grid.end:
        cells = 4 * _CELLS
        grid = Grid(max(left * _MARGIN, _SMALLEST * grid.end) / cells, cells)
        outcome = evaluate(plan, grid)
    return min(1.0, share_below(outcome.ok.masses, grid, time - outcome.ok.start) / good)


def _groups(coarse: View, levels: list[float], mean: float) -> Iterator[_Group]:
    """The percentiles of these levels, from finer and finer grids."""
    for depth in range(_DEEPEST):
        if not levels:
            return
        end = _MARGIN * (coarse.read[levels[-1]] - coarse.start)
        if end <= _SMALLEST * (mean or 1.0):
            yield _Group(coarse._replace(read=dict.fromkeys(levels, coarse.start)), levels, 0.0)
            return
        view = _closer(coarse, end, levels)
        if view is coarse:
            yield _Group(coarse, levels, coarse.grid.step / max(coarse.read[levels[0]], _SHORT * mean))
            return
        lowest = view.start + view.grid.end * _LOWEST if depth < _DEEPEST - 1 else view.start
        near = [level for level in levels if view.read[level] >= lowest]
        if depth < _DEEPEST - 1:
            near = _exact_enough(coarse, view, near, _SHORT * mean)
        yield _refined(coarse, view, near, _SHORT * mean)
        coarse, levels = view, [level for level in levels if level not in near]


def _exact_enough(coarse: View, view: View, levels: list[float], short: float) -> list[float]:
    """The highest level, and all others but those that are better read from the next, narrower grid."""
    lower = [level for level in levels[:-1] if _error(coarse, view, level, short) <= TOLERANCE]
    return [*lower, *levels[-1:]]


def _closer(coarse: View, end: float, levels: list[float]) -> View:
    """A view that ends a little beyond the highest percentile; the coarse one where no finer can be had."""
    try:
        view = coarse.on(Grid(end / _CELLS, _CELLS), levels)
        while view.read[levels[-1]] >= view.end and view.grid.end < coarse.grid.end:
            view = coarse.on(Grid(2.0 * view.grid.step, _CELLS), levels)
    except GridError:
        return coarse
    return view


def _refined(coarse: View, view: View, levels: list[float], short: float) -> _Group:
    error = max((_error(coarse, view, level, short) for level in levels), default=0.0)
    if error <= TOLERANCE or view.grid.cells >= _MOST_CELLS:
        return _Group(view, levels, error)
    try:
        finer = view.on(Grid(view.grid.step / 2, view.grid.cells * 2), levels)
    except GridError:
        return _Group(view, levels, error)
    return _refined(view, finer, levels, short)


def _error(coarse: View, view: View, level: float, short: float) -> float:
    """Richardson's estimate, as if the error fell with the step only, as it does beside a kink or a jump."""
    ratio = view.grid.step / coarse.grid.step
    apart = abs(view.read[level] - coarse.read[level])
    return apart * ratio / max(abs(1.0 - ratio), 0.25) / max(view.read[level], short)
