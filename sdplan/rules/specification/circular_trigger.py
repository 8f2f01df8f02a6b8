"""Flows trigger each other in a circle.

**What it does.** Reports flows whose messages start each other's runs.

**Why it matters.** The rate of each would be needed to know the rate of the other; if each run writes at
least one message, the load grows without end.

**What to do instead.** Let one of them write to another stream, or give it a `rate` of its own.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP404"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order:
    trigger: changes  # <- SP404
    steps: [changes: {op: write}]
components:
  changes: {kind: stream, message: 1KB, sla: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [changes: {op: write}]}
  bill: {trigger: changes, steps: [api]}
components:
  changes: {kind: stream, message: 1KB, sla: 99.9%}
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]
