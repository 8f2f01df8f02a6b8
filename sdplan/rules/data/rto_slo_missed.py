"""An objective on the time to recover (RTO) is missed.

**What it does.** Reports a store that is away for longer than an SLO allows after its node was lost.

**Why it matters.** Everything that needs the store waits for it for as long.

**What to do instead.** Keep a second copy that can take over, or restore faster: from a nearer backup, or
less of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import headline, missed

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "DA103"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"
_HINT = "keep a second copy to fail over to, or restore faster"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 1/s, request: 1KB, steps: [db: {op: write}]}
entities:
  row: {size: 1KB, count: 1M, keep: {db: forever}}
components:
  db:
    kind: database
    service_time: 5ms
    cores: 4
    sla: 99.9%
    backup: {every: 24h, restore: 6h}
slos:
  kept: {component: db, rto: 1h}  # <- DA103
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 1/s, request: 1KB, steps: [db: {op: write}]}
entities:
  row: {size: 1KB, count: 1M, keep: {db: forever}}
components:
  db:
    kind: database
    service_time: 5ms
    cores: 4
    sla: 99.9%
    backup: {every: 24h, restore: 30min}
slos:
  kept: {component: db, rto: 1h}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("rto", solution):
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), _HINT)
