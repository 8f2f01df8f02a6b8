"""A decision no longer stands on its ground.

**What it does.** Reports a decision whose `holds_while` is no longer true of the numbers.

**Why it matters.** The decision was right for a system that this is not any more. Nobody reads old
decisions again unless something tells them to.

**What to do instead.** Take the decision again: confirm it with another condition, or supersede it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import sides

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "GV101"
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
decisions:
  ADR-1:
    title: Take orders in one service
    status: accepted
    holds_while: flows.order.peak_rate < 50/s  # <- GV101
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
decisions:
  ADR-1:
    title: Take orders in one service
    status: accepted
    holds_while: flows.order.peak_rate < 500/s
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each decision whose condition is false."""
    for premise in solution.decisions:
        if premise.met is False:
            name = str(premise.path[1])
            title = design.decisions[name].title
            message = f"{name} ({title}) no longer holds: it stands while `{premise.text}`"
            hint = "take the decision again: confirm it with another condition, or supersede it"
            because = sides(premise.path, premise.left, premise.right, solution)
            yield Finding(CODE, SEVERITY, premise.path, message, hint, because)
