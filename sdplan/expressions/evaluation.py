"""The value of an expression, and whether a comparison holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from sdplan.expressions.arithmetic import (
    added,
    applied,
    check_alike,
    divided,
    multiplied,
    nearly_equal,
    raised,
)
from sdplan.expressions.tree import (
    Call,
    Chain,
    Comparison,
    Constant,
    Expression,
    ExpressionError,
    Literal,
    Name,
    Power,
    Step,
)
from sdplan.units import (
    DEFAULT_CALENDAR,
    NUMBER,
    Calendar,
    Quantity,
    UnitError,
    describe,
    parse_quantity,
    unit_constant,
)

Lookup: TypeAlias = Callable[[str], Quantity]
"""Gives the quantity behind an input's name or a path, or raises KeyError."""


def evaluate(expression: Expression, lookup: Lookup, calendar: Calendar = DEFAULT_CALENDAR) -> Quantity:
    """The quantity that an expression comes to; an ExpressionError says where there is none."""
    match expression:
        case Literal():
            return _literal(expression, calendar)
        case Constant(unit):
            return unit_constant(unit, calendar) or Quantity(1.0)
        case Name():
            return _looked_up(expression, lookup)
        case Chain(first, steps):
            value = evaluate(first, lookup, calendar)
            for step in steps:
                value = _stepped(value, step, evaluate(step.operand, lookup, calendar))
            return value
        case Power():
            return _power(expression, lookup, calendar)
        case Call(function, arguments, offset):
            return applied(function, [evaluate(one, lookup, calendar) for one in arguments], offset)


def _literal(literal: Literal, calendar: Calendar) -> Quantity:
    try:
        return parse_quantity(literal.text, calendar)
    except UnitError as error:  # read before with the usual calendar; a longer month can still be too much
        raise ExpressionError(error.message, error.hint, literal.offset) from None


def _looked_up(name: Name, lookup: Lookup) -> Quantity:
    try:
        quantity = lookup(name.text)
    except KeyError:
        raise _unknown(name) from None
    if not math.isfinite(quantity.value):
        raise ExpressionError(f"`{name.text}` has no finite value.", "", name.offset)
    return quantity


def _unknown(name: Name) -> ExpressionError:
    if "." not in name.text:
        hint = "A bare name is an input; everything else has a full path such as `entities.link.size`."
        return ExpressionError(f"There is no input `{name.text}`.", hint, name.offset)
    hint = "A minus stands between spaces." if "-" in name.text else ""
    return ExpressionError(f"There is no number at `{name.text}`.", hint, name.offset)


def _stepped(value: Quantity, step: Step, operand: Quantity) -> Quantity:
    match step.operator:
        case "+":
            return added(value, operand, step.offset)
        case "-":
            return added(value, operand, step.offset, sign=-1)
        case "*":
            return multiplied(value, operand, step.offset)
        case "/":
            return divided(value, operand, step.offset)


def _power(power: Power, lookup: Lookup, calendar: Calendar) -> Quantity:
    base = evaluate(power.base, lookup, calendar)
    if base.dimension != NUMBER and not isinstance(power.exponent, Literal):
        message = f"The exponent of {describe(base.dimension)} is a number written out, such as `^ 2`."
        raise ExpressionError(message, "Divide the base by its unit.", power.offset)
    return raised(base, evaluate(power.exponent, lookup, calendar), power.offset)


def compare(
    comparison: Comparison, lookup: Lookup, calendar: Calendar = DEFAULT_CALENDAR
) -> tuple[bool, Quantity, Quantity]:
    """Whether a comparison holds, with both sides; sides that differ only by rounding are equal."""
    left = evaluate(comparison.left, lookup, calendar)
    right = evaluate(comparison.right, lookup, calendar)
    check_alike(comparison.operator, left, right, comparison.offset)
    if nearly_equal(left.value, right.value):
        return comparison.operator in ("<=", ">="), left, right
    return (left.value < right.value) == (comparison.operator in ("<", "<=")), left, right
