"""A key is not text.

**What it does.** Reports a key that YAML takes for a number, a boolean or nothing, and a list or map
used as a key.

**Why it matters.** Two readers turn `404:` or `yes:` into different keys, and a path cannot name either.

**What to do instead.** Write the key in quotes, or give it a name: `not-found:` says more than `404:`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP106"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api:
    kind: service
    service_time: 5ms
    availability: 99.9%
    ops:
      200: {service_time: 5ms}  # <- SP106
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
