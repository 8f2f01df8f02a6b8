"""How many replicas must be up: what the load asks for, at which load one more is needed."""

from __future__ import annotations

import math

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import place_id
from sdplan.solve.nodes import read_copies
from sdplan.solve.solution import Record
from sdplan.solve.tree import Place
from sdplan.spec.components import Component, Store
from sdplan.units import NUMBER, RATE

_ROUNDING = 1e-9


def unit_of(spec: Component) -> str:
    """What there are several of: a store loses copies of a shard, anything else replicas."""
    return "copies" if isinstance(spec, Store) else "replicas"


def required(place: Place, spec: Component, utilization: float, ledger: Ledger) -> float:
    """The fewest replicas that stay below 100 %, or of a shard the copies that must answer."""
    own: Path = ("components", place[0])
    count = ledger.value((*own, unit_of(spec)), 1.0)
    from_load = math.floor(count * utilization + _ROUNDING) + 1.0 if utilization > 0 else 1.0
    if not isinstance(spec, Store):
        return from_load
    replication = spec.replication
    if replication is None or (replication.mode == "leader" and replication.reads == "leader"):
        return _chunks(spec) if utilization < 1 else count + 1
    if replication.mode == "leader":
        return max(_chunks(spec), from_load)
    return max(_quorum(own, spec, count, ledger), from_load)


def _quorum(own: Path, spec: Store, count: float, ledger: Ledger) -> float:
    quorum = spec.replication.write_quorum if spec.replication is not None else None
    if isinstance(quorum, str):
        return {"one": 1.0, "all": count}.get(quorum, float(math.floor(count / 2) + 1))
    return ledger.value((*own, "replication", "write_quorum"), 1.0)


def _chunks(spec: Store) -> float:
    """The copies that hold a whole shard between them: one, or the data chunks of an erasure code."""
    nodes, bytes_a_byte = read_copies(spec.copies or "1") or (1, 1.0)
    return float(round(nodes / bytes_a_byte))


def has_primary(spec: Component) -> bool:
    """Whether one of the copies leads, so that its loss asks for a failover."""
    return isinstance(spec, Store) and (spec.replication is None or spec.replication.mode == "leader")


def enter_required(place: Place, spec: Component, suffix: str, ledger: Ledger) -> float:
    """Enter how many must be up at a load point, and the load from which it is one more."""
    path: Path = ("components", place_id(place))
    utilization = (*path, f"utilization{suffix}")
    count: Path = ("components", place[0], unit_of(spec))
    load = (("utilization", utilization),) if ledger.has(utilization) else ()
    k = (*path, f"replicas_required{suffix}")
    value = required(place, spec, ledger.value(utilization), ledger)
    word = "fewest that carry the peak" if not suffix else "fewest that carry the mean load"
    inputs = (((unit_of(spec), count),) if ledger.has(count) else ()) + load
    ledger.enter(Record(k, value, NUMBER, "exact", word, inputs))
    rate = (*path, "peak_rate")
    steps = not isinstance(spec, Store) and not suffix and load and ledger.value(utilization) > 0
    if steps and ledger.value(rate) > 0 and ledger.records[rate].dimension == RATE:
        ledger.follow(
            (*path, "next_step_load"),
            "peak_rate * needed / (replicas * utilization)",
            {"peak_rate": rate, "needed": k, "replicas": count, "utilization": utilization},
        )
    return value
