"""The time of a solve grows with the design and no faster."""

from __future__ import annotations

from tests.bench.solving import solve_once


def test_four_times_the_design_takes_no_more_than_eight_times_as_long() -> None:
    """Times of one run, so that a slow machine is slow for both; a square law would make it sixteen."""
    solve_once(10, 2)  # imports, and what is compiled once
    small, large = (solve_once(40 * n, 8 * n, "mean").seconds for n in (1, 4))

    assert large <= 8 * small
