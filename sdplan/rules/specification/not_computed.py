"""Something that the design states is not computed yet.

**What it does.** Lists what is read and checked and has no effect on the numbers yet, with the direction
in which they are off.

**Why it matters.** A number that leaves something out is a bound, and a reader has to know in which
direction.

**What to do instead.** Read the numbers that it names as bounds. Nothing in the design has to change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import uncounted

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "SP903"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, request: 2KB, steps: [resize]}
components:
  resize:
    kind: function
    service_time: 5ms
    availability: 99.9%
    cold_start: 300ms  # <- SP903
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, request: 2KB, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each statement without effect."""
    return uncounted(CODE, SEVERITY, solution)
