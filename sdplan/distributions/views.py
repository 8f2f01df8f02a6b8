"""A tree of calls on one grid, and what is read from it: percentiles and means of the good runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sdplan.distributions.evaluation import evaluate
from sdplan.distributions.grids import Grid, quantiles
from sdplan.distributions.outcomes import Outcome
from sdplan.distributions.plans import Plan


class View(NamedTuple):
    """A tree on one grid; `good` is the share of good runs, on the grid and beyond it."""

    plan: Plan
    good: float
    grid: Grid
    outcome: Outcome
    read: dict[float, float]  # level: percentile [s]

    @property
    def start(self) -> float:
        """The time before which no good run ends [s]."""
        return self.outcome.ok.start

    @property
    def end(self) -> float:
        """The time up to which the grid tells of good runs [s]."""
        return self.start + self.grid.end

    def on(self, grid: Grid, levels: Sequence[float]) -> View:
        """The same tree on another grid, and these percentiles."""
        outcome = evaluate(self.plan, grid)
        ok = outcome.ok
        holds_all = ok.mass - float(ok.masses.sum()) < 1e-9 and ok.mass > 0.5 * self.good
        return viewed(self.plan, ok.mass if holds_all else self.good, grid, outcome, levels)

    def mean_within(self, time: float) -> float:
        """E[min(end of a good run, time)] in seconds, for a time on the grid."""
        left = min(max(time - self.start, 0.0), self.grid.end) / self.grid.step
        survival = 1.0 - np.cumsum(self.outcome.ok.masses) / self.good
        whole = min(int(left), self.grid.cells - 1)
        cells = float(survival[:whole].sum()) + (left - whole) * float(survival[whole])
        return self.start + self.grid.step * cells


def viewed(plan: Plan, good: float, grid: Grid, outcome: Outcome, levels: Sequence[float]) -> View:
    """A view of an outcome that is known already."""
    ok = outcome.ok
    times = quantiles(ok.masses, grid, levels, good)
    return View(plan, good, grid, outcome, {p: ok.start + t for p, t in zip(levels, times, strict=True)})


def mean_of(views: Sequence[View]) -> float:
    """The mean [s] from a view that holds all runs, and from finer ones up to where they end."""
    ok = views[0].outcome.ok
    mean = ok.moment / ok.mass
    for coarse, fine in pairwise(views):
        mean += fine.mean_within(fine.end) - coarse.mean_within(fine.end)
    return max(mean, ok.start)  # where nearly all takes no time, rounding is all that is left
