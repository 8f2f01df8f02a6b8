"""How likely a tree of calls is to fail, without any grid as far as a closed form goes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sdplan.distributions import trees
from sdplan.distributions.trees import Node


class Asked(NamedTuple):
    """Who is asked where no closed form is known.

    `late` is the probability that a call has not answered well by a time [s], `failed_by` that it has failed.
    """

    late: Callable[[Node, float], float]
    failed_by: Callable[[Node, float], float]


MOST_PAUSES = 50  # after as many doublings a pause of 1 ms is longer than thirty thousand years
_HARDLY_ANY = 1e-13
NOTHING_KNOWN = Asked(late=lambda node, time: 1.0, failed_by=lambda node, time: 0.0)


def late_hop(hop: trees.Hop, time: float) -> float:
    """The probability that one hop has not answered well by `time` [s]; exact."""
    start, rest = hop.law.fixed_part()
    beyond = float(start > time) if rest is None or start > time else float(rest.sf(np.array(time - start)))
    return hop.unavailability + (1.0 - hop.unavailability) * beyond


def closed_failing(node: Node, asked: Asked) -> float:
    """The probability that a call fails, of which only time limits and hedges may need to be `asked` for."""
    match node:
        case trees.Hop():
            return node.unavailability
        case trees.Series():
            return any_of([closed_failing(item, asked) for item in node.items])
        case trees.Repeat():
            inner = closed_failing(node.node, asked)
            return mixed(node.times, lambda count: _any_of_alike(inner, count))
        case trees.Branch():
            return math.fsum(share * closed_failing(option, asked) for share, option in node.options)
        case trees.ForkJoin():
            each = [closed_failing(item, asked) for item in node.items]
            return fewer_of(trees.count_needed(node.need, len(each)), each)
        case trees.FanOut():
            return _of_copies(node, closed_failing(node.node, asked))
        case trees.Timeout():
            hop = trees.as_one_hop(node.node)
            return late_hop(hop, node.time) if hop else asked.late(node.node, node.time)
        case trees.Optional():
            return 0.0
        case trees.Fallback():
            first = closed_failing(node.node, asked)
            return first * closed_failing(node.other, asked) if first else 0.0
        case trees.Retried():
            inner = closed_failing(node.node, asked)
            return mixed(min(node.retries, most_retries(node)), lambda count: inner ** (count + 1.0))
        case trees.Hedged():
            return _of_hedged(node, closed_failing(node.node, asked), asked)


def most_retries(node: trees.Retried) -> int:
    """How many retries there is time for, since pauses double; the attempts after them count as failed."""
    return MOST_PAUSES if node.backoff else 2**62


def any_of(fails: Sequence[float]) -> float:
    """P(at least one of these happens), each of them independent of the others."""
    if not any(fails):
        return 0.0
    if any(fail >= 1.0 for fail in fails):
        return 1.0
    return -math.expm1(math.fsum(math.log1p(-fail) for fail in fails))


def _any_of_alike(fail: float, count: float) -> float:
    return float(count > 0) if fail >= 1.0 else -math.expm1(count * math.log1p(-fail))


def mixed(mean: float, whole: Callable[[float], float]) -> float:
    """What `whole` gives for a mean count: a fraction mixes its two neighbours."""
    low = math.floor(mean)
    part = mean - low
    return (1.0 - part) * whole(low) + part * whole(low + 1) if part else whole(low)


def _of_copies(node: trees.FanOut, fail: float) -> float:
    def whole(count: float) -> float:
        need = trees.count_needed(node.need, int(count))
        if need == count:
            return _any_of_alike(fail, count)
        return fewer_of_copies(int(count), need, fail)

    return mixed(node.count, whole)


def fewer_of_copies(count: int, need: int, fail: float) -> float:
    """P(fewer than `need` of `count` copies succeed), each of which fails with probability `fail`."""
    if need <= 0 or not 0.0 < fail < 1.0:
        return float(need > 0 and fail >= 1.0)
    good, bad = math.log1p(-fail), math.log(fail)
    logs = (_log_ways(count, k) + k * good + (count - k) * bad for k in range(need))
    return min(1.0, math.fsum(math.exp(log) for log in logs))


def _log_ways(count: int, chosen: int) -> float:
    return math.lgamma(count + 1) - math.lgamma(chosen + 1) - math.lgamma(count - chosen + 1)


def fewer_of(need: int, fails: Sequence[float]) -> float:
    """P(fewer than `need` of these succeed)."""
    if need == len(fails):
        return any_of(fails)
    counts = [1.0] + [0.0] * max(0, need - 1)
    for fail in fails:
        counts = [counts[k] * fail + (counts[k - 1] * (1.0 - fail) if k else 0.0) for k in range(len(counts))]
    return min(1.0, math.fsum(counts)) if need > 0 else 0.0


def _of_hedged(node: trees.Hedged, fail: float, asked: Asked) -> float:
    """A failure before the delay leaves nothing to hedge; after it, both calls have to fail."""
    if fail <= _HARDLY_ANY:
        return fail
    early = min(fail, _failed_by(node.node, node.delay, asked))
    both = early + (fail - early) * fail
    return node.shared_slowness * fail + (1.0 - node.shared_slowness) * both


def _failed_by(node: Node, time: float, asked: Asked) -> float:
    if isinstance(node, trees.Timeout) and node.time > time:
        return _failed_by(node.node, time, asked)
    return node.unavailability if isinstance(node, trees.Hop) else asked.failed_by(node, time)
