"""Colours: contrast by the formula of WCAG 2.1, and roles that the style sheet can tell apart."""

from __future__ import annotations

import itertools

import pytest

from sdplan.render.diagram.palette import GROUNDS, ROLES, TEXT_ROLES, style_sheet


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_states() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("role", "scheme"), list(itertools.product(TEXT_ROLES, ("light", "dark"))))
def test_text_is_readable_on_a_node_and_on_the_page(role: str, scheme: str) -> None:
    text = getattr(ROLES[role], scheme)

    assert contrast(text, getattr(ROLES["panel"], scheme)) >= 4.5
    assert contrast(text, getattr(GROUNDS, scheme)) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_are_seen_against_the_page(scheme: str) -> None:
    assert contrast(getattr(ROLES["line"], scheme), getattr(GROUNDS, scheme)) >= 3


@pytest.mark.parametrize(
    ("role", "scheme"), list(itertools.product(("ok", "warn", "bad"), ("light", "dark")))
)
def test_a_bar_is_told_from_its_empty_part(role: str, scheme: str) -> None:
    assert contrast(getattr(ROLES[role], scheme), getattr(ROLES["track"], scheme)) >= 3


def test_no_two_roles_share_a_light_colour() -> None:
    assert len({shade.light for shade in ROLES.values()}) == len(ROLES)


def test_every_rule_stays_below_the_diagram_it_belongs_to() -> None:
    rules = [rule for rule in style_sheet("a-diagram", 800).replace("}", "}\n").splitlines() if "{" in rule]

    assert len(rules) > len(ROLES)
    assert all("#a-diagram" in rule for rule in rules)


def test_a_diagram_that_can_scroll_keeps_three_quarters_of_its_size() -> None:
    assert ".sdplan-scroll #a-diagram{min-width:600px}" in style_sheet("a-diagram", 800)
