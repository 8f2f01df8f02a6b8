"""Mends: what would have to change for an SLO to be met, found by solving changed copies of the design."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from sdplan.findings import Path
from sdplan.solve.solution import Record, Solution, Verdict
from sdplan.solve.solve import solve
from sdplan.solve.tree import Call, Node, calls
from sdplan.spec.base import Amount, Measure
from sdplan.spec.components import Component, ServiceTime, Store
from sdplan.spec.design import Design
from sdplan.units import DURATION, NUMBER, Quantity, format_quantity

_MOST_SOLVES = 12
_MOST_TIMES = 64  # as many nodes as there are: what this does not mend, more will not
_MOST_STEPS = 7
_AIM, _NEAR = 0.995, 0.98  # of the target: aimed at, and near enough
_WORTH = 0.99  # of what is lost: a change that leaves more than this is no help


class Change(NamedTuple):
    """One line of the design with another value."""

    path: Path
    text: str


class Mend(NamedTuple):
    """Changes that belong together, and the number that the SLO asks for once they are made."""

    changes: tuple[Change, ...]
    solved: Record


Fields = Mapping[str, int]


def component_of(path: Path) -> str:
    """The id of a component from the path of its numbers, which may name a region."""
    return str(path[1]).partition("@")[0]


def more_nodes(solution: Solution, verdict: Verdict, component: str) -> Mend | None:
    """The fewest nodes of a component, or cores of its only one, with which an SLO is met."""
    present, fields = _nodes(solution, component)
    if not present:
        return None

    def meets(number: int) -> Record | None:
        return _solved(_with(solution.design, component, fields(number)), verdict)

    found = _fewest(meets, present)
    return None if found is None else Mend(_changes(component, fields(found[0])), found[1])


def fewer_nodes(solution: Solution, verdict: Verdict, component: str) -> Mend | None:
    """As few nodes as the load of a component needs, where there are more, an SLO is met with these, and no
    other is missed for it."""
    unit = "shards" if solution.design.components[component].is_store else "replicas"
    needed = solution.value("components", component, f"{unit}_needed")
    if needed is None or needed >= (solution.value("components", component, unit) or 0.0):
        return None
    fields = _node_fields(solution, component, int(needed))
    changed, _ = solve(_with(solution.design, component, fields))
    if changed is None or not _verdict(changed, verdict).met:
        return None
    pairs = zip(solution.slos, changed.slos, strict=True)
    if any(before.met and not after.met for before, after in pairs):
        return None
    return Mend(_changes(component, fields), changed.records[verdict.solved])


def own_time_left(solution: Solution, verdict: Verdict, place: Path) -> Record | None:
    """The time at a component with which an SLO is met, its nodes as they are: the mean of its work where
    the SLO is on the component itself, else its stay at the level of the SLO."""
    own: Path = ("service_time",) if verdict.subject_path == place else ("latency", str(verdict.path[-1]))
    goal, found = verdict.target.value, None
    low, high = (0.0, 0.0), (1.0, _value(solution, verdict))
    for _ in range(_MOST_STEPS):
        slope = (high[0] - low[0]) / (high[1] - low[1])
        factor = low[0] + (_AIM * goal - low[1]) * slope
        solved = _solution(_faster(solution, component_of(place), factor), verdict)
        value = math.inf if solved is None else _value(solved, verdict)
        if solved is None or value > goal:
            high = (factor, min(value, high[1]))
            continue
        found, low = solved.records.get((*place, *own), found), (factor, value)
        if value > _NEAR * goal:
            break
    return found


def _value(solution: Solution, verdict: Verdict) -> float:
    record = solution.records.get(verdict.solved)
    return math.inf if record is None else record.value


def more_replicas(solution: Solution, verdict: Verdict) -> Mend | None:
    """Replicas and copies, one more at a time where most is lost, until an availability is met."""
    wanted: dict[str, int] = {}
    design, solved = solution.design, solution
    for _ in range(_MOST_SOLVES):
        component = _weakest(solved, verdict)
        if component is None:
            return None
        unit = "copies" if design.components[component].is_store else "replicas"
        wanted[component] = int(solved.value("components", component, unit) or 1) + 1
        design = _with(design, component, _replica_fields(solved, component, wanted[component]))
        changed = _solution(design, verdict)
        if changed is None or not _improves(changed, solved, verdict):
            return None
        solved = changed
        if _verdict(solved, verdict).met:
            changes = (_changes(name, _replica_fields(solution, name, n)) for name, n in wanted.items())
            return Mend(tuple(one for each in changes for one in each), solved.records[verdict.solved])
    return None


def best_by_replicas(solution: Solution, verdict: Verdict) -> Record | None:
    """The availability that is left when nothing fails that could have more replicas."""
    sure = Amount("100%", Measure(NUMBER, most=1.0), Quantity(1.0, NUMBER))
    changed = {
        name: spec.model_copy(update={"availability": sure, "mtbf": None, "mttr": None, "common_cause": None})
        for name, spec in solution.design.components.items()
        if _replicated(spec)
    }
    design = solution.design.model_copy(update={"components": {**solution.design.components, **changed}})
    solved = _solution(design, verdict)
    return None if solved is None else solved.records.get(verdict.solved)


def shorter_cycle(solution: Solution, verdict: Verdict) -> Mend | None:
    """The batch cycle of a triggered flow with which its freshness is met."""
    name = str(verdict.subject_path[1])
    path: Path = ("flows", name, "trigger", "every")
    flow, cycle, solved = (
        solution.design.flows[name],
        solution.records.get(path),
        solution.records.get(verdict.solved),
    )
    if cycle is None or solved is None or flow.trigger is None:
        return None
    every = _rounded_down(cycle.value - (solved.value - verdict.target.value))
    if every <= 0:
        return None
    trigger = flow.trigger.model_copy(update={"every": _duration(every)})
    flows = {**solution.design.flows, name: flow.model_copy(update={"trigger": trigger})}
    after = _solved(solution.design.model_copy(update={"flows": flows}), verdict)
    return None if after is None else Mend((Change(path, _duration(every).text),), after)


def _fewest(meets: Callable[[int], Record | None], present: int) -> tuple[int, Record] | None:
    """The fewest above `present` that meet, by galloping and bisection, within a number of solves."""
    low, high = present, present * _MOST_TIMES
    solved = meets(high)
    if solved is None:
        return None
    step = max(1, present // 8)
    for _ in range(_MOST_SOLVES - 1):
        if high - low == 1:
            break
        tried = low + step if low + step < high and step else (low + high) // 2
        found = meets(tried)
        if found is None:
            low, step = tried, 2 * step
        else:
            high, solved, step = tried, found, 0
    return high, solved


def _nodes(solution: Solution, component: str) -> tuple[int, Callable[[int], Fields]]:
    """How many nodes, or cores, a component has, and the fields that say another number of them."""
    spec = solution.design.components[component]
    unit = "shards" if spec.is_store else "replicas"
    count = int(solution.value("components", component, unit) or 0)
    if not spec.is_store and spec.cores is not None and spec.replicas is not None and count == 1:
        cores = int(solution.value("components", component, "cores") or 0)
        return cores, lambda number: {"cores": number}
    return count, lambda number: _node_fields(solution, component, number)


def _node_fields(solution: Solution, component: str, number: int) -> Fields:
    """So many replicas; of a store so many shards, and the replicas that these make where stated."""
    spec = solution.design.components[component]
    if not isinstance(spec, Store):
        return {"replicas": number}
    fields = {"shards": number} if spec.shards is not None or spec.replicas is None else {}
    copies = int(solution.value("components", component, "copies") or 1)
    return {**fields, **({"replicas": number * copies} if spec.replicas is not None else {})}


def _replica_fields(solution: Solution, component: str, number: int) -> Fields:
    """So many replicas; of a store, so many copies of each shard."""
    spec = solution.design.components[component]
    if not isinstance(spec, Store):
        return {"replicas": number}
    shards = int(solution.value("components", component, "shards") or 1)
    return {"copies": number, **({"replicas": number * shards} if spec.replicas is not None else {})}


def _changes(component: str, fields: Fields) -> tuple[Change, ...]:
    return tuple(Change(("components", component, name), str(number)) for name, number in fields.items())


def _with(design: Design, component: str, fields: Fields) -> Design:
    """The design with other numbers of nodes."""
    update = {name: str(number) if name == "copies" else _whole(number) for name, number in fields.items()}
    return _replace(design, component, update)


def _replace(design: Design, component: str, update: Mapping[str, object]) -> Design:
    spec = design.components[component].model_copy(update=dict(update))
    return design.model_copy(update={"components": {**design.components, component: spec}})


def _faster(solution: Solution, component: str, factor: float) -> Design:
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
    return time.model_copy(update={name: _duration(value) for name, value in values.items()})


def _weakest(solution: Solution, verdict: Verdict) -> str | None:
    """The component by which most availability is lost, among those that more replicas can help."""
    flow, specs = verdict.subject_path, solution.design.components
    if flow[0] == "components":
        return str(flow[1]) if _replicated(specs[str(flow[1])]) else None
    parts = [(part.value, part.component) for part in solution.downtime_parts.get(str(flow[1]), ())]
    if verdict.path[2] == "undegraded":
        places = {("components", call.place[0]) for call in _waited(solution.trees[str(flow[1])])}
        parts = [(solution.value(*place, "unavailability") or 0.0, place) for place in sorted(places)]
    helped = [part for part in parts if part[0] > 0 and _replicated(specs[component_of(part[1])])]
    return component_of(max(helped, key=lambda part: part[0])[1]) if helped else None


def _waited(tree: Node) -> Iterator[Call]:
    return (call for call in calls(tree) if not call.detached)


def _replicated(spec: Component) -> bool:
    """Whether the availability of a component is that of one replica, so that more of them help."""
    return spec.availability is not None or spec.mtbf is not None


def _improves(after: Solution, before: Solution, verdict: Verdict) -> bool:
    """Whether a change helps at all: what is left may be lost elsewhere, or to a common cause."""
    lost = [one.records.get(verdict.solved) for one in (after, before)]
    if lost[0] is None or lost[1] is None:
        return lost[0] is not None
    measures = [1.0 - one.value for one in lost if one is not None]
    if verdict.path[2] == "errors":
        measures = [one.value for one in lost if one is not None]
    return measures[0] < measures[1] * _WORTH


def _solved(design: Design, verdict: Verdict) -> Record | None:
    """The number that an SLO asks for in a changed design, if it is met there."""
    solved = _solution(design, verdict)
    return solved.records.get(verdict.solved) if solved and _verdict(solved, verdict).met else None


def _solution(design: Design, verdict: Verdict) -> Solution | None:
    """The solution of a changed design, with nothing judged but the one SLO."""
    only = {"slos": {verdict.slo: design.slos[verdict.slo]}, "results": {}, "decisions": {}}
    solved, _ = solve(design.model_copy(update=only))
    return solved


def _verdict(solution: Solution, verdict: Verdict) -> Verdict:
    same = (one for one in solution.slos if (one.path, one.subject) == (verdict.path, verdict.subject))
    return next(same)


def _whole(number: int) -> Amount:
    return Amount(str(number), Measure(NUMBER, whole=True), Quantity(float(number), NUMBER))


def _duration(value: float) -> Amount:
    quantity = Quantity(value, DURATION)
    return Amount(format_quantity(quantity), Measure(DURATION), quantity)


def _rounded_down(value: float) -> float:
    """Two significant figures, never more than the value."""
    if value <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.floor(value / step * (1 + 1e-12)) * step
