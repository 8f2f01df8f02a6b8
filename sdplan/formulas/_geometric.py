"""A truncated geometric distribution: weights ratio^n for n below a number of places.

Nothing cancels or overflows, neither at a ratio of one nor far above it.
"""

from __future__ import annotations

import math

_SERIES = (1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600)


def total(ratio: float, places: float) -> float:
    """1 + q + ... over so many places, where q is the smaller of the ratio and its inverse."""
    if places <= 0 or ratio <= 0:
        return float(places > 0)
    slope = -abs(math.log(ratio))
    return places if slope == 0 else math.expm1(places * slope) / math.expm1(slope)


def mean_turns(ratio: float, places: float) -> float:
    """The mean of n + 1."""
    if places <= 1 or ratio <= 0:
        return 1.0
    slope = math.log(ratio)
    reach = places * slope
    if abs(reach) < 1:
        return (places + 1) / 2 + (places * _bend(reach) if reach else 0.0) - _bend(slope)
    whole = places / -math.expm1(-reach) if reach > -700 else 0.0
    return whole - 1 / math.expm1(slope) if slope < 700 else places


def _bend(x: float) -> float:
    """1/(e^x - 1) - 1/x + 1/2 for |x| below one."""
    square, power, bend = x * x, x, 0.0
    for coefficient in _SERIES:
        bend += coefficient * power
        power *= square
    return bend
