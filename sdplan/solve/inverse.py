"""Inverses: what an input may be for a wanted result, where the result follows from it.

A formula is inverted by SymPy where it has a closed form with one positive solution, and by bisection where
it only rises or only falls; a whole design is solved again at other loads until its objective is just met.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sdplan.solve.changes import changed
from sdplan.solve.solution import Record, Solution, Verdict
from sdplan.solve.variants import solved_variant
from sdplan.spec.objectives import Scenario

if TYPE_CHECKING:
    from sdplan.formulas._formula import Formula

UNKNOWNS = (
    "arrival_rate",
    "mean_rate",
    "offered_load",
    "runs",
    "availability",
    "unavailability",
    "mttr",
    "hit_ratio",
    "failure_probability",
    "response_time",
    "service_time",
    "retention",
)
"""The quantities that a formula is solved for, the one that a reader asks for first."""

_MOST_DEGREE = 2
_MOST_OPERATIONS = 60
_STEPS = 200
_FARTHEST = 1e9
_AGREES = 1e-6
_SCENARIO = "at-another-load"
_MOST_TRAFFIC = 64.0
_NEAR = 1.01
_ALWAYS = 1e-3  # of the traffic: what is not met here does not hang on the load


class Inverted(NamedTuple):
    """A formula turned round: its unknown, the value of it, and the closed form where there is one."""

    name: str
    value: float
    closed: Any  # a SymPy expression, or nothing where it was found numerically


class Highest(NamedTuple):
    """The highest traffic at which an objective is met, as a multiple of today's."""

    factor: float
    is_more: bool  # it is met at this multiple and was not looked for beyond
    solution: Solution  # of the design at that traffic


def unknown_of(formula: Formula) -> str | None:
    """The quantity that a reader would solve a formula for."""
    return next((name for name in UNKNOWNS if name in formula.parameters), None)


def inverted(formula: Formula, values: Mapping[str, float], name: str, target: float) -> Inverted | None:
    """The value of one quantity at which a formula gives the target; nothing where there is no single one."""

    def value(unknown: float) -> float:
        return float(formula(**{**values, name: unknown}))

    closed = closed_form(formula, name)
    if closed is not None:
        found = _evaluated(closed, {**values, "target": target})
        if found is not None and _possible(name, found) and _agrees(value(found), target):
            return Inverted(name, found, closed)
    low, high = (0.0, 1.0) if _is_share(name) else (0.0, _FARTHEST)
    root = _bisected(lambda x: value(x) - target, values[name], low, high)
    return None if root is None or not _agrees(value(root), target) else Inverted(name, root, None)


def closed_form(formula: Formula, name: str) -> Any:
    """A formula solved for one quantity, in its symbols and `target`; nothing without a single form."""
    import sympy as sp

    from sdplan.formulas._symbolic import symbol

    definition = _written_out(formula)
    unknown, target = symbol(name), sp.Symbol("target", positive=True)
    if definition is None or unknown not in definition.free_symbols:
        return None
    if not definition.is_rational_function(unknown) or definition.count_ops() > _MOST_OPERATIONS:
        return None
    equation = sp.numer(sp.together(definition - target))
    if sp.degree(equation, unknown) > _MOST_DEGREE:
        return None
    found = [each for each in sp.solve(equation, unknown) if not each.has(sp.I)]
    return _without_needless_signs(sp.factor(found[0])) if len(found) == 1 else None


def _without_needless_signs(expression: Any) -> Any:
    """`x/(1 - h)` in place of `-x/(h - 1)`."""
    import sympy as sp

    above, below = sp.fraction(expression)
    return -above / -below if above.could_extract_minus_sign() else expression


def _possible(name: str, value: float) -> bool:
    return 0.0 <= value <= (1.0 if _is_share(name) else math.inf)


def _written_out(formula: Formula) -> Any:
    """The definition of a formula in nothing but its quantities; nothing where it has no such form."""
    import sympy as sp
    from sympy.core.function import AppliedUndef

    from sdplan.formulas._symbolic import unfold

    definition = formula.unfolded()
    for _ in range(_MOST_DEGREE + 2):
        if isinstance(definition, sp.Eq) or definition.has(sp.Sum, sp.Product, sp.Piecewise, sp.Max, sp.Min):
            return None
        if not definition.atoms(AppliedUndef):
            return definition
        definition = unfold(definition)
    return None


def _evaluated(expression: Any, values: Mapping[str, float]) -> float | None:
    found = expression.subs({each: values[each.name] for each in expression.free_symbols})
    return float(found) if found.is_number and found.is_real and found.is_finite else None


def _agrees(found: float, target: float) -> bool:
    return math.isfinite(found) and math.isclose(found, target, rel_tol=_AGREES, abs_tol=1e-300)


def _is_share(name: str) -> bool:
    from sdplan.formulas.glossary import GLOSSARY

    quantity = GLOSSARY[name]
    return not quantity.unit and quantity.typical[1] <= 1.0


def _bisected(over: Callable[[float], float], start: float, least: float, most: float) -> float | None:
    """Where a function that only rises or only falls passes zero, looked for from where it is now."""
    now = over(start)
    if start <= 0.0 or not math.isfinite(now):
        return None
    rising = over(start * 1.0001) >= now
    up = rising == (now < 0.0)
    near, far = start, start
    while (over(far) < 0.0) == (now < 0.0):
        near, far = far, far * 2.0 if up else far / 2.0
        if far > most and near < most:
            far = most
        elif far > most or far < max(least, 1e-300):
            return None
    for _ in range(_STEPS):
        middle = (near + far) / 2.0
        near, far = (middle, far) if (over(middle) < 0.0) == (now < 0.0) else (near, middle)
    return (near + far) / 2.0


def highest_traffic(solution: Solution, verdict: Verdict) -> Highest | None:
    """The highest multiple of all traffic, to one in a hundred, at which a number stays within its target."""

    def met(factor: float) -> Solution | None:
        found = at_traffic(solution, verdict, factor)
        record = None if found is None else found.records.get(verdict.solved)
        return found if record is not None and record.value <= verdict.target.value else None

    low, found, high = 1.0, met(1.0), 1.0
    if found is None:
        while found is None and low > _ALWAYS:
            low, high = low / 2.0, low
            found = met(low)
        if found is None:
            return None
    else:
        while high < _MOST_TRAFFIC:
            high *= 2.0
            more = met(high)
            if more is None:
                break
            low, found = high, more
        else:
            return Highest(low, True, found)
    while high > low * _NEAR:
        middle = math.sqrt(low * high)
        more = met(middle)
        low, found, high = (low, found, middle) if more is None else (middle, more, high)
    return Highest(low, False, found)


def at_traffic(solution: Solution, verdict: Verdict, factor: float) -> Solution | None:
    """The design at a multiple of all its traffic, nothing judged but one objective."""
    scenario = Scenario.model_validate({"traffic": f"{factor:.9g}x"})
    design = solution.design.model_copy(update={"scenarios": {_SCENARIO: scenario}})
    busier, findings = changed(solution._replace(design=design), _SCENARIO)
    return None if findings else solved_variant(busier, verdict)


def allowed_unavailability(whole: Record, part: Record, cost: float, target: float) -> float | None:
    """How often one part may be down for the whole to be down as often as wanted, all else as it is.

    The whole is linear in each of its independent parts; `cost` is what the part's failures make of it now.
    """
    if cost <= 0.0 or part.value <= 0.0:
        return None
    allowed = part.value + (target - whole.value) * part.value / cost
    return allowed if 0.0 <= allowed <= 1.0 else None
