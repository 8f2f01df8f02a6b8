"""Nodes: the replicas of a component with their queues, and which of them a call goes to."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from sdplan.simulate.clock import Clock
from sdplan.simulate.draws import Draw, Draws
from sdplan.simulate.plan import Layout, Spread
from sdplan.simulate.slots import Slots


class Watch:
    """What was seen at the nodes of one kind: all of a component, or its leaders, or its busiest shard."""

    __slots__ = ("busy", "calls", "held", "name", "nodes", "refused", "stays", "waits", "worker_waits")

    def __init__(self, name: str, nodes: int) -> None:
        self.name = name
        self.nodes = nodes
        self.calls = 0
        self.refused = 0
        self.busy = 0.0  # s of servers
        self.held = 0.0  # s of workers
        self.waits: list[float] = []  # for a server, or for the worker that serves
        self.worker_waits: list[float] = []
        self.stays: list[float] = []  # from arrival to the end of the own time


class Node:
    """One replica, or the one queue that all replicas share."""

    __slots__ = ("present", "servers", "watch", "workers")

    def __init__(self, servers: Slots | None, workers: Slots | None, watch: Watch) -> None:
        self.servers = servers
        self.workers = workers
        self.watch = watch
        self.present = 0


class Targets(NamedTuple):
    """The nodes that one call goes to, and how many of them have to answer; the first is its leader."""

    nodes: tuple[Node, ...]
    need: int
    led: bool = False  # one of those that have to answer is the leader


Choose = Callable[[], Node]


class Nodes:
    """The nodes of a component in a region, made when they are first called."""

    def __init__(self, layout: Layout, clock: Clock, draws: Draws) -> None:
        self.layout = layout
        self.clock = clock
        self.draws = draws
        self.made: dict[tuple[int, int], Node] = {}
        self.watches = {kind: Watch(kind, count) for kind, count in kind_counts(layout).items()}
        self.patience: Draw | None = draws.exponential(layout.patience) if layout.patience > 0 else None

    def at(self, shard: int, copy: int) -> Node:
        """The node of a shard and copy; replicas of what is no store are shards of one copy."""
        node = self.made.get((shard, copy))
        if node is None:
            node = self.made[shard, copy] = self._made(self.watches[kind_of(self.layout, shard, copy)])
        return node

    def _made(self, watch: Watch) -> Node:
        layout, clock = self.layout, self.clock
        at_workers = layout.workers > 0
        bounds = (layout.room, self.patience)
        workers = Slots(clock, layout.workers, *bounds) if at_workers else None
        inner = (math.inf, None) if at_workers else bounds
        servers = Slots(clock, layout.servers, *inner) if layout.servers > 0 else None
        return Node(servers, workers, watch)

    def choose(self) -> Choose:
        """How callers pick one of several equal replicas."""
        count, balance = self.layout.queues, self.layout.balance
        if count == 1:
            only = self.at(0, 0)
            return lambda: only
        if balance == "least-requests":
            return self._least_busy(count)
        if balance == "round-robin":
            return self._next_in_turn(count)
        index = self.draws.index(count)
        return lambda: self.at(index(), 0)

    def _next_in_turn(self, count: int) -> Choose:
        turn = [0]

        def choose() -> Node:
            turn[0] = (turn[0] + 1) % count
            return self.at(turn[0], 0)

        return choose

    def _least_busy(self, count: int) -> Choose:
        nodes = [self.at(number, 0) for number in range(count)]
        share = self.draws.share()

        def choose() -> Node:
            return min(nodes, key=lambda node: node.present + share())

        return choose

    def shard(self, spread: Spread) -> Callable[[], int]:
        """Which shard holds what a call asks for: each as likely, but for a busiest one."""
        count = spread.shards
        hot = min(spread.skew, count) / count
        if count == 1 or spread.skew == 1.0:
            return self.draws.index(count)
        share, other = self.draws.share(), self.draws.index(count - 1)
        return lambda: 0 if share() < hot else 1 + other()

    def targets(self, *, writes: bool) -> Callable[[], Targets]:
        """The nodes that a read or a write goes to."""
        spread = self.layout.spread
        if spread is None:
            choose = self.choose()
            return lambda: Targets((choose(),), 1)
        if writes and (spread.copies > 1):
            return self._all_copies(spread)
        if spread.reads in ("leaderless", "chunks") and spread.read_answers > 1:
            return self._some_copies(spread, spread.read_answers)
        return self._one_copy(spread)

    def _place(self, spread: Spread) -> Callable[[], Callable[[int], Node]]:
        if self.layout.queues == 1:
            only = self.at(0, 0)
            return lambda: lambda copy: only
        shard = self.shard(spread)

        def placed() -> Callable[[int], Node]:
            number = shard()
            return lambda copy: self.at(number, copy)

        return placed

    def _all_copies(self, spread: Spread) -> Callable[[], Targets]:
        place, copies = self._place(spread), range(spread.copies)
        need, led = max(1, spread.write_answers), spread.reads not in ("leaderless", "chunks")

        def choose() -> Targets:
            at = place()
            return Targets(tuple(at(copy) for copy in copies), need, led)

        return choose

    def _some_copies(self, spread: Spread, count: int) -> Callable[[], Targets]:
        place, index = self._place(spread), self.draws.index(spread.copies)

        def choose() -> Targets:
            at, first = place(), index()
            chosen = tuple(at((first + step) % spread.copies) for step in range(count))
            return Targets(chosen, count)

        return choose

    def _one_copy(self, spread: Spread) -> Callable[[], Targets]:
        place = self._place(spread)
        if spread.reads == "leader" or spread.copies == 1:
            return lambda: Targets((place()(0),), 1)
        first = 1 if spread.reads == "followers" else 0
        index = self.draws.index(spread.copies - first)
        return lambda: Targets((place()(first + index()),), 1)


def kind_of(layout: Layout, shard: int, copy: int) -> str:
    """What sets a node apart from the others: whether it leads, and whether it holds the busiest shard."""
    spread = layout.spread
    if spread is None or layout.queues == 1:
        return ""
    led = spread.reads in ("leader", "any", "followers") and spread.copies > 1
    role = ("leader" if copy == 0 else "follower") if led else ""
    skewed = spread.skew != 1.0 and spread.shards > 1
    where = ("busiest" if shard == 0 else "other") if skewed else ""
    return " ".join(part for part in (where, role) if part)


def kind_counts(layout: Layout) -> dict[str, int]:
    """The kinds of nodes that a component has, and how many of each."""
    spread = layout.spread
    if spread is None or layout.queues == 1:
        return {"": layout.queues}
    counts: dict[str, int] = {}
    for shard, shards in ((0, 1), (1, spread.shards - 1)):
        for copy, copies in ((0, 1), (1, spread.copies - 1)):
            kind = kind_of(layout, shard, copy)
            counts[kind] = counts.get(kind, 0) + shards * copies
    return {kind: count for kind, count in counts.items() if count}
