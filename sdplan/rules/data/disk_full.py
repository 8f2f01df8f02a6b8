"""A disk is full.

**What it does.** Reports a store that keeps more bytes on each node than its `disk`, or its limit on
`stored`, holds.

**Why it matters.** A full disk takes no writes, and many databases do not start again on it.

**What to do instead.** Add shards, keep things for a shorter time, or take larger disks. `stored` counts
what is there at the horizon.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "DA104"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 1/s, request: 1KB, steps: [db: {op: write}]}
entities:
  row: {size: 1KB, count: 2bn, keep: {db: forever}}
components:
  db:
    kind: database
    service_time: 5ms
    cores: 4
    sla: 99.9%
    shards: 1
    disk: 1TB  # <- DA104
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 1/s, request: 1KB, steps: [db: {op: write}]}
entities:
  row: {size: 1KB, count: 2bn, keep: {db: forever}}
components:
  db:
    kind: database
    service_time: 5ms
    cores: 4
    sla: 99.9%
    shards: 4
    disk: 1TB
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each store whose disks are too small."""
    for name, spec in design.components.items():
        used = solution.records.get(("components", name, "disk_utilization"))
        if used is None or used.value <= 1.0:
            continue
        needed = solution.records.get(("components", name, "shards_for_disk"))
        hint = f"state `shards: {needed.shown()}`, or larger disks" if needed is not None else ""
        path = ("components", name, *(("disk",) if getattr(spec, "disk", None) else ("limits", "stored")))
        yield Finding(CODE, SEVERITY, path, f"the disks of {name} are {used.shown()} full", hint)
