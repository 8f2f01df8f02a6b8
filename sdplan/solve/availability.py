"""Availability: the exact probability that a run can succeed, over components shared by name.

A component that several calls use counts once.  How many of its replicas are needed comes from the
load at peak, not from their number.  Retries are not redundancy: they count for nothing here.
"""

from __future__ import annotations

import math

from sdplan.findings import Path
from sdplan.formulas.availability import (
    availability_from_mtbf,
    common_cause_unavailability,
    k_of_n_unavailability,
    unavailability_from_mtbf,
)
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Run, place_id
from sdplan.solve.nodes import read_copies
from sdplan.solve.solution import Label, Part, Prefix, Record
from sdplan.solve.structure import DRAWS, Structure
from sdplan.solve.tree import Place
from sdplan.spec.components import Component, Store
from sdplan.units import NUMBER


def component_unavailability(place: Place, spec: Component, ledger: Ledger) -> None:
    """The unavailability of a component's replicas as a group, at the load of the peak."""
    path: Path = ("components", place_id(place))
    own: Path = ("components", place[0])
    whole = (*path, "unavailability")
    if ledger.has((*own, "sla")):
        ledger.follow(whole, "1 - sla", {"sla": (*own, "sla")})
    elif ledger.has((*own, "availability")):
        ledger.follow(
            (*own, "replica_unavailability"), "1 - availability", {"availability": (*own, "availability")}
        )
        _group(place, spec, ledger)
    elif ledger.has((*own, "mtbf")):
        both = {"mtbf": (*own, "mtbf"), "mttr": (*own, "mttr")}
        ledger.apply((*own, "replica_availability"), availability_from_mtbf, both)
        ledger.apply((*own, "replica_unavailability"), unavailability_from_mtbf, both)
        _group(place, spec, ledger)
    else:
        ledger.not_counted(
            own,
            "SP904",
            f"{place[0]} states no availability",
            "it counts as always up: availabilities read at most",
            "state `availability: 99.9%` of one replica, or the `sla` of the managed whole",
        )
        ledger.write(
            Record(whole, 0.0, NUMBER, "bound", note=f"{place[0]} states no availability", prefix="at least ")
        )
    if ledger.has(whole):
        record = ledger.records[whole]
        ledger.write(
            record._replace(
                path=(*path, "group_availability"),
                value=1.0 - record.value,
                formula="= 1 - unavailability",
                inputs=(("unavailability", whole),),
                is_share=True,
            )
        )


def _group(place: Place, spec: Component, ledger: Ledger) -> None:
    """k of n replicas, or of the copies of the one shard that a request needs."""
    path: Path = ("components", place_id(place))
    own: Path = ("components", place[0])
    count, note = (
        ((*own, "copies"), "failover is taken as perfect and instant")
        if isinstance(spec, Store)
        else ((*own, "replicas"), "")
    )
    k = (*path, "replicas_required")
    utilization = ledger.value((*path, "utilization"))
    ledger.enter(
        Record(
            k,
            _required(own, spec, ledger.value(count), utilization, ledger),
            NUMBER,
            "exact",
            "fewest that carry the peak",
            _used(path, count, ledger),
        )
    )
    whole = (*path, "unavailability")
    if ledger.value(k) > ledger.value(count):
        ledger.missing[whole] = f"{place_id(place)} is overloaded at peak even with all its replicas up"
        return
    inputs = {"unavailability": (*own, "replica_unavailability"), "replicas": count, "needed": k}
    if spec.common_cause is not None:
        ledger.apply(
            whole, common_cause_unavailability, {"common_cause": (*own, "common_cause"), **inputs}, note=note
        )
    else:
        ledger.apply(whole, k_of_n_unavailability, inputs, note=note)


def _used(path: Path, count: Path, ledger: Ledger) -> tuple[tuple[str, Path], ...]:
    utilization = (*path, "utilization")
    return (("replicas", count), *((("utilization", utilization),) if ledger.has(utilization) else ()))


