"""Spreading: what part of the calls comes to one node, or to the one queue that all nodes share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sdplan.findings import Path
from sdplan.solve.balance import ONE_QUEUE, Split, split
from sdplan.solve.compile import WRITES
from sdplan.solve.hot_keys import hot_keys
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Site, place_id
from sdplan.solve.nodes import Nodes
from sdplan.solve.solution import Label, Record
from sdplan.solve.tree import Place
from sdplan.spec.components import Component, Store
from sdplan.units import NUMBER


class Arrivals(NamedTuple):
    """What arrives at one queue of a place: a path to the rate of each operation."""

    by_op: Mapping[str, Path]
    total: Path
    split: Split = ONE_QUEUE


def node_arrivals(
    place: Place, spec: Component, nodes: Nodes, sites: Iterable[Site], point: str, ledger: Ledger
) -> Arrivals:
    """The rates at the busiest queue: of one replica, a shard's leader, or the one queue that all share."""
    path: Path = ("components", place_id(place))
    by_op: dict[str, list[Path]] = {}
    sites = list(sites)
    if point == "peak":
        hot_keys(place, spec, nodes, sites, ledger)
    for site in sites:
        by_op.setdefault(site.call.op, []).append(site.rate(f"{point}_rate"))
    found = {}
    label, note = together(place, f"{point}_rate", ledger)
    for op, rates in by_op.items():
        total = (*path, "calls", op, point)
        ledger.fold(total, "sum", rates, label=label, note=note)
        found[op] = (*path, "node", op, point)
        factor, inputs = (
            _pool_factor(place[0], spec, nodes, op)
            if shares_queue(spec)
            else node_factor(place, spec, nodes, op, ledger)
        )
        ledger.follow(found[op], f"calls{factor}", {"calls": total, **inputs})
    total = (*path, "node_rate", point)
    ledger.fold(total, "sum", found.values())
    return Arrivals(found, total, split(spec, nodes, sites, ledger, shared=shares_queue(spec)))


def together(place: Place, which: str, ledger: Ledger) -> tuple[Label, str]:
    """How far a sum over the calls of a place may be trusted: a bound where flows may peak apart."""
    whole = ledger.records[("components", place_id(place), which)]
    return (whole.label, whole.note) if whole.label == "bound" else ("exact", "")


def _pool_factor(name: str, spec: Component, nodes: Nodes, op: str) -> tuple[str, dict[str, Path]]:
    """One queue for all nodes gets all calls, and a write once for every copy."""
    if isinstance(spec, Store) and op in WRITES and nodes.copies > 1:
        return " * copies", {"copies": ("components", name, "copies")}
    return "", {}


def node_factor(
    place: Place, spec: Component, nodes: Nodes, op: str, ledger: Ledger
) -> tuple[str, dict[str, Path]]:
    """The part of the calls that the busiest node gets, as a factor."""
    path: Path = ("components", place[0])
    if not isinstance(spec, Store):
        return " / replicas", {"replicas": (*path, "replicas")}
    inputs: dict[str, Path] = {"shards": (*path, "shards")}
    text = " / shards"
    if op not in WRITES and nodes.copies > 1 and spec.replication is not None:
        text, inputs = _read_factor(path, spec, nodes, inputs, ledger)
    hottest: Path = ("components", place_id(place), "hot_key_share", op)
    return _uneven(path, hottest, text, inputs, ledger)


def _uneven(
    path: Path, hottest: Path, text: str, inputs: dict[str, Path], ledger: Ledger
) -> tuple[str, dict[str, Path]]:
    """The busiest shard has more than its part: as stated, or because of its hottest key."""
    factors = []
    for name, where, factor in (
        ("skew", (*path, "skew"), "min(skew, shards)"),
        ("hot_key_share", hottest, "(1 + hot_key_share * (shards - 1))"),
    ):
        if ledger.has(where):
            inputs |= {name: where, "shards": (*path, "shards")}
            factors.append(factor)
    if not factors:
        return text, inputs
    return f"{text} * {factors[0] if len(factors) == 1 else f'max({factors[0]}, {factors[1]})'}", inputs


def _read_factor(
    path: Path, spec: Store, nodes: Nodes, inputs: dict[str, Path], ledger: Ledger
) -> tuple[str, dict[str, Path]]:
    replication = spec.replication
    assert replication is not None
    everywhere = {"replicas": (*path, "replicas")}
    if replication.mode == "leaderless":
        quorum = (*path, "replication", "read_quorum")
        if isinstance(replication.read_quorum, str):
            asked = {"one": 1.0, "all": nodes.copies}.get(replication.read_quorum, nodes.copies // 2 + 1.0)
            ledger.write(
                Record(quorum, asked, NUMBER, "stated", note=f"`{replication.read_quorum}` of the copies")
            )
        if ledger.has(quorum):
            return " * quorum / replicas", {**everywhere, "quorum": quorum}
        return " / replicas", everywhere
    if replication.reads == "any":
        return " / replicas", everywhere
    if replication.reads == "followers":
        return " / (replicas - shards)", {**everywhere, **inputs}
    return " / shards", inputs


def shares_queue(spec: Component) -> bool:
    """Whether all replicas take from one queue."""
    stated = spec.queue.shared if spec.queue is not None else None
    return spec.shares_queue if stated is None else stated
