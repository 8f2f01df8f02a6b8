import pytest
from hypothesis import given
from hypothesis import strategies as st
from latex2mathml.converter import convert

from sdplan.expressions import evaluate, parse_expression, to_latex, to_text
from sdplan.units import Quantity

SHOWN = {"new_links": "1.16k/s", "reads": "100", "a": "1", "b": "2", "c": "3"}
SYMBOLS = {"new_links": "n", "reads": "r", "a": "a", "b": "b", "c": "c", "entities.link.size": "S_{link}"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("new_links * reads", "1.16k/s * 100"),
        ("length_free * 2", None),
        ("1 / new_links", "1 / (1.16k/s)"),
        ("a - (b - c)", "1 - (2 - 3)"),
        ("a - (b + c)", "1 - (2 + 3)"),
        ("a + (b - c)", "1 + 2 - 3"),
        ("a / (b * c)", "1 / (2 * 3)"),
        ("(a + b) * c", "(1 + 2) * 3"),
        ("(a * b) + c", "1 * 2 + 3"),
        ("(a ^ b) ^ c", "(1^2)^3"),
        ("a ^ (b + c)", "1^(2 + 3)"),
        ("max(a, b) / day", "max(1, 2) / day"),
        ("ceil(350B / 4KB)", "ceil(350B / 4KB)"),
    ],
)
def test_names_are_replaced_and_brackets_kept_where_they_matter(text: str, shown: str | None) -> None:
    expected = shown or text

    assert expected == to_text(parse_expression(text), lambda name: SHOWN.get(name, name))


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("new_links * reads", r"n \cdot r"),
        ("a / b * c", r"\frac{a \cdot c}{b}"),
        ("a / b / c", r"\frac{a}{b \cdot c}"),
        ("(a + b) / c", r"\frac{a + b}{c}"),
        ("(a + b) * c", r"\left(a + b\right) \cdot c"),
        ("a - (b - c)", r"a - \left(b - c\right)"),
        ("a ^ 2", "{a}^{2}"),
        ("(a + b) ^ c", r"{\left(a + b\right)}^{c}"),
        ("sqrt(a / b)", r"\sqrt{\frac{a}{b}}"),
        ("ceil(entities.link.size / 4KB)", r"\left\lceil \frac{S_{link}}{4\,\mathrm{KB}}\right\rceil"),
        ("max(a, 60%)", r"\max\left(a, 60\,\%\right)"),
        ("log(a) / log(2)", r"\frac{\ln\left(a\right)}{\ln\left(2\right)}"),
        ("1e-03 / day", r"\frac{1 \cdot 10^{-3}}{\mathrm{day}}"),
        ("3x", "3"),
        ("floor(a)", r"\left\lfloor a\right\rfloor"),
    ],
)
def test_latex_shows_quotients_as_fractions(text: str, latex: str) -> None:
    written = to_latex(parse_expression(text), SYMBOLS.__getitem__)

    assert latex == written
    assert "&" not in written
    assert convert(written).startswith("<math")


TREES = st.recursive(
    st.sampled_from(["a", "b", "c", "7", "2.5"]),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner)
        | st.builds(
            "({} {} {} {} {})".format, inner, st.sampled_from("*/"), inner, st.sampled_from("*/"), inner
        )
    ),
    max_leaves=8,
).filter(lambda text: len(text) <= 400)
VALUES = {"a": Quantity(3.7), "b": Quantity(11.3), "c": Quantity(0.19)}


def number(text: str) -> float | None:
    try:
        return float(eval(text, {name: quantity.value for name, quantity in VALUES.items()}))
    except ZeroDivisionError:
        return None


@given(TREES)
def test_what_is_written_as_text_reads_back_to_the_same_value(text: str) -> None:
    again = to_text(parse_expression(text), lambda name: name)
    value = number(text)

    assert value is None or evaluate(parse_expression(again), VALUES.__getitem__).value == pytest.approx(
        value, rel=1e-9, abs=1e-9
    )


@given(TREES)
def test_what_is_written_as_latex_has_the_same_value(text: str) -> None:
    latex = to_latex(parse_expression(text), lambda name: name)
    python = latex.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\cdot", "*")
    python = python.replace(r"\frac{", "((").replace("}{", ")/(").replace("}", "))")
    value = number(text)

    assert value is None or number(python) == pytest.approx(value, rel=1e-9, abs=1e-9)
