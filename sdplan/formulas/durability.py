"""Durability: the mean time until data are lost, for copies and erasure codes.

The chain of failures and repairs is summed from positive terms; solving its linear equations loses every
digit for long codes.  An independent number means little beside what strikes all copies at once.
"""

from __future__ import annotations

from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula

_FORD = "Ford, Labelle, Popovici, Stokely, Truong, Barroso, Grimes and Quinlan 2010, OSDI 9, s. 8.2"
_INDEPENDENT = (
    "Fragments fail and are repaired independently, with exponential times. Sites, operators and software "
    "that strike several at once set a floor far above it."
)
_OUTSIDE = "With fewer fragments than are needed the data are lost; beyond a thousand only zero is given."


def _kept(*, mtbf: Any, mttr: Any, fragments: Any, fragments_needed: Any) -> Any:
    return (fragments_needed >= 1) & (fragments_needed <= fragments) & (fragments <= 1000)


def _chain_sum(mtbf: Any, mttr: Any, low: Any, high: Any, repairs: Any) -> Any:
    """Time spent with i fragments left, summed over i; `repairs` is the product of crews at work."""
    import sympy

    i, j = sympy.Symbol("i", integer=True, positive=True), sympy.Symbol("j", integer=True, positive=True)
    term = (mtbf / mttr) ** (j - i) * sympy.factorial(i - 1) / sympy.factorial(j) * repairs(i, j)
    return mtbf * sympy.Sum(term, (j, i, high), (i, low, high))


def _serial(*, mtbf: Any, mttr: Any, fragments: Any, fragments_needed: Any) -> Any:
    return _chain_sum(mtbf, mttr, fragments_needed, fragments, lambda i, j: 1)


def _parallel(*, mtbf: Any, mttr: Any, fragments: Any, fragments_needed: Any) -> Any:
    import sympy

    def crews(i: Any, j: Any) -> Any:
        return sympy.factorial(fragments - i) / sympy.factorial(fragments - j)

    return _chain_sum(mtbf, mttr, fragments_needed, fragments, crews)


@formula(
    "T_s",
    source=_FORD,
    validity=f"One repair at a time. {_INDEPENDENT}",
    outside=_OUTSIDE,
    domain=_kept,
    limit=0.0,
    define=_serial,
)
def time_to_data_loss_serial(*, mtbf: float, mttr: float, fragments: float, fragments_needed: float) -> float:
    """Mean time until too few fragments are left, with one repair at a time [s]."""
    return xp.elementwise(_serial_chain, mtbf, mttr, fragments, fragments_needed)


@formula(
    "T_p",
    source=_FORD,
    validity=f"All missing fragments are repaired at once. {_INDEPENDENT}",
    outside=_OUTSIDE,
    domain=_kept,
    limit=0.0,
    define=_parallel,
)
def time_to_data_loss_parallel(
    *, mtbf: float, mttr: float, fragments: float, fragments_needed: float
) -> float:
    """Mean time until too few fragments are left, with all repairs at once [s]."""
    return xp.elementwise(_parallel_chain, mtbf, mttr, fragments, fragments_needed)


def _serial_chain(mtbf: float, mttr: float, fragments: float, needed: float) -> float:
    return _chain(mtbf, mttr, fragments, needed, crews=1.0)


def _parallel_chain(mtbf: float, mttr: float, fragments: float, needed: float) -> float:
    return _chain(mtbf, mttr, fragments, needed, crews=fragments)


def _chain(mtbf: float, mttr: float, fragments: float, needed: float, crews: float) -> float:
    """Sum of the mean times spent with so many fragments left, from all of them down to those needed."""
    total = passage = 0.0
    for left in range(int(min(fragments, 1000)), int(min(max(1, needed), 1001)) - 1, -1):
        repairs = min(crews, fragments - left) * (mtbf / max(mttr, 1e-300))
        passage = mtbf / left + (repairs / left * passage if passage else 0.0)
        total += passage
    return total
