"""Decimal digits of a float as whole numbers: exact shifts by powers of ten, without the decimal module."""

from __future__ import annotations

from typing import NamedTuple

_FIGURES = 3
_ROUNDING = 2.0**-52  # relative; a longer number would tell the rounding of the division, not the value
_SMALLEST_PLAIN, _LARGEST_PLAIN = -4, 15  # powers of ten between which a number is written without exponent


class Digits(NamedTuple):
    """The number `digits * 10**exponent`, without trailing zeros."""

    digits: int
    exponent: int

    @property
    def magnitude(self) -> int:
        """The power of ten of the first digit."""
        return len(str(self.digits)) + self.exponent - 1

    def shifted(self, power: int) -> Digits:
        """The number times `10**power`, exactly."""
        return Digits(self.digits, self.exponent + power) if self.digits else self


def digits_of(value: float, *, per: float = 1.0, over: float = 1.0, precise: bool = False) -> Digits:
    """`value / per * over` of a value from 0, in three significant figures or in all it takes."""
    shown = value / per * over
    if not precise:
        return _read(f"{shown:.{_FIGURES - 1}e}")
    if per == over == 1:
        return _read(repr(float(value)))
    written = (f"{shown:.{figures}e}" for figures in (14, 15, 16))
    near = _ROUNDING * value
    return _read(
        next((text for text in written if abs(float(text) * per / over - value) <= near), repr(shown))
    )


def _read(text: str) -> Digits:
    mantissa, _, power = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).rstrip("0")
    exponent = int(power or 0) + len(whole) - len(digits)
    return Digits(int(digits), exponent) if digits.strip("0") else Digits(0, 0)


def plain(number: Digits) -> str:
    """The number with a decimal point where it belongs, `0.034`; the very small and large as `1.2e-7`."""
    text = str(number.digits)
    if not _SMALLEST_PLAIN <= number.magnitude < _LARGEST_PLAIN:
        fraction = f".{text[1:]}" if len(text) > 1 else ""
        return f"{text[0]}{fraction}e{number.magnitude}"
    return positional(number)


def positional(number: Digits) -> str:
    """The number without an exponent, however long it gets."""
    text, exponent = str(number.digits), number.exponent
    if exponent >= 0:
        return text + "0" * exponent
    text = text.rjust(1 - exponent, "0")
    return f"{text[:exponent]}.{text[exponent:]}"


def from_hundred(number: Digits, sign: int) -> Digits:
    """`100 + sign * number`, exactly."""
    scale = min(number.exponent, 0)
    total = 10 ** (2 - scale) + sign * number.digits * 10 ** (number.exponent - scale)
    text = str(total).rstrip("0") or "0"
    return Digits(int(text), scale + len(str(total)) - len(text)) if total else Digits(0, 0)
