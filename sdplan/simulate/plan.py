"""The plan of a simulation: what the solved design says of its parts, and nothing computed of waits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sdplan.distributions.laws import Law
from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.network import way
from sdplan.solve.nodes import read_copies
from sdplan.solve.runs import hit_path
from sdplan.solve.service_times import service_law, service_laws
from sdplan.solve.solution import Solution
from sdplan.solve.spreading import shares_queue
from sdplan.solve.tree import Call, Node, Place, calls
from sdplan.spec.components import Component, Store

SUFFIXES: Mapping[str, str] = {"peak": "", "mean": "_at_mean"}


class Spread(NamedTuple):
    """How a store spreads its calls over shards and copies."""

    shards: int
    copies: int
    skew: float
    reads: str  # leader, any, followers, leaderless or chunks
    read_answers: int  # of the nodes that are asked, so many have to answer a read
    write_answers: int  # 0: the leader's answer alone


class Layout(NamedTuple):
    """A component in a region, as it is simulated."""

    place: Place
    queues: int  # nodes with a queue each; 1 where all share one
    servers: float  # behind one queue; 0 where nothing queues
    workers: float  # of one queue; 0 where none are stated
    works_on_worker: bool  # own time takes the held worker itself
    laws: Mapping[str, Law]
    way: Callable[[Call], Law]  # the round trips of a call to it
    balance: str
    room: float
    patience: float
    spread: Spread | None  # nothing where it is no store
    down: bool
    delivers: str  # "each", "one": messages start runs; "" where nothing is delivered

    def law(self, op: str) -> Law | None:
        """The law of an operation's own time [s]; nothing where none is stated."""
        return self.laws.get(op, self.laws.get(""))


class Trigger(NamedTuple):
    """What starts the runs of a flow that messages trigger."""

    places: tuple[Place, ...]
    share: float
    one_of_all: bool  # a message goes to one of the flows, not to each
    batch: float  # 0: not stated
    every: float  # s; 0: not stated
    lag: Law | None


class Source(NamedTuple):
    """A flow in a region: its tree, and what starts its runs."""

    name: str  # as in `Solution.trees`
    flow: str
    region: str
    tree: Node
    rate: float  # 1/s, where neither clients nor messages start the runs
    clients: float = 0.0
    think: float = 0.0  # s
    trigger: Trigger | None = None


class Plan(NamedTuple):
    """All that a simulation needs to know of a design at a load point."""

    point: str
    sources: tuple[Source, ...]
    layouts: Mapping[Place, Layout]
    hits: Mapping[tuple[str, Path], float]  # by tree, and the path of a call that looks something up


def plan(solution: Solution, point: str = "peak") -> Plan:
    """What is to be simulated of a solved design at a load point."""
    ledger = Ledger(solution.records, solution.design.clock)
    names = _running(solution)
    trees = {name: solution.trees[name] for name in names}
    places = dict.fromkeys(call.place for tree in trees.values() for call in calls(tree))
    layouts = {place: _layout(place, solution.design.components[place[0]], ledger) for place in places}
    hits = {
        (name, call.path): ledger.value(hit_path(call, ledger))
        for name, tree in trees.items()
        for call in calls(tree)
        if call.miss is not None
    }
    sources = tuple(_source(name, tree, point, solution, ledger) for name, tree in trees.items())
    return Plan(point, sources, layouts, hits)


def _running(solution: Solution) -> list[str]:
    """The names of the trees that run: `flow@region` where the design has regions."""
    if not solution.design.regions:
        return list(solution.design.flows)
    return [f"{flow}@{region}" for flow in solution.design.flows for region in solution.design.regions]


