"""YAML reads a line as something else than was meant.

**What it does.** Reports text that is valid YAML and never meant: a comma inside `{ }` that ends an
expression, a colon without its space, a value that begins with `>` or a bracket.

**Why it matters.** YAML takes the line for something else without a word, and the mistake shows up far
away, or never.

**What to do instead.** The hint shows the line as it was meant. Quotes around a value are always right.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP111"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
inputs:
  carts: {value: 100/s, why: measured}
flows:
  order: {rate: = max(carts, 2 / s), steps: [api]}  # <- SP111
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
inputs:
  carts: {value: 100/s, why: measured}
flows:
  order: {rate: "= max(carts, 2 / s)", steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
""",
]
