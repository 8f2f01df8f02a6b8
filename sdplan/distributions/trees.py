"""Trees of calls: what a flow waits for, as small frozen values that say nothing of how they are computed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from sdplan.distributions.laws import Law
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


@dataclass(frozen=True, slots=True)
class Retried:
    """A call with up to `retries` more attempts of all of it after a failure.

    A fraction of retries mixes its neighbours.  Before the k-th of them comes a pause of
    `backoff` 2^(k-1) seconds, of which the share `jitter` is drawn evenly.  Attempts are independent.
    """

    node: Node
    retries: float
    backoff: float = 0.0
    jitter: float = 0.0


@dataclass(frozen=True, slots=True)
class Hedged:
    """A call, and the same call once more if it has not answered after `delay` [s].

    The first good answer counts.  With probability `shared_slowness` the second takes exactly as long as the
    first and so is no help; else it is independent of it.
    """

    node: Node
    delay: float
    shared_slowness: float = 0.0


Node = Hop | Series | Repeat | Branch | ForkJoin | FanOut | Timeout | Optional | Fallback | Retried | Hedged


def retried(node: Node, retries: float, backoff: float = 0.0, jitter: float = 0.0) -> Node:
    """A call that is tried again after a failure, up to `retries` more times; see `Retried`."""
    return Retried(node, retries, backoff, jitter) if retries > 0.0 else node


def hedged(node: Node, delay: float, shared_slowness: float = 0.0) -> Node:
    """A call, and the same call once more if it has not answered after `delay` [s]; see `Hedged`."""
    return Hedged(node, delay, shared_slowness) if shared_slowness < 1.0 else node


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
