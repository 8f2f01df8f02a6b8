from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdplan.units import UnitError, parse_quantity

REFUSALS = [
    ("5m", 1, "month, a minute", "min"),
    ("5/m", 2, "month, a minute", "min"),
    ("8 Mb", 2, "megabit or a megabyte", "`Mbit` or `MB`"),
    ("8Gb/s", 1, "gigabit or a gigabyte", "`Gbit` or `GB`"),
    ("5K", 1, "not a unit", "`k`"),
    ("5kB", 1, "capital K", "`KB`"),
    ("5 qq", 2, "at least three letters", "GB"),
    ("5x/s/z", 5, "at least three letters", "GB"),
    ("5/dya", 2, "not a unit", "`day`"),
    ("5 mnth", 2, "not a unit", "`month`"),
    ("5 hrs", 2, "not a unit", "`h`"),
    ("5 Days", 2, "not a unit", "`days`"),
    ("3 UDS", 2, "not a unit", "`USD`"),
    ("3 usd", 2, "not a unit", "`USD`"),
    ("3 million", 2, "not a unit", "`M`"),
    ("500 rps", 4, "hides its period", "500/s"),
    ("5kreq/s", 1, "could be `k` and `req`", "`5k req`"),
    ("5links", 1, "apart from the number", "`5 links`"),
    ("20 requests per second", 12, "stroke", "`/`"),
    ("5 MB KB", 5, "at most one label", ""),
    ("5 new links", 6, "at most one label", "`/`"),
    ("1e999 GiB", 0, "too large", ""),
    ("9e299 EB", 0, "too large", ""),
    ("1e-400", 0, "too small", ""),
    ("4.9e-324", 0, "too small", ""),
    ("9" * 150, 0, "at most 64 digits", "1e15"),
    ("1" * 201, 200, "at most 200 characters", ""),
    ("", 0, "missing", "250ms"),
    ("   ", 0, "missing", "250ms"),
    ("-5ms", 0, "not negative", "minus"),
    ("-0.0", 0, "not negative", "minus"),
    ("5/-3", 2, "not negative", "minus"),
    (".inf", 0, "finite", ""),
    ("-.inf", 0, "not negative", ""),
    (".nan", 0, "finite", ""),
    ("+.INF", 0, "finite", ""),
    ("12:30:45", 5, "time of day", "12.5h"),
    ("1:59:59:59:59", 4, "time of day", ""),
    ("1:0", 2, "above zero", "100:1"),
    ("1_000", 1, "not grouped", "`1000`"),
    ("1,5", 1, "is a point", "`1.5`"),
    ("1,000", 1, "is a point", "`1000`"),
    ("1.2.3", 3, "one decimal point", ""),
    ("5.", 1, "one decimal point", ""),
    ("1 GiB**99999999", 5, "at most one label", ""),
    ("9**9**9**9 s", 1, "at most one label", ""),
    ("(" * 150, 0, "starts with a number", ""),
    ("5/0", 2, "divided by zero", ""),
    ("5/0.0s", 2, "divided by zero", ""),
    ("5/", 2, "missing", ""),
    ("5//s", 2, "starts with a number", ""),
    ("every 30", 6, "duration", "every 30s"),
    ("every 0s", 6, "above zero", "every 30s"),
    ("every", 0, "starts with a number", ""),
    ("16 nines", 0, "from 1 to 15", ""),
    ("3.5 nines", 0, "from 1 to 15", "99.95%"),
    ("$5", 0, "code after the number", "`5 USD`"),
    ("5€", 1, "code after the number", "EUR"),
    ("5µs", 1, "microsecond", "`5us`"),
    ("3 USD/EUR", 6, "EUR", "one currency"),
    ("NO", 0, "starts with a number", ""),
    ("2026-01-01", 4, "at most one label", ""),
    ("5 dаys", 3, "at most one label", ""),  # a Cyrillic letter
]


@pytest.mark.parametrize(("text", "offset", "message", "hint"), REFUSALS)
def test_what_is_no_quantity_is_refused_in_its_own_words_at_its_own_place(
    text: str, offset: int, message: str, hint: str
) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(text)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert offset == caught.value.offset


def test_an_ordinary_word_one_letter_from_a_unit_is_a_label() -> None:
    assert parse_quantity("5/moth").value == 5.0


def test_the_sentences_say_what_to_write_and_can_be_followed() -> None:
    for wrong, right in [
        ("5K", "5k"),
        ("1_000", "1000"),
        ("1,5", "1.5"),
        ("5links", "5 links"),
        ("5µs", "5us"),
    ]:
        with pytest.raises(UnitError) as caught:
            parse_quantity(wrong)

        assert right in caught.value.hint or right[1:] in caught.value.hint
        parse_quantity(right)


PIECES = st.lists(
    st.sampled_from([*"0159 .:/%-+eExkMBmsdh,_", "bn", "GB", "every ", "day", "USD", "nines", "links"])
)


@given(st.text(max_size=210) | PIECES.map("".join))
def test_any_text_is_a_finite_quantity_or_refused_inside_the_text(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except UnitError as error:
        assert 0 <= error.offset <= len(text)  # noqa: PT017
        assert error.message and not error.message.endswith(".")  # noqa: PT017
    else:
        assert 0 <= quantity.value <= 1e300


@pytest.mark.parametrize(
    "text",
    [
        "1e999 GiB",
        "1 GiB**99999999",
        "(" * 100_000,
        "9" * 5000,
        "1" + ":59" * 20_000,
        " " * 100_000 + "1",
        "a-" * 100_000,
        "1 " + "a-" * 99,
        "1" + "/1" * 98 + "/?",
        "1e" + "9" * 190,
        "1" + " " * 198 + "?",
    ],
)
def test_hostile_text_is_refused_in_less_than_five_milliseconds(text: str) -> None:
    taken = []
    for _ in range(3):
        start = perf_counter()
        with pytest.raises(UnitError):
            parse_quantity(text)
        taken.append(perf_counter() - start)

    assert min(taken) < 0.005
