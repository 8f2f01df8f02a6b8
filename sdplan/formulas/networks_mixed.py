"""Mixed networks of queues: classes that come from outside beside classes that go round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sdplan.formulas.networks_closed import ClosedNetwork, closed_network
from sdplan.formulas.networks_open import OpenNetwork


class MixedNetwork(NamedTuple):
    """The open classes and the closed ones of one network."""

    open: OpenNetwork
    closed: ClosedNetwork


def mixed_network(
    *,
    arrival_rates: Sequence[float],
    open_demands: Sequence[Sequence[float]],
    populations: Sequence[int],
    closed_demands: Sequence[Sequence[float]],
    delays: Sequence[bool],
    think_times: Sequence[float],
) -> MixedNetwork:
    """Both kinds of classes over stations of one server, or of pure delay where `delays` says so.

    Demands in seconds [s].  Exact for product-form stations of one server: the open classes take their share
    of each, and the closed ones see what is left (Lazowska et al. 1984, s. 7.5; Baskett et al. 1975).  Where
    the open classes alone fill a station, everything that visits it has no end and no throughput.
    """
    used = [
        math.fsum(rate * demand for rate, demand in zip(arrival_rates, column, strict=True))
        for column in zip(*open_demands, strict=True)
    ]
    left = [1.0 if delay else max(0.0, 1.0 - load) for delay, load in zip(delays, used, strict=True)]
    blocked = [any(d > 0 and not free for d, free in zip(row, left, strict=True)) for row in closed_demands]
    closed = closed_network(
        populations=[0 if stuck else n for n, stuck in zip(populations, blocked, strict=True)],
        demands=[
            [d / free if free else 0.0 for d, free in zip(row, left, strict=True)] for row in closed_demands
        ],
        servers=[math.inf if delay else 1.0 for delay in delays],
        think_times=think_times,
    )
    met = [
        0.0 if delay else math.fsum(row[m] for row in closed.queue_lengths) for m, delay in enumerate(delays)
    ]
    times = tuple(
        tuple(_stay(*station) for station in zip(row, met, left, strict=True)) for row in open_demands
    )
    lengths = tuple(
        tuple(rate * time if rate else 0.0 for time in row)
        for rate, row in zip(arrival_rates, times, strict=True)
    )
    return MixedNetwork(OpenNetwork(tuple(used), times, lengths), closed)


def _stay(demand: float, met: float, left: float) -> float:
    if not demand:
        return 0.0
    return demand * (1.0 + met) / left if left else math.inf
