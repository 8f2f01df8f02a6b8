"""A word is not one of those allowed here.

**What it does.** Reports a value that has to be one of a few words and is another: a kind, a status, a
balance.

**Why it matters.** Each of these words stands for a way to compute. Another word stands for none.

**What to do instead.** Write one of the words that the hint lists.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP204"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: server, service_time: 5ms, availability: 99.9%}  # <- SP204
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
