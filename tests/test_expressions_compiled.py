"""Compiled arithmetic gives the same bits, the same kinds and the same errors as the careful way."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdplan.expressions import ExpressionError, arithmetic, evaluate, parse_expression
from sdplan.units import DURATION, MONEY, NUMBER, RATE, Calendar, Dimension, Quantity

CALENDAR = Calendar()
_NUMBERS = st.one_of(
    st.floats(-1e6, 1e6), st.sampled_from([0.0, -0.0, 1.0, 1e-300, 5e-324, 1e290, -1e299, 3.0000000000000004])
)
_KINDS = st.sampled_from([(NUMBER, ""), (DURATION, ""), (RATE, ""), (MONEY, "USD"), (MONEY, "EUR")])
_LEAVES = st.sampled_from(["one", "two", "few", "2", "60%", "5min", "1 / day"])


def _joined(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from([" + ", " - ", " * ", " / "])
    functions = st.sampled_from(["ceil", "floor", "sqrt", "log"])
    return st.one_of(
        st.builds("{}{}{}".format, children, signs, children),
        st.builds("({}){}{}".format, children, signs, children),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), children, children),
        st.builds("{}({})".format, functions, children),
        st.builds("({})^{}".format, children, st.sampled_from(["2", "0.5", "3"])),
    )


_TEXTS = st.recursive(_LEAVES, _joined, max_leaves=8)


def _told(compute: Callable[[], Quantity]) -> object:
    """The quantity to the last bit and the sign of zero, or what is wrong with it."""
    try:
        found = compute()
    except ExpressionError as wrong:
        return wrong.message, wrong.hint, wrong.offset
    return found.value.hex(), found.dimension, found.currency


@given(
    _TEXTS, st.tuples(_KINDS, _KINDS, _KINDS), st.lists(st.tuples(_NUMBERS, _NUMBERS, _NUMBERS), max_size=4)
)
def test_the_quick_way_gives_what_the_careful_way_gives(
    text: str, kinds: tuple[tuple[Dimension, str], ...], draws: list[tuple[float, ...]]
) -> None:
    expression = parse_expression(text)
    for values in draws:  # from the second on, the kinds are known
        pairs = zip(("one", "two", "few"), values, kinds, strict=True)
        known = {name: Quantity(value, *kind) for name, value, kind in pairs}
        careful = _told(lambda known=known: evaluate(expression, known.__getitem__, CALENDAR))  # type: ignore[misc]
        quick = _told(lambda known=known: arithmetic(text, CALENDAR).of(known))  # type: ignore[misc]

        assert quick == careful


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("one / two", "this divides by zero"),
        ("one * few", "this grows beyond what can be calculated with; the limit is 1e300"),
        ("odd * odd", "this product is too small to calculate with"),
        ("odd / few", "this quotient is too small to calculate with"),
        ("sqrt(two - one)", "a negative number has no square root"),
        ("log(two)", "only a number above zero has a logarithm"),
    ],
)
def test_what_has_no_value_is_refused_the_second_time_too(text: str, wrong: str) -> None:
    fine = {name: Quantity(2.0) for name in ("one", "two", "few", "odd")} | {"one": Quantity(1.0)}
    faulty = dict(zip(fine, map(Quantity, (10.0, 0.0, 1e300, 1e-200)), strict=True))
    assert math.isfinite(arithmetic(text, CALENDAR).of(fine).value)

    with pytest.raises(ExpressionError) as refused:
        arithmetic(text, CALENDAR).of(faulty)

    assert refused.value.message == wrong


def test_a_month_is_as_long_as_the_calendar_says() -> None:
    usual, longer = CALENDAR, Calendar(31 * 86400.0)
    lengths = [arithmetic("1month", calendar).of({}).value for calendar in (usual, longer, usual, longer)]

    assert lengths == [30 * 86400.0, 31 * 86400.0] * 2
