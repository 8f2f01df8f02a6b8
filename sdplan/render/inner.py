"""Formulas inside a formula: what each of them comes to where the outer one is applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sdplan.render.working import lowered, symbol, takes_many

if TYPE_CHECKING:
    from sdplan.formulas._formula import Formula
    from sdplan.render.derivation import Step


class Inner(NamedTuple):
    """A formula inside another one, and what it comes to."""

    formula: Formula
    shown: str

    @property
    def symbol(self) -> str:
        """`C(a, c)`: what stands for it in the equation."""
        return symbol(self.formula)

    @property
    def meaning(self) -> str:
        """Its value and title, and its own equation where that uses no further formula."""
        left, _, right = self.formula.text().partition(" = ")
        explicit = left == self.symbol and not _calls(self.formula)
        equation = f"{right} = " if explicit else ""
        return f"{equation}{self.shown}, {lowered(self.formula.title)}"


def inner_formulas(formula: Formula, step: Step, precise: bool) -> Mapping[str, Inner]:
    """The formulas that the definition of another one uses, each with its value at this step."""
    values = {term.name: term.record.value for term in step.terms if term.record is not None}
    if takes_many(formula) or set(values) != set(formula.parameters):
        return {}
    return inner_values(formula, values, precise)


def inner_values(formula: Formula, values: Mapping[str, float], precise: bool) -> Mapping[str, Inner]:
    """The formulas that the definition of another one uses, each with its value for these numbers."""
    found: dict[str, list[float]] = {}
    for call in _calls(formula):
        if {each.name for each in call.free_symbols} <= set(values):
            found.setdefault(call.func.__name__, []).append(_evaluated(call, values))
    return {name: _inner(name, each[0], precise) for name, each in sorted(found.items()) if len(each) == 1}


def _calls(formula: Formula) -> set[Any]:
    """The formulas that stand folded in the definition of another one."""
    from sympy.core.function import AppliedUndef

    calls: set[Any] = formula.unfolded().atoms(AppliedUndef)
    return calls


def _evaluated(expression: Any, values: Mapping[str, float]) -> float:
    """A folded expression as a number, by the numeric reading of each formula in it."""
    from sympy.core.function import AppliedUndef

    from sdplan.formulas import registry

    if expression.is_Symbol:
        return values[expression.name]
    parts = [_evaluated(part, values) for part in expression.args]
    if isinstance(expression, AppliedUndef):
        formula = registry()[expression.func.__name__]
        return float(formula(**dict(zip(formula.parameters, parts, strict=True))))
    return float(expression.func(*parts) if parts else expression)


def _inner(name: str, value: float, precise: bool) -> Inner:
    from sdplan.formulas import registry
    from sdplan.solve.ledger import DIMENSIONS
    from sdplan.units import Quantity, format_quantity

    formula = registry()[name]
    return Inner(formula, format_quantity(Quantity(value, DIMENSIONS[formula.unit]), precise=precise))
