"""The review: every rule over a design and its solution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.rules import registry
from sdplan.solve.effort import few_variants

if TYPE_CHECKING:
    from sdplan.findings import Finding
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design


def review(design: Design, solution: Solution) -> list[Finding]:
    """What the rules find, in the order of their codes and, within one, in that of the design."""
    checks = [rule.check for rule in registry().values() if rule.check is not None]
    with few_variants(solution):
        return [finding for check in checks for finding in check(design, solution)]
