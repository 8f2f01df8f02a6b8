"""Effort: how many variants of a design one review may solve, so that no check takes minutes.

The limit is a number of solves and not a time: the same design gets the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution

_LEFT: ContextVar[list[int] | None] = ContextVar("_LEFT", default=None)
_RECORDS = 150_000  # that all variants of one review may have together, so that none takes minutes
_FEWEST, _MOST = 6, 150  # variants of one review


@contextmanager
def few_variants(solution: Solution) -> Iterator[None]:
    """Solve so many variants of a design at most, fewer of a large one; those beyond have no solution."""
    token = _LEFT.set([min(_MOST, max(_FEWEST, _RECORDS // max(1, len(solution.records))))])
    try:
        yield
    finally:
        _LEFT.reset(token)


def one_more() -> bool:
    """Whether one more variant may be solved; it counts as solved then."""
    left = _LEFT.get()
    if left is None:
        return True
    left[0] -= 1
    return left[0] >= 0
