"""An objective on lost writes (RPO) is missed.

**What it does.** Reports a store that may lose the writes of a longer time than an SLO allows when the node
that took them is lost.

**Why it matters.** A write that was answered and is gone is an error that nobody sees at the time.

**What to do instead.** Let a second copy confirm each write (`write_quorum: quorum`), shorten the lag of the
copies, or back up more often.
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

CODE = "DA102"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"
_HINT = "state `write_quorum: quorum`, a shorter `lag`, or a shorter `backup: {every: …}`"

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
    backup: {every: 24h, restore: 1h}
slos:
  kept: {component: db, rpo: 1h}  # <- DA102
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
    backup: {every: 15min, restore: 1h}
slos:
  kept: {component: db, rpo: 1h}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("rpo", solution):
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), _HINT)
