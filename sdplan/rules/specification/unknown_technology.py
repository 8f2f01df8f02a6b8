"""A technology is not in the catalogue, or is of another kind.

**What it does.** Reports a `tech` that the catalogue has no row for, and one that has a row for another
kind of component.

**Why it matters.** The limits, prices and availability that the author expects to come with it are then
not there, and count as not stated.

**What to do instead.** Write the name as the catalogue has it, or leave `tech` out and state the numbers
here.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP403"
SEVERITY: Severity = "warning"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, tech: no-such-technology, service_time: 5ms, availability: 99.9%}  # <- SP403
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]
