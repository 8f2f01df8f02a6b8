"""Open networks of queues: where the traffic goes, and what each station makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sdplan.formulas.queueing import erlang_c

_NO_WAY_OUT = 1e-12


class OpenNetwork(NamedTuple):
    """Per station the utilization; per class and station the time of all visits [s] and the mean number.

    A station at or above full utilization has infinite times and numbers.
    """

    utilizations: tuple[float, ...]
    response_times: tuple[tuple[float, ...], ...]
    queue_lengths: tuple[tuple[float, ...], ...]


def visit_rates(*, external_rates: Sequence[float], routing: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Arrivals per second [1/s] at each station, where `routing[i][j]` go on from i to j (Jackson 1957).

    Infinite at each station that traffic reaches and cannot leave for good.
    """
    external, onward = np.asarray(external_rates, dtype=float), np.asarray(routing, dtype=float)
    links = (onward > 0).astype(float)
    reached = _spread(external > 0, links)
    leaves = _spread(1.0 - onward.sum(axis=1) > _NO_WAY_OUT, links.T)
    trapped, passing = reached & ~leaves, reached & leaves
    rates = np.where(trapped, math.inf, 0.0)
    inside = np.eye(int(passing.sum())) - onward[np.ix_(passing, passing)].T
    rates[passing] = np.linalg.solve(inside, external[passing])
    return tuple(float(rate) for rate in rates)


def _spread(marked: NDArray[np.bool_], links: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The stations that are marked, and all that can be reached from them."""
    while True:
        more = marked | (marked @ links > 0)
        if (more == marked).all():
            return marked
        marked = more


def open_network(
    *, arrival_rates: Sequence[float], demands: Sequence[Sequence[float]], servers: Sequence[float]
) -> OpenNetwork:
    """Each class's times and numbers at each station of an open network (Baskett et al. 1975).

    `demands` [s] are per class and station the visits times the service time; `math.inf` servers make nobody
    wait.  Exact for Poisson arrivals and exponential service first come first served with one mean for all
    classes at a station, and at one server for any service under processor sharing.
    """
    loads = [
        math.fsum(rate * demand for rate, demand in zip(arrival_rates, column, strict=True))
        for column in zip(*demands, strict=True)
    ]
    stretched = [_stretch(load, count) for load, count in zip(loads, servers, strict=True)]
    times = tuple(
        tuple(demand * factor if demand else 0.0 for demand, factor in zip(row, stretched, strict=True))
        for row in demands
    )
    lengths = tuple(
        tuple(rate * time if rate else 0.0 for time in row)
        for rate, row in zip(arrival_rates, times, strict=True)
    )
    return OpenNetwork(tuple(_busy(*pair) for pair in zip(loads, servers, strict=True)), times, lengths)


def _busy(load: float, servers: float) -> float:
    return load / servers if servers > 0 else math.inf if load else 0.0


def _stretch(load: float, servers: float) -> float:
    """Response time over service time."""
    if math.isinf(servers):
        return 1.0
    if load >= servers:
        return math.inf
    return 1.0 + erlang_c(offered_load=load, servers=servers) / (servers - load)
