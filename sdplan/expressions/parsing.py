"""Reading an expression by operator precedence: sums, then products, then powers, which bind to the right."""

from __future__ import annotations

from functools import lru_cache

from sdplan.expressions.tokens import Token, tokens
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
from sdplan.units import unit_constant

DEEPEST = 32  # levels of brackets, functions and powers
FUNCTIONS = {"min": (2, 99), "max": (2, 99), "ceil": (1, 1), "floor": (1, 1), "sqrt": (1, 1), "log": (1, 1)}
"""Each function with the fewest and the most arguments that it takes."""

_LEVELS = (("+", "-"), ("*", "/"))
_COMPARISONS = ("<", "<=", ">", ">=")


@lru_cache(maxsize=1024)
def parse_expression(text: str) -> Expression:
    """The tree of an expression, given without its leading `= `."""
    reader = _Reader(tokens(text))
    expression = reader.chain(0)
    reader.finish()
    return expression


@lru_cache(maxsize=256)
def parse_comparison(text: str) -> Comparison:
    """The two sides of a condition such as `entities.link.stored > 10TB`."""
    reader = _Reader(tokens(text))
    left = reader.chain(0)
    sign = reader.found[reader.at]
    if sign.kind == "end":
        raise ExpressionError("A condition compares two numbers.", "Write such as `a < b`.", sign.offset)
    if sign.text not in _COMPARISONS:
        raise reader.unexpected()
    reader.take()
    right = reader.chain(0)
    reader.finish()
    return Comparison(left, sign.text, right, sign.offset)  # type: ignore[arg-type]


class _Reader:
    """A place in a list of tokens, and how deep the brackets are there."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.at = 0
        self.depth = 0

    def take(self) -> Token:
        token = self.found[self.at]
        self.at = min(self.at + 1, len(self.found) - 1)
        return token

    def sees(self, *texts: str) -> bool:
        token = self.found[self.at]
        return token.kind == "operator" and token.text in texts

    def chain(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self.power()
        first, steps = self.chain(level + 1), []
        while self.sees(*_LEVELS[level]):
            sign = self.take()
            steps.append(Step(sign.text, self.chain(level + 1), sign.offset))  # type: ignore[arg-type]
        return Chain(first, tuple(steps), steps[0].offset) if steps else first

    def power(self) -> Expression:
        base = self.atom()
        if not self.sees("^"):
            return base
        sign = self.take()
        self.deeper(sign)
        exponent = self.power()
        self.depth -= 1
        return Power(base, exponent, sign.offset)

    def atom(self) -> Expression:
        token = self.take()
        if token.kind == "literal":
            return Literal(token.text, token.offset)
        if token.kind == "name":
            return self.named(token)
        if token.text != "(":
            shown = f"before `{token.text}`" if token.text else "at the end"
            raise ExpressionError(f"A number is missing {shown}.", "", token.offset)
        inside = self.bracketed(token)
        if len(inside) > 1:
            raise ExpressionError("Commas stand between the arguments of a function.", "", token.offset)
        return inside[0]

    def named(self, token: Token) -> Expression:
        if self.sees("("):  # before the constants, because `min` is a minute and a function
            return self.call(token)
        return (Constant if unit_constant(token.text) else Name)(token.text, token.offset)

    def call(self, token: Token) -> Expression:
        if token.text not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise ExpressionError(
                f"There is no function `{token.text}`.", f"The functions are {known}.", token.offset
            )
        arguments = self.bracketed(self.take())
        fewest, most = FUNCTIONS[token.text]
        if not fewest <= len(arguments) <= most:
            wanted = "one number" if most == 1 else "two numbers or more"
            raise ExpressionError(f"`{token.text}` takes {wanted}, not {len(arguments)}.", "", token.offset)
        return Call(token.text, arguments, token.offset)

    def bracketed(self, opening: Token) -> tuple[Expression, ...]:
        self.deeper(opening)
        inside = [self.chain(0)]
        while self.sees(","):
            self.take()
            inside.append(self.chain(0))
        if self.found[self.at].kind == "end":
            raise ExpressionError("This bracket is not closed.", "Write `)`.", opening.offset)
        if not self.sees(")"):
            raise self.unexpected()
        self.take()
        self.depth -= 1
        return tuple(inside)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(
                f"An expression has at most {DEEPEST} levels.", "Name a part of it.", token.offset
            )

    def finish(self) -> None:
        if self.found[self.at].kind != "end":
            raise self.unexpected()

    def unexpected(self) -> ExpressionError:
        """The error for a token that cannot follow a complete expression."""
        token, before = self.found[self.at], self.found[self.at - 1]
        if token.text == ")":
            return ExpressionError("This bracket was never opened.", "Leave out `)`.", token.offset)
        if token.text == ",":
            return ExpressionError("Commas stand between the arguments of a function.", "", token.offset)
        if token.text in _COMPARISONS:
            hint = "`holds` and `holds_while` take one comparison."
            return ExpressionError(f"`{token.text}` has no place here.", hint, token.offset)
        if before.kind == "literal" and token.kind == "name":
            return _apart(before, token)
        return ExpressionError(
            f"An operator is missing before `{token.text}`.", "Write such as `a * b`.", token.offset
        )


def _apart(before: Token, token: Token) -> ExpressionError:
    if unit_constant(token.text):
        return ExpressionError(
            "A unit is glued to its number in an expression.",
            f"Write `{before.text}{token.text}`.",
            token.offset,
        )
    hint = f"Write `{before.text}` alone, or an operator before `{token.text}`."
    return ExpressionError("An expression has no labels.", hint, token.offset)
