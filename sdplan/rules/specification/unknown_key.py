"""A key is not known here.

**What it does.** Reports a key that the language does not have in this place.

**Why it matters.** A misspelt key that is passed over is a statement without effect: the limit that was
meant is then not checked.

**What to do instead.** Correct the spelling, if the hint names what was meant. Notes of your own belong
in `why`, `summary` or `context`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP201"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_tme: 5ms, availability: 99.9%}  # <- SP201
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
