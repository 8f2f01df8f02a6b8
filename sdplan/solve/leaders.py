"""Leaders and followers: how busy each kind of copy is, where not all of them answer reads."""

from __future__ import annotations

from sdplan.distributions.laws import Law
from sdplan.distributions.spread_waits import wait_law
from sdplan.findings import Path
from sdplan.solve.compile import WRITES
from sdplan.solve.ledger import Ledger
from sdplan.solve.queueing import queued
from sdplan.solve.runs import place_id
from sdplan.solve.service_mix import ServiceMix
from sdplan.solve.tree import Place
from sdplan.spec.components import Component, Store


def reads_go_to(spec: Component, copies: float) -> str:
    """`leader` or `followers` where those copies alone answer reads; nothing where all copies are alike."""
    if not isinstance(spec, Store) or copies <= 1.0:
        return ""
    replication = spec.replication
    if replication is None:
        return "leader"
    return replication.reads if replication.mode == "leader" and replication.reads != "any" else ""


def follower_wait(load: float, servers: float, mix: ServiceMix, service_time: float) -> Law | None:
    """The wait at a follower that has writes only [s]; nothing where nobody waits."""
    if not 0.0 < load < servers:
        return None
    found = queued(load, servers, mix, "random", 1.0)
    if found.waiting <= 0.0 or found.mean <= 0.0:
        return None
    return wait_law(waiting=found.waiting, mean=found.mean * service_time, scv=found.scv)


def enter_leader_and_follower(
    place: Place,
    spec: Component,
    operations: list[str],
    servers: Path,
    point: str,
    suffix: str,
    ledger: Ledger,
) -> None:
    """Enter the utilization of a leader and of a follower: reads and writes at one, writes at the other."""
    readers = reads_go_to(spec, ledger.value(("components", place[0], "copies"), 1.0))
    if not readers:
        return
    path: Path = ("components", place_id(place))
    writes = [(*path, "load", op, point) for op in operations if op in WRITES]
    load = (*path, "write_load", point)
    if writes:
        ledger.fold(load, "sum", writes)
    else:
        ledger.default(load, 0.0)
    everything = (*path, f"offered_load{suffix}")
    busy, other = ("leader", "follower") if readers == "leader" else ("follower", "leader")
    for who, which in ((busy, everything), (other, load)):
        inputs = {"offered_load": which, "servers": servers}
        target = (*path, f"{who}_utilization{suffix}")
        ledger.follow(target, "offered_load / servers", inputs, is_share=True)
