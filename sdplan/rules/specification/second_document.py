"""A file holds more than one document.

**What it does.** Reports the `---` at which a second YAML document begins.

**Why it matters.** A path such as `components.api` has to name one thing in one file.

**What to do instead.** Keep each design in a file of its own, and check the folder.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP105"
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
---  # <- SP105
sdplan: 1
id: second-shop
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
