import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdplan.expressions import ExpressionError, compare, evaluate, parse_comparison, parse_expression
from sdplan.units import (
    BANDWIDTH,
    DURATION,
    NUMBER,
    RATE,
    SIZE,
    Calendar,
    Dimension,
    Quantity,
    parse_quantity,
)

DAY = 86400
INPUTS = {
    name: parse_quantity(text)
    for name, text in {
        "new_links": "100M links/day",
        "reads_per_link": "100:1",
        "dau": "10M users",
        "sends": "40 messages/user/day",
        "online": "20%",
        "members": "120 members/channel",
        "heartbeat": "every 30s",
        "uploads": "500k videos/day",
        "length": "5min",
        "views_per_upload": "300:1",
        "segment": "10s",
        "response": "4097B",
        "components.status.shards": "6",
        "nothing": "0",
        "spend": "3 USD/h",
        "euros": "3 EUR/h",
        "broken": "1",
    }.items()
} | {"broken": Quantity(math.inf, DURATION)}


def value_of(text: str) -> Quantity:
    return evaluate(parse_expression(text), INPUTS.__getitem__)


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("new_links * reads_per_link", Fraction(10**10, DAY), RATE),
        ("dau * sends", Fraction(4 * 10**8, DAY), RATE),
        ("dau * online", Fraction(2 * 10**6), NUMBER),
        ("members * (1 - online)", Fraction(96), NUMBER),
        ("dau * online * heartbeat", Fraction(2 * 10**6, 30), RATE),
        ("length * 50MB / min", Fraction(250 * 10**6), SIZE),
        ("segment * 10MB / min", Fraction(10**7, 6), SIZE),
        ("uploads * views_per_upload * length / segment", Fraction(45 * 10**8, DAY), RATE),
        ("8k / s * members * 350B", Fraction(336 * 10**6), BANDWIDTH),
        ("8k / s * members * 350B / components.status.shards", Fraction(56 * 10**6), BANDWIDTH),
        ("4ms + 3ms + 5ms + 12ms + 15ms + 8ms + 3ms + 10ms", Fraction(60, 1000), DURATION),
        ("10s + 60s + 30s", Fraction(100), DURATION),
        ("20k / s + 10k / s", Fraction(30_000), RATE),
        ("1 / day", Fraction(1, DAY), RATE),
        ("ceil(response / 4KB)", Fraction(2), NUMBER),
        ("floor(response / 4KB)", Fraction(1), NUMBER),
        ("max(10s, length, 2min)", Fraction(300), DURATION),
        ("min(10s, length)", Fraction(10), DURATION),
        ("3x * 60%", Fraction(9, 5), NUMBER),
        ("length ^ 2 / length", Fraction(300), DURATION),
        ("sqrt(length ^ 2)", Fraction(300), DURATION),
        ("2 ^ 3 ^ 2", Fraction(512), NUMBER),
        ("2 - 5", Fraction(-3), NUMBER),
        ("spend * 2h", Fraction(6), Dimension(money=1)),
        ("1e3 / s", Fraction(1000), RATE),
    ],
)
def test_an_expression_comes_to_what_the_arithmetic_gives(
    text: str, value: Fraction, dimension: Dimension
) -> None:
    result = value_of(text)

    assert dimension == result.dimension
    assert abs(Fraction(result.value) - value) <= abs(value) / 10**15


def test_log_is_the_natural_logarithm_and_sqrt_the_positive_root() -> None:
    assert math.log(10) == value_of("log(10)").value
    assert math.sqrt(2) == value_of("sqrt(2)").value
    assert value_of("2 ^ 0.5").value == 2**0.5


def test_rounding_of_the_quotient_does_not_add_a_whole_one() -> None:
    assert 0.1 * 3 / 0.1 > 3
    assert value_of("ceil(0.1 * 3 / 0.1)").value == 3
    assert 0.6 / 0.2 < 3
    assert value_of("floor(0.6 / 0.2)").value == 3
    assert value_of("ceil(11.0000001)").value == 12


