"""A quantity is out of its range.

**What it does.** Reports a share above 100 %, a number of replicas that is no whole number, and zero or
less where nothing would be left.

**Why it matters.** Such a number is a slip of the pen, and everything that follows from it would be
nonsense that looks exact.

**What to do instead.** Write a share of at most `100%`, a whole number of nodes, and times above zero.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP304"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 140%}  # <- SP304
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
