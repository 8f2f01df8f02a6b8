"""The numbers of a design, gathered by what they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import dotted
from sdplan.render.cells import Code, Table, figures, table, words
from sdplan.render.equations import Derivation, derivation, in_one_line
from sdplan.render.judgement import shown, title_of

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


def numbers_below(solution: Solution, *prefix: str) -> list[Number]:
    """The numbers at and below a path of the solution, in the order in which they were computed.

    Call sites and the stated fields of steps are left out: the diagram shows them.
    """
    size = len(prefix)
    return [
        number(solution, path) for path in solution.records if path[:size] == prefix and "steps" not in path
    ]


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
        note=record.note,
        derivation=derivation(solution, record),
    )


def capacity_table(design: Design, solution: Solution) -> Table:
    """The capacity arithmetic: each number, how it comes out in one line, and its value."""
    paths: list[Path] = [("flows", name, measure) for name in design.flows for measure in _FLOW]
    paths += [("entities", name, measure) for name in design.entities for measure in _ENTITY]
    paths += [("components", name, measure) for name in design.components for measure in _COMPONENT]
    computed = [
        path for path in (*paths, ("cost",)) if path in solution.records and solution.records[path].formula
    ]
    return table(
        [*words("Number", "How"), *figures("Value")],
        ([Code(dotted(path)), Code(in_one_line(solution, path)), shown(solution, path)] for path in computed),
    )
