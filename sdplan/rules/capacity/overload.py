"""A component is overloaded.

**What it does.** Reports a component that needs 100 % or more of a resource at peak: its cores, its
workers, its replicas or one of its stated limits.

**Why it matters.** In front of a resource that is used completely the queue grows for as long as the
peak lasts. There is no latency to speak of, and everything that waits for the component waits with it.

**What to do instead.** Give it more of the resource that is named, spread the load over more replicas or
shards, or send it fewer calls. The hint has the numbers that bring it back under its target utilization.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.nodes import enough
from sdplan.rules.resources import is_full, largest_source, overload, tightest
from sdplan.rules.slowness import arrivals
from sdplan.solve.tree import calls

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "CP101"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 300/s, steps: [api]}
components:
  api:
    kind: service
    replicas: 1
    cores: 1  # <- CP101
    service_time: 5ms
    availability: 99.9%
""",
    """
sdplan: 1
id: shop
flows:
  order: {rate: 300/s, steps: [api]}
components:
  api:
    kind: service
    replicas: 1
    limits:
      requests: 250/s  # <- CP101
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
  api: {kind: service, replicas: 1, cores: 3, service_time: 5ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each component that has reached 100 % of its tightest resource at peak."""
    for name in design.components:
        path = ("components", name)
        resource = tightest(path, solution)
        if resource is None or not is_full(name, solution):
            continue
        if resource.name == "workers" and _waits_for_a_full_one(name, solution):
            continue  # its workers are held by what is overloaded, which has a finding of its own
        because = (*largest_source(name, solution), *arrivals(path, solution))
        yield Finding(
            CODE, SEVERITY, resource.line, overload(name, resource), enough(name, solution), because
        )


def _waits_for_a_full_one(name: str, solution: Solution) -> bool:
    """Whether a component holds workers for calls of another one that is overloaded."""
    held = (call for tree in solution.trees.values() for call in calls(tree) if call.place[0] == name)
    return any(is_full(inner.place[0], solution) for call in held for inner in calls(call.body))
