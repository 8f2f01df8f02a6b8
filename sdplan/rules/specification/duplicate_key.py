"""A key is given twice.

**What it does.** Reports the second of two equal keys in one map.

**Why it matters.** Most YAML readers keep the last of the two and say nothing, so that half of what was
written has no effect and a reviewer cannot see which half.

**What to do instead.** Keep one of the two, or give one of them a name of its own.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP102"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api:
    kind: service
    service_time: 5ms
    service_time: 50ms  # <- SP102
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
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]
