"""Two names of a block look alike.

**What it does.** Reports two ids of one block that differ only in case, or in `-` and `_`.

**Why it matters.** A reader takes one for the other, and so does everyone who types the name from
memory.

**What to do instead.** Give one of them another name.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP208"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
  API: {kind: service, service_time: 5ms, availability: 99.9%}  # <- SP208
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
