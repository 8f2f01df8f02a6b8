"""A freshness SLO is missed.

**What it does.** Reports a flow that messages trigger, whose results are older than an SLO allows:
counted from the start of the run that published to the end of the run that was triggered.

**Why it matters.** The batch cycle is usually most of it, and no capacity shortens a cycle.

**What to do instead.** The chain lists what the time is made of. Run the batch more often if the cycle
is the largest part, else shorten the largest part of the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.staleness import fresher, staleness
from sdplan.rules.verdicts import headline, missed

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "ST101"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [changes: {op: write}]}
  index:
    trigger: {stream: changes, every: 60s, batch: 10k}
    steps: [indexer]
components:
  changes: {kind: stream, message: 1KB, sla: 99.9%}
  indexer: {kind: worker, service_time: {fixed: 1s}, availability: 99.9%}
slos:
  fresh: {flow: index, freshness: {max: 30s}}  # <- ST101
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [changes: {op: write}]}
  index:
    trigger: {stream: changes, every: 20s, batch: 10k}
    steps: [indexer]
components:
  changes: {kind: stream, message: 1KB, sla: 99.9%}
  indexer: {kind: worker, service_time: {fixed: 1s}, availability: 99.9%}
slos:
  fresh: {flow: index, freshness: {max: 30s}}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("freshness", solution):
        because, hint = staleness(verdict, solution), fresher(verdict, solution)
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), hint, because)
