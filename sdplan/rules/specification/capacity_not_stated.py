"""A component states no capacity.

**What it does.** Lists components that take time and state nothing that could run out: no cores, no
workers, no limit. A service or a worker without them serves one call a replica; an external system is
somebody else's to size.

**Why it matters.** The component counts as a pure delay that never queues, however much is asked of it.

**What to do instead.** State `cores` or `workers`, or a limit such as `limits: {requests: 8k/s}`.
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

CODE = "SP907"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [db]}
components:
  db: {kind: database, service_time: 5ms, availability: 99.9%}  # <- SP907
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [db]}
components:
  db: {kind: database, service_time: 5ms, cores: 4, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component that never queues."""
    return uncounted(CODE, SEVERITY, solution)
