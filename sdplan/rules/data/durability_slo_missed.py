"""A durability SLO is missed.

**What it does.** Reports a store, or the worst of all stores, that loses a piece of data in a year with a
higher probability than an SLO allows.

**Why it matters.** Data that are lost do not come back, while every other failure ends.

**What to do instead.** Keep more copies or rebuild a lost one sooner, as long as copies fail one by one. Once
`site_loss` is the larger part only copies in another place help.
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

CODE = "DA101"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"
_HINT = "more copies or a shorter `rebuild` where disks are the cause; another site where `site_loss` is"

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
    copies: 2
    disk_failures: 1.4%/year
    rebuild: 24h
    site_loss: 1/100000y
slos:
  kept: {component: db, durability: 8 nines}  # <- DA101
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
    copies: 3
    disk_failures: 1.4%/year
    rebuild: 24h
    site_loss: 1/1000000000y
slos:
  kept: {component: db, durability: 8 nines}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("durability", solution):
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), _HINT)
