"""How one number follows from others: the equation, the same with numbers in it, and what was put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from sdplan.findings import dotted
from sdplan.render.fold_words import FOLDS
from sdplan.render.mathml import mathml, text
from sdplan.render.working import marked, short, substituted

if TYPE_CHECKING:
    from sdplan.expressions import Expression
    from sdplan.findings import Path
    from sdplan.formulas import Formula
    from sdplan.solve.solution import Record, Solution

_WORDS = {"sum": "the sum of", "largest": "the largest of", "smallest": "the smallest of"}
_MOST_INPUTS = 6
_MOST_TERMS = 4


class Given(NamedTuple):
    """One number that was put in: its symbol, its path and its value."""

    symbol: Markup
    name: str
    path: str
    value: str


class Derivation(NamedTuple):
    """How a number follows from others."""

    title: str  # what the formula gives, in words
    equation: Markup
    with_numbers: Markup
    inputs: Sequence[Given]
    more: int  # inputs beyond those shown
    lead: str  # what stands before the inputs
    source: str
    formula: str  # its name and family, where it has a page
    family: str


def derivation(solution: Solution, record: Record) -> Derivation | None:
    """The derivation of a number; nothing for one that was stated."""
    if not record.formula:
        return None
    formula = registered(record.formula)
    known = [(name, path) for name, path in record.inputs if path in solution.records]
    repeats = formula is None and only_repeats(record)
    return Derivation(
        title=formula.title if formula else "" if repeats else FOLDS.get(record.formula, "").rstrip("."),
        equation=Markup("") if repeats else _equation(record.formula, formula),
        with_numbers=Markup("") if repeats else _with_numbers(solution, record, formula),
        inputs=[_given(solution, name, path, formula) for name, path in known[:_MOST_INPUTS]],
        more=max(0, len(known) - _MOST_INPUTS),
        lead="The same number as" if repeats else "From" if known else "",
        source=formula.source if formula else "",
        formula=formula.name if formula else "",
        family=formula.family if formula else "",
    )


def in_one_line(solution: Solution, path: Path) -> str:
    """A number's arithmetic as plain text with the numbers put in: `116k/s × 3`."""
    record = solution.records[path]
    values = {name: marked(value) for name, value in _values(solution, record).items()}
    expression = _parsed(record.formula)
    if expression is not None:
        from sdplan.expressions import to_text

        return substituted(to_text(expression, lambda name: values.get(name, name)))
    formula = registered(record.formula)
    if formula is None or _takes_many(formula):
        return _in_words(solution, record)
    return substituted(formula.text(values).partition(" = ")[2])


def _in_words(solution: Solution, record: Record) -> str:
    terms = list(_values(solution, record).values())
    if record.formula not in _WORDS:
        return record.formula
    if record.formula == "sum" or len(terms) == 1:
        return " + ".join(terms) if len(terms) <= _MOST_TERMS else f"the sum of {len(terms)} numbers"
    first = [*terms[:_MOST_TERMS], *(["…"] if len(terms) > _MOST_TERMS else [])]
    return f"{_WORDS[record.formula]} {', '.join(first)}"


def registered(name: str) -> Formula | None:
    """The formula of that name, if there is one."""
    from sdplan.formulas import registry

    return registry().get(name)


def symbol_mathml(name: str) -> Markup:
    """The symbol of a quantity as MathML, its name where it has none."""
    from sdplan.formulas import GLOSSARY

    return Markup(mathml(GLOSSARY[name].symbol) if name in GLOSSARY else f"<code>{escape(name)}</code>")


@cache
def formula_mathml(name: str) -> Markup:
    """The equation of a formula as MathML."""
    formula = registered(name)
    return Markup("") if formula is None else Markup(mathml(formula.latex(), block=True))


def _takes_many(formula: Formula) -> bool:
    from sdplan.formulas import GLOSSARY

    return any(GLOSSARY[name].many for name in formula.parameters)


def _equation(written: str, formula: Formula | None) -> Markup:
    if formula is not None:
        return formula_mathml(formula.name)
    expression = _parsed(written)
    if expression is not None:
        return _laid_out(expression, text)
    return Markup("") if written in FOLDS else escape(_WORDS.get(written, written))


def _parsed(written: str) -> Expression | None:
    """The expression of a number that was written as one."""
    from sdplan.expressions import ExpressionError, parse_expression

    try:
        return parse_expression(written[1:].strip()) if written.startswith("=") else None
    except ExpressionError:
        return None


def _laid_out(expression: Expression, symbol: Callable[[str], str]) -> Markup:
    from sdplan.expressions import to_latex

    return Markup(mathml(to_latex(expression, symbol), block=True))


def _with_numbers(solution: Solution, record: Record, formula: Formula | None) -> Markup:
    values = {name: text(value) for name, value in _values(solution, record).items()}
    expression = _parsed(record.formula)
    if expression is not None:
        return _laid_out(expression, lambda name: values.get(name, text(name)))
    if formula is None or _takes_many(formula) or set(values) != set(formula.parameters):
        return Markup("")
    return Markup(mathml(formula.latex(values), block=True))


def only_repeats(record: Record) -> bool:
    """Whether a number merely stands again under a second name."""
    if len(record.inputs) != 1:
        return False
    return record.formula in _WORDS or record.formula[1:].strip() == record.inputs[0][0]


def _values(solution: Solution, record: Record) -> dict[str, str]:
    """What was put in, as numbers alone: the result says if it is "at least" or "at most"."""
    known = [(name, solution.records[path]) for name, path in record.inputs if path in solution.records]
    return {name: one.shown().removeprefix(one.prefix) for name, one in known}


def _given(solution: Solution, name: str, path: Path, formula: Formula | None) -> Given:
    symbol = symbol_mathml(name) if formula is not None else Markup("")
    return Given(symbol, short(path), dotted(path), solution.records[path].shown())
