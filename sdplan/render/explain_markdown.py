"""`explain` as Markdown with LaTeX: the same worked solution for a page or a review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sdplan.render.breakdown import WORDS, Breakdown, breakdown
from sdplan.render.derivation import (
    NEAREST,
    Derivation,
    Found,
    Step,
    Term,
    Unknown,
    Without,
    derive,
    find,
)
from sdplan.render.escaping import markdown
from sdplan.render.given import LABELS, Premise, label_text, premises, subject
from sdplan.render.inner import inner_formulas
from sdplan.render.text import verdict_text
from sdplan.render.working import (
    chained,
    expression_of,
    how,
    in_numbers,
    is_closed,
    is_complete,
    listed,
    lowered,
    new_note,
    registered,
    said,
    says_itself,
    short,
    shown,
    source_of,
    takes_many,
)

if TYPE_CHECKING:
    from sdplan.expressions import Expression
    from sdplan.formulas._formula import Formula
    from sdplan.solve.solution import Solution
    from sdplan.source import Document


def explain_markdown(
    document: Document, solution: Solution, path: str, *, precise: bool = False, most: int | None = NEAREST
) -> str | Unknown:
    """A number of the design as a worked solution in Markdown, or that there is no such number."""
    found = find(solution, path)
    if isinstance(found, Unknown):
        return found
    if isinstance(found, Without):
        return f"`{short(found.path)}` has no value: {markdown(found.reason)}.\n"
    derivation = derive(solution, found.path, most)
    target = derivation.target
    steps = _Steps(solution, derivation, precise)
    sections = [
        f"# `{short(target.path)}`",
        f"{subject(target.path)}: **{markdown(shown(target, precise))}**, {LABELS[target.label]}.",
        _given(premises(document, solution, derivation, precise)),
        _before(derivation, precise),
        *(["## Steps"] if derivation.steps else []),
        *(steps.step(each) for each in derivation.steps),
        _answer(derivation, precise),
        _verdict(found, solution),
        _turned(solution, derivation),
        f"## Trust\n\n{markdown(label_text(target))}",
        steps.sources(),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _given(given: Sequence[Premise]) -> str:
    if not given:
        return ""
    rows = [
        f"| `{each.name}` | {markdown(each.value)} | {markdown(each.place)} | {markdown(each.reason)} |"
        for each in given
    ]
    return "\n".join(
        ["## Given", "", "| number | value | where | why |", "| --- | ---: | --- | --- |", *rows]
    )


def _before(derivation: Derivation, precise: bool) -> str:
    if not derivation.before:
        return ""
    rows = [
        f"| `{short(each.path)}` | {markdown(shown(each, precise))} | {markdown(how(each))} |"
        for each in derivation.before
    ]
    heads = ["## Computed before", "", "| number | value | what it is |", "| --- | ---: | --- |"]
    return "\n".join([*heads, *rows])


def _turned(solution: Solution, derivation: Derivation) -> str:
    from sdplan.render.turned import turned_round

    lines = [f"- {markdown(line)}" for line in turned_round(solution, derivation)]
    return "\n".join(["## Turned round", "", *lines]) if lines else ""


def _answer(derivation: Derivation, precise: bool) -> str:
    names = [words(short(path)) for path in (derivation.target.path, *derivation.same_as)]
    equation = " = ".join([*names, _number(shown(derivation.target, precise))])
    return f"## Answer\n\n$$\n{equation}\n$$"


def _verdict(found: Found, solution: Solution) -> str:
    if found.verdict is None:
        return ""
    word = {True: "met", False: "missed", None: "not judged"}[found.verdict.met]
    return f"{markdown(verdict_text(found.verdict, solution))}: **{word}**"


def _number(shown: str) -> str:
    """A number in LaTeX: digits as they are, what has a unit as words."""
    return shown if shown.replace(".", "").isdigit() else words(shown)


class _Steps:
    """The steps of one derivation as Markdown."""

    def __init__(self, solution: Solution, derivation: Derivation, precise: bool) -> None:
        self.solution = solution
        self.derivation = derivation
        self.precise = precise

    def step(self, step: Step) -> str:
        """One step: its number and what it gives, the equations, and what their symbols stand for."""
        title, equations, meanings = self._working(step)
        note = new_note(step, self.derivation)
        table = breakdown(self.solution, step.record)
        if table is not None:
            equations, meanings = equations[-1:], []
        parts = [
            f"**({step.number})** `{short(step.record.path)}`{f', {title}' if title else ''}",
            *(_table(table) if table is not None else [said(step, self.derivation)]),
            *(f"$$\n{equation}\n$$" for equation in equations),
            "where " + ", ".join(meanings) if meanings else "",
            f"{step.record.label}: {markdown(note)}" if note else "",
        ]
        return "\n\n".join(part for part in parts if part)

    def _working(self, step: Step) -> tuple[str, list[str], list[str]]:
        expression = expression_of(step)
        if expression is not None:
            told = [term for term in step.terms if not says_itself(term.name, term)]
            return (
                "",
                self._expression(step, expression),
                [self._meaning(words(term.name), term) for term in told],
            )
        formula = registered(step)
        if formula is not None and not takes_many(formula):
            return lowered(formula.title), self._formula(step, formula), self._meanings(step, formula)
        return listed(step).heading, self._list(step), self._terms(step)

    def _expression(self, step: Step, expression: Expression) -> list[str]:
        from sdplan.expressions import to_latex

        numbers = in_numbers(step.terms, self.precise, _number)
        in_symbols = to_latex(expression, lambda name: words(name.removeprefix("inputs.")))
        in_values = to_latex(expression, lambda name: numbers.get(name, words(name)))
        result = _number(shown(step.record, self.precise))
        chain = [in_symbols, *([in_values] if in_values not in (in_symbols, result) else []), result]
        return [" = ".join(dict.fromkeys(chain))]

    def _formula(self, step: Step, formula: Formula) -> list[str]:
        result = _number(shown(step.record, self.precise))
        if not is_closed(formula):
            return [formula.latex(), f"{formula.symbol} = {result}"]
        inner = inner_formulas(formula, step, self.precise)
        values = in_numbers(step.terms, self.precise, _number)
        values |= {name: _number(each.shown) for name, each in inner.items()}
        complete = f"{formula.latex(values)} = {result}"
        return [formula.latex(), complete if is_complete(step) else f"{formula.symbol} = {result}"]

    def _meanings(self, step: Step, formula: Formula) -> list[str]:
        from sdplan.formulas.glossary import GLOSSARY

        terms = [self._meaning(GLOSSARY[term.name].symbol, term) for term in step.terms]
        inner = inner_formulas(formula, step, self.precise).values()
        return terms + [f"${each.formula.symbol}$ is {markdown(each.shown)}" for each in inner]

    def _meaning(self, latex: str, term: Term) -> str:
        return f"${latex}$ is {self._origin(term)}"

    def _origin(self, term: Term) -> str:
        chain = " = ".join(f"`{name}`" for name in chained(term))
        step = self.derivation.step_of(term.path)
        return f"{chain} (step {step})" if step else chain

    def _list(self, step: Step) -> list[str]:
        values = [_number(shown(term.record, self.precise)) for term in step.terms]
        name = {"sum": r"\Sigma", "largest": r"\max", "smallest": r"\min"}.get(step.record.formula)
        more = [r"\ldots"] if step.hidden else []
        result = _number(shown(step.record, self.precise))
        if step.record.formula == "sum":
            return [" + ".join([*values, *more]) + f" = {result}"]
        arguments = rf"\left({', '.join([*values, *more])}\right)" if name else ""
        return [f"{name or words(short(step.record.path))}{arguments} = {result}"]

    def _terms(self, step: Step) -> list[str]:
        told = [
            f"{markdown(shown(term.record, self.precise))} is {self._origin(term)}" for term in step.terms
        ]
        return [*told, f"and {len(step.hidden)} more are smaller"] if step.hidden else told

    def sources(self) -> str:
        """Where each formula that was used comes from."""
        cited: dict[str, list[str]] = {}
        for step in self.derivation.steps:
            source = source_of(step)
            if source:
                cited.setdefault(source, []).append(str(step.number))
        rows = [f"- ({'), ('.join(at)}) {markdown(source)}" for source, at in cited.items()]
        return "\n".join(["## Sources", "", *rows]) if rows else ""


def _table(table: Breakdown) -> list[str]:
    """A table of parts, with the sentences around it."""
    rules = ["---" if head in WORDS else "---:" for head in table.heads]
    rows = [table.heads, rules, *([markdown(cell) for cell in row] for row in table.rows)]
    return [table.lead, "\n".join(f"| {' | '.join(row)} |" for row in rows), table.after]


_SPECIAL = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def words(text: str) -> str:
    r"""Plain words inside LaTeX, `\text{orders\_per\_visitor}`: LaTeX acts on nothing in them."""
    spelled = "".join(_SPECIAL.get(c, f"\\{c}" if c in "_%#&${}" else c) for c in text)
    return rf"\text{{{spelled}}}"
