"""Retries would keep a component overloaded after a burst.

**What it does.** Reports a queue that carries its load today and has a second solution: once it is
overloaded, every call that waits for it is late and made again, and these attempts keep it overloaded.

**Why it matters.** Such a system looks healthy until something tips it: a slow minute, a cold cache, a
deployment. Then the overload outlasts its cause, and only shedding load ends it. At 300 requests a second
with one retry, a service that can do 450 carries its load at 67 %, and stays at 133 % once tipped.

**What to do instead.** Make fewer attempts, let a retry budget or a breaker end them, stop the work of
calls that were given up (`cancel: true`), bound the queue (`queue: {room: 100}`), or keep the load below the
capacity divided by the attempts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Because, Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import declared
from sdplan.solve.tree import calls

if TYPE_CHECKING:
    from sdplan.findings import Path
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "RS103"
SEVERITY: Severity = "warning"
CONFIDENCE: Confidence = "medium"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order:
    rate: 300/s
    steps:
      - api:
          timeout: 100ms
          retries: 1  # <- RS103
components:
  api: {kind: service, replicas: 1, cores: 9, service_time: 20ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 300/s, steps: [api: {timeout: 100ms, retries: 1}]}
components:
  api: {kind: service, replicas: 1, cores: 18, service_time: 20ms, availability: 99.9%}
""",
    """
sdplan: 1
id: shop
flows:
  order: {rate: 300/s, steps: [api: {timeout: 100ms, retries: 1, cancel: true}]}
components:
  api: {kind: service, replicas: 1, cores: 9, service_time: 20ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each queue that has a second, overloaded solution at peak."""
    for path, record in solution.records.items():
        if path[0] != "components" or path[-1] != "overloaded_utilization":
            continue
        place = path[:2]
        normal = solution.records.get((*place, "utilization"))
        if normal is None or normal.value >= 1.0:
            continue
        name = str(place[1])
        line = _retried(name, solution) or declared(place)
        message = (
            f"a burst could tip {name} into an overload that its retries keep up: "
            f"{normal.shown()} of it is used at peak, {record.shown()} once every late call is made again"
        )
        hint = "make fewer attempts, stop late work with `cancel: true`, or bound its queue with `room`"
        because = Because(
            declared(place), f"{name} can carry its load only while its calls are not made twice"
        )
        yield Finding(CODE, SEVERITY, line, message, hint, (because,))


def _retried(name: str, solution: Solution) -> Path | None:
    """The line that states how often a call that waits for a component is made again, the largest first."""
    found = [
        (call.retries, (*call.source, "retries"))
        for tree in solution.trees.values()
        for call in calls(tree)
        if call.retries and any("@".join(part for part in each.place if part) == name for each in calls(call))
    ]
    return max(found, key=lambda one: one[0])[1] if found else None
