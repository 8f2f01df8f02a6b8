"""One replica carries a flow with an availability SLO.

**What it does.** Reports a component with one replica, or a store with one copy, that a flow with an SLO
on availability cannot do without. Components whose `sla` covers the managed whole are left out.

**Why it matters.** Every failure of that one node, and every restart, is an outage of the flow.

**What to do instead.** State another replica or copy, or let the flow live without the call: `optional`,
`async` or a `fallback`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Because, Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.downtime import needed

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.components import Component
    from sdplan.spec.design import Design

CODE = "AV101"
SEVERITY: Severity = "warning"
CONFIDENCE: Confidence = "high"

_ONE = {"copies": "copy", "replicas": "replica"}

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api:
    kind: service
    replicas: 1  # <- AV101
    cores: 1
    service_time: 5ms
    availability: 99.99%
slos:
  up: {flow: order, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99.99%}
slos:
  up: {flow: order, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component whose only replica or copy a promised flow needs."""
    promised = {
        str(verdict.subject_path[1]): verdict.slo
        for verdict in reversed(solution.slos)
        if verdict.path[2] in ("availability", "undegraded") and verdict.subject_path[0] == "flows"
    }
    needs = {flow: needed(solution.trees[flow]) for flow in promised}
    for name, spec in design.components.items():
        unit = "copies" if spec.is_store else "replicas"
        flow = next((flow for flow in design.flows if name in needs.get(flow, ())), None)
        if flow is None or spec.sla is not None or not spec.regional:
            continue
        if solution.value("components", name, unit) == 1 and _is_stated(spec):
            message = f"{name} has one {_ONE[unit]}, and flow {flow} cannot do without it"
            because = (Because(("slos", promised[flow]), f"`{promised[flow]}` promises its availability"),)
            hint = f"write `{unit}: 2`, or make the call `optional` or `async`"
            yield Finding(CODE, SEVERITY, ("components", name, unit), message, hint, because)


def _is_stated(spec: Component) -> bool:
    """Whether the design says that there is one replica, or how often one fails."""
    return any(one is not None for one in (spec.availability, spec.mtbf, spec.replicas))
