"""An SLO on undegraded answers is missed.

**What it does.** Reports a flow that answers in full less often than an SLO asks for. Optional calls and
fallbacks, which keep a flow available, count as degraded here.

**Why it matters.** A flow that mostly answers from its fallback meets its availability and disappoints
everyone.

**What to do instead.** Make what the flow falls back from fail less often: the chain names the component
that fails most, the hint has replicas and copies with which the SLO is met.
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

CODE = "AV103"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api, tips: {optional: true}]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99.9%}
  tips: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99%}
slos:
  whole: {flow: order, undegraded: 99.999%}  # <- AV103
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api, tips: {optional: true}]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99.9%}
  tips: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99%}
slos:
  whole: {flow: order, undegraded: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("undegraded", solution):
        because, hint = downtime(verdict, solution), sturdier(verdict, solution)
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), hint, because)
