"""Causes: what a verdict follows from, and what would mend it, whatever it measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import Because
from sdplan.rules.downtime import downtime, sturdier
from sdplan.rules.expense import cheaper, expense
from sdplan.rules.failing import failing, sounder
from sdplan.rules.slowness import quicker, slowness
from sdplan.rules.staleness import fresher, staleness
from sdplan.rules.verdicts import sides

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution, Verdict


class Reading(NamedTuple):
    """How verdicts of one measure are told."""

    because: Callable[[Verdict, Solution], tuple[Because, ...]]
    hint: Callable[[Verdict, Solution], str]


def _two_sides(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    return sides(verdict.path, solution.records.get(verdict.solved), verdict.target, solution)


def _nothing(verdict: Verdict, solution: Solution) -> str:
    return ""


_READINGS: Mapping[str, Reading] = {
    "latency": Reading(slowness, quicker),
    "wait": Reading(slowness, quicker),
    "freshness": Reading(staleness, fresher),
    "availability": Reading(downtime, sturdier),
    "undegraded": Reading(downtime, sturdier),
    "errors": Reading(failing, sounder),
    "cost": Reading(expense, cheaper),
    "holds": Reading(_two_sides, _nothing),
}


def causes(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    """The links from a verdict down to what causes it."""
    reading = _READINGS.get(str(verdict.path[2]))
    return () if reading is None else reading.because(verdict, solution)


def remedy(verdict: Verdict, solution: Solution) -> str:
    """What would bring a missed line of an SLO to its target, or nothing."""
    reading = _READINGS.get(str(verdict.path[2]))
    return "" if reading is None else reading.hint(verdict, solution)
