from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdplan.expressions import (
    Call,
    Chain,
    Constant,
    ExpressionError,
    Literal,
    Name,
    Power,
    Step,
    evaluate,
    names,
    parse_comparison,
    parse_expression,
)
from sdplan.units import Quantity


def test_a_product_is_one_chain_from_left_to_right() -> None:
    expected = Chain(
        Name("new_links", 0), (Step("*", Name("reads", 12), 10), Step("/", Constant("s", 20), 18)), 10
    )

    assert expected == parse_expression("new_links * reads / s")


def test_powers_bind_tighter_than_products_and_to_the_right() -> None:
    power = Power(Literal("3", 4), Power(Literal("2", 8), Literal("2", 12), 10), 6)

    assert Chain(Literal("2", 0), (Step("*", power, 2),), 2) == parse_expression("2 * 3 ^ 2 ^ 2")


def test_min_is_a_function_before_a_bracket_and_a_minute_elsewhere() -> None:
    smaller = Call("min", (Literal("2", 4), Literal("3", 7)), 0)

    assert Chain(smaller, (Step("/", Constant("min", 12), 10),), 10) == parse_expression("min(2, 3) / min")


@pytest.mark.parametrize(
    "path",
    [
        "new_links",
        "entities.link.size",
        "components.hot-links.hit",
        "components.api@eu.rate",
        "components.links.uses.rcu",
        "flows.redirect.latency.p99",
        "flows.redirect.latency.p99.9",
        "flows.redirect.latency.p99.99",
        "decisions.ADR-0001.value",
    ],
)
def test_a_name_is_an_input_or_a_full_path(path: str) -> None:
    assert Name(path, 0) == parse_expression(path)
    assert (Name(path, 4),) == names(parse_expression(f"2 * {path} / day"))


def test_names_come_in_the_order_of_the_text_without_the_units() -> None:
    found = names(parse_expression("a * max(b, c.d-e ^ f) / day - a"))

    assert [name.text for name in found] == ["a", "b", "c.d-e", "f", "a"]


def test_a_comparison_has_two_sides() -> None:
    comparison = parse_comparison("entities.link.stored > 10TB")

    assert (Name("entities.link.stored", 0), ">", Literal("10TB", 23), 21) == comparison
    assert [name.text for name in names(comparison)] == ["entities.link.stored"]
    assert [parse_comparison(f"a {sign} b").operator for sign in ("<", "<=", ">", ">=")] == [
        "<",
        "<=",
        ">",
        ">=",
    ]


REFUSALS = [
    ("a-b", 1, "between spaces", "`a - b`"),
    ("a -b", 2, "between spaces", "`a - b`"),
    ("a- b", 1, "between spaces", "`a - b`"),
    ("a.b- c", 3, "between spaces", "`a.b - c`"),
    ("new-links * 2", 3, "between spaces", "`new - links`"),
    ("5-3", 1, "between spaces", "`5 - 3`"),
    ("(a)-b", 3, "between spaces", ""),
    ("-a", 0, "between two numbers", "`0 - x`"),
    ("2 * -a", 4, "between two numbers", "`0 - x`"),
    ("5 MB", 2, "glued", "`5MB`"),
    ("8k links", 3, "no labels", "`8k`"),
    ("100M links/day", 5, "no labels", "links"),
    ("a b", 2, "operator is missing", ""),
    ("(a", 0, "not closed", ""),
    ("max(a, (b)", 3, "not closed", ""),
    ("a)", 1, "never opened", ""),
    ("a, b", 1, "commas", ""),
    ("(a, b)", 0, "commas", ""),
    ("2 *", 3, "missing at the end", ""),
    ("", 0, "missing at the end", ""),
    ("2 * / 3", 4, "missing before `/`", ""),
    ("()", 1, "missing before `)`", ""),
    ("factorial(10^9)", 0, "no function `factorial`", "ceil"),
    ("ceil(1, 2)", 0, "takes one number, not 2", ""),
    ("max(1)", 0, "two numbers or more, not 1", ""),
    ("2 ** 3", 2, "one sign", "`^`"),
    ("a == b", 2, "compared", "`a <= b`"),
    ("a = b", 2, "no `=`", ""),
    ("a < b", 2, "no place here", "holds"),
    ("10 % 7", 3, "no remainder", "`60%`"),
    ("100:1 * a", 3, "ratio", ""),
    ("2 × 3", 2, "star", "`*`"),
    ("2 − 1", 2, "typographic minus", "`-`"),
    ("{{ a }}", 0, "round brackets", ""),
    ("1_000 * a", 1, "not grouped", "`1000`"),
    ("2 * 5m", 5, "month, a minute", "`min`"),
    ("a * 5kreq", 5, "could be", ""),
    ("__import__('os').system('touch PWNED')", 0, "no place", ""),
    ("().__class__.__base__.__subclasses__()", 2, "`.` has no place", ""),
    ("open('/etc/passwd').read()", 5, "`'` has no place", ""),
    ("(lambda: 1)()", 7, "", ""),
    ("[c for c in ().__class__.__mro__]", 0, "round brackets", ""),
    ("'a'*10^10", 0, "no place", ""),
    ("x" * 501, 500, "at most 500 characters", ""),
    ("(" * 33 + "a" + ")" * 33, 32, "at most 32 levels", ""),
    ("2^" * 33 + "2", 65, "at most 32 levels", ""),
]


