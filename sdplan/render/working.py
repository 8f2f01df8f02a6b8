"""How each step of a derivation is worked out on paper: in symbols, with numbers, and the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import dotted
from sdplan.render.derivation import Derivation, Step, Term
from sdplan.render.fold_words import FOLD_SOURCES, FOLDS

if TYPE_CHECKING:
    from sdplan.expressions import Expression
    from sdplan.formulas._formula import Formula
    from sdplan.solve.solution import Record

_OPEN, _CLOSE = "\ue000", "\ue001"  # around a number put into an equation, until its neighbours are known
_TIGHT = ("/", "^")  # what binds closer than the space in `5 ms`
_AFTER = re.compile(f"{_CLOSE} (?=[^-+=/×*),. ])")
_BEFORE = re.compile(f"(?<=[^-+=/×*(, ]) {_OPEN}")
_NUMBER = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


_LONGEST_CHAIN = 3
_FOLDS = ("sum", "largest", "smallest")


class Where(NamedTuple):
    """What a symbol of an equation stands for."""

    symbol: str
    meaning: str


class Listed(NamedTuple):
    """A step that adds, compares or composes several numbers."""

    heading: str
    sign: str  # what stands before each number but the first
    terms: tuple[Term, ...]
    hidden: tuple[Term, ...]


def registered(step: Step) -> Formula | None:
    """The formula of the registry that a step applies, or nothing."""
    name = step.record.formula
    if name.startswith("=") or not name.isidentifier():
        return None
    from sdplan.formulas import registry  # only an explanation pays for it

    return registry().get(name)


def expression_of(step: Step) -> Expression | None:
    """The expression that a step evaluates, or nothing where none is written out."""
    if not step.record.formula.startswith("="):
        return None
    from sdplan.expressions import ExpressionError, parse_expression

    try:
        return parse_expression(step.record.formula[1:].strip())
    except ExpressionError:
        return None


def listed(step: Step) -> Listed:
    """A step whose formula is a word such as `sum`."""
    count = len(step.terms) + len(step.hidden)
    word = step.record.formula.lstrip("=… ") or "computed"
    numbers = f"{count} numbers" if count > 1 else "one number"
    joined = " of" if word in _FOLDS else ", from"
    heading = f"{word}{joined} {numbers}" if count else word
    return Listed(heading, "+ " if word == "sum" else "", step.terms, step.hidden)


def substituted(text: str) -> str:
    """An equation with its numbers put in: a sign between factors, brackets where units need them."""
    spaced = _BEFORE.sub(f" × {_OPEN}", _AFTER.sub(f"{_CLOSE} × ", text))
    return _NUMBER.sub(lambda match: _bracketed(match, spaced), spaced).replace(" * ", " × ")


def marked(number: str) -> str:
    """A number on its way into an equation."""
    return f"{_OPEN}{number}{_CLOSE}"


def _bracketed(match: re.Match[str], text: str) -> str:
    number = match.group(1)
    before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip()[:1]
    tight = before in _TIGHT or after in _TIGHT
    return f"({number})" if tight and re.search(r"[/ ]", number) else number


def symbols(formula: Formula) -> Mapping[str, str]:
    """The plain symbol of each parameter of a formula."""
    from sdplan.formulas._symbolic import plain_text
    from sdplan.formulas.glossary import GLOSSARY

    return {name: plain_text(GLOSSARY[name].symbol) for name in formula.parameters}


def origin(term: Term, derivation: Derivation) -> str:
    """Where a term comes from: `flows.redirect.peak = peak_factor, given` or `… , step 2`."""
    chain = " = ".join(chained(term))
    step = derivation.step_of(term.path)
    if term.record is None:
        return f"{chain}, which has no value"
    if step is not None:
        return f"{chain}, step {step}"
    return f"{chain}, {'computed before' if term.record.formula else 'given'}"


def chained(term: Term) -> list[str]:
    """The name of a term and what it repeats; of a long row of repetitions, the ends."""
    names = [short(path) for path in (*term.repeats, term.path)]
    return names if len(names) <= _LONGEST_CHAIN else [names[0], "…", names[-1]]


def short(path: tuple[str | int, ...]) -> str:
    """A path as an expression would name it: an input by its bare name."""
    return str(path[1]) if len(path) == 2 and path[0] == "inputs" else dotted(path)


def how(record: Record) -> str:
    """What a computed number is, in a few words: its formula's title, its fold, or its expression."""
    if record.formula.startswith("="):
        return record.formula.lstrip("=… ")
    from sdplan.formulas import registry

    formula = registry().get(record.formula)
    return lowered(formula.title) if formula is not None else record.formula


def said(step: Step, derivation: Derivation) -> str:
    """What the fold of a step does, unless an earlier step did the same."""
    earlier = {each.record.formula for each in derivation.steps[: step.number - 1]}
    return "" if step.record.formula in earlier else FOLDS.get(step.record.formula, "")


def new_note(step: Step, derivation: Derivation) -> str:
    """What a step assumes, unless an earlier step or the answer says the same."""
    said = {derivation.target.note, *(each.record.note for each in derivation.steps[: step.number - 1])}
    return "" if step.record.note in said else step.record.note


def source_of(step: Step) -> str:
    """Where the formula or the method of a step comes from, if it has a source of its own."""
    formula = registered(step)
    return formula.source if formula is not None else FOLD_SOURCES.get(step.record.formula, "")


def says_itself(name: str, term: Term) -> bool:
    """Whether a name in an equation is already the path of its number."""
    return not term.repeats and name.removeprefix("inputs.") == short(term.path)


def shown(record: Record | None, precise: bool) -> str:
    """A number for people, or a question mark where there is none."""
    return "?" if record is None else record.shown(precise=precise)


def is_closed(formula: Formula) -> bool:
    """Whether the formula gives its number outright, and is not an equation to be solved for it."""
    return type(formula.unfolded()).__name__ != "Equality"


def symbol(formula: Formula) -> str:
    """The plain symbol of what a formula gives."""
    from sdplan.formulas._symbolic import plain_text

    return plain_text(formula.symbol)


def is_complete(step: Step) -> bool:
    """Whether every number that a step takes is known."""
    return bool(step.terms) and all(term.record is not None for term in step.terms)


def takes_many(formula: Formula) -> bool:
    """Whether a parameter of the formula stands for several numbers."""
    from sdplan.formulas.glossary import GLOSSARY

    return any(GLOSSARY[name].many for name in formula.parameters)


def lowered(title: str) -> str:
    """A title inside a sentence: its first word small, unless it is a name or an abbreviation."""
    first = title.partition(" ")[0]
    return title if not first[1:].islower() else f"{title[:1].lower()}{title[1:]}"


def in_numbers(terms: tuple[Term, ...], precise: bool, put: Callable[[str], str] = marked) -> dict[str, str]:
    """What stands for each name of a step when its numbers are put in."""
    known = [(term.name, term.record) for term in terms if term.record is not None]
    return {name: put(shown(record._replace(prefix=""), precise)) for name, record in known}
