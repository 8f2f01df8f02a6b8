"""The names of units, currencies and multipliers, each with its size in base units."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from sdplan.units.quantity import (
    BANDWIDTH,
    DEFAULT_CALENDAR,
    DURATION,
    MONEY,
    SIZE,
    Calendar,
    Dimension,
    Quantity,
)

MULTIPLIERS = {"k": 3, "M": 6, "bn": 9, "G": 9, "T": 12}
"""Powers of ten; billion is `bn`, because `B` is bytes."""

# fmt: off
CURRENCIES = (
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "INR", "CNY", "BRL",
    "SEK", "NOK", "DKK", "PLN", "SGD", "HKD", "KRW", "MXN", "NZD", "ZAR",
)
# fmt: on


class Unit(NamedTuple):
    """What one unit is worth: `factor * 10**exponent` base units, or one month or year of the calendar."""

    dimension: Dimension
    factor: float = 1.0
    exponent: int = 0  # kept apart from the factor, so that 0.7ms is the float nearest to 0.0007
    period: Literal["", "month", "year"] = ""
    currency: str = ""

    def scale(self, calendar: Calendar) -> float:
        """The unit in base units, without its power of ten."""
        if not self.period:
            return self.factor
        return calendar.month if self.period == "month" else calendar.year


def _durations() -> dict[str, Unit]:
    spelled = {
        Unit(DURATION, exponent=-9): "ns",
        Unit(DURATION, exponent=-6): "us",
        Unit(DURATION, exponent=-3): "ms",
        Unit(DURATION): "s second seconds",
        Unit(DURATION, 60.0): "min minute minutes",
        Unit(DURATION, 3600.0): "h hour hours",
        Unit(DURATION, 86400.0): "d day days",
        Unit(DURATION, 7 * 86400.0): "w week weeks",
        Unit(DURATION, period="month"): "month months",
        Unit(DURATION, period="year"): "y year years",
    }
    return {name: unit for unit, names in spelled.items() for name in names.split()}


def _sizes() -> dict[str, Unit]:
    sizes = {name: Unit(SIZE) for name in ("B", "byte", "bytes")}
    sizes |= {f"{prefix}B": Unit(SIZE, exponent=3 * n) for n, prefix in enumerate("KMGTPE", start=1)}
    sizes |= {f"{prefix}iB": Unit(SIZE, 1024.0**n) for n, prefix in enumerate("KMGTPE", start=1)}
    sizes |= {name: Unit(SIZE, 0.125) for name in ("bit", "bits")}
    return sizes


def _bits() -> dict[str, Unit]:
    prefixes = {"k": 3, "K": 3, "M": 6, "G": 9, "T": 12}
    bits = {f"{prefix}bit": Unit(SIZE, 0.125, exponent) for prefix, exponent in prefixes.items()}
    return bits | {f"{prefix}bps": Unit(BANDWIDTH, 0.125, exponent) for prefix, exponent in prefixes.items()}


UNITS = _durations() | _sizes() | _bits() | {name: Unit(MONEY, currency=name) for name in CURRENCIES}


def unit_constant(name: str, calendar: Calendar = DEFAULT_CALENDAR) -> Quantity | None:
    """One of the named unit in base units, `day` as 86400 s; None where the name is no unit."""
    unit = UNITS.get(name)
    if unit is None:
        return None
    return Quantity(unit.scale(calendar) * float(f"1e{unit.exponent}"), unit.dimension, unit.currency)


def binary_and_decimal(text: str) -> tuple[str, str] | None:
    """The first binary and the first decimal size unit of a text that has both: `4KiB + 1KB`."""
    words = re.findall("[A-Za-z]+", text)
    binary = next((word for word in words if word in UNITS and word.endswith("iB")), None)
    decimal = next((word for word in words if word in UNITS and re.fullmatch("[KMGTPE]B", word)), None)
    return (binary, decimal) if binary and decimal else None
