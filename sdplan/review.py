"""The review: every rule over a design and its solution."""

from __future__ import annotations

from sdplan.findings import Finding
from sdplan.solve.solution import Solution
from sdplan.spec.design import Design


def review(design: Design, solution: Solution) -> list[Finding]:
    """What every rule finds."""
    return []
