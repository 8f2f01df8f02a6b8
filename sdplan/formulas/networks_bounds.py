"""Closed networks of one class: bounds on the throughput, and the approximation for several classes.

Bounds hold for any product-form network of stations with one server and a delay; they need no population
recursion, so they also answer for populations where the exact solution takes long.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sdplan.formulas.networks_closed import ClosedNetwork

_ROUNDS = 10_000
_SETTLED = 1e-12


class Bounds(NamedTuple):
    """Between which the throughput [1/s] lies."""

    lower: float
    upper: float


def asymptotic_bounds(*, population: float, demands: Sequence[float], think_time: float) -> Bounds:
    """ABA: the throughput [1/s] between everybody waiting everywhere and nobody (Denning, Buzen 1978).

    Infinite without demand and think time, zero without customers.
    """
    if population <= 0:
        return Bounds(0.0, 0.0)
    total, largest = math.fsum(demands), max(demands, default=0.0)
    if not total + think_time > 0:
        return Bounds(math.inf, math.inf)
    fastest = population / (total + think_time)
    upper = min(fastest, 1.0 / largest) if largest else fastest
    return Bounds(population / (population * total + think_time), upper)


def balanced_bounds(*, population: float, demands: Sequence[float], think_time: float) -> Bounds:
    """BSB: the throughput [1/s] as if all stations had the mean or the largest demand (Zahorjan et al. 1982).

    With a think time in the form of Lazowska et al. 1984, table 5.2.
    """
    outer = asymptotic_bounds(population=population, demands=demands, think_time=think_time)
    total, largest, others = math.fsum(demands), max(demands, default=0.0), population - 1
    if population < 1 or not total > 0:
        return outer
    slow = total + think_time + others * largest / (1 + think_time / (population * total))
    thinking = think_time * min(others / (total + think_time), 1.0 / largest)
    fast = total + think_time + total / len(demands) * (others - thinking)
    return Bounds(population / slow, min(outer.upper, population / fast))


def geometric_bounds(*, population: float, demands: Sequence[float], think_time: float) -> Bounds:
    """GB: the throughput [1/s] by geometric bounds on each queue (Casale, Muntz and Serazzi 2008)."""
    outer = asymptotic_bounds(population=population, demands=demands, think_time=think_time)
    if population < 1 or not math.fsum(demands) > 0:
        return outer
    before = balanced_bounds(population=population - 1, demands=demands, think_time=think_time)
    low, high = _passed(population, demands, think_time, before)
    return Bounds(max(low, outer.lower), min(high, outer.upper))


def _passed(
    population: float, demands: Sequence[float], think_time: float, before: Bounds
) -> tuple[float, float]:
    """Both roots of the arrival theorem, with what one customer less does bounded by what all do."""
    total, largest, others = math.fsum(demands), max(demands), population - 1
    lesser = [demand for demand in demands if demand < largest]
    most = [_geometric(d * before.upper, others) for d in lesser]
    crowd = think_time + total + largest * others
    least = [_geometric(d * others / crowd, others) for d in lesser]

    def rate(thinkers: float, queues: Sequence[float]) -> float:
        spared = math.fsum((largest - d) * q for d, q in zip(lesser, queues, strict=True))
        turn = crowd - spared
        root = turn * turn - 4 * think_time * largest * thinkers
        return 2 * population / (turn + math.sqrt(max(root, 0.0)))

    return rate(others, least), rate(population, most)


def _geometric(ratio: float, terms: float) -> float:
    """ratio + ... + ratio^terms."""
    return ratio * (1 - ratio**terms) / (1 - ratio) if ratio < 1 else terms


def bard_schweitzer(
    *,
    populations: Sequence[float],
    demands: Sequence[Sequence[float]],
    delays: Sequence[bool],
    think_times: Sequence[float],
) -> ClosedNetwork:
    """Approximate times [s], numbers and throughputs of a closed network (Bard 1979; Schweitzer 1979).

    What an arrival meets is estimated from the whole population less its own share.  Work does not grow with
    the populations.  Within a few percent of the exact throughput; stations of one server, or of pure delay.
    """
    visited = [sum(1 for d in row if d) or 1 for row in demands]
    lengths = [
        [n / count if d else 0.0 for d in row]
        for n, count, row in zip(populations, visited, demands, strict=True)
    ]
    rates: list[float] = []
    times: list[list[float]] = []
    for _ in range(_ROUNDS):
        all_lengths = [math.fsum(column) for column in zip(*lengths, strict=True)]
        times = [
            [
                d if delay or not n else d * (1 + whole - own / n)
                for d, delay, whole, own in zip(row, delays, all_lengths, owns, strict=True)
            ]
            for n, row, owns in zip(populations, demands, lengths, strict=True)
        ]
        turns = [think + math.fsum(row) for think, row in zip(think_times, times, strict=True)]
        rates = [n / turn if turn else 0.0 for n, turn in zip(populations, turns, strict=True)]
        after = [[rate * time for time in row] for rate, row in zip(rates, times, strict=True)]
        moved = max(
            (abs(a - b) for x, y in zip(after, lengths, strict=True) for a, b in zip(x, y, strict=True)),
            default=0.0,
        )
        lengths = after
        if moved <= _SETTLED * max(1.0, *populations):
            break
    return ClosedNetwork(tuple(rates), tuple(map(tuple, times)), tuple(map(tuple, lengths)))
