"""An SLO is met only because something was not stated.

**What it does.** Lists lines of SLOs that are met by a number which is a bound on the wrong side: an
availability "at most" that leaves out components without one, a cost "at least" that leaves out
components without a price.

**Why it matters.** The verdict can turn once the missing number is known, so the SLO is not known to be
met.

**What to do instead.** State what the chain names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import FLOORS, left_out, measured

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "GV107"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms}
slos:
  up: {flow: order, availability: 99.9%}  # <- GV107
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  up: {flow: order, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is met by a bound on the wrong side."""
    for verdict in solution.slos:
        value = solution.records.get(verdict.solved)
        wrong = "at most " if verdict.path[2] in FLOORS else "at least "
        if verdict.met and value is not None and value.prefix == wrong:
            asked = f"`{verdict.slo}` asks for {verdict.target.shown()}"
            message = f"{measured(verdict)} is {value.shown()}, which does not prove that it is met: {asked}"
            yield Finding(CODE, SEVERITY, verdict.path, message, "", left_out(verdict, solution))
