"""A component states no price.

**What it does.** Lists components without a price in a design that has an SLO on cost.

**Why it matters.** What they cost is missing from the sum, so the cost reads "at least".

**What to do instead.** State `price: {hour: 0.34 USD/h}` a replica, `price: {month: 200 USD/month}` for
the whole, or a price for what it meters.
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

CODE = "SP905"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api > db]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%, price: {hour: 0.34 USD/h}}
  db: {kind: database, service_time: 1ms, sla: 99.9%}  # <- SP905
slos:
  budget: {cost: 5k USD/month}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api > db]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%, price: {hour: 0.34 USD/h}}
  db: {kind: database, service_time: 1ms, sla: 99.9%, price: {month: 400 USD/month}}
slos:
  budget: {cost: 5k USD/month}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component that the cost leaves out."""
    return uncounted(CODE, SEVERITY, solution)
