"""A wait SLO is missed.

**What it does.** Reports a percentile of the wait in front of a component that lies above what an SLO
asks for.

**Why it matters.** Waiting is the part of latency that adding capacity removes, so a budget for it says
early when the capacity is spent.

**What to do instead.** Add the nodes that the hint names, or lower the load. A shorter service time
helps twice: the call is shorter, and the queue in front of it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.slowness import quicker, slowness
from sdplan.rules.verdicts import headline, missed

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "LT102"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 150/s, steps: [api]}
components:
  api: {kind: service, replicas: 1, cores: 1, service_time: 5ms, availability: 99.9%, target_utilization: 80%}
slos:
  short-queue: {component: api, wait: {p99: 20ms}}  # <- LT102
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 40/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  short-queue: {component: api, wait: {p99: 20ms}}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("wait", solution):
        because, hint = slowness(verdict, solution), quicker(verdict, solution)
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), hint, because)
