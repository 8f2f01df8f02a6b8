"""LaTeX to MathML, and code where that would go wrong."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from sdplan.formulas import registry
from sdplan.render.mathml import mathml, text


@pytest.mark.parametrize("name", sorted(registry()))
def test_every_formula_becomes_well_formed_mathml(name: str) -> None:
    element = mathml(registry()[name].latex(), block=True)

    assert fromstring(element).tag == "math"


def test_a_fraction_is_a_fraction() -> None:
    root = fromstring(mathml(r"\rho = \frac{a}{c}"))

    assert ["".join(part.itertext()) for part in next(root.iter("mfrac"))] == ["a", "c"]
    assert "".join(root.itertext()) == "ρ=ac"


@pytest.mark.parametrize("latex", [r"\begin{aligned}a &= b\end{aligned}", "a & b", r"\frac{1}{"])
def test_what_cannot_be_converted_is_shown_as_code(latex: str) -> None:
    element = fromstring(mathml(latex))

    assert element.tag == "code"
    assert element.text == latex


def test_words_in_an_equation_stay_words() -> None:
    words = "59.3 % of new_links {x} \\y <b> & 'c'"

    assert "".join(fromstring(mathml(text(words))).itertext()).replace("\u00a0", " ") == words
