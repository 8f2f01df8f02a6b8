"""No flow reaches a component.

**What it does.** Reports a component that no flow calls, connects to or is triggered by, and that no
entity is kept in.

**Why it matters.** It has no load and no part in any number. Either a step was forgotten, and the real
load on something is higher than it looks, or the component is left over from an earlier design.

**What to do instead.** Add the step that calls it, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.spec.references import walk

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "TP101"
SEVERITY: Severity = "warning"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
  audit-log:  # <- TP101
    kind: stream
    sla: 99.9%
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api > audit-log]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
  audit-log:
    kind: stream
    sla: 99.9%
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component that nothing uses."""
    used = set(_used(design))
    for name in design.components:
        if name not in used:
            message = f"no flow calls {name} or connects to it"
            hint = f"add the step that calls {name}, or remove it"
            yield Finding(CODE, SEVERITY, ("components", name), message, hint, on_key=True)


def _used(design: Design) -> Iterator[str]:
    for flow in design.flows.values():
        yield from (call.component for call in walk(flow.steps))
        yield from flow.connections
        if flow.trigger is not None:
            yield flow.trigger.stream
    for entity in design.entities.values():
        yield from entity.keep
