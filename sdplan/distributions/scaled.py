"""A law of which every delay lasts so many times as long."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from sdplan.distributions.laws import Law, LevForm
from sdplan.distributions.normal import Array


@dataclass(frozen=True, slots=True)
class Scaled(Law):
    """`factor` times a delay of this law; the factor is above 0."""

    law: Law
    factor: float

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return self.factor * self.law.mean

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return self.law.scv

    @property
    def key(self) -> Hashable:
        return "Scaled", self.factor, self.law.key

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return self._lev, ()

    def _lev(self, x: Array) -> Array:
        return self.factor * self.law.lev(x / self.factor)

    def sf(self, x: Array) -> Array:
        return self.law.sf(x / self.factor)

    def tail_quantile(self, tail: float) -> float:
        return self.factor * self.law.tail_quantile(tail)

    def reach(self, tail: float) -> float:
        return self.factor * self.law.reach(tail)
