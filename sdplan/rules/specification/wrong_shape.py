"""A value has the wrong shape.

**What it does.** Reports a list where a map is due, a map where a quantity is due, and the like.

**Why it matters.** Nothing can be computed from a value whose parts have no meaning here.

**What to do instead.** Write the shape that the message names; `sdplan schema` has it for every field,
and editors show it.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP202"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: [100/s], steps: [api]}  # <- SP202
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
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
