"""A component states no service time.

**What it does.** Lists components that flows call and that state no `service_time` for such a call.

**Why it matters.** The call counts as no time at all, so every latency through it reads "at least".

**What to do instead.** State a mean such as `service_time: 5ms`, or better two percentiles:
`{p50: 2ms, p99: 10ms}`. Where an operation differs from the others, state it under `ops`.
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

CODE = "SP906"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, availability: 99.9%}  # <- SP906
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component that counts as instant."""
    return uncounted(CODE, SEVERITY, solution)
