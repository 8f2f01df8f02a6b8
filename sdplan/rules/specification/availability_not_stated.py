"""A component states no availability.

**What it does.** Lists components that flows call and that state neither `availability`, `sla` nor
`mtbf`.

**Why it matters.** They count as always up, so every availability that depends on them reads "at most".

**What to do instead.** State `availability: 99.9%` of one replica, or the `sla` of the managed whole. A
number from your own incident log is better than one from a brochure.
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

CODE = "SP904"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms}  # <- SP904
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component that counts as always up."""
    return uncounted(CODE, SEVERITY, solution)
