"""Percentiles of one law that has no closed form for them: all levels at once.

A ladder of times brackets each level, then parabolas through the last three points of the logarithm of the
survival find it; where the law jumps, sections of the bracket do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from sdplan.distributions.normal import Array

Survival = Callable[[Array], Array]
NO_TIME = 1e-300  # s; below it floats run out of digits
_SECTIONS = 512
_RUNGS, _DECADES = 128, 9.0
_TURNS = 8
_CLOSE = 1e-13  # relative
_ON_LEVEL = 1e-9  # of the logarithm of the survival


def tail_times(survival: Survival, reach: float, tails: Sequence[float]) -> list[float]:
    """The times [s] that these shares exceed, none of them beyond `reach` [s]."""
    if reach <= NO_TIME:
        return [reach] * len(tails)
    at = reach * _ladder()
    above = np.minimum.accumulate(survival(at))
    wanted = np.array(tails)
    rung = np.minimum(np.searchsorted(-above, -wanted, side="left"), at.size - 1)
    low, high = at[np.maximum(rung - 1, 0)], at[rung]
    met = (rung > 0) & (above[rung] > 0.0)
    found, sure = _by_parabolas(survival, (low, high), (above[np.maximum(rung - 1, 0)], above[rung]), wanted)
    return [
        time if close and good else sectioned(survival, first if good else 0.0, last, tail)
        for time, close, good, first, last, tail in zip(
            found.tolist(), sure.tolist(), met.tolist(), low.tolist(), high.tolist(), tails, strict=True
        )
    ]


@cache
def _ladder() -> Array:
    return np.array(10.0 ** np.linspace(-_DECADES, 0.0, _RUNGS))


def _by_parabolas(
    survival: Survival, ends: tuple[Array, Array], above: tuple[Array, Array], tails: Array
) -> tuple[Array, Array]:
    """The times at which the survival is as wanted, and whether each of them is sure."""
    low, high = ends
    with np.errstate(all="ignore"):  # two points on one level have no slope: the step is none, and not sure
        (a, b), (at_a, at_b) = ends, (np.log(level / tails) for level in above)
        slope = (b - a) / (at_b - at_a)
        c = a - at_a * slope
        for _ in range(_TURNS):
            at_c = np.log(survival(c) / tails)
            last, slope = slope, (c - b) / (at_c - at_b)
            step = at_c * (slope - at_b * (slope - last) / (at_c - at_a))
            step[~(np.abs(step) < high)] = 0.0
            a, at_a, b, at_b, c = b, at_b, c, at_c, np.minimum(np.maximum(c - step, low), high)
            if not (np.abs(step) > _CLOSE * c).any():
                break
    return c, (np.abs(step) <= 10.0 * _CLOSE * c) & (np.abs(at_c) < _ON_LEVEL)


def sectioned(survival: Survival, low: float, high: float, tail: float) -> float:
    """The time that a share `tail` exceeds, by sections between two times [s]."""
    while high - low > _CLOSE * high and high > NO_TIME:
        at = np.linspace(low, high, _SECTIONS + 1)
        above = int(np.count_nonzero(survival(at) > tail))
        low, high = float(at[max(above - 1, 0)]), float(at[min(above, _SECTIONS)])
    return high
