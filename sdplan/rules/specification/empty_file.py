"""The file holds nothing.

**What it does.** Reports a file without any value in it: empty, or made of comments alone.

**Why it matters.** It is almost always a file that was not saved or not checked out, and a check that
passed it would report success on nothing.

**What to do instead.** `sdplan init NAME` writes a design to start from.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP108"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
# The design of the shop will stand here.  # <- SP108
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
