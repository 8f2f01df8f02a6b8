"""`explain` as text: a number as a worked solution, from what the design states to the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from sdplan.render.breakdown import breakdown
from sdplan.render.breakdown_text import WIDTH, laid_out
from sdplan.render.derivation import NEAREST, Derivation, Found, Step, Unknown, Without, derive, find
from sdplan.render.escaping import inert
from sdplan.render.frames import columns
from sdplan.render.given import LABELS, Premise, label_text, premises, subject
from sdplan.render.inner import inner_formulas
from sdplan.render.text import verdict_text
from sdplan.render.working import (
    Where,
    expression_of,
    how,
    in_numbers,
    is_closed,
    is_complete,
    listed,
    lowered,
    marked,
    new_note,
    origin,
    registered,
    said,
    says_itself,
    short,
    shown,
    source_of,
    substituted,
    symbol,
    symbols,
    takes_many,
)

if TYPE_CHECKING:
    from sdplan.expressions import Expression
    from sdplan.formulas._formula import Formula
    from sdplan.solve.solution import Solution
    from sdplan.source import Document


_SMALLEST = 0.0005  # a part below this share is left out


def explain(
    document: Document, solution: Solution, path: str, *, precise: bool = False, most: int | None = NEAREST
) -> str | Unknown:
    """A number of the design as a worked solution of the nearest steps, or what was probably meant."""
    found = find(solution, path)
    if isinstance(found, Unknown):
        return found
    if isinstance(found, Without):
        return f"{inert(short(found.path))} has no value: {inert(found.reason)}.\n"
    derivation = derive(solution, found.path, most)
    worked = _Worked(solution, derivation, precise)
    target = derivation.target
    sections = [
        f"{short(target.path)} = {shown(target, precise)}\n{subject(target.path)}, {LABELS[target.label]}.",
        _given(premises(document, solution, derivation, precise)),
        _before(derivation, precise),
        worked.steps(),
        _answer(found, solution, derivation, precise),
        "" if worked.shows_shares() else _parts(solution, target.path),
        _turned(solution, derivation),
        f"Trust\n  {inert(label_text(target))}",
        worked.sources(),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _given(given: Sequence[Premise]) -> str:
    if not given:
        return ""
    rows = [(each.name, each.value, each.place, each.reason) for each in given]
    widths = [max(columns(row[n]) for row in rows) for n in range(3)]
    return "\n".join(["Given", *(f"  {_padded(row, widths)}" for row in rows)])


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=False)]
    return "  ".join([*cells, row[-1]]).rstrip()


def _before(derivation: Derivation, precise: bool) -> str:
    """The computed numbers whose own steps are left out, and what each of them is."""
    rows = [(short(each.path), shown(each, precise), how(each)) for each in derivation.before]
    widths = [max((columns(row[n]) for row in rows), default=0) for n in range(2)]
    lines = [f"  {_padded(row, widths)}" for row in rows]
    return "\n".join(["Computed before, each with an explanation of its own", *lines]) if lines else ""


def _turned(solution: Solution, derivation: Derivation) -> str:
    from sdplan.render.turned import turned_round

    lines = [f"  {inert(line)}" for line in turned_round(solution, derivation)]
    return "\n".join(["Turned round", *lines]) if lines else ""


def _answer(found: Found, solution: Solution, derivation: Derivation, precise: bool) -> str:
    chain = " = ".join(short(path) for path in (found.path, *derivation.same_as))
    lines = ["Answer", f"  {chain} = {derivation.target.shown(precise=precise)}"]
    if found.verdict is not None:
        word = {True: "met", False: "missed", None: "not judged"}[found.verdict.met]
        lines.append(f"  {inert(verdict_text(found.verdict, solution))}: {word}")
    return "\n".join(lines)


def _parts(solution: Solution, path: tuple[str | int, ...]) -> str:
    """Which components a flow's latency or unavailability comes from."""
    if len(path) < 3 or path[0] != "flows" or path[2] not in ("latency", "availability"):
        return ""
    by_flow = solution.latency_parts if path[2] == "latency" else solution.downtime_parts
    parts = by_flow.get(str(path[1]), ())
    whole = sum(part.value for part in parts)
    shares = [(part.value / whole, part) for part in parts if whole and part.value >= _SMALLEST * whole]
    what = "tail" if path[2] == "latency" else "downtime"
    lines = [f"  {100 * share:5.1f} %  {short(part.component[1:])}" for share, part in shares]
    return "\n".join([f"Share of each component in the {what}", *lines]) if lines else ""


