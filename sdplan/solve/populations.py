"""Populations: how often a closed group of clients asks, each of whom thinks between two requests.

Buzen's convolution over the queues that a request visits.  The weights are tilted so that the group is
about as large as its mean, and nothing overflows or cancels, however many clients or servers there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sdplan.distributions.normal import Array

_MOST_CLIENTS = 20_000  # beyond this the group is taken as a fluid
_NO_TIME = 1e-90  # s; no group asks more often than that
_DIRECT = 256  # clients up to which sums are cheaper without a transform


class Visited(NamedTuple):
    """Equal queues that a request visits: what it asks of each, and what others leave of their servers."""

    demand: float  # s: visits to one queue times the service time there
    servers: float
    queues: float = 1.0
    open_load: float = 0.0  # servers of one queue that other flows keep busy

    @property
    def left(self) -> float:
        """Servers that are left for the group; exact for one server, else as if the others were steady."""
        return max(self.servers - self.open_load, 0.0)


class Throughput(NamedTuple):
    """What a group of clients gets: requests a second, and for one queue of each kind the clients there.

    `full` is the share of the time in which none of its servers is free.
    """

    rate: float
    present: tuple[float, ...]
    full: tuple[float, ...]


def throughput(clients: float, delay: float, visited: Sequence[Visited]) -> Throughput:
    """Requests a second of a closed group that spends `delay` seconds a request where nothing queues.

    Exact for exponential service and one mean a queue (Buzen 1973); zero where a queue has nothing left.
    """
    if clients <= 0.0 or any(one.left <= 0.0 < one.demand for one in visited):
        return Throughput(0.0, *_empty(visited))
    busy = [one for one in visited if one.demand > 0.0]
    least = delay + sum(one.demand * one.queues / min(1.0, one.left) for one in busy)
    if least <= 0.0:
        return Throughput(math.inf, *_empty(visited))
    if clients > _MOST_CLIENTS:
        return _fluid(clients, least, visited)
    whole = max(1, math.floor(clients))
    found = _whole(whole, delay, visited)
    share = clients - whole
    if clients < 1.0:
        return _mixed(Throughput(0.0, *_empty(visited)), found, clients)
    if share == 0.0:
        return found
    return _mixed(found, _whole(whole + 1, delay, visited), share)


def _empty(visited: Sequence[Visited]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return (0.0,) * len(visited), (0.0,) * len(visited)


def _mixed(one: Throughput, other: Throughput, share: float) -> Throughput:
    """Between two whole numbers of clients."""
    present = zip(one.present, other.present, strict=True)
    full = zip(one.full, other.full, strict=True)
    return Throughput(
        (1 - share) * one.rate + share * other.rate,
        tuple((1 - share) * a + share * b for a, b in present),
        tuple((1 - share) * a + share * b for a, b in full),
    )


def _fluid(clients: float, least: float, visited: Sequence[Visited]) -> Throughput:
    """So many clients that only the tightest queue, or the clients themselves, hold them up."""
    rate = min([clients / least, *(one.left / one.demand for one in visited if one.demand > 0.0)])
    spare = max(0.0, clients - rate * least)
    tight = [one.demand > 0.0 and rate * one.demand >= one.left * (1 - 1e-12) for one in visited]
    count = sum(one.queues for one, is_tight in zip(visited, tight, strict=True) if is_tight) or 1.0
    present = (
        rate * one.demand + (spare / count if is_tight else 0.0)
        for one, is_tight in zip(visited, tight, strict=True)
    )
    return Throughput(rate, tuple(present), tuple(float(is_tight) for is_tight in tight))


def _whole(clients: int, delay: float, visited: Sequence[Visited]) -> Throughput:
    if not any(one.demand > 0.0 for one in visited):  # nothing holds them up but their own pace
        return Throughput(clients / max(delay, _NO_TIME), *_empty(visited))
    number = np.arange(clients + 1.0)
    factorials = np.concatenate(([0.0], np.cumsum(np.log(number[1:]))))
    logs = [_logs(one, number) for one in visited]
    counts = [one.queues for one in visited]
    if delay > 0.0:
        logs, counts = [*logs, number * math.log(delay) - factorials], [*counts, 1.0]
    tilt = _tilt(logs, counts, number)
    weights = [_normal(log + number * tilt) for log in logs]
    powers = [_power(weight, int(count)) for weight, count in zip(weights, counts, strict=True)]
    ahead, behind = [_unit(clients)], [_unit(clients)]
    for first, last in zip(powers, reversed(powers), strict=True):
        ahead.append(_convolved(ahead[-1], first))
        behind.append(_convolved(last, behind[-1]))
    total = ahead[-1]
    rate = math.exp(tilt) * float(total[-2] / total[-1])
    present, full = [], []
    for index, one in enumerate(visited):
        rest = _convolved(ahead[index], behind[len(powers) - 1 - index])
        rest = _convolved(rest, _power(weights[index], int(one.queues) - 1))
        chances = weights[index] * rest[::-1]
        chances /= chances.sum()
        present.append(float(number @ chances))
        full.append(float(chances[number >= one.left].sum()))
    return Throughput(rate, tuple(present), tuple(full))


def _logs(one: Visited, number: Array) -> Array:
    """Logarithms of the weights of k clients at one queue: demand^k over the servers that each finds."""
    if one.demand <= 0.0:
        return np.where(number > 0.0, -np.inf, 0.0)
    found = np.minimum(number[1:], one.left)
    return np.concatenate(([0.0], np.cumsum(math.log(one.demand) - np.log(found))))


def _tilt(logs: Sequence[Array], counts: Sequence[float], number: Array) -> float:
    """The logarithm of a rate at which the mean numbers of clients add up to nearly all of them."""
    low, high = -100.0, 100.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        means = (float(number @ _normal(log + number * middle)) for log in logs)
        total = sum(count * mean for count, mean in zip(counts, means, strict=True))
        low, high = (low, middle) if total > number[-1] - 0.5 else (middle, high)
    return 0.5 * (low + high)


def _normal(logs: Array) -> Array:
    weights: Array = np.exp(logs - logs.max())
    weights /= weights.sum()
    return weights


def _unit(clients: int) -> Array:
    return np.concatenate(([1.0], np.zeros(clients)))


def _power(weights: Array, count: int) -> Array:
    """The convolution of so many equal weights."""
    found, factor = _unit(weights.size - 1), weights
    while count > 0:
        if count % 2:
            found = _convolved(found, factor)
        count //= 2
        if count:
            factor = _convolved(factor, factor)
    return found


def _convolved(one: Array, other: Array) -> Array:
    size = one.size
    if size <= _DIRECT:
        return np.convolve(one, other)[:size]
    spectrum = np.fft.rfft(one, 2 * size) * np.fft.rfft(other, 2 * size)
    return np.maximum(np.fft.irfft(spectrum, 2 * size)[:size], 0.0)
