"""Integrals over the virtual wait of a queue whose callers give up after an exponential time.

Given that all servers are busy, the wait that a caller with endless patience would have has a density in
proportion to exp(lambda p (1 - e^(-t/p)) - c mu t), where p is the mean patience (Baccelli and Hebuterne
1981).  Time is counted in turns of 1 / (c mu).  The exponent is concave: it is integrated outwards from its
peak, relative to the peak, so that nothing overflows at any scale.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from sdplan.formulas._poisson import NODES

_GONE = 40.0  # e^-40 is lost beside one
_SHRINK = 0.25  # of each panel to the next, towards the peak
_PANELS = 22
_ENDLESS = 1e15  # turns of patience beyond which nobody gives up


class Virtual(NamedTuple):
    """The virtual wait: the logarithm of its weight, the share that gives up, and the served's turns."""

    log_mass: float
    lost: float
    served_turns: float


def virtual(ratio: float, patience: float) -> Virtual:
    """For an offered load of `ratio` per server and a mean patience in turns."""
    patience = min(patience, _ENDLESS)
    if patience <= 0 or ratio <= 0:
        return Virtual(0.0, 1.0 if patience <= 0 else 1 / (1 + patience), 1.0 if patience > 0 else 0.0)
    top = patience * math.log(ratio) if ratio > 1 else 0.0
    mass = lost = served = waited = 0.0
    for away, weight in _outwards(min(ratio, 1.0), patience, top):
        turns = top + away
        staying = math.exp(-turns / patience)
        mass += weight
        lost += weight * -math.expm1(-turns / patience)
        served += weight * staying
        waited += weight * staying * turns
    peak = patience * (ratio - 1 - math.log(ratio)) if ratio > 1 else 0.0
    return Virtual(math.log(mass) + peak, lost / mass, waited / served if served else 0.0)


def _outwards(pull: float, patience: float, top: float) -> Iterator[tuple[float, float]]:
    """Distances from the peak with the weight of each: the density there, the peak's being one."""
    for side, most in ((1.0, math.inf), (-1.0, top)):
        high = min(most, _reach(pull, patience, side, most))
        for panel in range(_PANELS if high else 0):
            low = high * _SHRINK if panel < _PANELS - 1 else 0.0
            for node, weight in NODES:
                away = side * (low + (high - low) * node)
                yield away, (high - low) * weight * math.exp(_fall(away, pull, patience))
            high = low


def _reach(pull: float, patience: float, side: float, most: float) -> float:
    away = 1e-9
    while away < most and _fall(side * away, pull, patience) > -_GONE:
        away *= 1.5
    return away


def _fall(away: float, pull: float, patience: float) -> float:
    """How far the exponent is below that at the peak."""
    return -(1 - pull) * away - pull * patience * _bend(away / patience)


def _bend(v: float) -> float:
    """v + e^-v - 1, summed as a series where it would cancel."""
    if abs(v) > 0.03:
        return v + math.expm1(-v) if v > -700 else math.inf
    return v * v * (1 / 2 - v * (1 / 6 - v * (1 / 24 - v * (1 / 120 - v * (1 / 720 - v / 5040)))))
