"""A name is no identifier.

**What it does.** Reports ids with spaces, dots or other signs in them, ids that are too long, and words
that the language keeps for itself.

**Why it matters.** Ids are parts of paths and of expressions: `components.api.rate` has to mean one
thing, and `new-links` in an expression would be a subtraction.

**What to do instead.** Write a letter, then at most 62 letters, digits, `-` or `_`. The names of inputs
take no `-`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP207"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
inputs:
  new-orders: 100/s  # <- SP207
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
inputs:
  new_orders: 100/s
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]
