"""A condition that must hold does not.

**What it does.** Reports an SLO of the form `holds: a < b` that is false of the solved numbers.

**Why it matters.** Such a condition is written where no other SLO fits: a limit of a contract, a
headroom, a ratio that must not be exceeded.

**What to do instead.** The chain has both sides and the numbers that they follow from. `sdplan explain
PATH` walks any of them back to the inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import missed, sides

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "GV102"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  headroom: {holds: components.api.utilization < 20%}  # <- GV102
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
slos:
  headroom: {holds: components.api.utilization < 60%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each condition that is false."""
    for verdict in missed("holds", solution):
        message = f"`{verdict.slo}` does not hold: {verdict.measure}"
        because = sides(verdict.path, solution.records.get(verdict.solved), verdict.target, solution)
        yield Finding(CODE, SEVERITY, verdict.path, message, "", because)
