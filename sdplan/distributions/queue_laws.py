"""Laws that queues make: the wait, the stay, and mixtures and shifts of other laws."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sdplan.distributions.laws import Law, LevForm
from sdplan.distributions.normal import Array
from sdplan.distributions.tails import tail_times

_TURNS = 40


@dataclass(frozen=True, slots=True)
class Wait(Law):
    """The wait in a queue: none with probability 1 - waiting, else exponential with `rate` per second.

    Exact for M/M/c with waiting = Erlang C and rate = c mu - lambda (Gross et al. 2008, section 2.3).
    """

    waiting: float
    rate: float

    @property
    def mean(self) -> float:
        """Mean wait [s]."""
        return self.waiting / self.rate

    @property
    def scv(self) -> float:
        """Squared coefficient of variation; 0 where nobody waits."""
        return 2.0 / self.waiting - 1.0 if self.waiting else 0.0

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return _wait_lev, (self.waiting, self.rate)

    def sf(self, x: Array) -> Array:
        return self.waiting * np.exp(-self.rate * np.asarray(x))

    def tail_quantile(self, tail: float) -> float:
        return math.log(self.waiting / tail) / self.rate if tail < self.waiting else 0.0


def _wait_lev(x: Array, waiting: float, rate: float) -> Array:
    return -waiting * np.expm1(-rate * x) / rate


@dataclass(frozen=True, slots=True)
class Sojourn(Law):
    """The stay at an M/M/c station: `Wait(waiting, rate)`, then exponential service of mean `service_time`.

    Written without the textbook's division by c mu - lambda - mu, which is 0/0 at a utilization of 1 - 1/c.
    """

    service_time: float
    waiting: float
    rate: float

    @property
    def mean(self) -> float:
        """Mean stay [s]."""
        return self.service_time + self.waiting / self.rate

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return (self.service_time**2 + self.waiting * (2.0 - self.waiting) / self.rate**2) / self.mean**2

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return _sojourn_lev, (1.0 / self.service_time, self.waiting, self.rate)

    def sf(self, x: Array) -> Array:
        at, service_rate = np.asarray(x), 1.0 / self.service_time
        return np.exp(-service_rate * at) + self.waiting * _second_open(at, service_rate, self.rate)

    def tail_quantile(self, tail: float) -> float:
        found = _sojourn_time(1.0 / self.service_time, self.waiting, self.rate, tail)
        return tail_times(self.sf, self.reach(tail), (tail,))[0] if found is None else found

    def reach(self, tail: float) -> float:
        waited = max(0.0, math.log(2.0 * self.waiting / tail)) / self.rate if self.waiting else 0.0
        return self.service_time * math.log(2.0 / tail) + waited


def _sojourn_time(service_rate: float, waiting: float, rate: float, tail: float) -> float | None:
    """Where the survival is `tail`: Newton on its nearly straight logarithm; None if that fails."""
    wanted, gap, slower = math.log(tail), abs(rate - service_rate), min(rate, service_rate)
    at = -wanted / service_rate
    for _ in range(_TURNS):
        spread = gap * at
        second = service_rate * at * (-math.expm1(-spread) / spread if spread > 1e-300 else 1.0)
        served, second = math.exp(-service_rate * at), waiting * second * math.exp(-slower * at)
        density = service_rate * (1.0 - waiting) * served + rate * second
        if density <= 0.0:
            return None
        step = (math.log(served + second) - wanted) * (served + second) / density
        at = max(0.0, at + step)
        if abs(step) <= 1e-14 * at:
            return at
    return None


def _second_open(x: Array, one: float, other: float) -> Array:
    """P(A <= x < A + B) for exponential A and B of these rates, with nothing that cancels or overflows."""
    gap = np.abs(other - one) * x
    mean_decay = np.where(gap > 1e-300, -np.expm1(-gap) / np.maximum(gap, 1e-300), 1.0)
    second: Array = one * x * np.exp(-np.minimum(one, other) * x) * mean_decay
    return second


def _sojourn_lev(x: Array, service_rate: float, waiting: float, rate: float) -> Array:
    served = -np.expm1(-service_rate * x)
    return served / service_rate + waiting * (served - _second_open(x, service_rate, rate)) / rate


@dataclass(frozen=True, slots=True)
class Mixture(Law):
    """One of several laws, the i-th with probability `weights[i]`; the weights add up to 1."""

    laws: tuple[Law, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.laws) != len(self.weights) or min(self.weights, default=-1.0) < 0.0:
            raise ValueError("A mixture takes one weight for each of its laws, none of them negative.")
        if abs(math.fsum(self.weights) - 1.0) > 1e-9:
            raise ValueError("The weights of a mixture add up to 1.")

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return math.fsum(w * law.mean for w, law in self._parts)

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        second = math.fsum(w * law.mean**2 * (1.0 + law.scv) for w, law in self._parts)
        return second / self.mean**2 - 1.0

    @property
    def key(self) -> Hashable:
        return "Mixture", self.weights, tuple(law.key for law in self.laws)

    @property
    def _parts(self) -> tuple[tuple[float, Law], ...]:
        return tuple(zip(self.weights, self.laws, strict=True))

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return self._lev, ()

    def _lev(self, x: Array) -> Array:
        return reduce(np.add, (w * law.lev(x) for w, law in self._parts))

    def sf(self, x: Array) -> Array:
        return reduce(np.add, (w * law.sf(x) for w, law in self._parts))

    def reach(self, tail: float) -> float:
        # Each part may exceed its reach with this tail, so the weighted sum does with no more.
        return max(law.reach(tail) for w, law in self._parts if w)


@dataclass(frozen=True, slots=True)
class Shifted(Law):
    """A law with a fixed time before it, such as a network round trip."""

    law: Law
    by: float

    @property
    def mean(self) -> float:
        """Mean delay [s]."""
        return self.by + self.law.mean

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return self.law.scv * (self.law.mean / self.mean) ** 2

    @property
    def key(self) -> Hashable:
        return "Shifted", self.by, self.law.key

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return self._lev, ()

    def _lev(self, x: Array) -> Array:
        return np.minimum(x, self.by + self.law.lev(np.maximum(x - self.by, 1e-300)))

    def sf(self, x: Array) -> Array:
        rest = np.asarray(x) - self.by
        return np.where(rest < 0.0, 1.0, self.law.sf(np.maximum(rest, 0.0)))

    def tail_quantile(self, tail: float) -> float:
        return self.by + self.law.tail_quantile(tail)

    def tail_quantiles(self, tails: Sequence[float]) -> list[float]:
        return [self.by + time for time in self.law.tail_quantiles(tails)]

    def reach(self, tail: float) -> float:
        return self.by + self.law.reach(tail)

    def fixed_part(self) -> tuple[float, Law | None]:
        start, rest = self.law.fixed_part()
        return self.by + start, rest
