"""A value is no quantity.

**What it does.** Reports text that cannot be read as a number with a unit: an unknown unit, a unit that
stands for two things such as `m` or `Mb`, a decimal comma.

**Why it matters.** A unit that was guessed is a wrong number that looks right.

**What to do instead.** Write a number, an optional multiplier (`k`, `M`, `bn`), and a unit: `250ms`,
`3.5k/s`, `2 GB`, `0.2 USD/1M`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP301"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: 5m, availability: 99.9%}  # <- SP301
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
