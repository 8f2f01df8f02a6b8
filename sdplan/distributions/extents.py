"""How far a tree of calls reaches in time, roughly, before anything is computed."""

from __future__ import annotations

import math
from typing import NamedTuple

from sdplan.distributions import trees
from sdplan.distributions.failing import NOTHING_KNOWN, closed_failing, most_retries
from sdplan.distributions.trees import Need, Node


class Extent(NamedTuple):
    """A centre and a deviation [s]; what reaches beyond both together should be rare, with no proof."""

    centre: float
    deviation: float

    @property
    def end(self) -> float:
        """Centre and deviation [s]."""
        return self.centre + self.deviation


_NONE = Extent(0.0, 0.0)


def extent(node: Node, tail: float) -> Extent:
    """Where all but a share `tail` of the runs end, by adding means plainly and deviations in quadrature."""
    match node:
        case trees.Hop():
            mean = node.law.mean
            return Extent(mean, max(0.0, node.law.reach(tail) - mean))
        case trees.Series():
            return _in_a_row([extent(item, tail) for item in node.items])
        case trees.Fallback():
            return _in_a_row([extent(node.node, tail), extent(node.other, tail)])
        case trees.Repeat():
            inner, times = extent(node.node, tail), math.ceil(node.times)
            return Extent(inner.centre * times, inner.deviation * math.sqrt(times))
        case trees.Branch():
            return _widest([extent(option, tail) for share, option in node.options if share > 0.0])
        case trees.ForkJoin():
            share = _share(tail, node.need, len(node.items))
            return _widest([extent(item, share) for item in node.items])
        case trees.FanOut():
            return extent(node.node, _share(tail, node.need, node.count))
        case trees.Timeout():
            inner = extent(node.node, tail)
            centre = min(inner.centre, node.time)
            return Extent(centre, min(inner.end, node.time) - centre)
        case trees.Optional() | trees.Hedged():
            return extent(node.node, tail)
        case trees.Retried():
            return _retried(node, tail)


def _retried(node: trees.Retried, tail: float) -> Extent:
    """As many attempts as all but a share `tail` of the runs need, and the pauses before them."""
    attempt = extent(node.node, tail)
    fails = closed_failing(node.node, NOTHING_KNOWN)
    needed = math.log(tail) / math.log(fails) if 0.0 < fails < 1.0 else 0.0 if fails == 0.0 else math.inf
    more = math.ceil(min(node.retries, most_retries(node), needed))
    paused = node.backoff * (2.0**more - 1.0) if node.backoff else 0.0
    return Extent(attempt.centre * (more + 1) + paused, attempt.deviation * math.sqrt(more + 1))


def _share(tail: float, need: Need, count: float) -> float:
    """The tail of each of `count` calls at once that leaves this tail for all, or for any, of them."""
    calls = max(1.0, count)
    return tail ** (1.0 / calls) if need == "any" else tail / calls


def _in_a_row(extents: list[Extent]) -> Extent:
    return Extent(math.fsum(e.centre for e in extents), math.hypot(*(e.deviation for e in extents)))


def _widest(extents: list[Extent]) -> Extent:
    return max(extents, key=lambda e: e.end, default=_NONE)