@pytest.mark.parametrize(
    ("text", "offset", "message", "hint"), REFUSALS, ids=[row[0][:30] for row in REFUSALS]
)
def test_what_is_no_expression_is_refused_in_its_own_words_at_its_own_place(
    text: str, offset: int, message: str, hint: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert offset == caught.value.offset


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("a", 1, "compares two numbers"),
        ("a < b < c", 6, "no place here"),
        ("a >", 3, "missing at the end"),
        ("a = b", 2, "no `=`"),
        ("a b", 2, "operator is missing"),
        ("(a < b)", 3, "no place here"),
    ],
)
def test_what_is_no_comparison_is_refused_where_it_goes_wrong(text: str, offset: int, message: str) -> None:
    with pytest.raises(ExpressionError, match=message) as caught:
        parse_comparison(text)

    assert offset == caught.value.offset


PIECES = st.lists(
    st.sampled_from(
        [*"019 .()+-*/^,%", "a", "day", "5MB", " - ", "max(", "min", "log(", "ceil(", "sqrt(", "flows.x.p99"]
    )
)


@given(st.text(max_size=510) | PIECES.map("".join))
def test_any_text_has_a_value_or_an_error_inside_the_text(text: str) -> None:
    try:
        value = evaluate(parse_expression(text), {"a": Quantity(3.0)}.__getitem__).value
    except ExpressionError as error:
        assert 0 <= error.offset <= len(text)  # noqa: PT017
        assert error.message and not error.message.endswith(".")  # noqa: PT017
    else:
        assert abs(value) <= 1e300


def test_thirty_two_levels_and_long_chains_are_read() -> None:
    assert Name("a", 32) == parse_expression("(" * 32 + "a" + ")" * 32)
    assert evaluate(parse_expression("+".join("a" * 250)), lambda name: Quantity(1.0)).value == 250


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9^9",
        "2^(10^10)",
        "10^10^10",
        "9**9**9**9",
        "factorial(10**9)",
        "(" * 100_000,
        "-" * 100_000,
        "x+" * 100_000,
        "(" * 499,
        "+".join("9" * 64 for _ in range(7)) + " * 1e299",
        "^".join(["9"] * 33),
        "1e999 * 2",
        "a." * 249,
        "s * " * 60 + "s",
        "1e" + "9" * 400,
        "a-" * 249,
    ],
)
def test_hostile_expressions_end_as_an_error_in_less_than_five_milliseconds(text: str) -> None:
    taken = []
    for _ in range(3):
        start = perf_counter()
        with pytest.raises(ExpressionError):
            evaluate(parse_expression(text), {}.__getitem__)
        taken.append(perf_counter() - start)

    assert min(taken) < 0.005
