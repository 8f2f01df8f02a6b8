"""Two more laws of delay: Weibull, and uniform between two times as pauses with jitter are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sdplan.distributions.incomplete_gamma import gamma_shares
from sdplan.distributions.laws import Deterministic, Law, LevForm
from sdplan.distributions.normal import Array


@dataclass(frozen=True, slots=True)
class Weibull(Law):
    """P(X > x) = exp(-(x/scale)^shape): a tail heavier than an exponential one below shape 1, lighter above.

    Weibull 1951; lev from Klugman, Panjer, Willmot 2012, appendix A.3.2.3.
    """

    scale: float
    shape: float

    def __post_init__(self) -> None:
        Law.__post_init__(self)
        if self.scale <= 0.0 or not 2.0 / self.shape < 100.0:
            raise ValueError(
                f"A Weibull law has a scale above 0 s and a shape of at least 0.02, not "
                f"{self.scale:g} s and {self.shape:g}."
            )

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return self.scale * math.gamma(1.0 + 1.0 / self.shape)

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        inverse = 1.0 / self.shape
        return max(0.0, math.expm1(math.lgamma(1.0 + 2.0 * inverse) - 2.0 * math.lgamma(1.0 + inverse)))

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return _weibull_lev, (self.scale, self.shape, self.mean)

    def sf(self, x: Array) -> Array:
        return np.exp(-_power(np.asarray(x), self.scale, self.shape))

    def tail_quantile(self, tail: float) -> float:
        return self.scale * math.pow(-math.log(tail), 1.0 / self.shape)


def _power(x: Array, scale: float, shape: float) -> Array:
    power: Array = np.exp(np.minimum(shape * np.log(np.maximum(x, 1e-300) / scale), 700.0))
    return power


def _weibull_lev(x: Array, scale: float, shape: float, mean: float) -> Array:
    power = _power(x, scale, shape)
    _, below = gamma_shares(np.asarray(1.0 / shape), np.minimum(power, 1e6))
    return mean * below + x * np.exp(-power)


@dataclass(frozen=True, slots=True)
class Uniform(Law):
    """Any delay between two times, all equally likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        Law.__post_init__(self)
        if not 0.0 <= self.low < self.high:
            raise ValueError(
                f"A uniform law has two times of which the first is at least 0 s and the second is later, "
                f"not {self.low:g} s and {self.high:g} s."
            )

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return 0.5 * (self.low + self.high)

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return (self.high - self.low) ** 2 / (12.0 * self.mean**2)

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return _uniform_lev, (self.low, self.high)

    def sf(self, x: Array) -> Array:
        return np.clip((self.high - np.asarray(x)) / (self.high - self.low), 0.0, 1.0)

    def tail_quantile(self, tail: float) -> float:
        return self.high - tail * (self.high - self.low)

    def fixed_part(self) -> tuple[float, Law | None]:
        return self.low, Uniform(0.0, self.high - self.low) if self.low else self


def _uniform_lev(x: Array, low: float, high: float) -> Array:
    into = np.clip(x - low, 0.0, high - low)
    return np.minimum(x, low) + into - into**2 / (2.0 * (high - low))


def uniform(low: float, high: float) -> Law:
    """A uniform law between two times [s]; one time where they are equal."""
    return Uniform(low, high) if low < high else Deterministic(low)
