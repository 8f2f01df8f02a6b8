"""A cost SLO is missed.

**What it does.** Reports a design, or a component, that costs more than an SLO allows, at its calendar
mean load.

**Why it matters.** The budget is what decides whether the design is built.

**What to do instead.** The chain names the largest item and what it is charged for. Where a component
has more nodes than its load needs, the hint says what it would cost with as many as it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.expense import cheaper, expense
from sdplan.rules.verdicts import headline, missed

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "CO101"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 6, service_time: 5ms, availability: 99.9%, price: {hour: 0.5 USD/h}}
slos:
  budget: {cost: 1k USD/month}  # <- CO101
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 2, service_time: 5ms, availability: 99.9%, price: {hour: 0.5 USD/h}}
slos:
  budget: {cost: 1k USD/month}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("cost", solution):
        because, hint = expense(verdict, solution), cheaper(verdict, solution)
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), hint, because)
