"""A flow does nothing.

**What it does.** Reports a flow without steps, a flow whose rate is zero, and a flow whose trigger is a
stream that nobody writes to.

**Why it matters.** It loads nothing and is never slow, so every SLO on it is met by default.

**What to do instead.** Add its steps, its rate, or the step that writes to its stream; or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "TP102"
SEVERITY: Severity = "warning"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
  refund:  # <- TP102
    rate: 1/s
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
""",
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
  bill: {trigger: orders, steps: [api]}  # <- TP102
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
  orders: {kind: queue, sla: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api > orders]}
  bill: {trigger: orders, steps: [api]}
components:
  api: {kind: service, cores: 2, service_time: 5ms, availability: 99.9%}
  orders: {kind: queue, sla: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each flow that never runs, or runs through nothing."""
    for name, flow in design.flows.items():
        path = ("flows", name)
        if not flow.steps:
            message = f"flow {name} has no steps, so it calls nothing"
            yield Finding(CODE, SEVERITY, path, message, "add its `steps`, or remove it", on_key=True)
        elif solution.value(*path, "rate") == 0 and flow.trigger is not None:
            stream = flow.trigger.stream
            message = f"flow {name} never runs: nothing writes to {stream}, which triggers it"
            hint = f"add the step that writes, such as `{stream}: {{op: write}}`"
            yield Finding(CODE, SEVERITY, (*path, "trigger"), message, hint)
        elif solution.value(*path, "rate") == 0:
            hint = "state its rate, or remove it"
            yield Finding(CODE, SEVERITY, (*path, "rate"), f"flow {name} never runs: its rate is zero", hint)
