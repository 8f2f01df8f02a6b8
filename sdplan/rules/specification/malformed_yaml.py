"""The file is not well-formed YAML.

**What it does.** Reports the place where the text stops being YAML: a quote or a bracket that is never
closed, a list item where a key is due, a tab in the indentation.

**Why it matters.** Nothing after that place can be read, so nothing of the design can be checked.

**What to do instead.** The message says what was found there and the hint what to write. When the place
looks innocent, look at the line before it: an open quote or bracket swallows what follows.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP101"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api}  # <- SP101
components:
  api: {kind: service, service_time: 5ms, availability: 99.9%}
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
