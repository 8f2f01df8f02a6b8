"""Mends: what would have to change for an SLO to be met, found by solving changed copies of the design."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from sdplan.findings import Path
from sdplan.solve.solution import Record, Solution, Verdict
from sdplan.solve.variants import (
    Fields,
    duration,
    if_met,
    is_replicated,
    never_failing,
    node_fields,
    replica_fields,
    same_verdict,
    solved_variant,
    variant_alone,
    with_cycle,
    with_numbers,
    with_other_time,
)

_MOST_SOLVES = 20
_MOST_ADDED = 12  # replicas and copies, one by one
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


def component_of(path: Path) -> str:
    """The id of a component from the path of its numbers, which may name a region."""
    return str(path[1]).partition("@")[0]


def more_nodes(solution: Solution, verdict: Verdict, component: str) -> Mend | None:
    """The fewest nodes of a component, or cores of its only one, with which an SLO is met.

    Of thousands it may be a few more than the fewest: the number of solves is limited.
    """
    present, fields = _nodes(solution, component)
    if not present:
        return None

    def meets(number: int) -> Record | None:
        return if_met(with_numbers(solution.design, component, fields(number)), verdict)

    found = _fewest(meets, present)
    return None if found is None else Mend(_changes(component, fields(found[0])), found[1])


def fewer_nodes(solution: Solution, verdict: Verdict, component: str) -> Mend | None:
    """As few nodes as a component's load needs, if an SLO is met with these and no other is missed."""
    unit = "shards" if solution.design.components[component].is_store else "replicas"
    needed = solution.value("components", component, f"{unit}_needed")
    if needed is None or needed >= (solution.value("components", component, unit) or 0.0):
        return None
    fields = node_fields(solution, component, int(needed))
    changed = variant_alone(with_numbers(solution.design, component, fields))
    if changed is None or not same_verdict(changed, verdict).met:
        return None
    pairs = zip(solution.slos, changed.slos, strict=True)
    if any(before.met and not after.met for before, after in pairs):
        return None
    return Mend(_changes(component, fields), changed.records[verdict.solved])


def own_time_left(solution: Solution, verdict: Verdict, place: Path) -> Record | None:
    """The longest time at a component with which an SLO is met, its nodes as they are [s].

    It is the mean of its work where the SLO is on the component itself, else its stay at the SLO's level.
    """
    own: Path = ("service_time",) if verdict.subject_path == place else ("latency", str(verdict.path[-1]))
    goal, found = verdict.target.value, None
    low, high, same = (0.0, 0.0), (1.0, _value(solution, verdict)), False
    for _ in range(_MOST_STEPS):
        factor = _between(low, high, goal, same)
        varied = with_other_time(solution.design, solution.records, component_of(place), factor)
        solved = solved_variant(varied, verdict, component_of(place))
        value = math.inf if solved is None else _value(solved, verdict)
        if solved is None or value > goal:
            high, same = (factor, value), found is None
            continue
        same, found, low = found is not None, solved.records.get((*place, *own), found), (factor, value)
        if value > _NEAR * goal:
            break
    return found


def _between(low: tuple[float, float], high: tuple[float, float], goal: float, same: bool) -> float:
    """Where the value is next looked for: on the straight line, or halfway when that moved one end only."""
    if same or math.isinf(high[1]):
        return (low[0] + high[0]) / 2
    return low[0] + (_AIM * goal - low[1]) * (high[0] - low[0]) / (high[1] - low[1])


def _value(solution: Solution, verdict: Verdict) -> float:
    record = solution.records.get(verdict.solved)
    return math.inf if record is None else record.value


