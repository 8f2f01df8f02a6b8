"""An SLO on errors is missed.

**What it does.** Reports a flow of whose runs a larger share fails than an SLO allows, by a component
that is down or by a timeout.

**Why it matters.** A timeout that is shorter than the callee's tail turns slow answers into errors, and
the callee has done the work all the same.

**What to do instead.** If timeouts make most of it, shorten what they cut off or lengthen the timeout;
if downtime does, add replicas where the chain points.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.failing import failing, sounder
from sdplan.rules.verdicts import headline, missed

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "AV104"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api: {timeout: 20ms}]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  few-errors: {flow: order, errors: 1%}  # <- AV104
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api: {timeout: 200ms}]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  few-errors: {flow: order, errors: 1%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each line of an SLO that is missed."""
    for verdict in missed("errors", solution):
        because, hint = failing(verdict, solution), sounder(verdict, solution)
        yield Finding(CODE, SEVERITY, verdict.path, headline(verdict, solution), hint, because)
