"""An SLO cannot be judged.

**What it does.** Lists lines of SLOs whose number this design does not have: nothing of what it needs is
stated, or it has no upper end.

**Why it matters.** An SLO that nobody can judge is a wish. It is neither met nor missed, and the design
is not the better for it.

**What to do instead.** State what the message names, or ask for a number that exists: a percentile
instead of a maximum, for example.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import measured

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "GV106"
SEVERITY: Severity = "advice"
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
  budget: {cost: 1k USD/month}  # <- GV106
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%, price: {hour: 0.5 USD/h}}
slos:
  budget: {cost: 1k USD/month}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each open line of an SLO that is not listed as not computed yet."""
    listed = {entry.path for entry in solution.uncounted}
    for verdict in solution.slos:
        if verdict.met is None and verdict.path not in listed:
            is_condition = verdict.path[-1] == "holds"
            why = verdict.reason if is_condition else f"{measured(verdict)} has no value, {verdict.reason}"
            yield Finding(CODE, SEVERITY, verdict.path, f"`{verdict.slo}` is not judged: {why}")
