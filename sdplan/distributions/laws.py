"""Laws of delay: how long one hop takes, as a distribution over seconds.

A law gives its mean and squared coefficient of variation, its survival function, and the limited expected
value `lev(x) = E[min(X, x)]`, from which a grid takes bins that keep the mean exactly.  Closed forms
throughout: Klugman, Panjer, Willmot, "Loss Models" (2012), appendix A; those of queues are in `queue_laws`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from sdplan.distributions.incomplete_gamma import gamma_shares
from sdplan.distributions.normal import Array, normal_cdf, normal_upper_quantile
from sdplan.distributions.tails import tail_times

LevForm = Callable[..., Array]
"""`lev` as a function of x and the parameters, which broadcast: many laws of one family in one call."""


class Law(ABC):
    """A delay in seconds, never negative and with a finite mean."""

    __slots__ = ()

    if TYPE_CHECKING:  # a property here at run time would become the default of the dataclass field `mean`

        @property
        def mean(self) -> float: ...

        @property
        def scv(self) -> float: ...

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, float | int) and not math.isfinite(value):
                raise ValueError(f"The {field.name} of a law of delay is a finite number, not {value}.")

    @property
    def key(self) -> Hashable:
        """What tells this law from every other."""
        return type(self).__name__, *self.lev_form()[1]

    @abstractmethod
    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        """The closed form of `lev` and the parameters it takes after x."""

    @abstractmethod
    def sf(self, x: Array) -> Array:
        """The share of delays above x; x >= 0."""

    def cdf(self, x: Array) -> Array:
        """The share of delays at or below x; x >= 0."""
        return 1.0 - self.sf(x)

    def lev(self, x: Array) -> Array:
        """E[min(X, x)] in seconds; x > 0."""
        form, parameters = self.lev_form()
        return form(np.asarray(x, dtype=np.float64), *parameters)

    def quantile(self, p: float) -> float:
        """The time in seconds within which a share p of the delays ends; 0 < p < 1."""
        return self.tail_quantile(1.0 - p)

    def tail_quantile(self, tail: float) -> float:
        """The time in seconds that a share `tail` of the delays exceeds; 0 < tail < 1."""
        return self.tail_quantiles((tail,))[0]  # so a law without a closed form here has one for its reach

    def tail_quantiles(self, tails: Sequence[float]) -> list[float]:
        """The times in seconds that these shares exceed; in one search where there is no closed form."""
        if type(self).tail_quantile is not Law.tail_quantile:
            return [self.tail_quantile(tail) for tail in tails]
        return tail_times(self.sf, self.reach(min(tails)), tails) if tails else []

    def reach(self, tail: float) -> float:
        """A time in seconds that at most a share `tail` exceeds: quick, and too large rather than small."""
        return self.tail_quantile(tail)

    def fixed_part(self) -> tuple[float, Law | None]:
        """What is the same in every run, in seconds, and the law of the rest."""
        return 0.0, self


def sectioned(law: Law, tail: float) -> float:
    """The time that a share `tail` exceeds, searched for below the law's reach."""
    return tail_times(law.sf, law.reach(tail), (tail,))[0]


@dataclass(frozen=True, slots=True)
class Deterministic(Law):
    """The same delay every time."""

    value: float

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return self.value

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return 0.0

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return np.minimum, (self.value,)

    def sf(self, x: Array) -> Array:
        return np.where(np.asarray(x) < self.value, 1.0, 0.0)

    def tail_quantile(self, tail: float) -> float:
        return self.value

    def fixed_part(self) -> tuple[float, Law | None]:
        return self.value, None


@dataclass(frozen=True, slots=True)
class Exponential(Law):
    """No memory: what is left of a delay never depends on how long it has lasted."""

    mean: float

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return 1.0

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return _exponential_lev, (self.mean,)

    def sf(self, x: Array) -> Array:
        return np.exp(-np.asarray(x) / self.mean)

    def tail_quantile(self, tail: float) -> float:
        return -self.mean * math.log(tail)


def _exponential_lev(x: Array, mean: float) -> Array:
    return -mean * np.expm1(-x / mean)


@dataclass(frozen=True, slots=True)
class Lognormal(Law):
    """The logarithm of the delay is normal with mean `mu` and standard deviation `sigma`, in log seconds."""

    mu: float
    sigma: float

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return math.exp(self.mu + 0.5 * self.sigma**2)

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return math.expm1(self.sigma**2)

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return _lognormal_lev, (self.mu, self.sigma, self.mean)

    def sf(self, x: Array) -> Array:
        return normal_cdf((self.mu - np.log(np.maximum(x, 1e-300))) / self.sigma)

    def tail_quantile(self, tail: float) -> float:
        return math.exp(self.mu + self.sigma * normal_upper_quantile(tail))


def _lognormal_lev(x: Array, mu: float, sigma: float, mean: float) -> Array:
    above = (mu - np.log(x)) / sigma
    return mean * normal_cdf(-above - sigma) + x * normal_cdf(above)


@dataclass(frozen=True, slots=True)
class Gamma(Law):
    """The gamma law of this mean and squared coefficient of variation; an Erlang law where 1/scv is whole."""

    mean: float
    scv: float

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return _gamma_lev, (self.mean, self.scv)

    def sf(self, x: Array) -> Array:
        return gamma_shares(np.asarray(1.0 / self.scv), np.asarray(x) / (self.mean * self.scv))[0]

    def reach(self, tail: float) -> float:
        # Boucheron, Lugosi, Massart 2013, section 2.4: a gamma law is sub-gamma on the right.
        log = -math.log(tail)
        return self.mean * (1.0 + math.sqrt(2.0 * self.scv * log) + self.scv * log)


def _gamma_lev(x: Array, mean: float, scv: float) -> Array:
    above, next_below = gamma_shares(np.asarray(1.0 / scv), x / (mean * scv))
    return mean * next_below + x * above
