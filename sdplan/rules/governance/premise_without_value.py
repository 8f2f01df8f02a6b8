"""The condition of a decision cannot be judged.

**What it does.** Reports a `holds_while` that needs a number which this design does not have.

**Why it matters.** Nobody can tell whether the decision still stands.

**What to do instead.** Mend what the message names, or write the condition with numbers that exist in
this design.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "GV105"
SEVERITY: Severity = "warning"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 300/s, steps: [api]}
components:
  api: {kind: service, replicas: 1, cores: 1, service_time: 5ms, availability: 99.9%}
decisions:
  ADR-1:
    title: Answer while the caller waits
    status: accepted
    holds_while: flows.order.latency.p99 < 100ms  # <- GV105
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
decisions:
  ADR-1:
    title: Answer while the caller waits
    status: accepted
    holds_while: flows.order.latency.p99 < 100ms
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each condition that could not be judged."""
    for premise in solution.decisions:
        if premise.met is None:
            message = f"whether {premise.path[1]} still stands cannot be judged: {premise.reason}"
            yield Finding(CODE, SEVERITY, premise.path, message)
