"""A quantity has the wrong dimension.

**What it does.** Reports a number without its unit, a time where a size is due, users per day where a
number of users is due.

**Why it matters.** The dropped unit is the most common slip of capacity sheets, and it is wrong by a
factor of 60, 1,000 or 86,400.

**What to do instead.** Add the unit that is meant. In an expression, check what cancels: a rate times a
time is a count.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP302"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100, steps: [api]}  # <- SP302
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
