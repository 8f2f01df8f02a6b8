"""What a flow depends on leaves no room for its SLO.

**What it does.** Reports a flow whose availability SLO is missed already, or only just met, when nothing
fails but the components whose `sla` covers the managed whole. For a flow that needs all of them, that is
the product of their SLAs.

**Why it matters.** No number of replicas of anything else helps: the promise is broken by contract.

**What to do instead.** Make a call of one of them `optional` or `async`, give it a `fallback` or a cache
in front, choose a better `sla`, or promise less.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.downtime import ceiling, fixed, promises
from sdplan.rules.verdicts import apart, component_name, declared, missed

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "AV105"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api: [stock, payment]]}
components:
  api: {kind: service, replicas: 3, cores: 1, service_time: 5ms, availability: 99.9%}
  stock: {kind: external, service_time: 5ms, sla: 99.95%}
  payment: {kind: external, service_time: 50ms, sla: 99.9%}  # <- AV105
slos:
  up: {flow: order, availability: 99.95%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api: [stock, payment: {async: true}]]}
components:
  api: {kind: service, replicas: 3, cores: 1, service_time: 5ms, availability: 99.9%}
  stock: {kind: external, service_time: 5ms, sla: 99.95%}
  payment: {kind: external, service_time: 50ms, sla: 99.9%}
slos:
  up: {flow: order, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each missed availability that no number of replicas can mend."""
    for verdict in missed("availability", solution):
        best, worst = ceiling(verdict, solution), fixed(verdict, solution)
        if best is None or not worst or verdict.subject_path[0] != "flows":
            continue
        name, asked = component_name(worst[0]), f"`{verdict.slo}` asks for {verdict.target.shown()}"
        most = apart(best, verdict.target)
        message = f"{verdict.subject} can be up {most} of the time at best, and {asked}"
        hint = f"make {name} `optional` or `async`, give it a `fallback`, or promise less than {most}"
        line = (*declared(worst[0]), "sla")
        yield Finding(CODE, SEVERITY, line, message, hint, promises(worst, solution))
