"""Calls at once, of which all, one or k have to succeed.

Success comes with the k-th good answer, failure with the last answer once k good ones have become impossible.
At each time this is a count of independent branches, so it is computed point by point on the cdfs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from sdplan.distributions.grids import Grid
from sdplan.distributions.normal import Array
from sdplan.distributions.outcomes import Outcome, at_once
from sdplan.distributions.parts import Part, begun

Counts = tuple[Array, Array]
"""P(fewer than k good answers by x) and P(all answered by x, fewer than k good)."""


class _Branch(NamedTuple):
    """Shares that have answered well, or badly, by the middle of each cell; in the last place, ever."""

    good: Array
    bad: Array


def needed(outcomes: Sequence[Outcome], need: int, grid: Grid) -> Outcome:
    """All at once, of which `need` have to succeed."""
    if need <= 0 or not outcomes:
        return at_once(grid)
    start = _first_start(outcomes)
    branches = [_shares(outcome, start, grid) for outcome in outcomes]
    excess = sum(_excess(o, b, start, grid) for o, b in zip(outcomes, branches, strict=True))
    counts = _distinct(branches, need)
    return _outcome(counts, start, grid, excess if need == len(outcomes) else 0.0)


def identical(outcome: Outcome, count: int, need: int, grid: Grid) -> Outcome:
    """`count` independent copies of one call at once, of which `need` have to succeed."""
    if need <= 0 or count <= 0:
        return at_once(grid)
    start = _first_start((outcome,))
    branch = _shares(outcome, start, grid)
    excess = count * _excess(outcome, branch, start, grid) if need == count else 0.0
    return _outcome(_alike(branch, count, need), start, grid, excess)


def hedged(outcome: Outcome, delay: float, grid: Grid) -> Outcome:
    """A call, and an independent copy of it if it has not answered after `delay` [s].

    The first good answer counts.  A call that fails before the delay has answered, so nothing follows it.
    """
    start = _first_start((outcome,))
    first, second = (_shares(copy, start, grid) for copy in (outcome, _begun_after(outcome, delay)))
    on_grid = (delay - start) / grid.step - 0.5
    early = 0.0 if delay < start else float(np.interp(on_grid, np.arange(grid.cells), first.bad[:-1]))
    open_at_delay = (1.0 - early - first.good).clip(0.0)
    failed = np.minimum(first.bad, early) + (first.bad - early).clip(0.0) * second.bad
    return Outcome(
        _part(first.good + open_at_delay * second.good, start, grid, 0.0), _part(failed, start, grid, 0.0)
    )


def _begun_after(outcome: Outcome, delay: float) -> Outcome:
    return Outcome(*(part._replace(start=part.start + delay) for part in outcome))


def _first_start(outcomes: Sequence[Outcome]) -> float:
    return min(part.start for outcome in outcomes for part in outcome if not part.missing)


def _shares(outcome: Outcome, start: float, grid: Grid) -> _Branch:
    return _Branch(_share(outcome.ok, start, grid), _share(outcome.bad, start, grid))


def _share(part: Part, start: float, grid: Grid) -> Array:
    if part.missing:
        return np.zeros(grid.cells + 1)
    come = np.cumsum(begun(part, start, grid).masses)
    return np.append(np.maximum.accumulate(come.clip(0.0, part.mass)), part.mass)


def _excess(outcome: Outcome, branch: _Branch, start: float, grid: Grid) -> float:
    """E[(time - end of the grid)+; good]: where all are needed, late ends of branches simply add up."""
    ok = outcome.ok
    on_grid = grid.step * float((ok.mass - branch.good[:-1]).sum())
    return max(0.0, ok.moment - start * ok.mass - on_grid)


def _distinct(branches: Sequence[_Branch], need: int) -> Counts:
    if need == len(branches):
        good: Array = reduce(np.multiply, (b.good for b in branches))
        answered: Array = reduce(np.multiply, (b.good + b.bad for b in branches))
        return 1.0 - good, answered - good
    waiting = reduce(_one_more, ((1.0 - b.good, b.good) for b in branches), _none(branches[0], need))
    failed = reduce(_one_more, ((b.bad, b.good) for b in branches), _none(branches[0], need))
    return waiting.sum(axis=0), failed.sum(axis=0)


def _none(branch: _Branch, need: int) -> Array:
    counts = np.zeros((need, branch.good.size))
    counts[0] = 1.0
    return counts


def _one_more(counts: Array, branch: tuple[Array, Array]) -> Array:
    """P(0, 1, ..., k-1 good answers) with one branch more."""
    not_good, good = branch
    more = counts * not_good
    more[1:] += counts[:-1] * good
    return more


def _alike(branch: _Branch, count: int, need: int) -> Counts:
    good, bad = branch
    if need == count:
        every: Array = good**count
        return 1.0 - every, (good + bad) ** count - every
    terms = [float(math.comb(count, k)) for k in range(need)] if count < 1000 else []
    if not terms:
        return _many_alike(branch, count, need)
    waiting = sum(
        (c * good**k * (1.0 - good) ** (count - k) for k, c in enumerate(terms)), np.zeros_like(good)
    )
    failed = sum((c * good**k * bad ** (count - k) for k, c in enumerate(terms)), np.zeros_like(good))
    return waiting, failed


def _many_alike(branch: _Branch, count: int, need: int) -> Counts:
    """The same in logarithms, where the binomial coefficients leave the range of floats."""
    log = [np.log(x.clip(1e-300)) for x in (branch.good, 1.0 - branch.good, branch.bad)]
    waiting, failed = np.zeros_like(log[0]), np.zeros_like(log[0])
    for k in range(need):
        ways = math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
        waiting += np.exp(np.minimum(0.0, ways + k * log[0] + (count - k) * log[1]))
        failed += np.exp(np.minimum(0.0, ways + k * log[0] + (count - k) * log[2]))
    return waiting, failed


def _outcome(counts: Counts, start: float, grid: Grid, excess: float) -> Outcome:
    waiting, failed = counts
    return Outcome(
        _part(1.0 - waiting, start, grid, excess),
        _part(np.maximum.accumulate(failed.clip(0.0, 1.0)), start, grid, 0.0),
    )


def _part(come: Array, start: float, grid: Grid, excess: float) -> Part:
    mass = float(come[-1])
    moment = start * mass + grid.step * float((mass - come[:-1]).sum()) + excess
    return Part(start, np.diff(come[:-1], prepend=0.0), mass, moment)
