"""An expression has no value.

**What it does.** Reports an expression that can be read and not computed: it names something that is not
there, adds a time to a size, divides by zero, or asks for a number that it cannot see.

**Why it matters.** Every number that follows from it is missing too.

**What to do instead.** Define the name under `inputs`, or write the full path. The design itself sees
inputs and stated fields; only `results`, `holds`, `holds_while` and text see solved numbers.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP305"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: = carts * 2, steps: [api]}  # <- SP305
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
