"""Why something is stale: from a freshness down to the cycle, the lag or the run that takes the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.findings import Because, Path
from sdplan.rules.resources import overloaded
from sdplan.rules.slowness import less_time, stay
from sdplan.rules.verdicts import shown_mend

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution, Verdict

_WORDS = {
    "every": "a message waits up to {} for its batch",
    "lag": "the stream delivers after {}",
    "run": "the run that is triggered takes {}",
    "published": "the run that publishes takes {}",
}


def staleness(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    """The links from a freshness to what it is made of, the largest part first."""
    full = overloaded(verdict, solution)
    if full:
        return full
    parts = _parts(verdict, solution)
    links = tuple(Because(one.path, _WORDS[name].format(one.shown())) for name, one in parts)
    slow = _slowest(parts, solution)
    return links if slow is None else (*links, *stay(slow, solution))


def _parts(verdict: Verdict, solution: Solution) -> list[tuple[str, Record]]:
    record = solution.records.get(verdict.solved)
    inputs = () if record is None else record.inputs
    found = [(name, solution.records[path]) for name, path in inputs if name in _WORDS]
    return sorted(found, key=lambda part: -part[1].value)


def _slowest(parts: list[tuple[str, Record]], solution: Solution) -> Path | None:
    """The component that takes most of the run, where the run is the largest part."""
    if not parts or parts[0][0] not in ("run", "published"):
        return None
    slow = solution.latency_parts.get(str(parts[0][1].path[1]), ())
    return slow[0].component if slow else None


def fresher(verdict: Verdict, solution: Solution) -> str:
    """The cycle, or the nodes of the slowest part of the run, with which a freshness is met."""
    from sdplan.solve.mend import shorter_cycle

    if overloaded(verdict, solution):
        return ""
    mend = shorter_cycle(solution, verdict)
    if mend is not None:
        return shown_mend(mend)
    slow = _slowest(_parts(verdict, solution), solution)
    return "" if slow is None else less_time((slow,), verdict, solution)
