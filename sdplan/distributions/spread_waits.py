"""Waits that are not exponential for those who wait, and laws stretched in time."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from sdplan.distributions.laws import Exponential, Gamma, Law, LevForm
from sdplan.distributions.normal import Array
from sdplan.distributions.queue_laws import Mixture, Wait

_LEAST_SCV = 0.01  # a wait is never steadier than this, so that its law stays smooth on any grid
_ALIKE = 1e-6


@dataclass(frozen=True, slots=True)
class SpreadWait(Law):
    """The wait in a queue: none with probability 1 - waiting, else as `law` says."""

    waiting: float
    law: Law

    @property
    def mean(self) -> float:
        """Mean wait [s]."""
        return self.waiting * self.law.mean

    @property
    def scv(self) -> float:
        """Squared coefficient of variation; 0 where nobody waits."""
        return (1.0 + self.law.scv) / self.waiting - 1.0 if self.waiting else 0.0

    @property
    def key(self) -> Hashable:
        return "SpreadWait", self.waiting, self.law.key

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return self._lev, ()

    def _lev(self, x: Array) -> Array:
        return self.waiting * self.law.lev(x)

    def sf(self, x: Array) -> Array:
        return self.waiting * self.law.sf(x)

    def tail_quantile(self, tail: float) -> float:
        return self.law.tail_quantile(tail / self.waiting) if tail < self.waiting else 0.0

    def reach(self, tail: float) -> float:
        return self.law.reach(tail / self.waiting) if tail < self.waiting else 0.0


def wait_law(*, waiting: float, mean: float, scv: float) -> Law:
    """The wait in a queue in which a share `waiting` waits, for so long [s] and with this spread.

    Those who wait do so by a gamma law where the spread is below one; above it by a mixture of two
    exponential laws with the first three moments of that gamma law (Whitt 1982, Approximating a Point
    Process, Operations Research 30(1), eq. 3.5).
    """
    if abs(scv - 1.0) <= _ALIKE:
        return Wait(waiting=waiting, rate=1.0 / mean)
    if scv < 1.0:
        return SpreadWait(waiting, Gamma(mean, max(scv, _LEAST_SCV)))
    middle, half = (1.0 + scv) / 3.0, math.sqrt((1.0 + scv) * (2.0 * scv - 1.0) / 18.0)
    long = middle + half
    short = (1.0 + scv) / (6.0 * long)  # middle - half, which cancels
    share = min(1.0, (1.0 - short) / (long - short))
    return SpreadWait(
        waiting, Mixture((Exponential(long * mean), Exponential(short * mean)), (share, 1.0 - share))
    )


@dataclass(frozen=True, slots=True)
class Stretched(Law):
    """A law with every delay taking so many times as long."""

    law: Law
    by: float

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return self.by * self.law.mean

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return self.law.scv

    @property
    def key(self) -> Hashable:
        return "Stretched", self.by, self.law.key

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return self._lev, ()

    def _lev(self, x: Array) -> Array:
        return self.by * self.law.lev(np.asarray(x) / self.by)

    def sf(self, x: Array) -> Array:
        return self.law.sf(np.asarray(x) / self.by)

    def tail_quantile(self, tail: float) -> float:
        return self.by * self.law.tail_quantile(tail)

    def reach(self, tail: float) -> float:
        return self.by * self.law.reach(tail)

    def fixed_part(self) -> tuple[float, Law | None]:
        start, rest = self.law.fixed_part()
        return self.by * start, None if rest is None else Stretched(rest, self.by)


def stretched(law: Law, by: float) -> Law:
    """A law with every delay taking so many times as long; an exponential law stays one."""
    if by == 1.0:
        return law
    return Exponential(by * law.mean) if isinstance(law, Exponential) else Stretched(law, by)
