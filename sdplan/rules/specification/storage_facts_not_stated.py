"""A store does not say what its durability or its disk writes depend on.

**What it does.** Lists stores whose durability an SLO asks for and that do not say how often a copy fails,
or what may strike all copies at once, and engines without the sizes that their write amplification needs.

**Why it matters.** Copies that fail independently give numbers of many nines that no system has: a site,
an operator or a fault of the software strikes all of them at once and sets the floor.

**What to do instead.** State `disk_failures: 1.4%/year`, `rebuild: 24h` and `site_loss: 1/10000y`, or the
`durability` that is promised for the whole; for an engine the sizes that the message names.
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

CODE = "SP909"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 1/s, request: 1KB, steps: [db: {op: write}]}
entities:
  row: {size: 1KB, count: 1M, keep: {db: forever}}
components:
  db:  # <- SP909
    {kind: database, copies: 3, service_time: 5ms, cores: 4, disk_failures: 1.4%/year, rebuild: 24h}
slos:
  kept: {component: db, durability: 9 nines}
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
    copies: 3
    service_time: 5ms
    cores: 4
    sla: 99.9%
    disk_failures: 1.4%/year
    rebuild: 24h
    site_loss: 1/100000y
slos:
  kept: {component: db, durability: 4 nines}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each fact that is missing."""
    return uncounted(CODE, SEVERITY, solution)
