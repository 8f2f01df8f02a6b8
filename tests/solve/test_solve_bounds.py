"""Bounds: which way a number may be off follows from how it depends on what went into it."""

import pytest

from sdplan.solve.bounds import BOTH, inherited
from sdplan.solve.solution import Record

UPPER = Record(("u",), 2.0, label="bound")
LOWER = Record(("l",), 3.0, label="bound", prefix="at least ")
EXACT = Record(("e",), 5.0)
ROUGH = Record(("r",), 7.0, label="approximation", note="rough")


def test_what_grows_with_an_upper_bound_is_one() -> None:
    trusted = inherited("exact", {"u": UPPER, "e": EXACT}, lambda v: v["u"] * v["e"])

    assert (trusted.label, trusted.prefix) == ("bound", "")


def test_what_falls_as_an_upper_bound_rises_is_a_lower_bound() -> None:
    trusted = inherited("exact", {"u": UPPER}, lambda v: 10 - v["u"])

    assert (trusted.label, trusted.prefix) == ("bound", "at least ")


def test_what_falls_as_a_lower_bound_rises_is_at_most() -> None:
    trusted = inherited("exact", {"l": LOWER}, lambda v: 1 / v["l"])

    assert trusted.label == "bound"
    assert trusted.prefix != "at least "


def test_bounds_in_both_directions_bound_nothing() -> None:
    trusted = inherited("exact", {"u": UPPER, "l": LOWER}, lambda v: v["u"] + v["l"])

    assert trusted == ("approximation", BOTH, "")


def test_what_rests_on_an_approximation_is_no_bound() -> None:
    trusted = inherited("exact", {"u": UPPER, "r": ROUGH}, lambda v: v["u"] * v["r"])

    assert (trusted.label, trusted.note) == ("approximation", "rough")


@pytest.mark.parametrize("count", [1.0, 7.0])
def test_whole_numbers_that_go_in_steps_keep_the_direction(count: float) -> None:
    import math

    trusted = inherited("exact", {"l": LOWER}, lambda v: math.ceil(count * v["l"]))

    assert trusted.prefix == "at least "
