"""The words of an expression: literals with their units, names and paths, operators and brackets."""

from __future__ import annotations

import re
from typing import Literal as OneOf
from typing import NamedTuple

from sdplan.expressions.tree import ExpressionError
from sdplan.units import UnitError, parse_quantity

LONGEST = 500  # characters of an expression

_LITERAL = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[A-Za-z0-9_.%µμ]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_@-]*)*")
_PERCENTILE = re.compile(r"\.p[0-9]{2}$")
_FRACTION = re.compile(r"\.[0-9]{1,3}")
_OPERATOR = re.compile(r"<=|>=|==|!=|&&|\|\||\*\*|[-+*/^(),<>]")
_INSTEAD = {
    "**": ("A power is written with one sign.", "Write `^`."),
    "==": ("Numbers are compared with `<`, `<=`, `>` or `>=`.", "Write such as `a <= b`."),
    "!=": ("Numbers are compared with `<`, `<=`, `>` or `>=`.", "Write such as `a <= b`."),
    "=": ("An expression has no `=` inside.", "Compare with `<`, `<=`, `>` or `>=`."),
    "×": ("A product is written with a star.", "Write `*`."),
    "·": ("A product is written with a star.", "Write `*`."),
    "÷": ("A quotient is written with a stroke.", "Write `/`."),
    "−": ("This is a typographic minus.", "Write `-` with a space on each side."),
    "{": ("An expression has round brackets only; `{{ }}` belongs in text.", "Write `( )`."),
    "[": ("An expression has round brackets only.", "Write `( )`."),
    ":": ("A ratio has no place in an expression.", "Write the number, or make the ratio an input."),
    "%": ("There is no remainder; a percentage is glued to its number.", "Write such as `60%`."),
}


class Token(NamedTuple):
    """One word of the text."""

    kind: OneOf["literal", "name", "operator", "end"]
    text: str
    offset: int


def tokens(text: str) -> list[Token]:
    """The words of an expression, ending with one of kind `end`."""
    if len(text) > LONGEST:
        raise ExpressionError(
            f"An expression has at most {LONGEST} characters; this has {len(text)}.", "", LONGEST
        )
    found, at = [], _past_blanks(text, 0)
    while at < len(text):
        found.append(_token(text, at))
        at = _past_blanks(text, at + len(found[-1].text))
    return [*found, Token("end", "", len(text.rstrip()))]


def _past_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\n", "\t"):
        at += 1
    return at


def _token(text: str, at: int) -> Token:
    if literal := _LITERAL.match(text, at):
        return _literal(literal)
    if name := _NAME.match(text, at):
        return _name(text, name)
    operator = _OPERATOR.match(text, at)
    if operator and operator.group() not in _INSTEAD:
        return _operator(text, operator.group(), at)
    refused = operator.group() if operator else text[at]
    known = _INSTEAD.get(refused)
    if known:
        raise ExpressionError(*known, at)
    raise ExpressionError(
        f"`{refused}` has no place in an expression.", "See `+ - * / ^ ( )` and the functions.", at
    )


def _literal(literal: re.Match[str]) -> Token:
    try:
        parse_quantity(literal.group())
    except UnitError as error:
        raise ExpressionError(error.message, error.hint, literal.start() + error.offset) from None
    return Token("literal", literal.group(), literal.start())


def _name(text: str, name: re.Match[str]) -> Token:
    found = name.group()
    if _PERCENTILE.search(found) and (fraction := _FRACTION.match(text, name.end())):
        found += fraction.group()
    end = name.start() + len(found)
    if found.endswith("-") or (text.startswith("-", end) and "." not in found):
        raise _glued_minus(text, end - found.endswith("-"))
    return Token("name", found, name.start())


def _operator(text: str, operator: str, at: int) -> Token:
    if operator == "-" and not (text[at - 1 : at].isspace() and text[at + 1 : at + 2].isspace()):
        before = text[:at].rstrip()
        if not before or before[-1] in "+-*/^(,<>=":
            raise ExpressionError(
                "A minus stands between two numbers.", "Write `0 - x` for a negative one.", at
            )
        raise _glued_minus(text, at)
    return Token("operator", operator, at)


def _glued_minus(text: str, at: int) -> ExpressionError:
    left = re.search(r"[A-Za-z0-9_.%)]*$", text[:at].rstrip()[-30:])
    right = re.match(r"[A-Za-z0-9_.%(]*", text[at + 1 :].lstrip()[:30])
    shown = f"{left.group() if left else ''} - {right.group() if right else ''}".strip()
    return ExpressionError(
        "A minus stands between spaces; names of inputs have none.", f"Write `{shown}`.", at
    )
