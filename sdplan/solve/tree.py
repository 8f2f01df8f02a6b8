"""The call tree: what a flow's steps compile to, for every fold to read.

Four nodes.  A `Call` carries its options as numbers; the paths beside them say where each was stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sdplan.findings import Path

Place = tuple[str, str]
"""A component in a region; the region is empty where the design has none."""


class Call(NamedTuple):
    """One call of a component, which holds its worker while it runs `body`."""

    place: Place
    op: str
    entity: str
    body: Node
    path: Path  # unique and readable: flows.redirect.steps[0].lb.api
    source: Path  # where its options stand in the YAML
    request: Path | None = None  # where the size of the request is stated for this call
    response: Path | None = None
    miss: Node | None = None  # what follows when the cache has not got it
    miss_inside: bool = False  # the cache itself runs the misses, not its caller
    fallback: Node | None = None
    times: float = 1.0
    fan_out: float = 1.0
    need: str = "all"
    timeout: float | None = None
    retries: float = 0.0  # more attempts after a failed one; a fraction mixes its neighbours
    backoff: float = 0.0  # pause before the first of them, s; it doubles with each
    jitter: float = 0.0  # share of a pause that is drawn evenly
    hedge: float | str | None = None  # a second call after so many seconds, or after a percentile
    shared_slowness: float | None = None  # share of slow answers that the second call shares
    cancel: bool = False  # the callee stops at the timeout
    distance: float = 0.0  # round trip to another region, s
    has_caller: bool = False  # called by a component, and not by the client of the flow
    detached: bool = False
    optional: bool = False
    is_fill: bool = False  # the write that follows a miss; its failure is nobody's


class Sequence(NamedTuple):
    """Nodes one after another; a failed one ends it."""

    items: tuple[Node, ...]


class Parallel(NamedTuple):
    """Nodes at once; `need` of them must succeed."""

    items: tuple[Node, ...]
    need: str
    timeout: float | None
    path: Path
    source: Path


class Way(NamedTuple):
    """One branch of a choice, taken in `share` of the runs."""

    share: float
    share_path: Path
    node: Node


class Choice(NamedTuple):
    """One of several nodes, by share."""

    branches: tuple[Way, ...]
    path: Path


Node = Call | Sequence | Parallel | Choice
NOTHING = Sequence(())


def calls(node: Node) -> Iterator[Call]:
    """Every call of a tree, callers before what they call."""
    if isinstance(node, Call):
        yield node
        yield from calls(node.body)
        if node.miss is not None:
            yield from calls(node.miss)
        if node.fallback is not None:
            yield from calls(node.fallback)
    elif isinstance(node, Choice):
        for way in node.branches:
            yield from calls(way.node)
    else:
        for item in node.items:
            yield from calls(item)


def needed(need: str, branches: int) -> int:
    """How many of the branches must succeed."""
    return branches if need == "all" else min(1 if need == "any" else int(need), branches)
