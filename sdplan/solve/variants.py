"""Variants: copies of a design with one thing changed, and what an SLO makes of them."""

from __future__ import annotations

from collections.abc import Mapping

from sdplan.findings import Path
from sdplan.solve.asked import Asked, asked_by
from sdplan.solve.effort import one_more
from sdplan.solve.solution import Record, Solution, Verdict
from sdplan.solve.solve import solve_alone
from sdplan.spec.base import Amount, Measure
from sdplan.spec.components import Component, Operation, Store
from sdplan.spec.design import Design
from sdplan.spec.service_time import ServiceTime
from sdplan.units import DURATION, NUMBER, Quantity, format_quantity

Fields = Mapping[str, int]
"""Fields of a component that are to say another number."""


def variant_alone(design: Design, asked: Asked | None = None) -> Solution | None:
    """The solution of a changed design without its scenarios; nothing where enough have been solved."""
    return solve_alone(design, asked)[0] if one_more() else None


def solved_variant(design: Design, verdict: Verdict, *components: str) -> Solution | None:
    """The solution of a changed design, nothing judged but one SLO; percentiles also of these components."""
    slos = {verdict.slo: design.slos[verdict.slo]}
    only = {"slos": slos, "results": {}, "decisions": {}}
    return variant_alone(design.model_copy(update=only), asked_by(slos.values()).also(components))


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


def with_other_time(
    design: Design, records: Mapping[Path, Record], component: str, factor: float, op: str = ""
) -> Design:
    """The design with every service time of a component scaled, or with that of one operation."""
    spec = design.components[component]
    base: Path = ("components", component)

    def times(time: ServiceTime | None, path: Path) -> ServiceTime | None:
        return None if time is None else _slower(time, (*path, "service_time"), factor, records)

    if op and op not in spec.ops:  # it takes the time that all others take
        own = {**spec.ops, op: Operation(service_time=times(spec.service_time, base))}
        return _replace(design, component, {"ops": own})
    ops = {
        name: one.model_copy(update={"service_time": times(one.service_time, (*base, "ops", name))})
        for name, one in spec.ops.items()
        if op in ("", name)
    }
    update: dict[str, object] = {"ops": {**spec.ops, **ops}}
    if not op:
        update["service_time"] = times(spec.service_time, base)
    return _replace(design, component, update)


def _slower(time: ServiceTime, path: Path, factor: float, records: Mapping[Path, Record]) -> ServiceTime:
    given = [name for name in ("mean", "p50", "p99", "fixed") if getattr(time, name) is not None]
    scaled_times = {name: scaled(getattr(time, name), records[(*path, name)], factor) for name in given}
    sample = tuple((value * factor, count) for value, count in time.sample)
    return time.model_copy(update={**scaled_times, "sample": sample})


def scaled(amount: Amount, record: Record, factor: float) -> Amount:
    """A stated amount, multiplied, as it would be written."""
    quantity = Quantity(record.value * factor, record.dimension, record.currency)
    return Amount(format_quantity(quantity), amount.measure, quantity)


def is_replicated(spec: Component) -> bool:
    """Whether the availability of a component is that of one replica, so that more of them help."""
    return spec.availability is not None or spec.mtbf is not None


def never_failing(design: Design) -> Design:
    """The design with everything always up that could have more replicas."""
    sure = Amount("100%", Measure(NUMBER, most=1.0), Quantity(1.0, NUMBER))
    update = {"availability": sure, **dict.fromkeys(("mtbf", "mttr", "common_cause", "repair_crews"))}
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
