"""The wait of an accepted call in a queue with a bounded room."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdplan.distributions.incomplete_gamma import gamma_shares, tail_over_factor
from sdplan.distributions.laws import Deterministic, Law, LevForm, sectioned
from sdplan.distributions.normal import Array
from sdplan.distributions.queue_laws import Wait
from sdplan.formulas.queueing_finite import waiting_mmck

_SUMMED = 64  # places that are summed one by one; beyond, closed forms
_NEARLY_ONE = 0.3  # of places times ln(ratio), where the closed forms cancel and are interpolated instead
_CHEBYSHEV = tuple(_NEARLY_ONE * math.cos(math.pi * (2 * k + 1) / 16) for k in range(8))
_MOST_PLACES = 100_000
_STEEP = 200.0  # a logarithm of the ratio at which the last place alone counts
_GONE = 42.0  # e^-42 is below 1e-18


def bounded_wait(*, arrival_rate: float, service_time: float, servers: float, room: float) -> Law:
    """The wait [s] of an accepted call at M/M/c/K with `room` places to wait.

    Exact up to 100,000 places; more are counted in so many blocks, within 0.5 % of their wait.
    """
    waiting = waiting_mmck(arrival_rate=arrival_rate, service_time=service_time, servers=servers, room=room)
    if not waiting:
        return Deterministic(0.0)
    rate, ratio = servers / service_time, arrival_rate * service_time / servers
    if ratio < 1.0 and room * math.log(ratio) < -_GONE:  # nobody is ever refused
        return Wait(waiting, rate * (1.0 - ratio))
    block = max(1.0, room / _MOST_PLACES)
    steep = math.exp(min(block * math.log(ratio), _STEEP))
    return BoundedWait(waiting, rate / block, steep, math.floor(room / block))


@dataclass(frozen=True, slots=True)
class BoundedWait(Law):
    """The wait of an accepted call at M/M/c/K: none, or a truncated geometric number of exponential turns.

    Who waits (probability `waiting`) takes n + 1 turns at `rate` = c mu per second with a probability in
    proportion to ratio^n, n < room, where `ratio` is the offered load per server, which may pass one.
    Exact (Gross et al. 2008, section 2.5).
    """

    waiting: float
    rate: float
    ratio: float
    room: float

    @property
    def mean(self) -> float:
        """Mean wait [s]."""
        return self.waiting * _turns(self.ratio, self.room)[0] / self.rate

    @property
    def scv(self) -> float:
        """Squared coefficient of variation; 0 where nobody waits."""
        first, second = _turns(self.ratio, self.room)
        return second / (self.waiting * first**2) - 1.0 if self.waiting else 0.0

    def lev_form(self) -> tuple[LevForm, tuple[float, ...]]:
        return self._lev, ()

    @property
    def key(self) -> Hashable:
        return "BoundedWait", self.waiting, self.rate, self.ratio, self.room

    def _lev(self, x: Array) -> Array:
        return self.waiting / self.rate * _stay(self.rate * x, self.ratio, self.room)[1]

    def sf(self, x: Array) -> Array:
        return self.waiting * _stay(self.rate * np.asarray(x, dtype=np.float64), self.ratio, self.room)[0]

    def tail_quantile(self, tail: float) -> float:
        return sectioned(self, tail) if tail < self.waiting else 0.0

    def reach(self, tail: float) -> float:
        if tail >= self.waiting:
            return 0.0
        log = math.log(self.waiting / tail)
        full = self.room + math.sqrt(2.0 * self.room * log) + log  # as for a gamma law of `room` turns
        return min(full, log / (1.0 - self.ratio) if self.ratio < 1.0 else full) / self.rate


@lru_cache(maxsize=4096)
def _turns(ratio: float, room: float) -> tuple[float, float]:
    """The first two moments of the time in turns of one who waits."""
    if room * abs(math.log(ratio)) > _GONE:
        spare = 1.0 / abs(1.0 - ratio)
        if ratio < 1.0:
            return spare, 2.0 * spare**2
        behind = spare  # places left free behind the call, geometric
        first = room - behind
        return first, first**2 + behind * (1.0 + behind) + first
    ahead = np.arange(room)
    weights = np.exp(math.log(ratio) * (ahead - (ahead[-1] if ratio > 1.0 else 0.0)))
    weights /= weights.sum()
    return float(weights @ (ahead + 1.0)), float(weights @ ((ahead + 1.0) * (ahead + 2.0)))


def _stay(z: Array, ratio: float, room: float) -> tuple[Array, Array]:
    """Survival and limited expected value of the time in turns of one who waits, at z > 0 turns."""
    if room <= _SUMMED:
        return _summed(z, ratio, int(room))
    reach = room * math.log(ratio)
    if abs(reach) >= _NEARLY_ONE:
        return _closed(z, ratio, room)
    near = [_closed(z, math.exp(node / room), room) for node in _CHEBYSHEV]
    weights = [
        math.prod((reach - other) / (node - other) for other in _CHEBYSHEV if other != node)
        for node in _CHEBYSHEV
    ]
    survival = sum(w * one for w, (one, _) in zip(weights, near, strict=True))
    lev = sum(w * one for w, (_, one) in zip(weights, near, strict=True))
    return np.asarray(survival), np.asarray(lev)


def _summed(z: Array, ratio: float, room: int) -> tuple[Array, Array]:
    """Over the turns made by then, a Poisson number: the share that takes more; nothing cancels."""
    weights = ratio ** (np.arange(room) - (room - 1 if ratio > 1.0 else 0))
    longer = np.cumsum(weights[::-1])[::-1] / weights.sum()
    term, survival = np.exp(-z), np.zeros_like(z)
    terms = []
    for made in range(room):
        survival = survival + longer[made] * term
        terms.append(term)
        term = term * z / (made + 1)
    beyond = gamma_shares(np.asarray(float(room)), z)[1] + term  # P(room, z): at least `room` turns made
    lev = np.zeros_like(z)
    for made in range(room - 1, -1, -1):
        lev = lev + longer[made] * beyond
        beyond = beyond + terms[made]
    return survival, lev


def _closed(z: Array, ratio: float, room: float) -> tuple[Array, Array]:
    """The same sums in closed form, with the powers of a ratio above one taken out."""
    gap = 1.0 - ratio
    open_full, more = gamma_shares(np.asarray(room), z)  # fewer than `room` turns made, and more
    just = np.maximum(1.0 - open_full - more, 0.0)
    scaled = _scaled(z, ratio, room, just)
    if ratio < 1.0:
        lost, whole = ratio**room, -math.expm1(room * math.log(ratio))
        start, power = 1.0, lost
    else:
        lost, whole = 1.0, math.expm1(-room * math.log(ratio))
        start, power = ratio**-room, 1.0
    survival = (scaled - lost * open_full) / whole
    below = 1.0 - open_full
    first = (start - scaled - power * below) / gap
    lev = (first - lost * (z * open_full + room * more)) / whole
    return np.maximum(survival, 0.0), np.maximum(lev, 0.0)


def _scaled(z: Array, ratio: float, room: float, just: Array) -> Array:
    """e^(-(1 - ratio) z) Q(room, ratio z), over ratio^room where the ratio is above one."""
    at = ratio * z
    if ratio < 1.0:
        return np.asarray(np.exp((ratio - 1.0) * z) * gamma_shares(np.asarray(room), at)[0])
    scaled = np.empty_like(z)
    low = at < room + 1.0
    exponent = (ratio - 1.0) * z[low] - room * math.log(ratio)
    scaled[low] = np.exp(exponent) * gamma_shares(np.asarray(room), at[low])[0]
    scaled[~low] = just[~low] * tail_over_factor(np.asarray(room), at[~low])
    return scaled
