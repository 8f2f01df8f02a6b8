"""The wait for a free worker is not computed.

**What it does.** Lists components whose `workers` are held while they call others, where the wait for a
free worker is left out of the latency.

**Why it matters.** A pool that is nearly all held makes its callers wait, so latencies through it read
at least.

**What to do instead.** Keep the held share of the pool well below 100 %: state more `workers`, or
shorten what they wait for.
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

CODE = "SP902"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, request: 2KB, steps: [api > db]}
components:
  api: {kind: service, cores: 4, workers: 50, service_time: 5ms, availability: 99.9%}  # <- SP902
  db: {kind: database, service_time: 5ms, sla: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, request: 2KB, steps: [api > db]}
components:
  api: {kind: service, cores: 4, service_time: 5ms, availability: 99.9%}
  db: {kind: database, service_time: 5ms, sla: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each pool whose wait is left out."""
    return uncounted(CODE, SEVERITY, solution)
