"""Closed networks of queues, exactly: product form by convolution in the log domain.

The recursion over populations that textbooks call exact MVA loses all digits at stations with many servers;
sums of positive terms do not.  Work grows with the square of the number of populations below the given one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class ClosedNetwork(NamedTuple):
    """A solved network: per class the throughput [1/s], per class and station the rest.

    `response_times` [s] are over all visits of one turn, `queue_lengths` count those in service too.
    """

    throughputs: tuple[float, ...]
    response_times: tuple[tuple[float, ...], ...]
    queue_lengths: tuple[tuple[float, ...], ...]


def closed_network(
    *,
    populations: Sequence[int],
    demands: Sequence[Sequence[float]],
    servers: Sequence[float],
    think_times: Sequence[float],
) -> ClosedNetwork:
    """Throughputs, times and lengths of a closed network, by convolution (Buzen 1973; Reiser 1975).

    `demands` [s] are per class and station the visits times the service time; a station has that many
    servers, or `math.inf` where nobody waits.  Exact for exponential service first come first served with one
    mean for all classes at a station, and for any service under processor sharing (Baskett et al. 1975).
    A class without customers, and one without demand and think time, has a throughput of zero.
    """
    kept = [r for r, n in enumerate(populations) if n > 0 and (any(demands[r]) or think_times[r] > 0)]
    empty = tuple(0.0 for _ in servers)
    if not kept:
        return ClosedNetwork(
            tuple(0.0 for _ in populations), (empty,) * len(populations), (empty,) * len(populations)
        )
    solved = _solved(
        tuple(int(populations[r]) for r in kept),
        np.array([[*demands[r], think_times[r]] for r in kept], dtype=float),
        [*servers, math.inf],
    )
    rates = [0.0] * len(populations)
    lengths: list[tuple[float, ...]] = [empty] * len(populations)
    for r, rate, row in zip(kept, *solved, strict=True):
        rates[r], lengths[r] = rate, tuple(row[:-1])
    times = tuple(
        tuple(length / rate for length in row) if rate else empty
        for rate, row in zip(rates, lengths, strict=True)
    )
    return ClosedNetwork(tuple(rates), times, tuple(lengths))


def _solved(
    populations: tuple[int, ...], demands: Array, servers: Sequence[float]
) -> tuple[list[float], list[list[float]]]:
    factors = [_factor(populations, demands[:, m], count) for m, count in enumerate(servers)]
    before = list(accumulate(factors, _convolved))
    after = list(accumulate(reversed(factors), _convolved))[::-1]
    whole = before[-1]
    full = whole[populations]
    rates = [math.exp(whole[_less(populations, r)] - full) for r in range(len(populations))]
    lengths = []
    for m, factor in enumerate(factors):
        beside = [*before[max(m - 1, 0) : m], *after[m + 1 : m + 2]]
        others = reduce(_convolved, beside) if beside else _nobody(populations)
        share = np.exp(factor + np.flip(others) - full)
        counts = np.indices(share.shape)
        lengths.append([float((share * count).sum()) for count in counts])
    return rates, [list(row) for row in zip(*lengths, strict=True)]


def _less(populations: tuple[int, ...], r: int) -> tuple[int, ...]:
    return (*populations[:r], populations[r] - 1, *populations[r + 1 :])


def _nobody(populations: tuple[int, ...]) -> Array:
    none = np.full([n + 1 for n in populations], -np.inf)
    none[(0,) * len(populations)] = 0.0
    return none


def _factor(populations: tuple[int, ...], demands: Array, servers: float) -> Array:
    """The logarithm of a station's factor of the product form for each mix of customers there."""
    counts = np.indices([n + 1 for n in populations])
    total = counts.sum(axis=0)
    steps = np.arange(1, int(total.max()) + 1)
    capacity = np.concatenate(([0.0], np.cumsum(np.log(np.minimum(steps, servers)))))
    orders = np.concatenate(([0.0], np.cumsum(np.log(steps))))
    found = orders[total] - capacity[total]
    with np.errstate(divide="ignore", invalid="ignore"):
        for count, demand in zip(counts, demands, strict=True):
            found = found - orders[count] + np.where(count > 0, count * np.log(demand), 0.0)
    return np.asarray(found)


def _convolved(one: Array, other: Array) -> Array:
    """The logarithm of the sum over all splits of the customers between two parts of the network."""
    found = np.empty_like(one)
    for index in np.ndindex(one.shape):
        head = tuple(slice(0, i + 1) for i in index)
        terms = one[head] + np.flip(other[head])
        top = terms.max()
        found[index] = top + math.log(np.exp(terms - top).sum()) if top > -math.inf else -math.inf
    return found
