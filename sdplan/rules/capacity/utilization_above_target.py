"""A component is used beyond its target.

**What it does.** Reports a component whose tightest resource is used above `target_utilization` at peak
(70 % where nothing is stated), and below 100 %.

**Why it matters.** Waiting grows with the inverse of what is left: at 90 % a call waits several times as
long as at 70 %, and nothing is left for a lost replica, a deployment, or a peak that is a little higher
than was thought.

**What to do instead.** Add what the hint says, or state the `target_utilization` that this component can
live with, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.nodes import HAIR, enough
from sdplan.rules.resources import is_full, largest_source, tightest

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "CP102"
SEVERITY: Severity = "warning"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 170/s, steps: [api]}
components:
  api:
    kind: service
    replicas: 1
    cores: 1  # <- CP102
    service_time: 5ms
    availability: 99.9%
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 1, cores: 1, service_time: 5ms, availability: 99.9%}
""",
    """
sdplan: 1
id: shop
flows:
  order: {rate: 170/s, steps: [api]}
components:
  api: {kind: service, replicas: 1, cores: 1, service_time: 5ms, availability: 99.9%, target_utilization: 90%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component above its target at peak, overloaded ones left out."""
    for name in design.components:
        resource = tightest(("components", name), solution)
        target = solution.records.get(("components", name, "target_utilization"))
        if resource is None or target is None or is_full(name, solution):
            continue
        if resource.used.value > target.value * HAIR:
            used = f"{resource.used.shown()} of {resource.title}"
            message = f"{name} uses {used} at peak, above its target of {target.shown()}"
            hint = enough(name, solution)
            yield Finding(CODE, SEVERITY, resource.line, message, hint, largest_source(name, solution))
