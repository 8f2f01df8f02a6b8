"""Percentiles of a tree of calls, with an estimate of their numerical error.

A first, wide grid holds all but a millionth of the runs: it gives the totals, which a grid that ends cannot
know, and says roughly where the percentiles lie.  Each percentile is then read from a grid that ends a little
beyond it, which is exact because nothing depends on what comes later.  The same percentile on two grids tells
how far off the finer one is; where that is too much, its cells are halved.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sdplan.distributions import trees
from sdplan.distributions.evaluation import evaluate, wide
from sdplan.distributions.grids import Grid, GridError, quantiles, share_below
from sdplan.distributions.outcomes import Outcome
from sdplan.distributions.trees import Node

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
    estimated relative error of
    the worst percentile, from the numerical method alone.
    """

    mean: float | None
    quantiles: dict[float, float]
    failed: float
    error: float


class _View(NamedTuple):
    """A tree on one grid, and the percentiles of good runs as they are read from it."""

    grid: Grid
    outcome: Outcome
    read: dict[float, float]

    def ends_before(self, level: float) -> bool:
        """The percentile lies beyond the grid, because the coarser grid put it too low."""
        return self.read[level] >= self.outcome.ok.start + self.grid.end


class _Estimate(NamedTuple):
    """A percentile and its estimated relative error."""

    value: float
    error: float


class _Question(NamedTuple):
    """A tree, the share of good runs and their mean [s]."""

    node: Node
    good: float
    mean: float

    def on(self, grid: Grid, levels: Sequence[float]) -> _View:
        outcome = evaluate(self.node, grid)
        ok = outcome.ok
        times = quantiles(ok.masses, grid, levels, self.good)
        return _View(grid, outcome, {level: ok.start + t for level, t in zip(levels, times, strict=True)})


def percentiles(node: Node, levels: Iterable[float] = LEVELS) -> Result:
    """Mean and percentiles of the good runs [s], the failed share, and the numerical error."""
    wanted = sorted(levels)
    if isinstance(node, trees.Hop):
        return _of_one_law(node, wanted)
    grid, outcome = wide(node)
    ok, bad = outcome
    if ok.mass < _HARDLY_ANY:
        return Result(None, {}, bad.mass, 0.0)
    mean = ok.moment / ok.mass
    times = quantiles(ok.masses, grid, wanted, ok.mass)
    rough = _View(grid, outcome, {p: ok.start + t for p, t in zip(wanted, times, strict=True)})
    read = _readings(_Question(node, ok.mass, mean or 1.0), rough, wanted, _DEEPEST)
    worst = max((estimate.error for estimate in read.values()), default=0.0)
    return Result(mean, {level: read[level].value for level in wanted}, bad.mass, worst)


def _of_one_law(hop: trees.Hop, levels: Sequence[float]) -> Result:
    if 1.0 - hop.unavailability < _HARDLY_ANY:
        return Result(None, {}, hop.unavailability, 0.0)
    return Result(hop.law.mean, {p: hop.law.quantile(p) for p in levels}, hop.unavailability, 0.0)


def cdf_at(node: Node, time: float) -> float:
    """The share of good runs that end within `time` [s]; 0 where hardly any is good."""
    grid, outcome = wide(node)
    good, left = outcome.ok.mass, time - outcome.ok.start
    if good < _HARDLY_ANY or left < 0.0:
        return 0.0
    if left * _MARGIN < grid.end:
        cells = 4 * _CELLS
        grid = Grid(max(left * _MARGIN, _SMALLEST * grid.end) / cells, cells)
        outcome = evaluate(node, grid)
    return min(1.0, share_below(outcome.ok.masses, grid, time - outcome.ok.start) / good)


def _readings(question: _Question, coarse: _View, levels: list[float], depth: int) -> dict[float, _Estimate]:
    """The percentiles of these levels, from finer grids than `coarse`."""
    if not levels:
        return {}
    start = coarse.outcome.ok.start
    end = _MARGIN * (coarse.read[levels[-1]] - start)
    if end <= _SMALLEST * question.mean:  # all of them at the start itself: nothing smaller is told apart
        return dict.fromkeys(levels, _Estimate(start, 0.0))
    try:
        view = question.on(Grid(end / _CELLS, _CELLS), levels)
        while view.ends_before(levels[-1]) and view.grid.end < coarse.grid.end:
            view = question.on(Grid(2 * view.grid.step, _CELLS), levels)
    except GridError:
        blurred = coarse.grid.step / max(coarse.read[levels[0]], _SHORT * question.mean)
        return {level: _Estimate(coarse.read[level], blurred) for level in levels}
    lowest = start + view.grid.end * _LOWEST if depth else -math.inf
    near = [level for level in levels if view.read[level] >= lowest]
    far = [level for level in levels if view.read[level] < lowest]
    return _refined(question, coarse, view, near) | _readings(question, view, far, depth - 1)


def _refined(question: _Question, coarse: _View, view: _View, levels: list[float]) -> dict[float, _Estimate]:
    read = {level: _estimate(coarse, view, level, _SHORT * question.mean) for level in levels}
    off = max((estimate.error for estimate in read.values()), default=0.0)
    if off <= TOLERANCE or view.grid.cells >= _MOST_CELLS:
        return read
    try:
        finer = question.on(Grid(view.grid.step / 2, view.grid.cells * 2), levels)
    except GridError:
        return read
    return _refined(question, view, finer, levels)


def _estimate(coarse: _View, view: _View, level: float, short: float) -> _Estimate:
    """Richardson's estimate, as if the error fell with the step only, as it does beside a kink or a jump."""
    ratio = view.grid.step / coarse.grid.step
    value = view.read[level]
    apart = abs(value - coarse.read[level])
    return _Estimate(value, apart * ratio / max(abs(1.0 - ratio), 0.25) / max(value, short))
