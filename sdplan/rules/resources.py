"""What a component has least left of, who asks for it, and who depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import Because, Path
from sdplan.rules.verdicts import declared
from sdplan.solve.tree import calls

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution, Verdict

_NODES = ("cores", "workers", "replicas", "iops", "bandwidth")
FULL = 1.0 - 1e-9  # a utilization from which a queue has no end


class Resource(NamedTuple):
    """The tightest resource of a component: its name, how much of it is used, and the line that states it."""

    name: str  # cores, workers, replicas, or a meter such as requests
    used: Record
    line: Path

    @property
    def title(self) -> str:
        """The resource within a sentence: `its cores`, `its limit on requests`."""
        return f"its {self.name}" if self.name in _NODES else f"its limit on {self.name}"


def tightest(path: Path, solution: Solution, suffix: str = "") -> Resource | None:
    """The tightest resource of the component whose numbers stand at a path."""
    record = max(resources(path, solution, suffix), key=lambda one: one.value, default=None)
    if record is None:
        return None
    name = str(record.path[-1])
    return Resource(name, record, (*declared(path), *(() if name in _NODES else ("limits",)), name))


def resources(path: Path, solution: Solution, suffix: str = "") -> Iterator[Record]:
    """How much of each resource of a component is used, in every region; a record ends with its name."""
    whole = solution.records.get((*path, f"utilization{suffix}"))
    open_ = [] if whole is None else [whole]
    while open_:
        record = open_.pop(0)
        if str(record.path[-1]).startswith("utilization"):
            open_ += [solution.records[where] for _, where in record.inputs]
        else:
            yield record


def overloaded(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    """The components behind a verdict whose utilization has reached 100 %."""
    return tuple(
        _overload(name, solution) for name in components(verdict, solution) if is_full(name, solution)
    )


def is_full(component: str, solution: Solution) -> bool:
    """Whether a component has reached 100 % of a resource at peak."""
    return (solution.value("components", component, "utilization") or 0.0) >= FULL


def _overload(component: str, solution: Solution) -> Because:
    resource = tightest(("components", component), solution)
    if resource is None:
        return Because(("components", component), f"{component} is overloaded")
    return Because(resource.line, overload(component, resource))


def overload(component: str, resource: Resource) -> str:
    """The sentence that a component is overloaded, with what it lacks."""
    return (
        f"{component} is overloaded: the utilization of {resource.title} is {resource.used.shown()} at peak"
    )


def components(verdict: Verdict, solution: Solution) -> tuple[str, ...]:
    """The components that a verdict depends on: its own, or those of its flow and the one that it blames."""
    if verdict.subject_path[:1] == ("components",):
        return (str(verdict.subject_path[1]),)
    tree = solution.trees.get(str(verdict.subject_path[1])) if verdict.subject_path else None
    waited = [] if tree is None else [call.place[0] for call in calls(tree) if not call.detached]
    blamed = verdict.reason.partition(" is overloaded")[0].partition("@")[
        0
    ]  # perhaps of the run that published
    known = [blamed] if blamed in solution.design.components else []
    return tuple(dict.fromkeys([*waited, *known]))


def largest_source(component: str, solution: Solution) -> tuple[Because, ...]:
    """The flow that brings most of a component's load at peak."""
    found = [
        (sum(rates), flow) for flow in solution.trees if (rates := list(_rates(component, flow, solution)))
    ]
    total = solution.records.get(("components", component, "peak_rate"))
    if not found or total is None:
        return ()
    rate, flow = max(found, key=lambda pair: pair[0])
    if rate == 0:
        return ()
    text = f"flow {flow} makes {total._replace(value=rate).shown()} calls of it at peak"
    return (Because(("flows", flow), text),)


def _rates(component: str, flow: str, solution: Solution) -> Iterator[float]:
    """How often each call of a component is made by a flow at peak, in every region."""
    ids = [f"{flow}@{region}" for region in solution.design.regions] or [flow]
    for call in calls(solution.trees[flow]):
        if call.place[0] == component:
            for one in ids:
                record = solution.records.get(("flows", one, *call.path[2:], "peak_rate"))
                yield 0.0 if record is None else record.value
