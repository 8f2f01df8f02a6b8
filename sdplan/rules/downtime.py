"""Why something fails: from an availability down to the component that takes most of it, and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.findings import Because, Path
from sdplan.rules.resources import components, overloaded
from sdplan.rules.verdicts import component_name, declared, shown_mend
from sdplan.solve.tree import Call, Choice, Node, Parallel
from sdplan.solve.tree import needed as needed_branches

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution, Verdict

_MOST_LINKS = 2
_NEGLIGIBLE = 0.01  # of what the worst component loses
_NEARLY_ALL = 0.99  # of the error budget: what is left beside it is no room for anything else
_ONE = {"copies": "copy", "replicas": "replica"}


def downtime(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    """The links from an availability to the components that take most of it, and to what they state."""
    full = overloaded(verdict, solution)
    if full:
        return full
    losses = _losses(verdict, solution)
    told = [path for lost, path in losses if lost >= _NEGLIGIBLE * losses[0][0]]
    return tuple(_failing(path, solution) for path in told[:_MOST_LINKS])


def _losses(verdict: Verdict, solution: Solution) -> list[tuple[float, Path]]:
    """What is lost by each component that fails, the most first."""
    flow = str(verdict.subject_path[1])
    if verdict.path[2] != "undegraded" and flow in solution.downtime_parts:
        found = [(part.value, part.component) for part in solution.downtime_parts[flow]]
    else:
        names = components(verdict, solution)
        found = [(_down(name, solution), ("components", name)) for name in names]
    return sorted((one for one in found if one[0] > 0), key=lambda one: -one[0])


def _down(component: str, solution: Solution) -> float:
    return solution.value("components", component, "unavailability") or 0.0


def _failing(path: Path, solution: Solution) -> Because:
    """How often a component fails, and why."""
    own, name = declared(path), component_name(path)
    sla = solution.records.get((*own, "sla"))
    if sla is not None:
        return Because((*own, "sla"), f"{name} is up {sla.shown()} of the time by its `sla`")
    unit = "copies" if solution.design.components[str(own[1])].is_store else "replicas"
    up = solution.records[(*path, "group_availability")]
    return Because((*own, unit), f"{name} is up {up.shown()} of the time with {_nodes(path, unit, solution)}")


def _nodes(path: Path, unit: str, solution: Solution) -> str:
    count, needed = (*declared(path), unit), (*path, "replicas_required")
    there = solution.records[count].value if count in solution.records else 1.0
    if there == 1:
        return f"one {_ONE[unit]}"
    required = solution.records[needed].value if needed in solution.records else 1.0
    return f"{there:g} {unit}, of which its load needs {required:g}"


def sturdier(verdict: Verdict, solution: Solution) -> str:
    """Replicas and copies with which an availability is met; nothing where no number of them would do."""
    from sdplan.solve.mend import more_replicas

    if overloaded(verdict, solution):
        return ""
    mend = more_replicas(solution, verdict)
    return "" if mend is None else shown_mend(mend)


def ceiling(verdict: Verdict, solution: Solution) -> Record | None:
    """What a missed availability could be at best, if that is too little with any number of replicas."""
    from sdplan.solve.mend import best_by_replicas

    if overloaded(verdict, solution) or not fixed(verdict, solution):
        return None
    best = best_by_replicas(solution, verdict)
    allowed = _NEARLY_ALL * (1.0 - verdict.target.value)
    return best._replace(prefix="") if best is not None and 1.0 - best.value >= allowed else None


def fixed(verdict: Verdict, solution: Solution) -> list[Path]:
    """The components whose failures no replicas can mend, those first by which most is lost."""
    return [path for _, path in _losses(verdict, solution) if (*declared(path), "sla") in solution.records]


def promises(places: list[Path], solution: Solution) -> tuple[Because, ...]:
    """What the components are promised to be up, one link each."""
    return tuple(_failing(path, solution) for path in places)


def needed(node: Node) -> frozenset[str]:
    """The components without which no run of a tree succeeds, by name."""
    if isinstance(node, Call):
        return _needed_by_call(node)
    if isinstance(node, Choice):
        return frozenset.intersection(*(needed(way.node) for way in node.branches))
    parts = [needed(item) for item in node.items]
    if not parts or (isinstance(node, Parallel) and needed_branches(node.need, len(parts)) < len(parts)):
        return frozenset.intersection(*parts) if parts else frozenset()
    return frozenset.union(*parts)


def _needed_by_call(call: Call) -> frozenset[str]:
    """A hit needs the cache alone and a miss of a dead cache needs the rest: what both need is needed."""
    if call.detached or call.is_fill or call.optional:
        return frozenset()
    own = frozenset({call.place[0]}) | needed(call.body)
    if call.miss is not None:
        return own if call.miss_inside else own & needed(call.miss)
    return own & needed(call.fallback) if call.fallback is not None else own
