"""The few numbers that a reader wants first: load, tightest objective, busiest part, bill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from sdplan.render.checked import tightest
from sdplan.render.judgement import Shown, margin_text, measure_of, shown

if TYPE_CHECKING:
    from sdplan.findings import Path
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design


class Headline(NamedTuple):
    """A number with what it is and what to know beside it."""

    label: str
    value: Shown
    note: str


def headlines(design: Design, solution: Solution) -> list[Headline]:
    """The headline numbers of a design, those that it has."""
    found = [
        _largest(solution, "Peak load", (("flows", name, "peak_rate") for name in design.flows)),
        _tightest(solution),
        _largest(
            solution, "Busiest part", (("components", name, "utilization") for name in design.components)
        ),
        _largest(solution, "Largest store", (("components", name, "stored") for name in design.components)),
        _cost(solution),
    ]
    return [each for each in found if each is not None]


def peak_load(design: Design, solution: Solution) -> Shown | None:
    """The rate of the flow that asks most at its peak."""
    headline = _largest(solution, "", (("flows", name, "peak_rate") for name in design.flows))
    return headline.value if headline else None


def _largest(solution: Solution, label: str, paths: Iterable[Path]) -> Headline | None:
    known = [path for path in paths if path in solution.records]
    if not known:
        return None
    first = max(known, key=lambda path: solution.records[path].value)
    return Headline(label, shown(solution, first), str(first[1]))


def _tightest(solution: Solution) -> Headline | None:
    verdict = tightest(solution)
    if verdict is None:
        return None
    value = shown(solution, verdict.solved)
    limit = f"{measure_of(verdict)} of {verdict.target.shown()}".strip()
    limit += f", {margin_text(verdict)}" if verdict.margin is not None else f": {verdict.reason or 'missed'}"
    return Headline(f"Tightest: {verdict.slo}", value, limit)


def _cost(solution: Solution) -> Headline | None:
    return (
        Headline("Cost", shown(solution, ("cost",)), "the whole design")
        if ("cost",) in solution.records
        else None
    )