def more_replicas(solution: Solution, verdict: Verdict) -> Mend | None:
    """Replicas and copies, one more at a time where most is lost, until an availability is met."""
    wanted: dict[str, int] = {}
    solved = solution
    for _ in range(_MOST_ADDED):
        component = _weakest(solved, verdict)
        better = None if component is None else _one_step_up(component, solved, verdict)
        if component is None or better is None:
            return None
        wanted[component], solved = better
        if same_verdict(solved, verdict).met:
            changes = (_changes(name, replica_fields(solution, name, n)) for name, n in wanted.items())
            return Mend(tuple(one for each in changes for one in each), solved.records[verdict.solved])
    return None


def _one_step_up(component: str, solved: Solution, verdict: Verdict) -> tuple[int, Solution] | None:
    """One replica or copy more; two where one more makes it worse, as an even number of a quorum does."""
    unit = "copies" if solved.design.components[component].is_store else "replicas"
    present = int(solved.value("components", component, unit) or 1)
    for number in (present + 1, present + 2):
        design = with_numbers(solved.design, component, replica_fields(solved, component, number))
        changed = solved_variant(design, verdict)
        if changed is not None and _improves(changed, solved, verdict):
            return number, changed
    return None


def best_by_replicas(solution: Solution, verdict: Verdict) -> Record | None:
    """The availability that is left when nothing fails that could have more replicas."""
    solved = solved_variant(never_failing(solution.design), verdict)
    return None if solved is None else solved.records.get(verdict.solved)


def shorter_cycle(solution: Solution, verdict: Verdict) -> Mend | None:
    """The batch cycle of a triggered flow with which its freshness is met."""
    path: Path = (*verdict.subject_path, "trigger", "every")
    cycle, solved = solution.records.get(path), solution.records.get(verdict.solved)
    if cycle is None or solved is None:
        return None
    every = _rounded_down(cycle.value - (solved.value - verdict.target.value))
    if every <= 0:
        return None
    after = if_met(with_cycle(solution.design, str(path[1]), every), verdict)
    return None if after is None else Mend((Change(path, duration(every).text),), after)


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
    return count, lambda number: node_fields(solution, component, number)


def _changes(component: str, fields: Fields) -> tuple[Change, ...]:
    return tuple(Change(("components", component, name), str(number)) for name, number in fields.items())


def _weakest(solution: Solution, verdict: Verdict) -> str | None:
    """The component by which most availability is lost, among those that more replicas can help."""
    flow, specs = verdict.subject_path, solution.design.components
    if flow[0] == "components":
        return str(flow[1]) if is_replicated(specs[str(flow[1])]) else None
    parts = [(part.value, part.component) for part in solution.downtime_parts.get(str(flow[1]), ())]
    if verdict.path[2] == "undegraded":
        places = _degrading((*flow, "degradation"), solution)
        parts = [(solution.records[(*place, "unavailability")].value, place) for place in places]
    helped = [part for part in parts if part[0] > 0 and is_replicated(specs[component_of(part[1])])]
    return component_of(max(helped, key=lambda part: part[0])[1]) if helped else None


def _degrading(path: Path, solution: Solution) -> list[Path]:
    """The components that a flow's degradation was computed from, in all its regions."""
    record = solution.records.get(path)
    inputs = [] if record is None else [where for _, where in record.inputs]
    regions = [where for where in inputs if where[0] == "flows"]
    own = [where[:2] for where in inputs if where[0] == "components"]
    return own + [place for where in regions for place in _degrading(where, solution)]


def _improves(after: Solution, before: Solution, verdict: Verdict) -> bool:
    """Whether a change helps at all: what is left may be lost elsewhere, or to a common cause."""
    lost = [one.records.get(verdict.solved) for one in (after, before)]
    if lost[0] is None or lost[1] is None:
        return lost[0] is not None
    measures = [1.0 - one.value for one in lost if one is not None]
    if verdict.path[2] == "errors":
        measures = [one.value for one in lost if one is not None]
    return measures[0] < measures[1] * _WORTH


def _rounded_down(value: float) -> float:
    """Two significant figures, never more than the value."""
    if value <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.floor(value / step * (1 + 1e-12)) * step
