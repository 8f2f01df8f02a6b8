"""Parts of runs: those that succeed, or those that fail, with the times at which they do.

A part has a `start` that all its runs share (fixed delays add up there without touching the grid), masses on
the grid from that start, and beside them its total mass and its moment E[time; run in this part], which are
carried exactly where a closed form exists, because a grid that ends cannot know them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sdplan.distributions.grids import Grid, convolved, from_survival, middles, shifted
from sdplan.distributions.normal import Array


class Part(NamedTuple):
    """A share of all runs and when they end."""

    start: float
    masses: Array
    mass: float
    moment: float

    @property
    def missing(self) -> bool:
        """No run is in this part."""
        return self.mass <= 0.0


def atom(grid: Grid, time: float, mass: float = 1.0) -> Part:
    """A share `mass` of the runs, all of which end at `time` [s]."""
    masses = np.zeros(grid.cells)
    masses[0] = mass
    return Part(time, masses, mass, mass * time)


def scaled(part: Part, factor: float) -> Part:
    """A share `factor` of the part."""
    return Part(part.start, part.masses * factor, part.mass * factor, part.moment * factor)


def begun(part: Part, start: float, grid: Grid) -> Part:
    """The same part counted from an earlier start [s]."""
    if part.start == start:
        return part
    return part._replace(start=start, masses=shifted(part.masses, (part.start - start) / grid.step))


def regridded(part: Part, fine: Grid, grid: Grid) -> Part:
    """A part from a grid that holds all of it, in the wider cells of another; its mean stays."""
    masses = part.masses.copy()
    masses[-1] += part.mass - masses.sum()
    at = np.arange(fine.cells) * (fine.step / grid.step)
    cells = np.minimum(at.astype(np.intp), grid.cells)
    share = at - cells
    wider = np.zeros(grid.cells + 2)
    np.add.at(wider, cells, masses * (1.0 - share))
    np.add.at(wider, cells + 1, masses * share)
    return part._replace(masses=wider[: grid.cells])


def joined(parts: Sequence[Part], grid: Grid) -> Part:
    """Parts of different runs as one."""
    present = [part for part in parts if not part.missing]
    if len(present) < 2:
        return present[0] if present else parts[0]
    start = min(part.start for part in present)
    masses = np.sum([begun(part, start, grid).masses for part in present], axis=0)
    mass, moment = math.fsum(p.mass for p in present), math.fsum(p.moment for p in present)
    return Part(start, masses, mass, moment)


def chained(parts: Sequence[Part]) -> Part:
    """Independent parts one after another."""
    mass = math.prod(part.mass for part in parts)
    mean = math.fsum(part.moment / part.mass for part in parts) if mass else 0.0
    start = math.fsum(part.start for part in parts)
    spread = [part.masses for part in parts if not _is_atom(part)]
    weight = math.prod(part.mass for part in parts if _is_atom(part))
    if not spread:
        return Part(start, parts[0].masses * (mass / parts[0].mass if mass else 0.0), mass, mass * mean)
    masses = convolved(np.stack(spread)) if len(spread) > 1 else spread[0]
    return Part(start, masses * weight if weight != 1.0 else masses, mass, mass * mean)


def _is_atom(part: Part) -> bool:
    return float(part.masses[0]) == part.mass


def ended_by(part: Part, time: float, grid: Grid) -> Part:
    """The runs of the part that end by `time` [s]; where the grid ends before, all of them."""
    left = time - part.start
    if left < 0.0:
        return scaled(part, 0.0)
    if left >= grid.end or part.missing:
        return part
    survival = part.mass - np.cumsum(part.masses)
    beyond = float(np.interp(left, middles(grid), survival))
    cell = int(left / grid.step)
    inside = left - cell * grid.step
    there = inside * float(np.interp(left - 0.5 * inside, middles(grid), survival))
    return cut(part, survival, grid, left, beyond=beyond, there=there)


def cut(part: Part, survival: Array, grid: Grid, left: float, *, beyond: float, there: float) -> Part:
    """The part up to `left` seconds after its start.

    `survival` is its mean over each cell, `beyond` what it is at the cut, `there` its integral over the cell
    of the cut up to the cut.
    """
    cell = int(left / grid.step)
    kept = survival - beyond
    kept[cell] = max(0.0, there / grid.step - beyond * (left / grid.step - cell))
    kept[cell + 1 :] = 0.0
    mass = max(0.0, part.mass - beyond)
    np.minimum.accumulate(np.minimum(kept, mass), out=kept)
    moment = part.start * mass + grid.step * float(kept.sum())
    return Part(part.start, from_survival(kept, mass), mass, moment)
