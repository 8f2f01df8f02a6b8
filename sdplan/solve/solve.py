"""The solver's door: a design goes in, its solution or what stands in the way comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.expressions import ExpressionError
from sdplan.findings import Finding
from sdplan.solve.values import stated

if TYPE_CHECKING:
    from sdplan.solve.asked import Asked
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design


def solve(design: Design) -> tuple[Solution | None, list[Finding]]:
    """Every number of a design with where it came from, and its scenarios; or what stands in the way."""
    solution, findings = solve_alone(design)
    if solution is None or not design.scenarios:
        return solution, findings
    from sdplan.solve.scenarios import outcomes

    found, wrong = outcomes(solution)
    return solution._replace(scenarios=found), [*findings, *wrong]


def solve_alone(
    design: Design, asked: Asked | None = None, like: Solution | None = None
) -> tuple[Solution | None, list[Finding]]:
    """Every number of a design as it is, its scenarios left aside; or what stands in the way.

    Percentiles are computed for what is asked for alone, where that is said.  The rounds begin with what
    the solution of a design like this one has settled on.
    """
    known, findings = stated(design)
    if findings:
        return None, findings
    from sdplan.solve.asked import EVERYTHING
    from sdplan.solve.rounds import NOTHING_SETTLED
    from sdplan.solve.settling import settled  # brings numpy, which a design with faulty values never needs

    try:
        start = NOTHING_SETTLED if like is None else like.settled or NOTHING_SETTLED
        return settled(design, known, asked or EVERYTHING, start)
    except ExpressionError as wrong:  # two stated numbers too far apart for any arithmetic between them
        hint = "look for a value that is much too large or too small"
        return None, [
            Finding("SP305", "error", (), f"a number of this design has no value: {wrong.message}", hint)
        ]
