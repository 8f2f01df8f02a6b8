"""Availability: the exact probability that a run can succeed, over components shared by name.

A component that several calls use counts once.  How many of its replicas are needed comes from the
load at peak, not from their number.  Retries are not redundancy: they count for nothing here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sdplan.findings import Path
from sdplan.formulas.availability import (
    availability_from_mtbf,
    common_cause_unavailability,
    k_of_n_unavailability,
    unavailability_from_mtbf,
)
from sdplan.solve.decision_diagram import TRUE, DecisionDiagram
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Run, hit_path, place_id
from sdplan.solve.solution import Part, Record
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, needed
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
    ledger.write(
        Record(
            k,
            _required(spec, ledger.value(count), utilization, ledger),
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


def _required(spec: Component, count: float, utilization: float, ledger: Ledger) -> float:
    """The fewest replicas that stay below 100 %; a leader needs one copy, a quorum its own number."""
    from_load = math.floor(count * utilization + 1e-9) + 1
    if not isinstance(spec, Store):
        return float(from_load) if utilization > 0 else 1.0
    replication = spec.replication
    if replication is None or replication.mode == "leader":
        return 1.0 if utilization < 1 else count + 1
    quorum = replication.write_quorum
    wanted = (
        {"one": 1.0, "all": count}.get(str(quorum), float(math.floor(count / 2) + 1))
        if isinstance(quorum, str)
        else 1.0
    )
    return max(wanted, float(from_load) if utilization > 0 else 1.0)


class _Structure:
    """Builds the function that says when a run succeeds."""

    def __init__(self, ledger: Ledger, undegraded: bool) -> None:
        self.ledger = ledger
        self.undegraded = undegraded
        self.diagram = DecisionDiagram()
        self.lost: set[str] = set()

    def of(self, node: Node) -> int:
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Choice):
            return self.choice(node)
        parts = [self.of(item) for item in node.items]
        if isinstance(node, Parallel):
            return self.diagram.at_least(needed(node.need, len(parts)), parts)
        return self.diagram.conjunction(parts)

    def choice(self, node: Choice) -> int:
        """Each way by its share, as a chain of independent draws of this choice's own."""
        function, left = self.of(node.branches[-1].node), 1.0
        draws = []
        for number, way in enumerate(node.branches[:-1]):
            taken = min(1.0, way.share / left) if left > 0 else 0.0
            draws.append(
                (self.diagram.variable(f"choice {node.path} {number}", 1.0 - taken), self.of(way.node))
            )
            left -= way.share
        for draw, then in reversed(draws):
            function = self.diagram.choice(draw, then, function)
        return function

    def component(self, place: Place) -> int:
        record = self.ledger.records.get(("components", place_id(place), "unavailability"))
        if record is None:
            self.lost.add(place_id(place))
            return TRUE
        return self.diagram.variable(place_id(place), record.value)

    def call(self, call: Call) -> int:
        if call.detached or call.is_fill:
            return TRUE
        if call.optional and not self.undegraded and call.miss is None:
            return TRUE
        body = self.diagram.conjunction((self.component(call.place), self.of(call.body)))
        if call.miss is not None:
            body = self.missed(call, body)
        if call.fallback is not None and not self.undegraded:
            body = self.diagram.disjunction((body, self.of(call.fallback)))
        return body

    def missed(self, call: Call, look: int) -> int:
        """A hit is enough, else the misses; a dead cache is a miss for all, a dead edge the end."""
        assert call.miss is not None
        missed = self.of(call.miss)
        hit = self.ledger.value(hit_path(call, self.ledger))
        name = f"hit {call.place} {call.entity or call.path}"
        draw = self.diagram.variable(name, 1.0 - hit)
        if call.miss_inside or self.undegraded:
            return self.diagram.conjunction((look, self.diagram.disjunction((draw, missed))))
        return self.diagram.disjunction((self.diagram.conjunction((look, draw)), missed))


def flow_availability(run: Run, ledger: Ledger) -> tuple[Part, ...]:
    """Available and undegraded shares of a flow, entered under it, and what each component costs it."""
    parts: tuple[Part, ...] = ()
    for name, undegraded in (("availability", False), ("undegraded", True)):
        structure = _Structure(ledger, undegraded)
        function = structure.of(run.tree)
        if structure.lost:
            ledger.missing[(*run.path, name)] = f"{', '.join(sorted(structure.lost))} cannot carry the peak"
            continue
        value = structure.diagram.unavailability(function)
        _enter(run, name, value, structure, ledger)
        if not undegraded:
            parts = _importance(structure, function)
    return parts


def _enter(run: Run, name: str, value: float, structure: _Structure, ledger: Ledger) -> None:
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
    note = "; ".join(sorted(notes))
    down = (*run.path, "unavailability" if name == "availability" else "degradation")
    ledger.write(
        Record(
            down,
            value,
            NUMBER,
            "bound" if unstated else "exact",
            "structure function",
            inputs,
            note,
            prefix="at least " if unstated else "",
        )
    )
    ledger.write(
        Record(
            (*run.path, name),
            1.0 - value,
            NUMBER,
            "bound" if unstated else "exact",
            "= 1 - unavailability",
            (("unavailability", down),),
            note,
            is_share=True,
            prefix="at most " if unstated else "",
        )
    )


def _importance(structure: _Structure, function: int) -> tuple[Part, ...]:
    """What each component's own failures cost: its unavailability times its Birnbaum importance."""
    diagram = structure.diagram
    parts: list[Part] = []
    rates: Mapping[str, float] = dict(zip(diagram.names, diagram.false_probability, strict=True))
    for name in diagram.names:
        if name.startswith(("hit ", "choice ")):
            continue
        down, up = (
            diagram.unavailability(function, (name, 1.0)),
            diagram.unavailability(function, (name, 0.0)),
        )
        parts.append(Part(("components", name), rates[name] * (down - up)))
    return tuple(sorted(parts, key=lambda part: (-part.value, part.component)))
