"""The tree of an expression; every node knows where it stands in the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from sdplan.units.quantity import clause


class Literal(NamedTuple):
    """A number as it was written, with its glued unit: `5MB`, `60%`, `8k`."""

    text: str
    offset: int


class Constant(NamedTuple):
    """One of a unit: the `day` in `1 / day`."""

    unit: str
    offset: int


class Name(NamedTuple):
    """An input by its name, or any other number by its full path."""

    text: str
    offset: int


class Step(NamedTuple):
    """An operator and what stands to the right of it."""

    operator: OneOf["+", "-", "*", "/"]
    operand: Expression
    offset: int


class Chain(NamedTuple):
    """Terms added and subtracted, or factors multiplied and divided, from left to right.

    A chain is one level of the tree however long it is, so that only brackets make the tree deep.
    """

    first: Expression
    steps: tuple[Step, ...]
    offset: int

    @property
    def is_sum(self) -> bool:
        """Whether the chain adds rather than multiplies."""
        return self.steps[0].operator in "+-"


class Power(NamedTuple):
    """A base to an exponent."""

    base: Expression
    exponent: Expression
    offset: int


class Call(NamedTuple):
    """One of the functions, applied."""

    function: str
    arguments: tuple[Expression, ...]
    offset: int


Expression: TypeAlias = Literal | Constant | Name | Chain | Power | Call


class Comparison(NamedTuple):
    """Two expressions and how they have to compare."""

    left: Expression
    operator: OneOf["<", "<=", ">", ">="]
    right: Expression
    offset: int


class ExpressionError(ValueError):
    """Text that is no expression, or one without a value: what is wrong, what to write, where [index]."""

    def __init__(self, message: str, hint: str = "", offset: int = 0) -> None:
        super().__init__(message)
        self.message = clause(message)
        self.hint = clause(hint)
        self.offset = offset


class NoValue(ExpressionError):
    """An expression whose numbers have no such quotient, root or logarithm; nothing else is wrong with it."""


def names(expression: Expression | Comparison) -> tuple[Name, ...]:
    """Every input and path that an expression refers to, in the order of the text, repeated ones included."""
    return tuple(_names(expression))


def _names(expression: Expression | Comparison) -> Iterator[Name]:
    if isinstance(expression, Name):
        yield expression
        return
    for child in _children(expression):
        yield from _names(child)


def _children(expression: Expression | Comparison) -> tuple[Expression, ...]:
    match expression:
        case Chain(first, steps):
            return (first, *(step.operand for step in steps))
        case Power(base, exponent):
            return (base, exponent)
        case Call(_, arguments):
            return arguments
        case Comparison(left, _, right):
            return (left, right)
        case _:
            return ()
