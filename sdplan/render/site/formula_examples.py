"""What stands on a formula's page beside the formula: an example, its reference cases, and who uses it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from sdplan.render.equations import symbol_mathml
from sdplan.render.inner import inner_values
from sdplan.render.mathml import mathml, text
from sdplan.render.working import is_closed, takes_many
from sdplan.units import NUMBER, Quantity, format_quantity

if TYPE_CHECKING:
    from sdplan.findings import Path
    from sdplan.formulas import Formula
    from sdplan.formulas._cases import ReferenceCase
    from sdplan.solve.solution import Record, Solution

_PLACES = (0.5, 0.25, 0.75, 0.1)  # of the typical range, on a logarithmic scale, until the number makes sense
_MOST_USES = 8
_MOST_CASES = 24
_BLOCKS = frozenset({"components", "flows", "entities", "slos", "regions", "results"})


class Example(NamedTuple):
    """A formula with numbers in it."""

    given: Sequence[tuple[Markup, str]]
    equation: Markup
    inner: Sequence[tuple[Markup, str]]  # the formulas inside it, by symbol, and what they come to
    result: str
    origin: str  # the reference case that the numbers are from, if any


class CaseLine(NamedTuple):
    """A reference case as a row."""

    id: str
    inputs: Sequence[tuple[Markup, str]]
    expected: str
    found: str
    allowed: str
    source: str


class Use(NamedTuple):
    """A kind of number that the formula gives, and one design in which it does."""

    path: str
    slug: str
    value: str


def example(formula: Formula) -> Example | None:
    """The formula at its first plain reference case, else in the middle of the typical ranges."""
    from sdplan.formulas._cases import reference_cases

    cases = reference_cases().get(formula.name, ())
    for case in cases:
        if all(_is_short(value) for value in case.inputs.values()):
            return _worked(formula, case.inputs, case.id)
    for place in _PLACES:
        values = {name: typical(name, place) for name in formula.parameters}
        if _makes_sense(formula, values):
            return _worked(formula, values, "")
    return None


def _is_short(value: Any) -> bool:
    """Whether a number is shown with all its digits, so that the example can be followed by hand."""
    return isinstance(value, (int, float)) and float(f"{value:.3g}") == value


def _makes_sense(formula: Formula, values: Mapping[str, Any]) -> bool:
    inside = formula.domain is None or bool(formula.domain(**values))
    result = formula(**values) if inside else math.inf
    return math.isfinite(result) and (result == 0.0 or 1e-12 < abs(result) < 1e15)


def typical(name: str, place: float) -> Any:
    """A round value of a quantity at this place of its typical range; three of them where it has many."""
    from sdplan.formulas import GLOSSARY

    quantity = GLOSSARY[name]
    if quantity.many:
        return tuple(_rounded(_between(quantity.typical, x), quantity.integer) for x in (0.2, 0.5, 0.8))
    return _rounded(_between(quantity.typical, place), quantity.integer)


def _between(typical: tuple[float, float], place: float) -> float:
    low, high = typical
    return low * (high / low) ** place if low > 0.0 else low + (high - low) * place


def _rounded(value: float, integer: bool) -> float:
    return float(round(value)) if integer else float(f"{value:.2g}")


def _worked(formula: Formula, values: Mapping[str, Any], origin: str) -> Example:
    from sdplan.formulas import GLOSSARY

    shown = {name: _shown(values[name], GLOSSARY[name].unit) for name in formula.parameters}
    result = _shown(float(formula(**values)), formula.unit)
    given = [(symbol_mathml(name), shown[name]) for name in formula.parameters]
    if takes_many(formula):
        return Example(given, Markup(""), (), result, origin)
    inner = inner_values(formula, values, precise=False)
    put_in = {name: text(value) for name, value in shown.items()}
    put_in |= {name: text(each.shown) for name, each in inner.items()}
    end = f" = {text(result)}" if is_closed(formula) else ""
    told = [(Markup(mathml(each.formula.symbol)), each.shown) for each in inner.values()]
    equation = Markup(mathml(f"{formula.latex(put_in)}{end}", block=True))
    return Example(given, equation, told, "" if end else result, origin)


def _shown(value: Any, unit: str) -> str:
    from sdplan.solve.ledger import DIMENSIONS

    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(each, unit) for each in value)
    currency = "USD" if "money" in unit else ""
    return format_quantity(Quantity(float(value), DIMENSIONS.get(unit, NUMBER), currency))


def inverse_mathml(formula: Formula) -> Markup:
    """The formula solved for the quantity that a reader would ask for, where it has a closed inverse."""
    from sdplan.formulas import GLOSSARY
    from sdplan.formulas._symbolic import latex_of
    from sdplan.solve.inverse import closed_form, unknown_of

    name = unknown_of(formula)
    if name is None or takes_many(formula):
        return Markup("")
    closed = closed_form(formula, name)
    if closed is None:
        return Markup("")
    latex = f"{GLOSSARY[name].symbol} = {latex_of(closed, {'target': formula.symbol})}"
    return Markup(mathml(latex, block=True))


def case_lines(formula: Formula) -> list[CaseLine]:
    """The reference cases of a formula and what it gives for each of them."""
    from sdplan.formulas._cases import reference_cases

    return [_case(formula, case) for case in reference_cases().get(formula.name, ())[:_MOST_CASES]]


def _case(formula: Formula, case: ReferenceCase) -> CaseLine:
    found = float(formula(**case.inputs))
    return CaseLine(
        case.id,
        [(symbol_mathml(name), _plain(value)) for name, value in case.inputs.items()],
        f"{case.expected:.8g}",
        f"{found:.8g}",
        f"{case.allowed:.1g}",
        case.source.partition(";")[0].strip().replace("computed here", "computed for this project"),
    )


def sources(lines: Sequence[CaseLine]) -> Mapping[str, Sequence[str]]:
    """The sources of reference cases, and the cases that each of them gave."""
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.source, []).append(line.id)
    return found


def _plain(value: Any) -> str:
    return (
        f"({', '.join(_plain(each) for each in value)})"
        if isinstance(value, (list, tuple))
        else f"{value:.8g}"
    )


def uses(solutions: Mapping[str, Solution]) -> Mapping[str, Sequence[Use]]:
    """By formula the kinds of numbers that it gives in these designs, each with one design as an example."""
    found: dict[str, dict[str, Use]] = {}
    for slug, solution in solutions.items():
        for record in solution.records.values():
            if record.formula.isidentifier():
                kind = _kind(record.path)
                found.setdefault(record.formula, {}).setdefault(kind, _use(kind, slug, record))
    return {name: [kinds[kind] for kind in sorted(kinds)][:_MOST_USES] for name, kinds in found.items()}


def _use(kind: str, slug: str, record: Record) -> Use:
    return Use(kind, slug, record.shown())


def _kind(path: Path) -> str:
    """A path without the names of one design: `components.*.wait`, `flows.*.….peak_rate`."""
    return ".".join(_general(path))


def _general(path: Path) -> Iterator[str]:
    if path[0] not in _BLOCKS or len(path) < 3:
        yield from (str(part) for part in path)
        return
    yield from (str(path[0]), "*")
    if "steps" in path:
        yield from ("…", str(path[-1]))
    else:
        yield from (str(part) for part in path[2:])
