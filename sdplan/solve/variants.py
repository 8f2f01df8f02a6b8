"""Variants: copies of a design with one thing changed, and what an SLO makes of them."""

from __future__ import annotations

from collections.abc import Mapping

from sdplan.findings import Path
from sdplan.solve.solution import Record, Solution, Verdict
from sdplan.solve.solve import solve
from sdplan.spec.base import Amount, Measure
from sdplan.spec.components import Component, ServiceTime, Store
from sdplan.spec.design import Design
from sdplan.units import DURATION, NUMBER, Quantity, format_quantity

Fields = Mapping[str, int]
"""Fields of a component that are to say another number."""


def solved_variant(design: Design, verdict: Verdict) -> Solution | None:
    """The solution of a changed design, with nothing judged but the one SLO."""
    only = {"slos": {verdict.slo: design.slos[verdict.slo]}, "results": {}, "decisions": {}}
    solved, _ = solve(design.model_copy(update=only))
    return solved


def same_verdict(solution: Solution, verdict: Verdict) -> Verdict:
    """What a changed design makes of the same line of an SLO, for the same subject."""
    same = (one for one in solution.slos if (one.path, one.subject) == (verdict.path, verdict.subject))
    return next(same)


def if_met(design: Design, verdict: Verdict) -> Record | None:
    """The number that an SLO asks for in a changed design, if the SLO is met there."""
    solved = solved_variant(design, verdict)
    met = solved is not None and same_verdict(solved, verdict).met
    return solved.records.get(verdict.solved) if solved is not None and met else None


def node_fields(solution: Solution, component: str, number: int) -> Fields:
    """So many replicas; of a store so many shards, and the replicas that these make where stated."""
    spec = solution.design.components[component]
    if not isinstance(spec, Store):
        return {"replicas": number}
    fields = {"shards": number} if spec.shards is not None or spec.replicas is None else {}
    copies = int(solution.value("components", component, "copies") or 1)
    return {**fields, **({"replicas": number * copies} if spec.replicas is not None else {})}


def replica_fields(solution: Solution, component: str, number: int) -> Fields:
    """So many replicas; of a store, so many copies of each shard."""
    spec = solution.design.components[component]
    if not isinstance(spec, Store):
        return {"replicas": number}
    shards = int(solution.value("components", component, "shards") or 1)
    return {"copies": number, **({"replicas": number * shards} if spec.replicas is not None else {})}


def with_numbers(design: Design, component: str, fields: Fields) -> Design:
    """The design with other numbers of nodes."""
    update = {name: str(number) if name == "copies" else _whole(number) for name, number in fields.items()}
    return _replace(design, component, update)


def _replace(design: Design, component: str, update: Mapping[str, object]) -> Design:
    spec = design.components[component].model_copy(update=dict(update))
    return design.model_copy(update={"components": {**design.components, component: spec}})


def with_less_time(solution: Solution, component: str, factor: float) -> Design:
    """The design with every service time of a component scaled."""
    spec = solution.design.components[component]
    base: Path = ("components", component)
    update: dict[str, object] = {
        "ops": {
            name: one.model_copy(
                update={"service_time": _scaled(one.service_time, (*base, "ops", name), factor, solution)}
            )
            for name, one in spec.ops.items()
        },
        "service_time": _scaled(spec.service_time, base, factor, solution),
    }
    return _replace(solution.design, component, update)


def _scaled(time: ServiceTime | None, base: Path, factor: float, solution: Solution) -> ServiceTime | None:
    if time is None:
        return None
    given = [name for name in ("mean", "p50", "p99", "fixed") if getattr(time, name) is not None]
    values = {name: solution.records[(*base, "service_time", name)].value * factor for name in given}
    return time.model_copy(update={name: duration(value) for name, value in values.items()})


def is_replicated(spec: Component) -> bool:
    """Whether the availability of a component is that of one replica, so that more of them help."""
    return spec.availability is not None or spec.mtbf is not None


def never_failing(design: Design) -> Design:
    """The design with everything always up that could have more replicas."""
    sure = Amount("100%", Measure(NUMBER, most=1.0), Quantity(1.0, NUMBER))
    update = {"availability": sure, "mtbf": None, "mttr": None, "common_cause": None}
    changed = {
        name: spec.model_copy(update=update)
        for name, spec in design.components.items()
        if is_replicated(spec)
    }
    return design.model_copy(update={"components": {**design.components, **changed}})


def with_cycle(design: Design, flow: str, every: float) -> Design:
    """The design with another batch cycle of a triggered flow [s]."""
    spec = design.flows[flow]
    assert spec.trigger is not None
    trigger = spec.trigger.model_copy(update={"every": duration(every)})
    flows = {**design.flows, flow: spec.model_copy(update={"trigger": trigger})}
    return design.model_copy(update={"flows": flows})


def _whole(number: int) -> Amount:
    return Amount(str(number), Measure(NUMBER, whole=True), Quantity(float(number), NUMBER))


def duration(value: float) -> Amount:
    """A time as it would be written [s]."""
    quantity = Quantity(value, DURATION)
    return Amount(format_quantity(quantity), Measure(DURATION), quantity)
