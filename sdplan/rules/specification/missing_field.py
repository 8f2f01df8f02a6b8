"""A required field is missing.

**What it does.** Reports a block that lacks what it cannot do without: the kind of a component, the size
of an entity, the version of the language.

**Why it matters.** There is no default for it that would be right for most designs.

**What to do instead.** Add the field; the hint shows an example.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP203"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {service_time: 5ms, availability: 99.9%}  # <- SP203
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
