"""The solver's door: a design goes in, its solution or what stands in the way comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.expressions import ExpressionError
from sdplan.findings import Finding
from sdplan.solve.values import stated

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design


def solve(design: Design) -> tuple[Solution | None, list[Finding]]:
    """Every number of a design with where it came from, or the findings that stand in the way."""
    known, findings = stated(design)
    if findings:
        return None, findings
    from sdplan.solve.settling import settled  # brings numpy, which a design with faulty values never needs

    try:
        return settled(design, known)
    except ExpressionError as wrong:  # two stated numbers too far apart for any arithmetic between them
        hint = "look for a value that is much too large or too small"
        return None, [
            Finding("SP305", "error", (), f"a number of this design has no value: {wrong.message}", hint)
        ]
