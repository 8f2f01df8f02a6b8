from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    format_quantity,
    format_share,
    parse_quantity,
)

SPENDING = Dimension(time=-1, money=1)
PRINTED = [NUMBER, DURATION, SIZE, RATE, BANDWIDTH]
PAID = [MONEY, SPENDING, Dimension(information=-1, money=1), Dimension(time=-1, information=-1, money=1)]


@pytest.mark.parametrize(
    ("value", "dimension", "shown"),
    [
        (3500, RATE, "3.5k/s"),
        (1e8 / 86400, RATE, "1.16k/s"),
        (0.2, RATE, "12/min"),
        (50 / 3600, RATE, "50/h"),
        (3 / 86400, RATE, "3/day"),
        (0.2 / (365 * 86400), RATE, "0.2/year"),
        (7.46496e12, SIZE, "7.46 TB"),
        (999.9999e9, SIZE, "1 TB"),
        (0.5, SIZE, "0.5 B"),
        (3153.6, DURATION, "52.6 min"),
        (0.25, DURATION, "250 ms"),
        (59.99, DURATION, "1 min"),
        (30 * 86400, DURATION, "30 d"),
        (5 * 365 * 86400, DURATION, "5 y"),
        (1e-7, DURATION, "100 ns"),
        (336e6, BANDWIDTH, "336 MB/s"),
        (1.2e6, NUMBER, "1.2M"),
        (182.5e9, NUMBER, "182bn"),
        (183.5e9, NUMBER, "184bn"),
        (2e13, NUMBER, "20T"),
        (0.000123, NUMBER, "0.000123"),
        (1.23e-7, NUMBER, "1.23e-7"),
        (60_000 / (30 * 86400), SPENDING, "60k USD/month"),
        (0.34, MONEY, "0.34 USD"),
        (2e-7, MONEY, "0.2 USD/1M"),
        (0.02e-9, Dimension(information=-1, money=1), "0.02 USD/GB"),
        (0.023e-9 / (30 * 86400), Dimension(time=-1, information=-1, money=1), "0.023 USD/GB/month"),
        (0, NUMBER, "0"),
        (0, DURATION, "0 s"),
        (0, RATE, "0/s"),
        (0, SIZE, "0 B"),
        (0, BANDWIDTH, "0 B/s"),
        (0, SPENDING, "0 USD/month"),
        (-3500, RATE, "-3.5k/s"),
        (1e9, SIZE.times(DURATION), "1bn B*s"),
        (5, DURATION.power(-2), "5/s/s"),
        (float("inf"), RATE, "unbounded"),
        (float("nan"), RATE, "undefined"),
    ],
)
def test_a_quantity_is_printed_with_three_figures_in_a_readable_unit(
    value: float, dimension: Dimension, shown: str
) -> None:
    assert shown == format_quantity(Quantity(value, dimension, "USD" if dimension.money else ""))


@pytest.mark.parametrize(
    ("value", "dimension", "unit", "shown"),
    [
        (0.25, DURATION, "ms", "250 ms"),
        (1446759250, BANDWIDTH, "Gbit/s", "11.6 Gbit/s"),
        (56e6, BANDWIDTH, "MB/s", "56 MB/s"),
        (2 / 3, NUMBER, "%", "66.7 %"),
        (3, NUMBER, "x", "3x"),
        (24, NUMBER, "cores", "24 cores"),
        (1157.4, RATE, "/s", "1160/s"),
        (1157.4, RATE, "1/s", "1160/s"),
        (1157.4, RATE, "/day", "100M/day"),
        (100, DURATION, "s", "100 s"),
    ],
)
def test_a_unit_that_is_asked_for_is_used(value: float, dimension: Dimension, unit: str, shown: str) -> None:
    assert shown == format_quantity(Quantity(value, dimension), unit=unit)


def test_a_unit_of_another_dimension_is_refused() -> None:
    with pytest.raises(UnitError, match="`ms` is the unit of a duration such as 250ms, not of a size"):
        format_quantity(Quantity(1.0, SIZE), unit="ms")


