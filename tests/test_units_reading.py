from fractions import Fraction

import pytest

from sdplan.units import (
    BANDWIDTH,
    DURATION,
    MONEY,
    NUMBER,
    RATE,
    SIZE,
    Calendar,
    Dimension,
    Quantity,
    UnitError,
    binary_and_decimal,
    describe,
    parse_quantity,
    parse_range,
    unit_constant,
    written,
)

DAY = 86400
SPENDING = Dimension(time=-1, money=1)
STORAGE_PRICE = Dimension(time=-1, information=-1, money=1)

READINGS = [
    ("100M links/day", Fraction(10**8, DAY), RATE),
    ("500k videos/day", Fraction(500_000, DAY), RATE),
    ("40 messages/user/day", Fraction(40, DAY), RATE),
    ("3% orders/user/day", Fraction(3, 100 * DAY), RATE),
    ("20 pages/user/day", Fraction(20, DAY), RATE),
    ("120 members/channel", Fraction(120), NUMBER),
    ("10M users", Fraction(10**7), NUMBER),
    ("5M", Fraction(5 * 10**6), NUMBER),
    ("5 M", Fraction(5 * 10**6), NUMBER),
    ("182.5bn", Fraction(1825 * 10**8), NUMBER),
    ("2T", Fraction(2 * 10**12), NUMBER),
    ("1G", Fraction(10**9), NUMBER),
    ("100:1", Fraction(100), NUMBER),
    ("1:3", Fraction(1, 3), NUMBER),
    ("1k:1", Fraction(1000), NUMBER),
    ("100:1 reads/write", Fraction(100), NUMBER),
    ("3x", Fraction(3), NUMBER),
    ("3 x", Fraction(3), NUMBER),
    ("60%", Fraction(3, 5), NUMBER),
    ("99.9963 %", Fraction(999963, 10**6), NUMBER),
    ("4 nines", Fraction(9999, 10**4), NUMBER),
    ("13 nines", 1 - Fraction(1, 10**13), NUMBER),
    ("every 30s", Fraction(1, 30), RATE),
    ("every 5min", Fraction(1, 300), RATE),
    ("every day", Fraction(1, DAY), RATE),
    ("20%/year", Fraction(1, 5 * 365 * DAY), RATE),
    ("20k/s", Fraction(20_000), RATE),
    ("3.5k /s", Fraction(3500), RATE),
    ("100 calls/30min", Fraction(100, 1800), RATE),
    ("1M/month", Fraction(10**6, 30 * DAY), RATE),
    ("12 jobs / 2 h", Fraction(12, 7200), RATE),
    ("250ms", Fraction(1, 4), DURATION),
    ("0.7ms", Fraction(7, 10**4), DURATION),
    ("10us", Fraction(1, 10**5), DURATION),
    ("4.5 ns", Fraction(45, 10**10), DURATION),
    ("4min", Fraction(240), DURATION),
    ("6.5h", Fraction(23400), DURATION),
    ("2w", Fraction(14 * DAY), DURATION),
    ("30d", Fraction(30 * DAY), DURATION),
    ("1 month", Fraction(30 * DAY), DURATION),
    ("5y", Fraction(5 * 365 * DAY), DURATION),
    ("7B", Fraction(7), SIZE),
    ("4KB", Fraction(4000), SIZE),
    ("4KiB", Fraction(4096), SIZE),
    ("64GB", Fraction(64 * 10**9), SIZE),
    ("2 TiB", Fraction(2 * 1024**4), SIZE),
    ("1.5PB", Fraction(15 * 10**14), SIZE),
    ("8 bit", Fraction(1), SIZE),
    ("2Gbit", Fraction(25 * 10**7), SIZE),
    ("350B messages", Fraction(350), SIZE),
    ("11.574074Gbit/s", Fraction(11574074, 8) * 1000, BANDWIDTH),
    ("8 Mbps", Fraction(10**6), BANDWIDTH),
    ("336MB/s", Fraction(336 * 10**6), BANDWIDTH),
    ("1 MB/user/day", Fraction(10**6, DAY), BANDWIDTH),
    ("0.2 USD/1M", Fraction(2, 10**7), MONEY),
    ("0.2 USD/1M requests", Fraction(2, 10**7), MONEY),
    ("0.34 USD/h", Fraction(34, 100 * 3600), SPENDING),
    ("60k USD/month", Fraction(60_000, 30 * DAY), SPENDING),
    ("0.02 EUR/GB", Fraction(2, 10**11), Dimension(information=-1, money=1)),
    ("0.023 USD/GB/month", Fraction(23, 1000 * 10**9 * 30 * DAY), STORAGE_PRICE),
    ("5/3", Fraction(5, 3), NUMBER),
    ("1e3", Fraction(1000), NUMBER),
    ("2.5E-3 s", Fraction(25, 10**4), DURATION),
    ("1234e56", Fraction(1234 * 10**56), NUMBER),
    ("0", Fraction(0), NUMBER),
    ("0 USD/month", Fraction(0), SPENDING),
    ("010", Fraction(10), NUMBER),
    ("  5 ms ", Fraction(5, 1000), DURATION),
]


