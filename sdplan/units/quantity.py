"""A number with its dimension, the calendar that months and years follow, and how a dimension is named."""

from __future__ import annotations

from typing import NamedTuple


class Dimension(NamedTuple):
    """The exponents of time, information and money; a count has none of them."""

    time: int = 0
    information: int = 0
    money: int = 0

    def times(self, other: Dimension) -> Dimension:
        """The dimension of a product."""
        return Dimension(
            self.time + other.time, self.information + other.information, self.money + other.money
        )

    def over(self, other: Dimension) -> Dimension:
        """The dimension of a quotient."""
        return Dimension(
            self.time - other.time, self.information - other.information, self.money - other.money
        )

    def power(self, exponent: int) -> Dimension:
        """The dimension of a whole power."""
        return Dimension(self.time * exponent, self.information * exponent, self.money * exponent)


NUMBER = Dimension()
DURATION = Dimension(time=1)
SIZE = Dimension(information=1)
RATE = Dimension(time=-1)
BANDWIDTH = Dimension(time=-1, information=1)
MONEY = Dimension(money=1)
SPENDING = Dimension(time=-1, money=1)
PRICE_OF_SIZE = Dimension(information=-1, money=1)
PRICE_OF_STORAGE = Dimension(time=-1, information=-1, money=1)


class Calendar(NamedTuple):
    """The length of a month and of a year [s]; 30 and 365 days unless the design says otherwise."""

    month: float = 30 * 86400.0
    year: float = 365 * 86400.0


DEFAULT_CALENDAR = Calendar()


class Quantity(NamedTuple):
    """A value in base units (s, B, money) with its dimension, and its currency where money is in it."""

    value: float
    dimension: Dimension = NUMBER
    currency: str = ""


def clause(sentence: str) -> str:
    """A sentence as findings print it: no capital in front, no full stop behind."""
    first = sentence[:1].lower() if sentence[1:2].islower() or sentence[1:2] == " " else sentence[:1]
    return f"{first}{sentence[1:]}".removesuffix(".")


class UnitError(ValueError):
    """Text that is no quantity: what is wrong and was expected, what to write instead, and where [index]."""

    def __init__(self, message: str, hint: str = "", offset: int = 0) -> None:
        super().__init__(message)
        self.message = clause(message)
        self.hint = clause(hint)
        self.offset = offset

    def moved(self, distance: int) -> UnitError:
        """The same error in a text in which the quantity starts `distance` characters further on."""
        return UnitError(self.message, self.hint, self.offset + distance)


_DESCRIBED = {
    NUMBER: "a plain number such as 3 or 60%",
    DURATION: "a duration such as 250ms",
    SIZE: "a size such as 4KB",
    RATE: "a rate such as 20k/s",
    BANDWIDTH: "a bandwidth such as 300MB/s",
    MONEY: "an amount of money such as 0.34 USD",
    SPENDING: "a cost over time such as 60k USD/month",
    PRICE_OF_SIZE: "a price of a size such as 0.02 USD/GB",
    PRICE_OF_STORAGE: "a price of storage such as 0.023 USD/GB/month",
}


def describe(dimension: Dimension) -> str:
    """What a quantity of this dimension is and how one is written, for a sentence such as "expected …"."""
    return _DESCRIBED.get(dimension) or f"a quantity in {written(dimension)}"


def written(dimension: Dimension) -> str:
    """The base unit of a dimension as text: `s`, `B`, `1/s`, `B/s`, `money/s`, and nothing for a count."""
    names = (("money", dimension.money), ("B", dimension.information), ("s", dimension.time))
    above = "*".join(name for name, exponent in names for _ in range(exponent))
    below = "".join(f"/{name}" for name, exponent in names for _ in range(-exponent))
    return f"{above or '1'}{below}" if above or below else ""
