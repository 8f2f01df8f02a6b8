"""Draws: random times and shares from one seed, in blocks, so that one draw costs a list look-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sdplan.distributions.laws import Deterministic, Exponential, Gamma, Law, Lognormal
from sdplan.distributions.normal import Array

Draw = Callable[[], float]
_BLOCK = 1024
_SECTIONS = 70


def sample(law: Law, count: int, rng: np.random.Generator) -> Array:
    """So many independent times of a law [s]."""
    if isinstance(law, Deterministic):
        return np.full(count, law.value)
    if isinstance(law, Exponential):
        return rng.exponential(law.mean, count)
    if isinstance(law, Lognormal):
        return rng.lognormal(law.mu, law.sigma, count)
    if isinstance(law, Gamma):
        return rng.gamma(1.0 / law.scv, law.mean * law.scv, count)
    return _inverted(law, rng.random(count))


def _inverted(law: Law, share: Array) -> Array:
    """The times that the given shares of all exceed, by sections of the survival function."""
    low, high = np.zeros_like(share), np.full_like(share, law.reach(1e-15))
    for _ in range(_SECTIONS):
        middle = 0.5 * (low + high)
        above = law.sf(middle) > share
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return high


class Draws:
    """Streams of draws from one generator; the same seed gives the same streams."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def share(self) -> Draw:
        """Evenly between 0 and 1."""
        return _stream(lambda: self.rng.random(_BLOCK))

    def exponential(self, mean: float) -> Draw:
        """Exponential times with this mean [s]."""
        return _stream(lambda: self.rng.exponential(mean, _BLOCK))

    def law(self, law: Law) -> Draw:
        """Times of a law [s]."""
        if isinstance(law, Deterministic):
            value = law.value
            return lambda: value
        return _stream(lambda: sample(law, _BLOCK, self.rng))

    def index(self, count: int) -> Callable[[], int]:
        """A whole number from 0 to below `count`, each as likely."""
        if count == 1:
            return lambda: 0
        share = self.share()
        return lambda: int(share() * count)

    def count(self, mean: float) -> Callable[[], int]:
        """A whole number with this mean: one of its two neighbours."""
        whole = int(mean)
        more = mean - whole
        if not more:
            return lambda: whole
        share = self.share()
        return lambda: whole + (share() < more)


def _stream(block: Callable[[], Array]) -> Draw:
    def values() -> Iterator[float]:
        while True:
            yield from block().tolist()

    return values().__next__
