"""A hedged call does not say how much of a slow answer the second call shares.

**What it does.** Lists hedged calls that state no `shared_slowness`.

**Why it matters.** Two calls that are slow for the same reason (a hot key, a busy zone, a long pause) are
slow together. Taken as independent, a hedge at p95 promises a p99.9 that is 1.8 times too good where 20 % of
the slowness is shared.

**What to do instead.** Measure how often a second try of a slow call is slow again, and state that share:
`shared_slowness: 20%`.
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

CODE = "SP910"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order:
    rate: 100/s
    steps:
      - api:
          hedge: 15ms  # <- SP910
components:
  api: {kind: service, replicas: 4, service_time: 5ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order:
    rate: 100/s
    steps:
      - api: {hedge: 15ms, shared_slowness: 20%}
components:
  api: {kind: service, replicas: 4, service_time: 5ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each hedge that is taken as independent."""
    return uncounted(CODE, SEVERITY, solution)
