"""An expression needs its own value.

**What it does.** Reports expressions that need each other's values in a circle.

**Why it matters.** None of them has a value before the others have theirs.

**What to do instead.** Give one of them a value of its own: the one that is known from outside the
design.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP306"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
inputs:
  visits: = orders * 20  # <- SP306
  orders: = visits / 20
flows:
  order: {rate: = orders, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
inputs:
  visits: 2k/s
  orders: = visits / 20
flows:
  order: {rate: = orders, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]
