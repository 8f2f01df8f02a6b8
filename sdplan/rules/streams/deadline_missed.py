"""A batch job misses its deadline.

**What it does.** Reports a flow whose work takes longer than its `deadline`, even where all servers of each
component work on it alone and to the very end.

**Why it matters.** The next run starts before this one has ended, and never catches up.

**What to do instead.** Add as many workers as the message says, or make each item cheaper.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "ST102"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  report:
    rate: 1/day
    deadline: 1h  # <- ST102
    steps: [job: {times: 1M}]
components:
  job: {kind: worker, replicas: 2, service_time: 20ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  report:
    rate: 1/day
    deadline: 1h
    steps: [job: {times: 1M}]
components:
  job: {kind: worker, replicas: 8, service_time: 20ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each flow that cannot end in time."""
    for name in design.flows:
        deadline = solution.records.get(("flows", name, "deadline"))
        time = solution.records.get(("flows", name, "batch_time"))
        if deadline is None or time is None or time.value <= deadline.value:
            continue
        needed = [
            f"{record.shown()} in {path[3]}"
            for path, record in solution.records.items()
            if path[:3] == ("flows", name, "workers_needed") and len(path) == 4
        ]
        message = f"a run of {name} takes {time.shown()}, and its deadline is {deadline.shown()}"
        hint = f"servers needed: {', '.join(needed)}"
        yield Finding(CODE, SEVERITY, deadline.path, message, hint)
