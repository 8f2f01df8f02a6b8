"""Text to quantities and back: the one place that knows unit names, multipliers and labels.

Inside the program every number is in base units: seconds, bytes, money; counts have no dimension.
"""

from sdplan.units.printing import format_quantity, format_share
from sdplan.units.quantity import (
    BANDWIDTH,
    DEFAULT_CALENDAR,
    DURATION,
    MONEY,
    NUMBER,
    RATE,
    SIZE,
    Calendar,
    Dimension,
    Quantity,
    UnitError,
    describe,
    written,
)
from sdplan.units.reading import parse_quantity, parse_range
from sdplan.units.table import CURRENCIES, binary_and_decimal, unit_constant

__all__ = [
    "BANDWIDTH",
    "CURRENCIES",
    "DEFAULT_CALENDAR",
    "DURATION",
    "MONEY",
    "NUMBER",
    "RATE",
    "SIZE",
    "Calendar",
    "Dimension",
    "Quantity",
    "UnitError",
    "binary_and_decimal",
    "describe",
    "format_quantity",
    "format_share",
    "parse_quantity",
    "parse_range",
    "unit_constant",
    "written",
]
