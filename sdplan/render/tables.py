"""What `solve` prints: a plain table for flows, components, entities, SLOs, results and decisions.

A number carries a mark for how far it may be trusted; the legend below the tables says what each means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from sdplan.findings import Path, dotted
from sdplan.render.escaping import inert
from sdplan.render.frames import columns
from sdplan.render.sheets import sheets
from sdplan.render.text import percent

if TYPE_CHECKING:
    from sdplan.render.sheets import Sheet
    from sdplan.solve.solution import Comparison, Premise, Record, Solution, Verdict

NONE = "-"
WIDTH = 79  # columns that a sentence takes at most
LEGEND = "= exact   ≈ approximation   ≤ ≥ bound   ~ simulated   no mark: stated   - no such number"

_MARKS: Mapping[str, str] = {
    "exact": "= ",
    "approximation": "≈ ",
    "bound": "≤ ",
    "simulated": "~ ",
    "stated": "",
}
_VERDICTS: Mapping[bool | None, str] = {True: "✓ met", False: "✗ missed", None: "? not judged"}

FLOWS = (
    ("rate", "rate"),
    ("peak", "peak_rate"),
    ("in", "in"),
    ("out", "out"),
    ("p50", "latency.p50"),
    ("p99", "latency.p99"),
    ("p99.9", "latency.p99.9"),
    ("errors", "errors"),
    ("available", "availability"),
)
COMPONENTS = (
    ("replicas", "replicas"),
    ("calls", "rate"),
    ("at peak", "peak_rate"),
    ("busy", "utilization"),
    ("wait", "wait"),
    ("p99", "latency.p99"),
    ("hit", "hit"),
    ("stored", "stored"),
    ("available", "group_availability"),
    ("cost", "cost"),
)
ENTITIES = (
    ("size", "size"),
    ("created", "created"),
    ("ingest", "ingest"),
    ("count", "count"),
    ("stored", "stored"),
)


def solve_text(solution: Solution, *, precise: bool = False) -> str:
    """Every number that a design gives, by flow, component and entity, and what was judged by them."""
    page = _Page(solution, precise)
    design = solution.design
    title = f"{inert(design.id)}: {inert(design.title)}" if design.title else inert(design.id)
    kinds = {name: component.kind for name, component in design.components.items()}
    sections = [
        f"{title}\nLatency, waiting and utilization are at peak.\n",
        page.numbers("Flows", "flow", "flows", FLOWS),
        page.numbers("Components", "component", "components", COMPONENTS, {"kind": kinds}),
        page.numbers("Entities", "entity", "entities", ENTITIES),
        _section("SLOs", ("slo", "of", "measure", "target", "value", "margin", "verdict"), page.slos()),
        *(page.sheet(each) for each in sheets(solution)),
        _section(
            "Scenarios",
            ("scenario", "slo", "of", "measure", "target", "value", "expect", "verdict"),
            page.scenarios(),
            words=2,
        ),
        _listed("In the scenarios", [inert(each) for each in happenings(solution)]),
        _section("Results", ("result", "expected", "value", "verdict"), page.results()),
        _section("Decisions", ("decision", "stands while", "now", "verdict"), page.decisions()),
        _listed("Not counted", [f"{inert(each.what)}: {inert(each.effect)}" for each in solution.uncounted]),
        _listed("Without a value", _missing(solution)),
        page.cost(),
        LEGEND + "\n",
    ]
    return "\n".join(section for section in sections if section)


class _Page:
    """The rows of one solution's tables."""

    def __init__(self, solution: Solution, precise: bool) -> None:
        self.solution = solution
        self.precise = precise

    def cell(self, record: Record | None) -> str:
        if record is None:
            return NONE
        mark = {"at least ": "≥ ", "at most ": "≤ "}.get(record.prefix, _MARKS[record.label])
        return mark + record.shown(precise=self.precise).removeprefix(record.prefix)

    def at(self, path: Path) -> str:
        return self.cell(self.solution.records.get(path))

    def numbers(
        self,
        title: str,
        noun: str,
        block: str,
        wanted: Sequence[tuple[str, str]],
        words: Mapping[str, Mapping[str, str]] | None = None,
    ) -> str:
        """One row for each id of a block, one column for each number that any of them has."""
        ids = self._ids(block)
        said = {
            head: [column.get(each.split("@")[0], NONE) for each in ids]
            for head, column in (words or {}).items()
        }
        cells = {head: [self.at((block, each, *tail(key))) for each in ids] for head, key in wanted}
        kept = said | {head: column for head, column in cells.items() if set(column) != {NONE}}
        rows = [(each, *(column[row] for column in kept.values())) for row, each in enumerate(ids)]
        return _section(title, (noun, *kept), rows, words=1 + len(said))

    def _ids(self, block: str) -> list[str]:
        """The ids of a block in the order of the design, each followed by its regions."""
        stated: Iterable[str] = getattr(self.solution.design, block)
        seen = dict.fromkeys(
            str(path[1]) for path in self.solution.records if path[0] == block and len(path) > 2
        )
        regional = [each for each in seen if "@" in each]
        return [one for name in stated for one in (name, *(r for r in regional if r.split("@")[0] == name))]

    def sheet(self, sheet: Sheet) -> str:
        """A sheet without the columns that no row fills."""
        rows = [[one if isinstance(one, str) else self.at(one) for one in row] for row in sheet.rows]
        kept = [n for n in range(len(sheet.columns)) if any(row[n] != NONE for row in rows)]
        heads = [sheet.columns[n].title.lower() for n in kept]
        left = sum(not sheet.columns[n].numeric for n in kept)
        title = "\n".join(
            [sheet.title, *wrap(sheet.about, WIDTH, initial_indent="  ", subsequent_indent="  ")]
        )
        return _section(title, heads, [[row[n] for n in kept] for row in rows], words=left)

    def slos(self) -> list[tuple[str, ...]]:
        return [self._slo(each) for each in self.solution.slos]

    def _slo(self, each: Verdict) -> tuple[str, ...]:
        margin = (
            NONE if each.margin is None else f"{'-' if each.margin < 0 else ''}{percent(abs(each.margin))}"
        )
        target, value = self.cell(each.target), self.at(each.solved)
        return each.slo, each.subject, each.measure, target, value, margin, _verdict(each)

    def scenarios(self) -> list[tuple[str, ...]]:
        """One row for each line of an SLO in a scenario, with the number that it has there."""
        rows: list[tuple[str, ...]] = []
        for name, outcome in self.solution.scenarios.items():
            there = _Page(outcome.solution, self.precise)
            for each in outcome.expectations:
                for verdict in each.verdicts:
                    _, of, measure, target, value, _, judged = there._slo(verdict)
                    if each.as_expected is not None:
                        judged = f"{'✓' if each.as_expected else '✗'} {judged[2:]}"
                    rows.append((name, each.slo, of, measure, target, value, each.expected, judged))
        return rows

    def results(self) -> list[tuple[str, ...]]:
        return [
            (str(each.path[-1]), self.cell(each.expected), self.at(each.solved), _verdict(each))
            for each in self.solution.results
        ]

    def decisions(self) -> list[tuple[str, ...]]:
        return [
            (
                str(each.path[1]),
                inert(each.text),
                f"{self.cell(each.left)} against {self.cell(each.right)}",
                _verdict(each),
            )
            for each in self.solution.decisions
        ]

    def cost(self) -> str:
        cost, million = (self.solution.records.get((name,)) for name in ("cost", "cost_per_million"))
        unit = "" if million is None else f", {self.cell(million)} per million requests"
        return "" if cost is None else f"Cost of the whole design: {self.cell(cost)}{unit}\n"


