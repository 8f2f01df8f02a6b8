"""A name points at nothing.

**What it does.** Reports a component, flow, entity, region, SLO or option that is used and defined
nowhere.

**Why it matters.** A call of a component that does not exist has no load, no latency and no failures, so
the design would look better than it is.

**What to do instead.** Correct the spelling, or define what is meant.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP401"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [apl]}  # <- SP401
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
