"""The pages of formulas: one a formula and one a family, made from the formulas and from the glossary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from sdplan.render.equations import formula_mathml, symbol_mathml
from sdplan.render.mathml import mathml
from sdplan.render.prose import literal
from sdplan.render.site.formula_examples import (
    CaseLine,
    Example,
    case_lines,
    example,
    inverse_mathml,
    sources,
    uses,
)
from sdplan.render.templates import fill

if TYPE_CHECKING:
    from sdplan.formulas import Formula
    from sdplan.solve.solution import Solution


NO_SOLUTIONS: Mapping[str, Solution] = MappingProxyType({})


class Parameter(NamedTuple):
    """One quantity that a formula takes."""

    symbol: Markup
    name: str
    unit: str
    meaning: str


class Inner(NamedTuple):
    """A formula that the equation of another one uses."""

    symbol: Markup
    name: str
    family: str
    unit: str
    title: str


class Entry(NamedTuple):
    """One formula as its page shows it."""

    name: str
    family: str
    title: str
    symbol: Markup
    equation: Markup
    unit: str
    parameters: list[Parameter]
    inner: list[Inner]
    label: str
    notes: str
    validity: str
    outside: str
    source: str
    inverse: Markup
    example: Example | None
    cases: list[CaseLine]
    case_sources: Mapping[str, Sequence[str]]


class Family(NamedTuple):
    """The formulas of one module."""

    name: str
    title: str
    about: str
    entries: list[Entry]


def formula_pages(solutions: Mapping[str, Solution] = NO_SOLUTIONS) -> dict[str, str]:
    """A page for every formula and every family of formulas, and an index of all of them.

    `solutions` are the designs of the site by the names of their pages: where a formula is used there, its
    page says so.
    """
    used = uses(solutions)
    found = _families()
    text = {f"formulas/{family.name}.md": fill("formulas.md.j2", family=family) for family in found}
    for family in found:
        for entry in family.entries:
            page = fill("formula.md.j2", family=family, entry=entry, uses=used.get(entry.name, ()))
            text[f"formulas/{family.name}/{entry.name}.md"] = page
    text["formulas/index.md"] = fill("formula_index.md.j2", families=found)
    return text


@cache
def _families() -> tuple[Family, ...]:
    """Every family in the order of its name; what is the same for every site is worked out once."""
    from sdplan.formulas import families

    return tuple(_family(name, members) for name, members in sorted(families().items()))


def _family(name: str, members: tuple[Formula, ...]) -> Family:
    from importlib import import_module

    about = import_module(f"sdplan.formulas.{name}").__doc__ or ""
    title, _, rest = about.strip().partition("\n")
    return Family(name, title.rstrip("."), rest.strip(), [_entry(one) for one in members])


def _entry(formula: Formula) -> Entry:
    cases = case_lines(formula)
    return Entry(
        name=formula.name,
        family=formula.family,
        title=formula.title,
        symbol=Markup(mathml(formula.symbol)),
        equation=formula_mathml(formula.name),
        unit=formula.unit,
        parameters=[_parameter(name) for name in formula.parameters],
        inner=_inner(formula),
        label=formula.label,
        notes=_notes(formula.documentation),
        validity=formula.validity,
        outside=formula.outside,
        source=formula.source,
        inverse=inverse_mathml(formula),
        example=example(formula),
        cases=cases,
        case_sources=sources(cases),
    )


def _parameter(name: str) -> Parameter:
    from sdplan.formulas import GLOSSARY

    quantity = GLOSSARY[name]
    return Parameter(symbol_mathml(name), name, quantity.unit, quantity.meaning)


def _inner(formula: Formula) -> list[Inner]:
    """The formulas that stand folded in the equation of this one."""
    from sympy.core.function import AppliedUndef

    from sdplan.formulas import registry

    used = sorted({call.func.__name__ for call in formula.unfolded().atoms(AppliedUndef)} - {formula.name})
    found = [registry()[name] for name in used if name in registry()]
    return [Inner(Markup(mathml(one.symbol)), one.name, one.family, one.unit, one.title) for one in found]


def _notes(documentation: str) -> Markup:
    """What a docstring says below its first line."""
    return Markup(literal(documentation.partition("\n")[2]))