def happenings(solution: Solution) -> list[str]:
    """What else a scenario does: buckets that run dry, and backlogs with the time until they are gone."""
    said = []
    for name, outcome in solution.scenarios.items():
        said += [f"{name}: the bucket {dotted(path)} runs dry before it is over" for path in outcome.emptied]
        for each in outcome.backlogs:
            gone = "and does not go away" if each.drain is None else f"gone {each.drain.shown()} after it"
            said.append(f"{name}: {each.size.shown()} messages pile up before {each.flow[1]}, {gone}")
    return said


def _missing(solution: Solution) -> list[str]:
    """Numbers without a value by the reason, which several of them often share."""
    by_reason: dict[str, list[str]] = {}
    for path, why in solution.missing.items():
        by_reason.setdefault(why, []).append(inert(dotted(path)))
    return [f"{', '.join(paths)}: {inert(why)}" for why, paths in by_reason.items()]


def tail(key: str) -> Path:
    """`latency.p99.9` as the last parts of a path: a percentile keeps its own dot."""
    head, _, rest = key.partition(".")
    return (head, rest) if rest else (head,)


def _verdict(each: Verdict | Comparison | Premise) -> str:
    if each.path[:1] == ("results",) and each.met is None and not each.reason:
        return ""  # nothing was expected of it
    return _VERDICTS[each.met] + (f": {inert(each.reason)}" if each.met is None and each.reason else "")


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """A titled table; the first columns are words and stand left, as verdicts do; numbers stand right."""
    if not rows:
        return ""
    sides = ["left" if n < words or heads[n] in _WORDS else "right" for n in range(len(heads))]
    widths = [max(columns(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    lines = [_row(row, widths, sides) for row in (heads, *rows)]
    return "\n".join([title, *lines]) + "\n"


_WORDS = frozenset({"of", "measure", "expect", "verdict", "stands while", "now"})


def _row(cells: Sequence[str], widths: Sequence[int], sides: Sequence[str]) -> str:
    padded = [
        f"{' ' * (width - columns(cell))}{cell}"
        if side == "right"
        else f"{cell}{' ' * (width - columns(cell))}"
        for cell, width, side in zip(cells, widths, sides, strict=True)
    ]
    return "  " + "  ".join(padded).rstrip()


def _listed(title: str, items: Sequence[str]) -> str:
    return "\n".join([title, *(f"  {item}" for item in items)]) + "\n" if items else ""
