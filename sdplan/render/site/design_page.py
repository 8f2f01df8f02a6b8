"""The page of one design: its verdict, its picture, its objectives, and every number with its derivation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from sdplan.findings import Path, dotted
from sdplan.render import note_tables
from sdplan.render.adr import confirmation, status_of
from sdplan.render.cells import Cell, Code, Link, Table, Told, Words, as_html, figures, table, words
from sdplan.render.checked import worst_first
from sdplan.render.headlines import headlines
from sdplan.render.judgement import Sign, severity_sign, standing
from sdplan.render.numbers import Number, number
from sdplan.render.onepager import tables
from sdplan.render.prose import fenced, heading
from sdplan.render.sheets import as_table, burn_rates, sheets
from sdplan.render.templates import fill
from sdplan.solve.texts import numbers_of

if TYPE_CHECKING:
    from sdplan.render.checked import Checked, Located
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

_BLOCKS = ("flows", "components", "entities", "cost", "results", "slos", "decisions", "inputs")
_KINDS = {
    "flows": "flow",
    "components": "component",
    "entities": "entity",
    "results": "result",
    "slos": "objective",
    "decisions": "decision",
    "regions": "region",
}
_WHOLE = {"cost": "the whole design"}


class Group(NamedTuple):
    """The numbers of one flow, component or entity."""

    title: str
    kind: str
    numbers: Sequence[Number]


class DecisionLine(NamedTuple):
    """A decision, where its record is, and whether it still stands."""

    name: str
    title: str
    status: str
    target: str
    sign: Sign | None
    finding: str


def design_page(
    slug: str, checked: Checked, svg: str, records: Sequence[str], rules: Mapping[str, str]
) -> str:
    """The page as Markdown; `records` are the file names of its decisions, `rules` the pages of rules."""
    design, solution = checked.design, checked.solution
    medium = as_html(numbers_of(solution), anchor="#")
    common: dict[str, Any] = {
        "slug": slug,
        "title": Markup(heading((design.title or design.id) if design else checked.name)),
        "name": checked.name,
        "standing": standing(checked),
        "findings": _findings(checked, rules),
        "source": fenced(checked.text),
        **medium._asdict(),
    }
    if design is None or solution is None:
        return fill("unsolved.md.j2", **common)
    return fill("design.md.j2", **common, **_solved(slug, design, solution, svg, records))


def _solved(
    slug: str, design: Design, solution: Solution, svg: str, records: Sequence[str]
) -> dict[str, Any]:
    return {
        "design": design,
        "diagram": Markup(svg),
        "width": _width(svg),
        "headlines": headlines(design, solution),
        "tables": tables(design, solution),
        "sheets": [(each.title, each.about, as_table(each, solution)) for each in sheets(solution)],
        "alerts": as_table(burn_rates(solution), solution),
        "notes": note_tables.notes(design),
        "decisions": _decisions(slug, design, solution, records),
        "groups": groups(solution),
    }


def _width(svg: str) -> str:
    """The width at which a picture's text has its full size."""
    found = re.search(r'<svg[^>]* width="(\d+)', svg)
    return found.group(1) if found else "0"


def groups(solution: Solution) -> list[Group]:
    """Every number of the design by what it belongs to."""
    owners: dict[Path, list[Path]] = {}
    for path in sorted(solution.records, key=_rank):
        owners.setdefault(path[: 2 if len(path) > 2 else 1], []).append(path)
    return [
        Group(
            dotted(owner[1:]) or _WHOLE.get(str(owner[0]), str(owner[0])),
            _KINDS.get(str(owner[0]), ""),
            [number(solution, path) for path in paths],
        )
        for owner, paths in owners.items()
    ]


def _rank(path: Path) -> tuple[int, bool]:
    """Blocks in the order of a reader's questions; the calls of a flow after its own numbers."""
    return (_BLOCKS.index(str(path[0])) if path[0] in _BLOCKS else len(_BLOCKS), "steps" in path)


def _decisions(slug: str, design: Design, solution: Solution, records: Sequence[str]) -> list[DecisionLine]:
    lines = []
    for (name, decision), record in zip(design.decisions.items(), records, strict=True):
        confirmed = confirmation(name, decision, solution)
        sign, finding = (confirmed.sign, confirmed.finding) if confirmed else (None, "")
        target = f"{slug}/{record.removesuffix('.md')}.html"
        lines.append(DecisionLine(name, decision.title, status_of(name, design), target, sign, finding))
    return lines


def _findings(checked: Checked, rules: Mapping[str, str]) -> Table:
    columns = [*words("Finding", "Severity"), *figures("Line"), *words("Where", "What", "Do")]
    return table(columns, (_finding(located, rules) for located in worst_first([checked])))


def _finding(located: Located, rules: Mapping[str, str]) -> list[Cell]:
    finding = located.finding
    known = f"rules/{finding.code}.md" in rules
    return [
        Link(finding.code, f"../rules/{finding.code}.html") if known else Words(finding.code),
        severity_sign(finding.severity),
        Words(str(located.span.line)),
        Code(dotted(finding.path)),
        Told(finding.message),
        Told(finding.hint),
    ]
