"""A result has no value.

**What it does.** Reports an entry of `results` whose expression needs a number that this design does not
have, because a component is overloaded or something was not stated.

**Why it matters.** A promised number that cannot be computed cannot be kept either.

**What to do instead.** Mend what the message names; the result follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "GV104"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 300/s, steps: [api]}
components:
  api: {kind: service, replicas: 1, cores: 1, service_time: 5ms, availability: 99.9%}
results:
  typical: {value: = flows.order.latency.p50}  # <- GV104
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
results:
  typical: {value: = flows.order.latency.p50}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each result that could not be computed."""
    for result in solution.results:
        if result.solved not in solution.records:
            message = f"{result.path[1]} cannot be computed: {result.reason}"
            yield Finding(CODE, SEVERITY, (*result.path, "value"), message)