def _required(path: Path, spec: Component, count: float, utilization: float, ledger: Ledger) -> float:
    """The fewest replicas that stay below 100 %; a leader needs one copy, an erasure code its data chunks."""
    from_load = math.floor(count * utilization + 1e-9) + 1
    if not isinstance(spec, Store):
        return float(from_load) if utilization > 0 else 1.0
    replication = spec.replication
    if replication is None or (replication.mode == "leader" and replication.reads == "leader"):
        return _chunks(spec) if utilization < 1 else count + 1
    if replication.mode == "leader":
        return max(_chunks(spec), float(from_load) if utilization > 0 else 1.0)
    quorum = replication.write_quorum
    if isinstance(quorum, str):
        wanted = {"one": 1.0, "all": count}.get(quorum, float(math.floor(count / 2) + 1))
    else:
        wanted = ledger.value((*path, "replication", "write_quorum"), 1.0)
    return max(wanted, float(from_load) if utilization > 0 else 1.0)


def _chunks(spec: Store) -> float:
    """The copies that hold a whole shard between them: one, or the data chunks of an erasure code."""
    nodes, bytes_a_byte = read_copies(spec.copies or "1") or (1, 1.0)
    return float(round(nodes / bytes_a_byte))


def flow_availability(run: Run, ledger: Ledger) -> tuple[Part, ...]:
    """Available and undegraded shares of a flow, entered under it, and what each component costs it."""
    parts: tuple[Part, ...] = ()
    for name, undegraded in (("availability", False), ("undegraded", True)):
        structure = Structure(ledger, undegraded)
        function = structure.of(run.tree)
        if structure.lost:
            ledger.missing[(*run.path, name)] = f"{', '.join(sorted(structure.lost))} cannot carry the peak"
            continue
        value = structure.diagram.unavailability(function)
        _enter(run, name, value, structure, ledger)
        if not undegraded:
            parts = _importance(structure, function)
    return parts


def _enter(run: Run, name: str, value: float, structure: Structure, ledger: Ledger) -> None:
    used = [
        ("components", place)
        for place in structure.diagram.names
        if ("components", place, "unavailability") in ledger.records
    ]
    inputs = tuple((path[1], (*path, "unavailability")) for path in used)
    unstated = any(ledger.records[where].prefix for _, where in inputs)
    notes = {ledger.records[where].note for _, where in inputs if ledger.records[where].label != "stated"} - {
        ""
    }
    note = "; ".join(sorted(notes | ({structure.rough} if structure.rough else set())))
    label: Label = "bound" if unstated or structure.rough else "exact"
    down = (*run.path, "unavailability" if name == "availability" else "lost_quality")
    prefix: Prefix = "at least " if unstated and not structure.rough else ""
    ledger.enter(Record(down, value, NUMBER, label, "structure function", inputs, note, prefix=prefix))
    if name == "availability":
        ledger.follow((*run.path, name), "1 - unavailability", {"unavailability": down}, is_share=True)
    else:
        _undegraded(run, down, ledger)
    if prefix:
        record = ledger.records[(*run.path, name)]
        ledger.records[(*run.path, name)] = record._replace(prefix="at most ")


def _undegraded(run: Run, lost: Path, ledger: Ledger) -> None:
    """A run is whole when nothing that it calls is down, and nothing answers too late."""
    late, degradation = (*run.path, "late"), (*run.path, "degradation")
    if ledger.has(late):
        ledger.follow(degradation, "lost + late - lost * late", {"lost": lost, "late": late})
    else:
        ledger.follow(degradation, "lost", {"lost": lost})
    ledger.follow((*run.path, "undegraded"), "1 - degradation", {"degradation": degradation}, is_share=True)


def _importance(structure: Structure, function: int) -> tuple[Part, ...]:
    """What each component's own failures cost: its unavailability times its Birnbaum importance."""
    diagram = structure.diagram
    rates = dict(zip(diagram.names, diagram.false_probability, strict=True))
    parts = [
        Part(("components", name), rates[name] * importance)
        for name, importance in diagram.importances(function).items()
        if not name.startswith(DRAWS)
    ]
    return tuple(sorted(parts, key=lambda part: (-part.value, part.component)))