def test_money_keeps_its_currency_until_it_cancels() -> None:
    assert value_of("spend * 2").currency == "USD"
    assert value_of("spend / 2USD").currency == ""


def test_months_follow_the_calendar_that_is_given() -> None:
    thirty_one = Calendar(month=31.0 * DAY)

    assert evaluate(parse_expression("2month + month"), INPUTS.__getitem__, thirty_one).value == 93 * DAY


ERRORS = [
    ("dau + sends", 4, "have to be alike", "per what?"),
    ("length + 1", 7, "a duration such as 250ms and a plain number", "250ms"),
    ("length + 5MB", 7, "have to be alike", ""),
    ("max(1, length)", 0, "`max` joins", ""),
    ("spend + euros", 6, "USD and EUR", "one currency"),
    ("spend * euros", 6, "USD and EUR", "one currency"),
    ("dau / nothing", 4, "divides by zero", ""),
    ("1 / (2 - 2)", 2, "divides by zero", ""),
    ("0 ^ (0 - 1)", 2, "divides by zero", ""),
    ("1e200 * 1e200", 6, "limit is 1e300", ""),
    ("9 ^ 9 ^ 9", 2, "limit is 1e300", ""),
    ("1e-200 * 1e-200", 7, "too small", ""),
    ("1e-200 / 1e200", 7, "too small", ""),
    ("length ^ dau", 7, "written out", ""),
    ("length ^ 0.5", 7, "whole powers", ""),
    ("length ^ 10", 7, "1e300", ""),
    ("2 ^ length", 2, "an exponent is a plain number", ""),
    ("(0 - 8) ^ 0.5", 8, "negative", ""),
    ("sqrt(0 - 1)", 0, "negative", ""),
    ("sqrt(length)", 0, "no square root", ""),
    ("log(nothing)", 0, "above zero", ""),
    ("log(length)", 0, "takes a plain number", ""),
    ("ceil(5MB)", 0, "takes a plain number", ""),
    ("2 * nope", 4, "no input `nope`", "full path"),
    ("2 * a.b-c", 4, "no number at `a.b-c`", "spaces"),
    ("ceil(broken / s)", 5, "no finite value", ""),
]


@pytest.mark.parametrize(("text", "offset", "message", "hint"), ERRORS)
def test_an_expression_without_a_value_says_where_and_why(
    text: str, offset: int, message: str, hint: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        value_of(text)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert offset == caught.value.offset


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("length > 4min", True),
        ("length < 4min", False),
        ("length >= 5min", True),
        ("length > 5min", False),
        ("0.1 + 0.2 <= 0.3", True),
        ("0.1 + 0.2 > 0.3", False),
        ("8k / s * 350B <= 3MB / s", True),
    ],
)
def test_a_comparison_holds_or_does_not(text: str, holds: bool) -> None:
    assert holds == compare(parse_comparison(text), INPUTS.__getitem__)[0]


def test_a_comparison_gives_both_sides_and_needs_them_alike() -> None:
    _, left, right = compare(parse_comparison("length > 4min"), INPUTS.__getitem__)

    assert (Quantity(300.0, DURATION), Quantity(240.0, DURATION)) == (left, right)
    with pytest.raises(ExpressionError, match="`>` joins"):
        compare(parse_comparison("length > 4MB"), INPUTS.__getitem__)


NUMBERS = st.integers(1, 99).map(str) | st.integers(1, 9999).map(lambda n: f"{n / 100}")
ARITHMETIC = st.recursive(
    NUMBERS,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner)
        | st.builds("{} {} {}".format, inner, st.sampled_from("+-*/"), NUMBERS)
    ),
    max_leaves=12,
)


@given(ARITHMETIC.filter(lambda text: len(text) <= 500))
def test_plain_arithmetic_agrees_with_the_language_it_is_written_in(text: str) -> None:
    try:
        expected = eval(text)
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="divides by zero"):
            value_of(text)
        return

    assert expected == value_of(text).value
