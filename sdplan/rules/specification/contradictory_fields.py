"""Fields contradict each other or leave out their partner.

**What it does.** Reports fields that say the same thing twice, such as `availability` with `sla`, and
fields that mean nothing alone, such as one percentile of a service time or `mtbf` without `mttr`.

**Why it matters.** Either two numbers come out, and a reader cannot know which, or none does.

**What to do instead.** Keep the one that is meant, or add its partner.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP205"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: {p99: 20ms}, availability: 99.9%}  # <- SP205
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: {p50: 5ms, p99: 20ms}, availability: 99.9%}
""",
]
