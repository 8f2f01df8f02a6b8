"""Reading a quantity: `[every] number [multiplier] [unit] [label] [/ [number] period-or-label]…`.

A label is any word of three letters or more that is no unit; it never changes the number.
The text may be hostile: it is short, and each character is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sdplan.units.quantity import (
    DEFAULT_CALENDAR,
    DURATION,
    NUMBER,
    RATE,
    Calendar,
    Dimension,
    Quantity,
    UnitError,
    describe,
)
from sdplan.units.refusals import (
    LARGEST,
    LONGEST,
    MOST_DIGITS,
    SMALLEST,
    left_over,
    no_number,
    refuse_at_sight,
    unknown_word,
)
from sdplan.units.table import MULTIPLIERS, UNITS

_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?")
_WORD = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]+)*")


class _Part(NamedTuple):
    """What stands between two strokes: `digits * 10**exponent * factor`, and where it ends in the text."""

    digits: str
    exponent: int
    factor: float
    dimension: Dimension
    currency: str
    end: int


@lru_cache(maxsize=4096)
def parse_quantity(text: str, calendar: Calendar = DEFAULT_CALENDAR) -> Quantity:
    """The quantity that a text such as `100M links/day` says, in base units."""
    refuse_at_sight(text)
    repeats = text.startswith("every ")
    head = _part(text, 6 if repeats else 0, calendar, bare=repeats, below=False)
    quantity = _divided(text, head, calendar)
    if not repeats:
        return quantity
    if quantity.dimension != DURATION:
        raise UnitError(f"`every` needs {describe(DURATION)}.", "Write such as `every 30s`.", 6)
    if quantity.value == 0:
        raise UnitError("`every` needs a duration above zero.", "Write such as `every 30s`.", 6)
    return Quantity(_checked(1 / quantity.value, "1", 6), RATE)


def parse_range(text: str, calendar: Calendar = DEFAULT_CALENDAR) -> tuple[Quantity, Quantity]:
    """The two ends of a range such as `2x..5x`, of one dimension, the lower first."""
    first, dots, second = text[: 2 * LONGEST + 2].partition("..")
    if not dots:
        raise UnitError("A range has two ends with `..` between them.", "Write such as `2x..5x`.", len(text))
    low = parse_quantity(first, calendar)
    skipped = len(first) + 2
    try:
        high = parse_quantity(second, calendar)
    except UnitError as error:
        raise error.moved(skipped) from None
    if (low.dimension, low.currency) != (high.dimension, high.currency):
        message = f"The range starts with {describe(low.dimension)} and ends with {describe(high.dimension)}."
        raise UnitError(message, "Write the unit at both ends, such as `5ms..10ms`.", skipped)
    if low.value >= high.value:
        raise UnitError(
            "The lower end of a range stands first.", f"Write `{second.strip()}..{first.strip()}`.", 0
        )
    return low, high


def _divided(text: str, head: _Part, calendar: Calendar) -> Quantity:
    digits, exponent, factor, dimension, currency, at = head
    divisor = 1.0
    while at < len(text):
        if text[at] != "/":
            raise left_over(text, at)
        below = _part(text, _past_blanks(text, at + 1), calendar, bare=True, below=True)
        amount = float(below.digits) * below.factor
        if amount == 0:
            raise UnitError(
                "Nothing can be divided by zero.", "Leave the number out or write one above 0.", at + 1
            )
        if below.currency and currency and below.currency != currency:
            raise UnitError(
                f"{currency} cannot be divided by {below.currency}.", "A design has one currency.", at + 1
            )
        divisor *= amount
        exponent -= below.exponent
        dimension = dimension.over(below.dimension)
        currency, at = currency or below.currency, below.end
    value = float(f"{digits}e{exponent}" if exponent else digits) * factor / divisor
    return Quantity(_checked(value, digits, 0), dimension, currency if dimension.money else "")


def _checked(value: float, digits: str, at: int) -> float:
    if not value <= LARGEST:
        raise UnitError("This number is too large to calculate with; the limit is 1e300.", "", at)
    if value < SMALLEST and digits.strip("0."):
        raise UnitError("This number is too small to calculate with; the limit is 1e-300.", "", at)
    return value


def _part(text: str, at: int, calendar: Calendar, *, bare: bool, below: bool) -> _Part:
    at = _past_blanks(text, at)
    number = _NUMBER.match(text, at)
    if number:
        return _numbered(text, number, calendar, below=below)
    if not bare or not _WORD.match(text, at):
        raise no_number(text, at)
    return _with_unit(text, _Part("1", 0, 1.0, NUMBER, "", at), calendar, glued_to="")


def _numbered(text: str, number: re.Match[str], calendar: Calendar, *, below: bool) -> _Part:
    part = _plain_number(text, number)
    at = _past_blanks(text, part.end)
    if not below:
        if text.startswith(":", at):
            return _with_label(text, _ratio(text, part, _past_blanks(text, at + 1)))
        if text.startswith("%", at):
            return _with_label(text, part._replace(exponent=part.exponent - 2, end=at + 1))
        word = _WORD.match(text, at)
        if word and word.group() == "x":
            return _with_label(text, part._replace(end=word.end()))
        if word and word.group() == "nines":
            return _with_label(text, _nines(part, number, word.end()))
    return _with_unit(text, part, calendar, glued_to=number.group() if part.end == number.end() == at else "")


def _plain_number(text: str, number: re.Match[str]) -> _Part:
    """A number with its multiplier, `100M` or `100 M`."""
    digits, power = number.groups()
    if len(number.group()) > MOST_DIGITS:
        raise UnitError(
            f"A number has at most {MOST_DIGITS} digits.", "Write such as `1e15` or `2T`.", number.start()
        )
    exponent = int(power or 0)
    word = _WORD.match(text, _past_blanks(text, number.end()))
    if word and word.group() in MULTIPLIERS:
        return _Part(digits, exponent + MULTIPLIERS[word.group()], 1.0, NUMBER, "", word.end())
    return _Part(digits, exponent, 1.0, NUMBER, "", number.end())


def _ratio(text: str, above: _Part, at: int) -> _Part:
    number = _NUMBER.match(text, at)
    if not number:
        raise no_number(text, at)
    below = _plain_number(text, number)
    if float(below.digits) == 0:
        raise UnitError("A ratio has a second part above zero.", "Write such as `100:1`.", at)
    factor = 1 / float(below.digits)
    return _Part(above.digits, above.exponent - below.exponent, factor, NUMBER, "", below.end)


def _nines(part: _Part, number: re.Match[str], end: int) -> _Part:
    if part.end != number.end() or not part.digits.isdigit() or not 1 <= int(part.digits) <= 15:
        raise UnitError(
            "Nines are counted from 1 to 15, in whole numbers.",
            "Write `4 nines` or `99.95%`.",
            number.start(),
        )
    return _Part("." + "9" * int(part.digits), 0, 1.0, NUMBER, "", end)


def _with_unit(text: str, part: _Part, calendar: Calendar, *, glued_to: str) -> _Part:
    word = _WORD.match(text, _past_blanks(text, part.end))
    unit = UNITS.get(word.group()) if word else None
    if word is None or unit is None:
        return _with_label(text, part, glued_to=glued_to)
    digits, exponent, factor, *_ = part
    factor *= unit.scale(calendar)
    scaled = _Part(digits, exponent + unit.exponent, factor, unit.dimension, unit.currency, word.end())
    return _with_label(text, scaled)


def _with_label(text: str, part: _Part, *, glued_to: str = "") -> _Part:
    at = _past_blanks(text, part.end)
    word = _WORD.match(text, at)
    if not word:
        return part if at == part.end else part._replace(end=at)
    if word.group() in UNITS or word.group() in MULTIPLIERS:
        raise left_over(text, at)
    error = unknown_word(word.group(), at, glued_to=glued_to)
    if error:
        raise error
    return part._replace(end=_past_blanks(text, word.end()))


def _past_blanks(text: str, at: int) -> int:
    while text.startswith(" ", at):
        at += 1
    return at
