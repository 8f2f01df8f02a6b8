"""Linear grids, and masses on them in bins that keep the mean.

A law becomes masses at 0, h, 2h, ...: with g_k = (lev((k+1)h) - lev(kh))/h, the mean survival over a cell,
the mass at kh is p_k = g_{k-1} - g_k.  Each duration is thereby shared between its two neighbours so that its
mean stays, even where h is far wider than the law (Gerber 1982, local matching of the first moment).
What lies beyond the last cell is left out, and nothing below that cell ever depends on it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from sdplan.distributions.normal import Array

MASS_TOLERANCE = 1e-9
_ROUNDING = 1e-5
_DAMPING = 1e-8
_JUMP = 15.0  # times as much in three cells as in the two beside them; a density has 1.5 times
_NOTHING = 1e-13  # of all runs; what is less may come from rounding alone


class GridError(ArithmeticError):
    """A law whose closed form does not survive the second differences of this grid."""


class Grid(NamedTuple):
    """Cells of `step` seconds, the first of them from 0 to `step`."""

    step: float
    cells: int

    @property
    def end(self) -> float:
        """Where the grid ends [s]."""
        return self.step * self.cells


def from_survival(survival: Array, total: float = 1.0) -> Array:
    """The masses whose mean survival over each cell is this, where `total` is what there is at all.

    A survival that rises a little by rounding is levelled, so that the masses still add up; one that rises by
    more than that is refused, because clipped masses would add up to more than there is.
    """
    binned = _differences(survival, total)
    if _lost(binned) <= MASS_TOLERANCE:
        return binned
    level = np.minimum.accumulate(np.clip(survival, 0.0, total), axis=-1)
    if float(np.abs(level - survival).max()) > _ROUNDING:
        raise GridError(f"a law loses {_lost(binned):.1e} of its mass in these bins")
    return _differences(level, total)


def _differences(survival: Array, total: float) -> Array:
    binned = np.empty_like(survival)
    binned[..., 0] = total - survival[..., 0]
    np.subtract(survival[..., :-1], survival[..., 1:], out=binned[..., 1:])
    return binned


def _lost(binned: Array) -> float:
    return -float(np.minimum(binned, 0.0).sum(axis=-1).min())


def convolved(stack: Array) -> Array:
    """The masses of the sum of independent delays, one per row."""
    damping, undamping = _damping(stack.shape[-1])
    product = np.multiply.reduce(np.fft.rfft(stack * damping), axis=0)
    result: Array = np.fft.irfft(product, stack.shape[-1]) * undamping
    return result


@cache
def _damping(cells: int) -> tuple[Array, Array]:
    """What lies beyond the grid comes round again in a Fourier transform: damped by 1e-8 at each turn."""
    damping = _DAMPING ** (counting(cells) / cells)
    return damping, 1.0 / damping


@cache
def counting(cells: int) -> Array:
    """0, 1, 2, ... as floats."""
    return np.arange(cells, dtype=np.float64)


def shifted(array: Array, cells: float) -> Array:
    """Masses moved by a number of cells, shared between neighbours where it is not whole; cells >= 0."""
    whole = int(cells)
    part = cells - whole
    moved = np.zeros_like(array)
    if whole >= array.size:
        return moved
    moved[whole:] = array[: array.size - whole] * (1.0 - part)
    if part:
        moved[whole + 1 :] += array[: max(array.size - whole - 1, 0)] * part
    return moved


def middles(grid: Grid) -> Array:
    """The middles of the cells [s], where the running sum of the masses is the share below."""
    return (counting(grid.cells) + 0.5) * grid.step


def quantiles(array: Array, grid: Grid, levels: Sequence[float], total: float) -> list[float]:
    """The times [s] within which these shares of `total` have come, log-linear in what is still to come.

    The end of the grid where it holds less than that.
    """
    come = np.maximum.accumulate(np.cumsum(array)) / total
    cells = np.searchsorted(come, levels).tolist()
    return [grid.step * _crossing(come, array, k, level) for k, level in zip(cells, levels, strict=True)]


def _crossing(come: Array, array: Array, k: int, level: float) -> float:
    """Where the share that has come crosses this level, in cells; k is the first cell that holds it."""
    if k == 0:
        return 0.5 * level / float(come[0])
    if k == come.size:
        return float(k)
    near = array[k - 2 : k + 3] if 2 <= k < come.size - 2 else np.ones(5)
    before, first, middle, last, after = map(float, near.tolist())
    jump = first + middle + last
    if jump > max(_NOTHING, _JUMP * (before + after)):
        # one time shared by cells, not a density: its mean is that time
        return k + (last - first) / jump
    ahead, behind = 1.0 - float(come[k - 1]), 1.0 - float(come[k])
    if ahead <= behind:  # the level is met to the last digit before this cell
        return k - 0.5
    if behind <= 0.0:
        return k - 0.5 + (ahead - (1.0 - level)) / (ahead - behind)
    return k - 0.5 + math.log(ahead / (1.0 - level)) / math.log(ahead / behind)


def share_below(array: Array, grid: Grid, time: float) -> float:
    """The mass that has come within `time` [s]; all on the grid where the grid ends before."""
    return float(np.interp(time, middles(grid), np.maximum.accumulate(np.cumsum(array))))
