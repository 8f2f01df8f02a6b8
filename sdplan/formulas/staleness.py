"""Probabilistically bounded staleness: how soon after a write, and how surely, a partial quorum returns it.

A coordinator sends a write to every replica and answers when enough have acknowledged it; a read asks every
replica and takes the first answers.  Four delays decide: write, acknowledgement, read, response (WARS).
Source: Bailis, Venkataraman, Franklin, Hellerstein and Stoica 2012, Probabilistically Bounded Staleness for
Practical Partial Quorums, PVLDB 5(8).  Times of quorums are sums over quantiles; staleness is a seeded
simulation in which the delay of the write itself is integrated, so that rare staleness needs few draws.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

_RAREST = 1e-9  # share of delays beyond the largest that is told apart
_NODES = 1500
_HALVINGS = 50


class Delay(Protocol):
    """What a delay must tell: its survival function over an array and the time that a share exceeds [s]."""

    def sf(self, x: Any) -> Any: ...

    def tail_quantile(self, tail: float) -> float: ...

    def __hash__(self) -> int: ...


class Replicas(NamedTuple):
    """Replicas that are alike; with a distance each is a site, and every operation starts at a random one."""

    write: Delay  # s, from the coordinator to the replica
    acknowledgement: Delay  # s, and back
    read: Delay  # s, from the coordinator to the replica
    response: Delay  # s, and back
    copies: int
    distance: float = 0.0  # s, one way between two sites


@lru_cache(maxsize=1)
def _tails() -> tuple[Any, Any]:
    """Shares that exceed a node's delay, finer towards both ends, and the weight of each node."""
    import numpy as np

    upper = np.geomspace(_RAREST, 0.5, _NODES)
    lower = 1 - np.geomspace(0.5, 1e-6, _NODES)
    edges = np.concatenate([[0.0], upper, lower[1:], [1.0]])
    return (edges[:-1] + edges[1:]) / 2, np.diff(edges)


@lru_cache(maxsize=64)
def _quantiles(delay: Delay) -> Any:
    """The delay at each node, by bisection of its survival function."""
    import numpy as np

    tails, _ = _tails()
    low, high = np.zeros_like(tails), np.full_like(tails, delay.tail_quantile(_RAREST / 2))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = delay.sf(middle) > tails
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return high


def read_time(replicas: Replicas, read_quorum: int, level: float) -> float:
    """Time within which a share `level` of the reads has enough answers [s]."""
    return _quorum_time(replicas.read, replicas.response, replicas, read_quorum, level)


def write_time(replicas: Replicas, write_quorum: int, level: float) -> float:
    """Time within which a share `level` of the writes has enough acknowledgements [s]."""
    return _quorum_time(replicas.write, replicas.acknowledgement, replicas, write_quorum, level)


def _quorum_time(there: Delay, back: Delay, replicas: Replicas, needed: int, level: float) -> float:
    """Bisection on the probability that enough replicas have answered, the near one and the far ones."""
    import numpy as np

    _, weights = _tails()
    first = _quantiles(there)

    def answered(time: float) -> float:
        late = np.where(time > first, back.sf(np.maximum(time - first, 0.0)), 1.0)
        return 1.0 - float(weights @ late)

    def late(time: float) -> float:
        near, far = answered(time), answered(time - 2 * replicas.distance)
        reached = _counts([near] + [far] * (replicas.copies - 1))
        return math.fsum(reached[:needed])

    low, high = 0.0, float(first[0]) + back.tail_quantile(_RAREST) + 2 * replicas.distance
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if late(middle) > 1 - level else (low, middle)
    return high


def _counts(probabilities: list[float]) -> list[float]:
    """Probability of each number of successes."""
    counts = [1.0]
    for p in probabilities:
        failed, reached = [c * (1 - p) for c in counts], [c * p for c in counts]
        counts = [a + b for a, b in zip([*failed, 0.0], [0.0, *reached], strict=True)]
    return counts


class _Draws(NamedTuple):
    """For each draw and answering replica: when a read without a pause reaches it."""

    after: Any  # s since the write left for the replica, less the distance to it
    delay: Delay  # of the write without the distance

    def stale(self, pause: float) -> float:
        """Share of reads, a pause after the write, that only meet replicas which it has not reached."""
        import numpy as np

        return float(self.delay.sf(np.maximum(self.after + pause, 0.0)).prod(axis=1).mean())


def _draw(replicas: Replicas, read_quorum: int, write_quorum: int, draws: int, seed: int) -> _Draws:
    import numpy as np

    source = np.random.default_rng(seed)
    shape = (draws, replicas.copies)

    def times(delay: Delay) -> Any:
        """Each column spread evenly over the quantiles, in an order of its own."""
        ranks = (np.arange(draws)[:, None] + source.random(shape)) / draws
        return np.interp(source.permuted(ranks, axis=0), _tails()[0], _quantiles(delay))

    def away() -> Any:
        """The way from where an operation starts to each replica."""
        here = source.integers(replicas.copies, size=(draws, 1))
        return replicas.distance * (np.arange(replicas.copies) != here)

    to_read, to_write = away(), away()
    arrives = times(replicas.read) + to_read
    first = np.argsort(arrives + times(replicas.response) + to_read, axis=1)
    answering, others = first[:, :read_quorum], first[:, read_quorum:]
    acknowledged = times(replicas.write) + times(replicas.acknowledgement) + 2 * to_write
    done = np.sort(np.take_along_axis(acknowledged, others, axis=1), axis=1)[:, write_quorum - 1]
    arrived, way = (np.take_along_axis(x, answering, axis=1) for x in (arrives, to_write))
    return _Draws(done[:, None] + arrived - way, replicas.write)


def stale_probability(
    replicas: Replicas,
    read_quorum: int,
    write_quorum: int,
    pause: float,
    draws: int = 20_000,
    seed: int = 1,
) -> float:
    """Probability that a read which starts a pause after a write was acknowledged does not return it."""
    if read_quorum + write_quorum > replicas.copies:
        return 0.0
    return _draw(replicas, read_quorum, write_quorum, draws, seed).stale(pause)


def visibility_time(
    replicas: Replicas,
    read_quorum: int,
    write_quorum: int,
    level: float,
    draws: int = 20_000,
    seed: int = 1,
) -> float:
    """Pause after an acknowledged write from which on a share `level` of the reads returns it [s]."""
    if read_quorum + write_quorum > replicas.copies:
        return 0.0
    drawn = _draw(replicas, read_quorum, write_quorum, draws, seed)
    low, high = 0.0, replicas.write.tail_quantile((1 - level) * 1e-3) + replicas.distance
    if drawn.stale(0.0) <= 1 - level:
        return 0.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if drawn.stale(middle) > 1 - level else (low, middle)
    return high
