"""A law of delay from measurements: as they are where they are few, else in buckets of equal ratio.

A bucket stands for its values by their mean: the mean of all is kept to rounding, and every value to less
than `RELATIVE_ERROR` of itself; buckets of two files add up (Masson, Rim, Lee 2019, "DDSketch", section 2).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sdplan.distributions.laws import Deterministic, Law, LevForm
from sdplan.distributions.normal import Array

RELATIVE_ERROR = 0.005
_FEW = 512  # different values that are kept as they are
_TINIEST = 1e-15  # s; a shorter delay is none


@dataclass(frozen=True, slots=True)
class Empirical(Law):
    """Delays [s] in rising order, each with the share of the measurements that it stands for."""

    values: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return math.fsum(value * share for value, share in zip(self.values, self.shares, strict=True))

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        mean = self.mean
        spread = zip(self.values, self.shares, strict=True)
        return math.fsum(share * (value / mean - 1.0) ** 2 for value, share in spread) if mean else 0.0

    @property
    def key(self) -> tuple[str, tuple[float, ...], tuple[float, ...]]:
        return "Empirical", self.values, self.shares

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return self._lev, ()

    def _lev(self, x: Array) -> Array:
        steps = _steps(self)
        below = np.searchsorted(steps.values, x, side="right")
        lev: Array = steps.moments[below] + x * steps.above[below]
        return lev

    def sf(self, x: Array) -> Array:
        steps = _steps(self)
        above: Array = steps.above[np.searchsorted(steps.values, x, side="right")]
        return above

    def tail_quantile(self, tail: float) -> float:
        above = _steps(self).above[1:]
        return self.values[min(int(np.count_nonzero(above > tail)), len(self.values) - 1)]


class _Steps(NamedTuple):
    """The values, and before and after each of them the share above and the moment below."""

    values: Array
    above: Array
    moments: Array


@lru_cache(maxsize=64)
def _steps(law: Empirical) -> _Steps:
    values, shares = np.array(law.values), np.array(law.shares)
    above = np.append(np.cumsum(shares[::-1])[::-1], 0.0)
    return _Steps(values, above / above[0], np.append(0.0, np.cumsum(values * shares)))


def empirical(measurements: Iterable[float]) -> Law:
    """The law of these measured delays [s]."""
    values = np.fromiter(measurements, dtype=np.float64)
    distinct, counts = np.unique(_checked(values), return_counts=True)
    return _law(distinct, counts.astype(np.float64))


def empirical_from_counts(buckets: Iterable[tuple[float, float]]) -> Law:
    """The law of measured delays [s], each with how often it was seen."""
    pairs = np.array(list(buckets), dtype=np.float64).reshape(-1, 2)
    values, counts = _checked(pairs[:, 0]), pairs[:, 1]
    if not (np.isfinite(counts).all() and (counts >= 0.0).all() and counts.sum() > 0.0):
        raise ValueError("The counts of measured delays are numbers of 0 or more, at least one above 0.")
    distinct, place = np.unique(values[counts > 0.0], return_inverse=True)
    return _law(distinct, _summed(place, counts[counts > 0.0]))


def _checked(values: Array) -> Array:
    if not values.size or not np.isfinite(values).all() or (values < 0.0).any():
        raise ValueError("Measured delays are one or more finite durations of 0 s or more.")
    return values


def _law(values: Array, counts: Array) -> Law:
    if values.size > _FEW:
        values, counts = _bucketed(values, counts)
    if values.size == 1:
        return Deterministic(float(values[0]))
    return Empirical(tuple(values.tolist()), tuple((counts / counts.sum()).tolist()))


def _bucketed(values: Array, counts: Array) -> tuple[Array, Array]:
    """Buckets in which the largest value is at most 1 + RELATIVE_ERROR times the smallest."""
    number = np.floor(np.log(np.maximum(values, _TINIEST)) / math.log1p(RELATIVE_ERROR))
    _, place = np.unique(number, return_inverse=True)
    total = _summed(place, counts)
    return _summed(place, counts * values) / total, total


def _summed(place: npt.NDArray[np.intp], weights: Array) -> Array:
    return np.bincount(place, weights=weights).astype(np.float64)
