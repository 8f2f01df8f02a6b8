"""What the solver judged, in the sentences of findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Because, Finding, Path, Severity, dotted

if TYPE_CHECKING:
    from sdplan.solve.mend import Mend
    from sdplan.solve.solution import Record, Solution, Verdict

FLOORS = ("availability", "undegraded", "durability")  # measures that have to be at least their target
_NAMES = {"undegraded": "undegraded share", "errors": "share of errors"}
_AT_A_LOAD = ("latency", "wait")
_MOST_LINKS = 4


def uncounted(code: str, severity: Severity, solution: Solution) -> Iterator[Finding]:
    """What was not stated or is not computed, one finding for each entry of a code."""
    for entry in solution.uncounted:
        if entry.code == code:
            yield Finding(
                code, severity, entry.path, f"{entry.what}: {entry.effect}", entry.hint, on_key=True
            )


def missed(measure: str, solution: Solution) -> Iterator[Verdict]:
    """The lines of SLOs of one measure that are not met."""
    for verdict in solution.slos:
        if verdict.met is False and verdict.path[2] == measure:
            yield verdict


def measured(verdict: Verdict) -> str:
    """What an SLO is about: `the p99 latency of flow read`, `the cost of the design`."""
    measure, _, level = verdict.measure.partition(" ")
    name = _NAMES.get(measure, measure)
    return f"the {level} {name} of {verdict.subject}" if level else f"the {name} of {verdict.subject}"


def headline(verdict: Verdict, solution: Solution) -> str:
    """A missed line of an SLO as a sentence: what it is about, what it is, and what was asked for."""
    record = solution.records.get(verdict.solved)
    bound = "at least" if verdict.measure.split()[0] in FLOORS else "at most"
    asked = f"`{verdict.slo}` asks for {bound} {verdict.target.shown()}"
    if record is None:
        return f"{measured(verdict)} has no value: {verdict.reason}; {asked}"
    return f"{measured(verdict)} is {apart(record, verdict.target)}{_load(verdict, solution)}, {asked}"


def apart(record: Record, other: Record) -> str:
    """A number with as many digits as tell it from another."""
    alike = record.shown().removeprefix(record.prefix) == other.shown().removeprefix(other.prefix)
    return record.shown(precise=alike)


def _load(verdict: Verdict, solution: Solution) -> str:
    if verdict.measure.split()[0] not in _AT_A_LOAD:
        return ""
    return " at peak" if solution.design.slos[verdict.slo].at == "peak" else " at the mean load"


def component_name(path: Path) -> str:
    """A component by the path of its numbers: `db`, or `db in eu`."""
    return str(path[1]).replace("@", " in ")


def declared(path: Path) -> Path:
    """Where the component stands in the design, whose numbers stand at a path."""
    return ("components", str(path[1]).partition("@")[0])


def shown_mend(mend: Mend) -> str:
    """A mend as a hint: the lines to write and the number that they lead to."""
    lines = [f"`{dotted(change.path)}: {change.text}`" for change in mend.changes]
    written = lines[0] if len(lines) == 1 else f"{', '.join(lines[:-1])} and {lines[-1]}"
    return f"{written} would bring it to {mend.solved.shown()}"


def given(record: Record | None, solution: Solution) -> tuple[Because, ...]:
    """The numbers that a number was computed from, one link each."""
    inputs = () if record is None else dict.fromkeys(path for _, path in record.inputs)
    known = [solution.records[path] for path in inputs if path in solution.records]
    return tuple(Because(one.path, f"{dotted(one.path)} is {one.shown()}") for one in known[:_MOST_LINKS])


def sides(path: Path, left: Record | None, right: Record | None, solution: Solution) -> tuple[Because, ...]:
    """The numbers of the two sides of the condition at a path, and those that they were computed from."""
    told: tuple[Because, ...] = ()
    if left is not None and right is not None and (_is_worked_out(left) or _is_worked_out(right)):
        told = (Because(path, f"the left side is {apart(left, right)}, the right side {right.shown()}"),)
    return (*told, *dict.fromkeys((*given(left, solution), *given(right, solution))))


def _is_worked_out(record: Record) -> bool:
    """Whether a number is more than one that the design has already."""
    return bool(record.inputs) and any(sign in record.formula[1:] for sign in (*"*/^(+", " - "))


def left_out(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    """What was not stated, of all that a verdict follows from."""
    code = "SP905" if verdict.path[2] == "cost" else "SP904"
    names = {str(path[1]).partition("@")[0] for path in _sources(verdict.solved, solution)}
    entries = [entry for entry in solution.uncounted if entry.code == code]
    used = [entry for entry in entries if code == "SP905" or str(entry.path[1]) in names]
    return tuple(Because(entry.path, entry.what) for entry in used[:_MOST_LINKS])


def _sources(path: Path, solution: Solution) -> set[Path]:
    """The components' numbers that a number follows from."""
    found: set[Path] = set()
    open_ = [path]
    while open_:
        record = solution.records.get(open_.pop())
        for _, where in () if record is None else record.inputs:
            if where not in found:
                found.add(where)
                open_.append(where)
    return {where for where in found if where[0] == "components"}
