"""A latency SLO is missed.

**What it does.** Reports a percentile of a flow's or a component's latency that lies above what an SLO
asks for.

**Why it matters.** The percentile is composed from the distributions of all hops at the load of the SLO,
so this is what users would see at that load, not a sum of worst cases.

**What to do instead.** Follow the chain: it names the component with the largest part, and whether its
calls wait or are worked on. The hint has the number of nodes with which the SLO is met, found by solving
the design with them; where more nodes do not help, it has the time that is left to that component.
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

CODE = "LT101"
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
  fast: {flow: order, latency: {p99: 50ms}}  # <- LT101
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 50/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  fast: {flow: order, latency: {p99: 50ms}}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("latency", solution):
        because, hint = slowness(verdict, solution), quicker(verdict, solution)
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), hint, because)
