"""Calls carry no size.

**What it does.** Lists the components whose calls state neither a request nor a response size.

**Why it matters.** Their bytes count as 0, so bandwidth, and prices by the byte, read too low.

**What to do instead.** State `request` and `response` at the flow or at the call, or name the `entity`
that the call moves.
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

CODE = "SP901"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order:
    rate: 100/s
    steps:
      - api  # <- SP901
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, request: 2KB, response: 1KB, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component that is called without a size."""
    return uncounted(CODE, SEVERITY, solution)
