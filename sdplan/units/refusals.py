"""The sentences for text that is no quantity: each common mistake has its own, with what to write instead."""

from __future__ import annotations

import re

from sdplan.units.quantity import UnitError
from sdplan.units.spelling import suggestion
from sdplan.units.table import MULTIPLIERS, UNITS

LONGEST = 200  # characters of a quantity
MOST_DIGITS = 64
LARGEST = 1e300
SMALLEST = 1e-300

_MONTH_OR_MINUTE = "`m` may be a month, a minute or a million."
_BIT_OR_BYTE = "`{}` may be bits or bytes."
_AMBIGUOUS = {
    "m": (_MONTH_OR_MINUTE, "Write `min`, `month` or `M`."),
    "Kb": (_BIT_OR_BYTE.format("Kb"), "Write `Kbit` or `KB`."),
    "kb": (_BIT_OR_BYTE.format("kb"), "Write `kbit` or `KB`."),
    "kB": ("`kB` is written with a capital K.", "Write `KB`."),
    "Mb": ("`Mb` may be a megabit or a megabyte.", "Write `Mbit` or `MB`."),
    "mb": ("`mb` may be a megabit or a megabyte.", "Write `Mbit` or `MB`."),
    "Gb": ("`Gb` may be a gigabit or a gigabyte.", "Write `Gbit` or `GB`."),
    "gb": ("`gb` may be a gigabit or a gigabyte.", "Write `Gbit` or `GB`."),
    "Tb": ("`Tb` may be a terabit or a terabyte.", "Write `Tbit` or `TB`."),
    "tb": ("`tb` may be a terabit or a terabyte.", "Write `Tbit` or `TB`."),
    "b": ("`b` may be bits, bytes or a billion.", "Write `bit`, `B` or `bn`."),
    "per": ("`per` is written as a stroke.", "Write `/`, as in `20 orders/day`."),
    "bps": ("`bps` may be bits or bytes.", "Write `bit/s` or `B/s`."),
}
_RATES = {"rps": "s", "qps": "s", "tps": "s", "iops": "s", "rpm": "min", "qpm": "min", "tpm": "min"}


def refuse_at_sight(text: str) -> None:
    """Refuse what can be told from the text as a whole, before any of it is read."""
    if not text.strip(" "):
        raise UnitError("A quantity is missing here.", "Write a number with its unit, such as `250ms`.")
    if len(text) > LONGEST:
        raise UnitError(f"A quantity has at most {LONGEST} characters; this has {len(text)}.", "", LONGEST)
    if text[0] in "-−":
        raise UnitError("A quantity is not negative.", "Write it without the minus.")
    if text.lstrip("+.").lower() in ("inf", "nan", "infinity"):
        raise UnitError("A quantity is a finite number.", "Leave the field out where there is no limit.")


def no_number(text: str, at: int) -> UnitError:
    """The error for a place where a number should start."""
    if at >= len(text):
        return UnitError(
            "A number is missing at the end.", "Write a number with its unit, such as `250ms`.", at
        )
    if text[at] in "$€£¥":
        code = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}[text[at]]
        return UnitError(
            f"Money is written with its code after the number, not `{text[at]}`.", f"Write `5 {code}`.", at
        )
    if text[at] in "-−":
        return UnitError("A quantity is not negative.", "Write it without the minus.", at)
    hint = "Write such as `20k/s`; an expression starts with `= `."
    return UnitError(f"A quantity starts with a number, not with `{text[at : at + 20]}`.", hint, at)


def left_over(text: str, at: int) -> UnitError:
    """The error for text that stands behind a complete number, unit and label."""
    rest, before = text[at:], text[:at].rstrip(" ")
    word = rest.split(" ", 1)[0]
    if word in _AMBIGUOUS:
        return UnitError(*_AMBIGUOUS[word], at)
    digits = re.match("[0-9]*", rest[1:])
    following = digits.group() if digits else ""
    if rest[0] in "_'" and following:
        return UnitError("Digits are not grouped.", f"Write `{before}{following}`.", at)
    if rest[0] == "," and following:
        grouped = f", or `{before}{following}` for the whole number" if len(following) == 3 else ""
        return UnitError("A decimal point is a point.", f"Write `{before}.{following}`{grouped}.", at)
    if rest[0] == ":":
        return UnitError(
            "A ratio has two parts and a time of day is no quantity.", "Write `100:1` or `12.5h`.", at
        )
    if rest[0] in "µμ":
        return UnitError("A microsecond is written `us`.", f"Write `{before}us`.", at)
    if rest[0] in "$€£¥":
        return no_number(text, at)
    if rest[0] == ".":
        return UnitError("A number has one decimal point with digits behind it.", "Write such as `1.5`.", at)
    return UnitError(
        f"A quantity is a number, a unit and at most one label; `{rest[:20]}` is more than that.",
        "Put `/` before a period or another label; calculations start with `= `.",
        at,
    )


def unknown_word(word: str, at: int, *, glued_to: str = "") -> UnitError | None:
    """The error for a word that is no unit, or None where it may stand as a label."""
    if word in _AMBIGUOUS:
        return UnitError(*_AMBIGUOUS[word], at)
    if word.lower() in _RATES:
        period = _RATES[word.lower()]
        return UnitError(
            f"`{word}` hides its period.", f"Write the period: `{glued_to or '500'}/{period}`.", at
        )
    meant = suggestion(word)
    if meant:
        return UnitError(f"`{word}` is not a unit.", f"Did you mean `{meant}`?", at)
    if len(word) < 3:
        return UnitError(
            f"`{word}` is not a unit, and a label has at least three letters.",
            "Units are such as `ms`, `GB`, `USD`.",
            at,
        )
    return _glued_label(word, at, glued_to) if glued_to else None


def _glued_label(word: str, at: int, number: str) -> UnitError:
    for multiplier in MULTIPLIERS:
        rest = word.removeprefix(multiplier)
        if rest != word and (rest in UNITS or len(rest) >= 3):
            hint = f"Write `{number}{multiplier} {rest}`, or `{number} {word}` for a label of that name."
            return UnitError(f"`{word}` is not a unit; it could be `{multiplier}` and `{rest}`.", hint, at)
    return UnitError(
        f"`{word}` is not a unit; a label stands apart from the number.", f"Write `{number} {word}`.", at
    )