@pytest.mark.parametrize(
    ("value", "dimension", "shown"),
    [
        (182.5e9, NUMBER, "182.5bn"),
        (0.00070001, DURATION, "700.01 us"),
        (3153.6, DURATION, "52.56 min"),
        (7.46496e12, SIZE, "7.46496 TB"),
        (0.34 / 3600, SPENDING, "244.8 USD/month"),
        (1e8 / 86400, RATE, "1.1574074074074074k/s"),
    ],
)
def test_precise_printing_keeps_every_digit_and_adds_none(
    value: float, dimension: Dimension, shown: str
) -> None:
    assert shown == format_quantity(
        Quantity(value, dimension, "USD" if dimension.money else ""), precise=True
    )


CALENDARS = st.sampled_from([Calendar(), Calendar(month=2629800.0, year=31557600.0)])
QUANTITIES = st.one_of(
    st.builds(Quantity, st.floats(1e-15, 1e21), st.sampled_from(PRINTED), st.just("")),
    st.builds(Quantity, st.floats(1e-9, 1e15), st.sampled_from(PAID), st.just("EUR")),
    st.builds(Quantity, st.just(0.0), st.sampled_from(PRINTED), st.just("")),
)


@given(QUANTITIES, CALENDARS)
def test_precise_print_then_parse_gives_the_value_back(quantity: Quantity, calendar: Calendar) -> None:
    back = parse_quantity(format_quantity(quantity, precise=True, calendar=calendar), calendar)

    assert quantity._replace(value=back.value) == back
    assert abs(back.value - quantity.value) <= 1e-15 * quantity.value


@given(QUANTITIES, CALENDARS)
def test_short_print_then_parse_is_within_half_a_percent(quantity: Quantity, calendar: Calendar) -> None:
    back = parse_quantity(format_quantity(quantity, calendar=calendar), calendar)

    assert quantity._replace(value=back.value) == back
    assert abs(back.value - quantity.value) <= 0.00501 * quantity.value


@given(st.floats(1e-6, 1e12), st.sampled_from(["ms", "s", "min", "h", "d", "y"]), st.booleans())
def test_a_forced_unit_can_be_read_back(value: float, unit: str, precise: bool) -> None:
    back = parse_quantity(format_quantity(Quantity(value, DURATION), unit=unit, precise=precise))

    assert abs(back.value - value) <= (1e-15 if precise else 0.00501) * value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.999963, "99.9963 %"),
        (0.99996312, "99.99631 %"),
        (0.999, "99.9 %"),
        (0.9999, "99.99 %"),
        (0.95, "95 %"),
        (2 / 3, "66.7 %"),
        (0.9, "90 %"),
        (1.0, "100 %"),
        (0.0, "0 %"),
        (3.7e-5, "0.0037 %"),
        (1.42, "142 %"),
        (1.00001, "100.001 %"),
    ],
)
def test_a_share_has_the_digits_that_tell_it_from_the_whole(value: float, shown: str) -> None:
    assert shown == format_share(value)


def test_a_share_is_exact_where_its_distance_from_the_whole_is_given() -> None:
    assert format_share(1.0, unavailability=1e-13) == "99.99999999999 %"
    assert format_share(1.0, unavailability=3.4e-19) == "99.999999999999999966 %"
    assert format_share(1.0, unavailability=1e-26) == "100 % less 1e-24 %"
    assert format_share(1.0, unavailability=0.0) == "100 %"


@given(st.floats(1e-18, 0.0999))
def test_the_distance_of_a_share_from_the_whole_survives_to_three_figures(distance: float) -> None:
    shown = format_share(1 - distance, unavailability=distance).removesuffix(" %")

    assert abs(1 - Fraction(shown) / 100 - Fraction(distance)) <= Fraction(distance) * Fraction(51, 10_000)


@given(st.floats(1e-250, 2.0))
def test_a_precise_share_can_be_read_back(share: float) -> None:
    shown = format_share(share, precise=True)

    assert share == parse_quantity(shown).value