class _Worked:
    """The steps of one derivation as text."""

    def __init__(self, solution: Solution, derivation: Derivation, precise: bool) -> None:
        self.derivation = derivation
        self.tables = {
            step.number: found
            for step in derivation.steps
            if (found := breakdown(solution, step.record)) is not None
        }
        self.precise = precise

    def steps(self) -> str:
        texts = [self._step(step) for step in self.derivation.steps]
        return "\n\n".join(["Steps", *texts]).replace("Steps\n\n", "Steps\n", 1) if texts else ""

    def _step(self, step: Step) -> str:
        number = f"  ({step.number}) "
        indent = " " * len(number)
        title, lines = self._working(step)
        note = new_note(step, self.derivation)
        lines = [*lines, *([f"{step.record.label}: {inert(note)}"] if note else [])]
        return "\n".join(
            [f"{number}{short(step.record.path)}{title}", *(f"{indent}{line}".rstrip() for line in lines)]
        )

    def _working(self, step: Step) -> tuple[str, list[str]]:
        expression = expression_of(step)
        if expression is not None:
            return "", self._expression(step, expression)
        formula = registered(step)
        if formula is not None and not takes_many(formula):
            return f": {lowered(formula.title)}", self._formula(step, formula)
        return f": {listed(step).heading}", self._list(step)

    def _expression(self, step: Step, expression: Expression) -> list[str]:
        from sdplan.expressions import to_text

        numbers = in_numbers(step.terms, self.precise)
        lines = [to_text(expression, lambda name: marked(name.replace("inputs.", "")))]
        if numbers:
            lines.append(to_text(expression, lambda name: numbers.get(name, name)))
        equations = [f"= {substituted(line)}" for line in lines] + [f"= {shown(step.record, self.precise)}"]
        return _distinct(equations) + self._where(self._meanings(step, {}))

    def _formula(self, step: Step, formula: Formula) -> list[str]:
        inner = inner_formulas(formula, step, self.precise)
        values = in_numbers(step.terms, self.precise) | {
            name: marked(each.shown) for name, each in inner.items()
        }
        if not is_closed(formula):
            solved = f"solved: {symbol(formula)} = {shown(step.record, self.precise)}"
            return [formula.text(), solved, *self._where(self._meanings(step, symbols(formula)))]
        left, _, right = formula.text().partition(" = ")
        put_in = substituted(formula.text(values).partition(" = ")[2])
        lines = [right, *([put_in] if is_complete(step) else []), shown(step.record, self.precise)]
        pad = " " * columns(left)
        equations = [f"{left if n == 0 else pad} = {line}" for n, line in enumerate(lines)]
        more = [Where(each.symbol, each.meaning) for each in inner.values()]
        return equations + self._where([*self._meanings(step, symbols(formula)), *more])

    def _meanings(self, step: Step, names: Mapping[str, str]) -> list[Where]:
        """What each name stands for, but for a name that says so itself."""
        told = [(names.get(term.name, term.name), term) for term in step.terms]
        return [
            Where(name, origin(term, self.derivation)) for name, term in told if not says_itself(name, term)
        ]

    def _where(self, meanings: Sequence[Where]) -> list[str]:
        width = max((columns(each.symbol) for each in meanings), default=0)
        heads = ["where " if n == 0 else "      " for n in range(len(meanings))]
        return [
            f"{head}{each.symbol}{' ' * (width - columns(each.symbol))} is {each.meaning}"
            for head, each in zip(heads, meanings, strict=True)
        ]

    def shows_shares(self) -> bool:
        """Whether a table of parts says already how much of the number each of them makes."""
        return any(table.heads[-1].startswith("of the ") for table in self.tables.values())

    def _list(self, step: Step) -> list[str]:
        if step.number in self.tables:
            return [*laid_out(self.tables[step.number]), f"= {shown(step.record, self.precise)}"]
        told = said(step, self.derivation)
        return [*wrap(told, WIDTH), *self._terms(step)]

    def _terms(self, step: Step) -> list[str]:
        many = listed(step)
        values = [shown(term.record, self.precise) for term in many.terms]
        width = max((columns(value) for value in values), default=0)
        lines = [
            f"{many.sign if n else ' ' * len(many.sign)}{value:>{width}}  {origin(term, self.derivation)}"
            for n, (term, value) in enumerate(zip(many.terms, values, strict=True))
        ]
        hidden = [f"{many.sign}and {len(many.hidden)} more, each smaller"] if many.hidden else []
        return [*lines, *hidden, f"= {shown(step.record, self.precise)}"]

    def sources(self) -> str:
        """Where each formula that was used comes from."""
        cited: dict[str, list[str]] = {}
        for step in self.derivation.steps:
            source = source_of(step)
            if source:
                cited.setdefault(source, []).append(str(step.number))
        lines = [
            f"  step{'s' if len(at) > 1 else ''} {', '.join(at)}: {source}" for source, at in cited.items()
        ]
        return "\n".join(["Sources", *lines]) if lines else ""


def _distinct(lines: Sequence[str]) -> list[str]:
    """The lines without those that only repeat the one above."""
    return [line for n, line in enumerate(lines) if n == 0 or line != lines[n - 1]]
