"""The numbers of a design, gathered by what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import dotted
from sdplan.render.cells import Code, Table, figures, table, words
from sdplan.render.equations import Derivation, derivation, in_one_line
from sdplan.render.judgement import Shown, shown, title_of, trust_note

if TYPE_CHECKING:
    from sdplan.findings import Path
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

_SIGNS = {"exact": "=", "approximation": "≈", "bound": "≤", "stated": "given", "simulated": "~"}
_FLOW = ("mean_rate", "peak_rate", "peak_in", "peak_out")
_ENTITY = ("size", "created", "ingest", "count", "stored")
_COMPONENT = ("peak_rate", "utilization", "replicas_needed", "hit", "stored")


class Number(NamedTuple):
    """One number with everything that a reader may ask about it."""

    path: str
    name: str
    text: str
    precise: str
    label: str
    sign: str  # = ≈ ≤ for the label
    title: str
    note: str
    derivation: Derivation | None


def number(solution: Solution, path: Path) -> Number:
    """One number of the solution, ready to be shown."""
    record = solution.records[path]
    return Number(
        path=dotted(path),
        name=dotted(path[2:]) or dotted(path[-1:]),
        text=record.shown(),
        precise=record.shown(precise=True),
        label=record.label,
        sign=_SIGNS[record.label],
        title=title_of(record),
        note=trust_note(record),
        derivation=derivation(solution, record),
    )


def capacity_table(design: Design, solution: Solution) -> Table:
    """The capacity arithmetic: each number, how it comes out in one line, and its value."""
    paths: list[Path] = [("flows", name, measure) for name in design.flows for measure in _FLOW]
    paths += [("entities", name, measure) for name in design.entities for measure in _ENTITY]
    paths += [("components", name, measure) for name in design.components for measure in _COMPONENT]
    lines = ((path, in_one_line(solution, path)) for path in (*paths, ("cost",)) if _computed(solution, path))
    return table(
        [*words("Number", "How"), *figures("Value")],
        ([Code(dotted(path)), Code(line), value] for path, line, value in _telling(solution, lines)),
    )


def _computed(solution: Solution, path: Path) -> bool:
    return path in solution.records and bool(solution.records[path].formula)


def _telling(solution: Solution, lines: Iterable[tuple[Path, str]]) -> Iterator[tuple[Path, str, Shown]]:
    """The lines without those that only repeat another number."""
    for path, line in lines:
        value = shown(solution, path)
        if line != value.text:
            yield path, line, value
