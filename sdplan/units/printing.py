"""Printing a quantity for people: a readable unit and three significant figures, or every digit.

What is printed here can be read back by `parse_quantity`.
"""

from __future__ import annotations

from sdplan.units.decimals import Digits, digits_of, from_hundred, plain, positional
from sdplan.units.quantity import (
    BANDWIDTH,
    DEFAULT_CALENDAR,
    DURATION,
    MONEY,
    PRICE_OF_SIZE,
    PRICE_OF_STORAGE,
    RATE,
    SIZE,
    SPENDING,
    Calendar,
    Quantity,
    UnitError,
    describe,
    written,
)
from sdplan.units.reading import parse_quantity

_Ladder = tuple[tuple[int, str], ...]

_COUNTS = ((12, "T"), (9, "bn"), (6, "M"), (3, "k"), (0, ""))
_SIZES = ((18, " EB"), (15, " PB"), (12, " TB"), (9, " GB"), (6, " MB"), (3, " KB"), (0, " B"))
_SHORT_TIMES = ((0, " s"), (-3, " ms"), (-6, " us"), (-9, " ns"))
_LONG_TIMES = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"))
_PERIODS = ((1.0, "s"), (60.0, "min"), (3600.0, "h"), (86400.0, "day"))
_PLAIN_BELOW = 6  # a number in the unit that was asked for has no multiplier below this power of ten
_PER_MILLION_BELOW = 1e-3  # an amount of money below this is given per million
_NEAR_WHOLE = 0.1  # a share nearer than this to 100 % is known by its distance from it
_LONGEST_SHARE = 1e-20


def format_quantity(
    quantity: Quantity, *, unit: str = "", precise: bool = False, calendar: Calendar = DEFAULT_CALENDAR
) -> str:
    """A quantity as `3.5k/s`, `7.46 TB` or `52.6 min`: in the unit asked for, else in a readable one."""
    value = quantity.value
    if value - value != 0:
        return "undefined" if value != value else "unbounded"
    sign, size = ("-" if value < 0 else ""), quantity._replace(value=abs(value))
    if unit:
        return sign + _in_unit(size, unit, calendar, precise=precise)
    return sign + _readable(size, calendar, precise=precise)


def _in_unit(quantity: Quantity, unit: str, calendar: Calendar, *, precise: bool) -> str:
    name = unit.removeprefix("1") if unit.startswith("1/") else unit
    one = parse_quantity(f"1{name}" if name[0] == "/" else f"1 {name}", calendar)
    if one.dimension != quantity.dimension or one.currency != (quantity.currency or one.currency):
        raise UnitError(
            f"`{unit}` is the unit of {describe(one.dimension)}, not of {describe(quantity.dimension)}."
        )
    number = digits_of(quantity.value, per=one.value, precise=precise)
    text = plain(number) if number.magnitude < _PLAIN_BELOW else _laddered(number, _COUNTS)
    return text + (name if name[0] in "/x" else f" {name}")


def _readable(quantity: Quantity, calendar: Calendar, *, precise: bool) -> str:
    value, dimension, _ = quantity
    if dimension == DURATION:
        return _duration(value, calendar, precise=precise)
    if dimension in (RATE, BANDWIDTH):
        return _per_period(value, _COUNTS if dimension == RATE else _SIZES, calendar, precise=precise)
    if dimension == SIZE:
        return _laddered(digits_of(value, precise=precise), _SIZES)
    if dimension.money == 1:
        return _money(quantity, calendar, precise=precise)
    return _laddered(digits_of(value, precise=precise), _COUNTS) + _behind(written(dimension))


def _laddered(number: Digits, ladder: _Ladder) -> str:
    """The number with the largest multiplier or prefix of a ladder that it reaches."""
    lowest = ladder[-1] if number.digits else next(step for step in ladder if step[0] == 0)
    power, text = next((step for step in ladder if number.digits and step[0] <= number.magnitude), lowest)
    return plain(number.shifted(-power)) + text


def _duration(value: float, calendar: Calendar, *, precise: bool) -> str:
    reached = _reached(value)
    for seconds, name in ((calendar.year, "y"), *_LONG_TIMES):
        if reached >= seconds:
            return f"{plain(digits_of(value, per=seconds, precise=precise))} {name}"
    return _laddered(digits_of(value, precise=precise), _SHORT_TIMES)


def _per_period(value: float, ladder: _Ladder, calendar: Calendar, *, precise: bool) -> str:
    """So many a second; or a minute, an hour, a day, a year, where that is less than one."""
    periods = (*_PERIODS, (calendar.year, "year"))
    seconds, name = next((period for period in periods if _reached(value * period[0]) >= 1), periods[-1])
    if not value:
        seconds, name = periods[0]
    return f"{_laddered(digits_of(value, over=seconds, precise=precise), ladder)}/{name}"


def _reached(value: float) -> float:
    """The value, or what it is when rounded up to three figures: 59.99 s reaches a minute."""
    return max(value, float(f"{value:.2e}"))


def _money(quantity: Quantity, calendar: Calendar, *, precise: bool) -> str:
    value, dimension, currency = quantity
    over, shift, behind = {
        SPENDING: (calendar.month, 0, "/month"),
        PRICE_OF_SIZE: (1.0, 9, "/GB"),
        PRICE_OF_STORAGE: (calendar.month, 9, "/GB/month"),
        MONEY: (1.0, 6, "/1M") if 0 < value < _PER_MILLION_BELOW else (1.0, 0, ""),
    }.get(dimension, (1.0, 0, _behind(written(dimension._replace(money=0)))))
    number = digits_of(value, over=over, precise=precise).shifted(shift)
    return f"{_laddered(number, _COUNTS)} {currency or 'money'}{behind}"


def _behind(unit: str) -> str:
    return unit.removeprefix("1") if unit.startswith("1/") else unit and f" {unit}"


def format_share(value: float, *, unavailability: float | None = None, precise: bool = False) -> str:
    """A share as `66.7 %`; near 100 % with three figures of its distance from it, as `99.9963 %`.

    `unavailability` is that distance where it is known better than `1 - value` can say.
    """
    if value - value != 0:
        return "undefined" if value != value else "unbounded"
    distance = abs(1 - value) if unavailability is None else abs(unavailability)
    if distance == 0 or (unavailability is None and precise) or distance >= _NEAR_WHOLE:
        number = digits_of(abs(value), precise=precise).shifted(2)
        return f"{'-' if value < 0 else ''}{plain(number)} %"
    if distance < _LONGEST_SHARE:
        return f"100 % less {plain(digits_of(distance, precise=precise).shifted(2))} %"
    sign = 1 if unavailability is None and value > 1 else -1
    return f"{positional(from_hundred(digits_of(distance, precise=precise).shifted(2), sign))} %"
