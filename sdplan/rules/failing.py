"""Why runs fail: from a share of errors down to the timeouts or the downtime behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.findings import Because
from sdplan.rules.downtime import downtime, sturdier
from sdplan.rules.slowness import slowness
from sdplan.rules.verdicts import shown_mend

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution, Verdict


def failing(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    """The links from a share of errors to what causes most of it."""
    timeouts = solution.records.get((*verdict.subject_path, "timeouts"))
    if timeouts is None or not _times_out(verdict, solution):
        return downtime(verdict, solution)
    text = f"{timeouts.shown()} of the runs end at a timeout at peak"
    return (Because(verdict.subject_path, text), *slowness(verdict, solution))


def _times_out(verdict: Verdict, solution: Solution) -> bool:
    """Whether timeouts cause more of the errors than downtime does."""
    timeouts = solution.records.get((*verdict.subject_path, "timeouts"))
    down = solution.records.get((*verdict.subject_path, "unavailability"))
    return timeouts is not None and timeouts.value > (0.0 if down is None else down.value)


def sounder(verdict: Verdict, solution: Solution) -> str:
    """The nodes or replicas with which a share of errors is met."""
    from sdplan.rules.slowness import slowest
    from sdplan.solve.mend import component_of, more_nodes

    if not _times_out(verdict, solution):
        return sturdier(verdict, solution)
    for place in slowest(verdict, solution)[:1]:
        mend = more_nodes(solution, verdict, component_of(place))
        if mend is not None:
            return shown_mend(mend)
    return "lengthen the timeout, or shorten the time of what it cuts off: more nodes do not meet it"
