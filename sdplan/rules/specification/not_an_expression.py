"""An expression cannot be read.

**What it does.** Reports an expression or a condition that is not one: an operator without its right
side, a bracket that is not closed, a word where a number is due.

**Why it matters.** What cannot be read cannot be computed, and every number that follows from it is
missing.

**What to do instead.** Expressions know `+ - * / ^ ( )`, `min max ceil floor sqrt log`, numbers with a
unit such as `5MB`, names of inputs, and full paths such as `flows.order.rate`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP303"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
inputs:
  carts: {value: 50/s, why: measured}
flows:
  order: {rate: = carts *, steps: [api]}  # <- SP303
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
inputs:
  carts: {value: 50/s, why: measured}
flows:
  order: {rate: = carts * 2, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]
