"""Why something is slow: from a latency down to the component, its queue or its own work, and its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sdplan.findings import Because, Path
from sdplan.rules.resources import overloaded, tightest
from sdplan.rules.verdicts import component_name, declared, shown_mend

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution, Verdict

_HARDLY = 0.01
_WORTH_TRYING = 2  # components whose nodes are varied, those with the largest parts first


def slowest(verdict: Verdict, solution: Solution) -> tuple[Path, ...]:
    """The components that a latency is made of, the largest part first."""
    if verdict.subject_path[0] == "components":
        return (verdict.subject_path,)
    parts = solution.latency_parts.get(str(verdict.subject_path[1]), ())
    return tuple(part.component for part in parts if part.value > 0)


def slowness(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    """The links from a latency to the component with the largest part in it, and to what takes its time."""
    full = overloaded(verdict, solution)
    places = slowest(verdict, solution)
    if full or not places:
        return full
    suffix = "_at_mean" if solution.design.slos[verdict.slo].at == "mean" else ""
    return (*_largest_part(verdict, solution), *stay(places[0], solution, suffix))


def _largest_part(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    if verdict.subject_path[0] == "components":
        return ()
    flow = str(verdict.subject_path[1])
    part, whole = solution.latency_parts[flow][0], solution.records.get(("flows", flow, "latency", "p99"))
    if whole is None:
        return ()
    name, rest = component_name(part.component), whole._replace(value=whole.value - part.value)
    text = f"{name} has the largest part in it: without {name} the p99 at peak would be {rest.shown()}"
    if rest.value < _HARDLY * whole.value:
        text = f"{name} takes nearly all of it"
    return (Because(declared(part.component), text),)


def stay(path: Path, solution: Solution, suffix: str = "") -> tuple[Because, ...]:
    """What a call spends its time on at a component: waiting, or being worked on."""
    name, own = component_name(path), declared(path)
    wait = solution.records.get((*path, f"wait{suffix}"))
    work = solution.records.get((*path, f"mean_service_time{suffix}"))
    resource = tightest(path, solution, suffix)
    if wait is None or work is None or resource is None or wait.value < work.value / 10:
        time = solution.records.get((*own, "service_time"))
        return () if time is None else (Because((*own, "service_time"), _work(name, time, wait)),)
    used = f"the utilization of {resource.title} is {resource.used.shown()}"
    text = f"a call of {name} waits {wait.shown()} on average for {work.shown()} of work: {used}"
    return Because(resource.line, text), *arrivals(path, solution)


def _work(name: str, time: Record, wait: Record | None) -> str:
    waits = "does not wait for it"
    if wait is not None and wait.value > 0:
        hardly = wait.value < _HARDLY * time.value
        waits = "hardly waits for it" if hardly else f"waits {wait.shown()} for it"
    return f"a call of {name} takes {time.shown()} of work on average, and {waits}"


def arrivals(path: Path, solution: Solution) -> tuple[Because, ...]:
    """What arrives at a component at peak, and what it can answer at most."""
    rate, most = solution.records.get((*path, "peak_rate")), solution.records.get((*path, "capacity"))
    if rate is None or most is None:
        return ()
    text = f"{rate.shown()} calls arrive at peak, and {most.shown()} is the most that it can answer"
    return (Because(declared(path), text),)


def quicker(verdict: Verdict, solution: Solution) -> str:
    """What would bring a latency below its target: more nodes, or the time that is left to one part."""
    if overloaded(verdict, solution):
        return ""
    return less_time(slowest(verdict, solution), verdict, solution)


def less_time(places: Sequence[Path], verdict: Verdict, solution: Solution) -> str:
    """The nodes of one of these components, or the time left to the first, with which an SLO is met."""
    from sdplan.solve.mend import component_of, more_nodes

    for place in places[:_WORTH_TRYING]:
        wait = solution.records.get((*place, "wait"))
        mend = None if wait is None or wait.value == 0 else more_nodes(solution, verdict, component_of(place))
        if mend is not None:
            return shown_mend(mend)
    return _time_left(places[0], verdict, solution) if places else ""


def _time_left(place: Path, verdict: Verdict, solution: Solution) -> str:
    """The time that a component may take, where more nodes do not help."""
    from sdplan.solve.mend import own_time_left

    name = component_name(place)
    left = own_time_left(solution, verdict, place)
    if left is None:
        return f"nothing that is done to {name} alone meets it"
    present = solution.records.get(left.path)
    now = "" if present is None else f", it is {present.shown()}"
    left = left._replace(prefix="")
    own = "mean work for a call" if left.path[-1] == "service_time" else f"{left.path[-1]} alone"
    return f"more nodes do not meet it: the {own} of {name} would have to be at most {left.shown()}{now}"
