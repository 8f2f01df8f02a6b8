"""Trees of calls: what a flow waits for, as small frozen values that say nothing of how they are computed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from sdplan.distributions.laws import Deterministic, Law
from sdplan.distributions.queue_laws import Shifted

Need = int | Literal["all", "any"]


@dataclass(frozen=True, slots=True)
class Hop:
    """One visit that takes a time of this law, or is refused at once with probability `unavailability`."""

    law: Law
    unavailability: float = 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """One after another; the first failure ends it.  With no items, no delay."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same call `times` in a row, a mean: a fraction mixes its two neighbours."""

    node: Node
    times: float


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several calls, each with its probability; what is left to 1 is no call at all."""

    options: tuple[tuple[float, Node], ...]


@dataclass(frozen=True, slots=True)
class ForkJoin:
    """Different calls at once, of which `need` have to succeed."""

    items: tuple[Node, ...]
    need: Need = "all"


@dataclass(frozen=True, slots=True)
class FanOut:
    """`count` copies of one call at once, a mean like `Repeat.times`, of which `need` have to succeed."""

    node: Node
    count: float
    need: Need = "all"


@dataclass(frozen=True, slots=True)
class Timeout:
    """A call that fails at `time` [s] unless it has answered by then."""

    node: Node
    time: float


@dataclass(frozen=True, slots=True)
class Optional:
    """A call whose failure is ignored, at the time at which it is known."""

    node: Node


@dataclass(frozen=True, slots=True)
class Fallback:
    """A call, and another that is made when it has failed."""

    node: Node
    other: Node


Node = Hop | Series | Repeat | Branch | ForkJoin | FanOut | Timeout | Optional | Fallback


def retried(node: Node, retries: int, backoff: float = 0.0) -> Node:
    """A call with this many more attempts, each after a pause of `backoff` [s], independent of each other."""
    pause: tuple[Node, ...] = (Hop(Deterministic(backoff)),) if backoff else ()
    tried = node
    for _ in range(retries):
        tried = Fallback(node, Series((*pause, tried)))
    return tried


def hedged(node: Node, delay: float) -> Node:
    """A call, and the same call once more after `delay` [s]; the first good answer counts."""
    return ForkJoin((node, Series((Hop(Deterministic(delay)), node))), need="any")


def as_one_hop(node: Node) -> Hop | None:
    """The single hop that a node amounts to, if all else that it does takes a fixed time and cannot fail."""
    if isinstance(node, Hop):
        return node
    if not isinstance(node, Series):
        return None
    hops = [item for item in node.items if isinstance(item, Hop) and not item.unavailability]
    loose = [hop for hop in hops if hop.law.fixed_part()[1] is not None]
    if len(hops) < len(node.items) or len(loose) != 1:
        return None
    by = math.fsum(hop.law.mean for hop in hops if hop is not loose[0])
    return Hop(Shifted(loose[0].law, by)) if by else loose[0]


def count_needed(need: Need, count: int) -> int:
    """How many of `count` calls have to succeed."""
    if need == "all":
        return count
    return min(1 if need == "any" else need, count)
