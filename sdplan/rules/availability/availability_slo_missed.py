"""An availability SLO is missed.

**What it does.** Reports a flow or component that is up less often than an SLO asks for. The
availability is the exact probability that a run can succeed, over components shared by name, at the load
of the peak.

**Why it matters.** The error budget is overdrawn before anything unusual happens.

**What to do instead.** Follow the chain to the component that takes most of it. The hint has replicas
and copies with which the SLO is met, if any number of them does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.downtime import downtime, sturdier
from sdplan.rules.verdicts import headline, missed

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "AV102"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99%}
slos:
  up: {flow: order, availability: 99.999%}  # <- AV102
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  up: {flow: order, availability: 99.99%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("availability", solution):
        because, hint = downtime(verdict, solution), sturdier(verdict, solution)
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), hint, because)
