"""A limit that nothing counts towards.

**What it does.** Lists limits and prices whose meter no call uses: `connections` that no flow states, or
a meter of its own that no operation names under `uses`.

**Why it matters.** The limit is not watched and the price is not charged, however much is asked for.

**What to do instead.** State `connections: {db: 500}` at a flow, or `uses: {units: 1}` at the operation that
takes from the meter; or leave the limit out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import uncounted

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "SP908"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [db]}
components:
  db:
    {kind: database, service_time: 5ms, cores: 4, availability: 99.9%,
     limits: {connections: 100}}  # <- SP908
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, connections: {db: 50}, steps: [db]}
components:
  db: {kind: database, service_time: 5ms, cores: 4, limits: {connections: 100}, availability: 99.9%}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each limit or price without a use."""
    return uncounted(CODE, SEVERITY, solution)
