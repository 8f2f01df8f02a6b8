"""A text shows a number that the design does not have.

**What it does.** Looks up every `{{ path }}` in the texts of a design.

**Why it matters.** The page, the one-pager or the decision record shows a gap where a number was meant.

**What to do instead.** Write the path as `sdplan solve` and `sdplan explain` name it, such as
`{{ flows.order.peak_rate }}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity, dotted
from sdplan.rules import Confidence
from sdplan.solve.texts import unknown_numbers
from sdplan.spec.faults import nearest

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "GV108"
SEVERITY: Severity = "warning"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
summary: "{{ flows.order.peek_rate }} orders at peak."  # <- GV108
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
summary: "{{ flows.order.peak_rate }} orders at peak."
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each reference that leads nowhere; a result without a value is found by GV104."""
    results = {dotted(result.solved) for result in solution.results}
    for path, name in unknown_numbers(design, solution):
        if name in results:
            continue
        close = nearest(name, (dotted(known) for known in solution.records))
        hint = f"did you mean `{{{{ {close} }}}}`?" if close else "`sdplan solve` lists the numbers there are"
        yield Finding(CODE, SEVERITY, path, f"there is no number `{name}` to show", hint)