def _source(name: str, tree: Node, point: str, solution: Solution, ledger: Ledger) -> Source:
    flow, _, region = name.partition("@")
    spec = solution.design.flows[flow]
    rate = ledger.value(("flows", name, f"{point}_rate"))
    if spec.trigger is not None:
        return Source(name, flow, region, tree, rate, trigger=_trigger(flow, region, solution, ledger))
    if spec.clients is not None:
        share = ledger.value(("regions", region, "share"), 1.0) if region else 1.0
        count = ledger.value(("flows", flow, "clients", "count")) * share
        return Source(
            name, flow, region, tree, rate, count, ledger.value(("flows", flow, "clients", "think"))
        )
    return Source(name, flow, region, tree, rate)


def _trigger(flow: str, region: str, solution: Solution, ledger: Ledger) -> Trigger:
    stated = solution.design.flows[flow].trigger
    assert stated is not None
    where: Path = ("flows", flow, "trigger")
    stream = solution.design.components[stated.stream]
    lag = getattr(stream, "lag", None)
    return Trigger(
        ((stated.stream, ""), (stated.stream, region)) if region else ((stated.stream, ""),),
        ledger.value((*where, "share"), 1.0),
        stream.delivers == "one",
        ledger.value((*where, "batch")),
        ledger.value((*where, "every")),
        service_law(lag, ("components", stated.stream, "lag"), ledger) if lag is not None else None,
    )


def _layout(place: Place, spec: Component, ledger: Ledger) -> Layout:
    path: Path = ("components", place[0])
    laws, _ = service_laws(place[0], spec, Ledger(ledger.records, ledger.calendar))
    nodes = max(1, round(ledger.value((*path, "replicas"), 1.0)))
    shared = shares_queue(spec)
    cores, workers = ledger.value((*path, "cores")), ledger.value((*path, "workers"))
    on_worker = not _states(spec, "cores") and _states(spec, "workers")
    if not on_worker and not _states(spec, "cores"):
        cores = 1.0 if spec.works_on == "replica" else 0.0
    each = nodes if shared else 1
    queue = spec.queue
    return Layout(
        place,
        1 if shared else nodes,
        0.0 if on_worker else cores * each,
        workers * each if _states(spec, "workers") else 0.0,
        on_worker,
        laws,
        lambda call: way(call, ledger),
        spec.balance,
        ledger.value((*path, "queue", "room"), math.inf) if queue and queue.room is not None else math.inf,
        ledger.value((*path, "queue", "patience")) if queue and queue.patience is not None else 0.0,
        _spread(place, spec, ledger) if isinstance(spec, Store) else None,
        bool(getattr(spec, "down", False)),
        spec.delivers,
    )


def _states(spec: Component, field: str) -> bool:
    return getattr(spec, field) is not None


def _spread(place: Place, spec: Store, ledger: Ledger) -> Spread:
    path: Path = ("components", place[0])
    shards = max(1, round(ledger.value((*path, "shards"), 1.0)))
    nodes, bytes_a_byte = read_copies(spec.copies or "1") or (1, 1.0)
    copies = max(1, round(ledger.value((*path, "copies"), float(nodes))))
    skew = ledger.value((*path, "skew"), 1.0) if spec.skew is not None else 1.0
    chunks = round(nodes / bytes_a_byte) if spec.copies and not spec.copies.isdigit() else 0
    if chunks:
        return Spread(shards, copies, skew, "chunks", chunks, copies)
    replication = spec.replication
    if replication is None:
        return Spread(shards, copies, skew, "leader", 1, 0)
    asked = _quorum(replication.read_quorum, (*path, "replication", "read_quorum"), copies, ledger)
    answers = _quorum(replication.write_quorum, (*path, "replication", "write_quorum"), copies, ledger)
    if replication.mode == "leaderless":
        return Spread(shards, copies, skew, "leaderless", asked or 1, answers or 1)
    return Spread(shards, copies, skew, replication.reads, 1, answers)


def _quorum(stated: object, path: Path, copies: int, ledger: Ledger) -> int:
    """How many copies a quorum is; 0 where none is stated."""
    if stated is None:
        return 0
    if isinstance(stated, str):
        return {"one": 1, "all": copies}.get(stated, copies // 2 + 1)
    return max(1, min(copies, math.ceil(ledger.value(path))))
