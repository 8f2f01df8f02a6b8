"""The wait of a served call in a queue whose callers give up."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sdplan.distributions.laws import Deterministic, Law, LevForm, sectioned
from sdplan.distributions.normal import Array
from sdplan.formulas.queueing_impatient import waiting_served_mmcm

_GONE = 42.0  # e^-42 is below 1e-18
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_GRADED = 0.75 ** np.arange(
    56, -1, -1
)  # panels shrink towards the peak, which may be far narrower than the rest


def impatient_wait(*, arrival_rate: float, service_time: float, servers: float, patience: float) -> Law:
    """The wait [s] of a served call at M/M/c+M; a finite `patience` [s] makes it finite at any load."""
    waiting = waiting_served_mmcm(
        arrival_rate=arrival_rate, service_time=service_time, servers=servers, patience=patience
    )
    if waiting <= 0.0:
        return Deterministic(0.0)
    return ImpatientWait(waiting, servers / service_time, arrival_rate * service_time / servers, patience)


@dataclass(frozen=True, slots=True)
class ImpatientWait(Law):
    """The wait of a served call at M/M/c+M, where a waiting call gives up after an exponential patience.

    Who waits (probability `waiting` among the served) has a density in proportion to
    exp(lambda p (1 - e^(-t/p)) - (c mu + 1/p) t) with the mean patience p [s], `rate` = c mu per second and
    `ratio` = lambda / (c mu), which may pass one (Baccelli and Hebuterne 1981, eq. for G/M/c+G waits).
    """

    waiting: float
    rate: float
    ratio: float
    patience: float

    @property
    def mean(self) -> float:
        """Mean wait [s]."""
        return self.waiting * self._table.first / self.rate

    @property
    def scv(self) -> float:
        """Squared coefficient of variation; 0 where nobody waits."""
        table = self._table
        return table.second / (self.waiting * table.first**2) - 1.0 if self.waiting else 0.0

    @property
    def key(self) -> Hashable:
        return "ImpatientWait", self.waiting, self.rate, self.ratio, self.patience

    @property
    def _table(self) -> _Table:
        return _table(self.ratio, self.rate * self.patience)

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return self._lev, ()

    def _lev(self, x: Array) -> Array:
        return self.waiting / self.rate * self._table.stay(self.rate * x)[1]

    def sf(self, x: Array) -> Array:
        return self.waiting * self._table.stay(self.rate * np.asarray(x, dtype=np.float64))[0]

    def tail_quantile(self, tail: float) -> float:
        return sectioned(self, tail) if tail < self.waiting else 0.0

    def reach(self, tail: float) -> float:
        if tail >= self.waiting:
            return 0.0
        table = self._table
        beyond = np.append(table.survival[1:], 0.0) * self.waiting <= tail
        return float(np.append(table.edges[1:], table.edges[-1])[int(np.argmax(beyond))]) / self.rate


class _Table(NamedTuple):
    """The wait of one who waits, in turns of 1 / (c mu): survival and limited expected value at the edges."""

    ratio: float
    patience: float
    peak: float
    scale: float
    edges: Array
    survival: Array
    lev: Array
    first: float
    second: float

    def density(self, turns: Array) -> Array:
        """Exact at each point; only the integrals below it are numerical."""
        return np.exp(_exponent(turns - self.peak, self.peak, self.ratio, self.patience)) / self.scale

    def stay(self, z: Array) -> tuple[Array, Array]:
        """Survival and limited expected value; what lies between two edges is integrated anew."""
        at = np.clip(z, 0.0, self.edges[-1])
        panel = np.clip(np.searchsorted(self.edges, at, side="right") - 1, 0, self.edges.size - 2)
        start, end = self.edges[panel], self.edges[panel + 1]
        over = self.survival[panel + 1] + _integral(self, at, end)[0]
        passed = _integral(self, start, at)
        return over, self.lev[panel] + (at - start) * over + passed[1] - start * passed[0]


def _integral(table: _Table, low: Array, high: Array) -> tuple[Array, Array, Array]:
    """Of the density, and of it times the turns and their square, by ten-point Gauss-Legendre sums."""
    half = (high - low)[..., None] / 2.0
    turns = low[..., None] + half * (1.0 + _NODES)
    share = half * _WEIGHTS * table.density(turns)
    return share.sum(-1), (share * turns).sum(-1), (share * turns**2).sum(-1)


def _exponent(ahead: Array, peak: float, ratio: float, patience: float) -> Array:
    """Of the density at `ahead` of its peak, less that at the peak."""
    slope = 1.0 + 1.0 / patience
    pull = slope if peak > 0.0 else ratio
    return np.asarray(-pull * patience * np.expm1(-ahead / patience) - slope * ahead)


@lru_cache(maxsize=1024)
def _table(ratio: float, patience: float) -> _Table:
    slope = 1.0 + 1.0 / patience
    peak = patience * max(0.0, math.log(ratio / slope)) if ratio > 0.0 else 0.0
    right = peak + _cut(peak, ratio, patience, 1.0)
    left = max(0.0, peak - _cut(peak, ratio, patience, -1.0)) if peak else 0.0
    below = peak - (peak - left) * _GRADED[::-1] if peak else np.empty(0)
    edges = np.concatenate(([0.0] if left else [], below, [peak], peak + (right - peak) * _GRADED))
    empty = np.zeros_like(edges)
    raw = _Table(ratio, patience, peak, 1.0, edges, empty, empty, 0.0, 0.0)
    mass, first, second = _integral(raw, edges[:-1], edges[1:])
    whole = float(mass.sum())
    survival = np.append(np.cumsum(mass[::-1])[::-1], 0.0) / whole
    passed = (first - edges[:-1] * mass) / whole + (edges[1:] - edges[:-1]) * survival[1:]
    lev = np.concatenate(([0.0], np.cumsum(passed)))
    moments = float(first.sum()) / whole, float(second.sum()) / whole
    return _Table(ratio, patience, peak, whole, edges, survival, lev, *moments)


def _cut(peak: float, ratio: float, patience: float, side: float) -> float:
    """How far on this side of its peak the density has fallen to nothing."""
    away = 1e-6
    while _exponent(np.asarray(side * away), peak, ratio, patience) > -_GONE and (side > 0.0 or away < peak):
        away *= 1.3
    return away
