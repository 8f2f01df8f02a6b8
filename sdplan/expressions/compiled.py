"""Expressions as plain functions of numbers, for arithmetic that is done thousands of times.

The careful way, `evaluate`, carries a dimension through every step.  It is walked once for each kind of
inputs; after that the numbers alone are calculated, in the same order and with the same rounding.
Wherever a step looks odd, the careful way is walked again, and says what is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import add, itemgetter, sub
from typing import Protocol, TypeAlias

from sdplan.expressions.arithmetic import LARGEST, ON_NUMBERS
from sdplan.expressions.evaluation import evaluate
from sdplan.expressions.parsing import parse_expression
from sdplan.expressions.tree import Call, Chain, Constant, Expression, Literal, Name, Power
from sdplan.units import Calendar, Dimension, Quantity, UnitError, parse_quantity, unit_constant

Number: TypeAlias = Callable[[Mapping[str, float]], float]
"""The value of an expression from the values of its names, in base units."""
Kind: TypeAlias = tuple[Dimension, str]


class Amount(Protocol):
    """What a name stands for: a quantity, or whatever else has a value of some dimension."""

    @property
    def value(self) -> float: ...
    @property
    def dimension(self) -> Dimension: ...
    @property
    def currency(self) -> str: ...


class Odd(ArithmeticError):
    """A step that `evaluate` may refuse; the quick way does not decide it."""


class Arithmetic:
    """An expression, and the kinds of quantities that it was found to give."""

    def __init__(self, expression: Expression, calendar: Calendar) -> None:
        self.expression = expression
        self.calendar = calendar
        self._number = _compiled(expression, calendar)
        self._kinds: dict[tuple[tuple[str, Dimension, str], ...], Kind] = {}

    def of(self, known: Mapping[str, Amount]) -> Quantity:
        """The quantity that it comes to; an ExpressionError says where there is none."""
        asked = tuple([(name, one.dimension, one.currency) for name, one in known.items()])
        kind = self._kinds.get(asked)
        if kind is None:
            careful = {name: Quantity(one.value, one.dimension, one.currency) for name, one in known.items()}
            found = evaluate(self.expression, careful.__getitem__, self.calendar)
            self._kinds[asked] = (found.dimension, found.currency)
            return found
        return Quantity(self.number({name: one.value for name, one in known.items()}, known), *kind)

    def number(self, values: Mapping[str, float], known: Mapping[str, Amount]) -> float:
        """Its value where the names have these values, in the units of the quantities that are `known`."""
        try:
            value = self._number(values)
        except (ArithmeticError, ValueError):
            value = math.nan
        if -LARGEST <= value <= LARGEST:
            return value
        careful = {name: Quantity(values[name], one.dimension, one.currency) for name, one in known.items()}
        return evaluate(self.expression, careful.__getitem__, self.calendar).value


@lru_cache(maxsize=1024)
def arithmetic(text: str, calendar: Calendar) -> Arithmetic:
    """The expression that a text says, given without its leading `= `."""
    return Arithmetic(parse_expression(text), calendar)


def _compiled(expression: Expression, calendar: Calendar) -> Number:
    match expression:
        case Literal():
            return _literal(expression, calendar)
        case Constant(unit):
            return _always((unit_constant(unit, calendar) or Quantity(1.0)).value)
        case Name(text):
            return itemgetter(text)
        case Chain(first, steps):
            operands = [(_STEPS[step.operator], _compiled(step.operand, calendar)) for step in steps]
            return _chain(_compiled(first, calendar), operands)
        case Call(function, arguments, offset):
            return _call(function, [_compiled(one, calendar) for one in arguments], offset)
        case Power():
            return _left_to_the_careful_way


def _literal(literal: Literal, calendar: Calendar) -> Number:
    try:
        return _always(parse_quantity(literal.text, calendar).value)
    except UnitError:  # a longer month can be too much for it
        return _left_to_the_careful_way


def _always(value: float) -> Number:
    return lambda values: value


def _left_to_the_careful_way(values: Mapping[str, float]) -> float:
    raise Odd


def _chain(first: Number, steps: list[tuple[Callable[[float, float], float], Number]]) -> Number:
    def number(values: Mapping[str, float]) -> float:
        value = first(values)
        for operate, operand in steps:
            value = operate(value, operand(values))
            if not -LARGEST <= value <= LARGEST:
                raise Odd
        return value

    return number


def _product(left: float, right: float) -> float:
    value = left * right
    if value == 0 and left and right:
        raise Odd
    return value


def _quotient(left: float, right: float) -> float:
    value = left / right
    if value == 0 and left:
        raise Odd
    return value


_STEPS: Mapping[str, Callable[[float, float], float]] = {
    "+": add,
    "-": sub,
    "*": _product,
    "/": _quotient,
}


def _call(function: str, arguments: list[Number], offset: int) -> Number:
    if function in ("min", "max"):
        choose = min if function == "min" else max
        return lambda values: choose([number(values) for number in arguments])
    of = arguments[0]
    if function == "sqrt":
        return lambda values: math.sqrt(of(values))
    operate = ON_NUMBERS[function]
    return lambda values: operate(of(values), offset)
