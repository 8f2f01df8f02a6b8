"""Arithmetic on quantities: dimensions and currencies are checked, and every result is finite."""

from __future__ import annotations

import math
from collections.abc import Callable

from sdplan.expressions.tree import ExpressionError, NoValue
from sdplan.units import NUMBER, RATE, Dimension, Quantity, describe

LARGEST = 1e300
HIGHEST_EXPONENT = 9  # of a unit
NEARLY = 1e-12  # relative; numbers nearer than this are the same number, seen through rounding


def added(left: Quantity, right: Quantity, offset: int, *, sign: int = 1) -> Quantity:
    """The sum of two quantities of one dimension, or their difference for a sign of -1."""
    check_alike("+" if sign > 0 else "-", left, right, offset)
    return _result(left.value + sign * right.value, left.dimension, left.currency, offset)


def multiplied(left: Quantity, right: Quantity, offset: int) -> Quantity:
    """The product of two quantities."""
    value = left.value * right.value
    if value == 0 and left.value and right.value:
        raise NoValue("This product is too small to calculate with.", "", offset)
    return _result(value, left.dimension.times(right.dimension), _currency(left, right, offset), offset)


def divided(left: Quantity, right: Quantity, offset: int) -> Quantity:
    """The quotient of two quantities."""
    if right.value == 0:
        raise NoValue("This divides by zero.", "What stands below the stroke must not be zero.", offset)
    value = left.value / right.value
    if value == 0 and left.value:
        raise NoValue("This quotient is too small to calculate with.", "", offset)
    return _result(value, left.dimension.over(right.dimension), _currency(left, right, offset), offset)


def raised(base: Quantity, exponent: Quantity, offset: int) -> Quantity:
    """A power; the caller checks that a base with a unit has a constant exponent."""
    if exponent.dimension != NUMBER:
        message = f"An exponent is a plain number; this is {describe(exponent.dimension)}."
        raise ExpressionError(message, "Divide it by its unit.", offset)
    if base.value == 0 and exponent.value < 0:
        raise NoValue("This divides by zero: zero to a negative power.", "", offset)
    if base.value < 0 and exponent.value != int(exponent.value):
        raise NoValue("A negative number has no power with a fraction.", "", offset)
    if base.dimension == NUMBER:
        return _result(_power(base.value, exponent.value), NUMBER, "", offset)
    if exponent.value != int(exponent.value):
        message = f"{_opening(base.dimension)} is raised to whole powers only."
        raise ExpressionError(message, "Divide it by its unit.", offset)
    if abs(exponent.value) > HIGHEST_EXPONENT:
        raise _runaway(offset)
    whole = int(exponent.value)
    return _result(_power(base.value, whole), base.dimension.power(whole), base.currency, offset)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf


def applied(function: str, arguments: list[Quantity], offset: int) -> Quantity:
    """The value of a function; `log` is the natural logarithm."""
    first = arguments[0]
    if function in ("min", "max"):
        for other in arguments[1:]:
            check_alike(function, first, other, offset)
        return (min if function == "min" else max)(arguments, key=lambda quantity: quantity.value)
    if function == "sqrt":
        return _square_root(first, offset)
    if first.dimension != NUMBER:
        message = f"`{function}` takes a plain number; this is {describe(first.dimension)}."
        raise ExpressionError(message, "Divide it by its unit.", offset)
    return _result(ON_NUMBERS[function](first.value, offset), NUMBER, "", offset)


def _square_root(quantity: Quantity, offset: int) -> Quantity:
    if quantity.value < 0:
        raise NoValue("A negative number has no square root.", "", offset)
    if any(exponent % 2 for exponent in quantity.dimension):
        message = f"{_opening(quantity.dimension)} has no square root with a unit."
        raise ExpressionError(message, "Divide it by its unit.", offset)
    half = Dimension(*(exponent // 2 for exponent in quantity.dimension))
    return _result(math.sqrt(quantity.value), half, quantity.currency, offset)


def _logarithm(value: float, offset: int) -> float:
    if value <= 0:
        raise NoValue("Only a number above zero has a logarithm.", "", offset)
    return math.log(value)


def _ceiling(value: float, offset: int) -> float:
    return float(round(value)) if nearly_equal(value, round(value)) else float(math.ceil(value))


def _floor(value: float, offset: int) -> float:
    return float(round(value)) if nearly_equal(value, round(value)) else float(math.floor(value))


ON_NUMBERS: dict[str, Callable[[float, int], float]] = {"log": _logarithm, "ceil": _ceiling, "floor": _floor}


def nearly_equal(left: float, right: float) -> bool:
    """Whether two numbers differ by no more than rounding does."""
    return abs(left - right) <= NEARLY * max(abs(left), abs(right))


def check_alike(sign: str, left: Quantity, right: Quantity, offset: int) -> None:
    """Refuse two quantities that cannot be added or compared."""
    if left.dimension != right.dimension:
        kinds = f"{describe(left.dimension)} and {describe(right.dimension)}"
        message = f"`{sign}` joins {kinds}; they have to be alike."
        raise ExpressionError(message, _how_to_match(left.dimension, right.dimension), offset)
    if left.currency != right.currency:
        message = f"`{sign}` joins {left.currency} and {right.currency}."
        raise ExpressionError(message, "A design has one currency.", offset)


def _opening(dimension: Dimension) -> str:
    text = describe(dimension)
    return text[0].upper() + text[1:]


def _how_to_match(left: Dimension, right: Dimension) -> str:
    pairs = ((left, right), (right, left))
    if any(one.time == -1 and one.over(other) == RATE for one, other in pairs):
        return "One of the two lacks a period: per what? Write such as `/ day`."
    return next(
        (f"Write the plain number as {describe(other)}." for one, other in pairs if one == NUMBER), ""
    )


def _currency(left: Quantity, right: Quantity, offset: int) -> str:
    if left.currency and right.currency and left.currency != right.currency:
        raise ExpressionError(
            f"This joins {left.currency} and {right.currency}.", "A design has one currency.", offset
        )
    return left.currency or right.currency


def _result(value: float, dimension: Dimension, currency: str, offset: int) -> Quantity:
    if not abs(value) <= LARGEST or any(abs(exponent) > HIGHEST_EXPONENT for exponent in dimension):
        raise _runaway(offset)
    return Quantity(value, dimension, currency if dimension.money else "")


def _runaway(offset: int) -> NoValue:
    return NoValue("This grows beyond what can be calculated with; the limit is 1e300.", "", offset)