@pytest.mark.parametrize(("text", "value", "dimension"), READINGS, ids=[text for text, _, _ in READINGS])
def test_a_quantity_says_the_number_that_the_language_gives_it(
    text: str, value: Fraction, dimension: Dimension
) -> None:
    quantity = parse_quantity(text)

    assert dimension == quantity.dimension
    assert abs(Fraction(quantity.value) - value) <= value / 2**51


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.7ms", 0.0007), ("0.1us", 1e-7), ("99.9%", 0.999), ("0.2 USD/1M", 2e-7), ("1.1M", 1.1e6)],
)
def test_a_power_of_ten_in_the_unit_costs_no_rounding(text: str, value: float) -> None:
    assert value == parse_quantity(text).value


def test_months_and_years_follow_the_calendar() -> None:
    julian = Calendar(month=365.25 * DAY / 12, year=365.25 * DAY)

    assert Quantity(365.25 * DAY, DURATION) == parse_quantity("1y", julian)
    assert Quantity(365.25 * DAY / 12, DURATION) == parse_quantity("1 month", julian)
    assert Quantity(30.0 * DAY, DURATION) == parse_quantity("30d", julian)


def test_money_carries_its_currency_and_loses_it_with_the_money() -> None:
    assert parse_quantity("3 EUR/h").currency == "EUR"
    assert parse_quantity("20 orders/USD").currency == "USD"
    assert parse_quantity("3 USD/5USD").currency == ""


@pytest.mark.parametrize(
    "label", ["links", "hits", "bids", "lines", "ad-requests", "page_views", "seeks", "bots"]
)
def test_a_label_never_changes_the_number(label: str) -> None:
    assert parse_quantity("20k/s") == parse_quantity(f"20k {label}/s")
    assert parse_quantity("20k") == parse_quantity(f"20k {label}")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("2x..5x", 2.0, 5.0), ("50:1..200:1", 50.0, 200.0), ("5ms .. 10ms", 0.005, 0.01), ("1..1.5", 1.0, 1.5)],
)
def test_a_range_has_two_ends(text: str, low: float, high: float) -> None:
    ends = parse_range(text)

    assert (low, high) == (ends[0].value, ends[1].value)


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ("5", 1, "two ends"),
        ("5..3", 0, "stands first"),
        ("5..5", 0, "stands first"),
        ("5ms..10", 5, "plain number"),
        ("1 USD..2 EUR", 7, "ends with"),
        ("5..10qq", 5, "qq"),
        ("..5", 0, "missing"),
    ],
)
def test_a_range_that_is_none_is_refused_where_it_goes_wrong(text: str, offset: int, word: str) -> None:
    with pytest.raises(UnitError, match=word) as caught:
        parse_range(text)

    assert offset == caught.value.offset


def test_a_unit_is_a_constant_of_its_size() -> None:
    assert Quantity(86400.0, DURATION) == unit_constant("day", Calendar())
    assert Quantity(1e6, SIZE) == unit_constant("MB", Calendar())
    assert Quantity(1e-9, DURATION) == unit_constant("ns", Calendar())
    assert Quantity(1.0, MONEY, "USD") == unit_constant("USD", Calendar())
    assert Quantity(125e6, BANDWIDTH) == unit_constant("Gbps", Calendar())
    assert unit_constant("links", Calendar()) is None
    assert unit_constant("k", Calendar()) is None


def test_binary_and_decimal_sizes_in_one_text_are_noticed() -> None:
    assert binary_and_decimal("4KiB + 1KB * 3") == ("KiB", "KB")
    assert binary_and_decimal("4KB + 1MB") is None
    assert binary_and_decimal("4KiB + 20B") is None


def test_a_dimension_is_described_with_an_example_that_has_it() -> None:
    for dimension in {dimension for _, _, dimension in READINGS}:
        example = describe(dimension).split("such as ")[1].split(" or ")[0]

        assert dimension == parse_quantity(example).dimension


def test_a_base_unit_is_written_by_its_exponents() -> None:
    shown = [
        written(dimension) for dimension in (NUMBER, DURATION, SIZE, RATE, BANDWIDTH, SPENDING, STORAGE_PRICE)
    ]

    assert shown == ["", "s", "B", "1/s", "B/s", "money/s", "money/B/s"]
    assert written(SIZE.times(DURATION)) == "B*s"
    assert written(DURATION.power(-2)) == "1/s/s"
