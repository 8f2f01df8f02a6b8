"""An anchor, an alias or a merge key is used.

**What it does.** Reports `&name`, `*name` and `<<`, which copy one part of a file into another.

**Why it matters.** What is copied has no place of its own, so no finding, no override and no comparison
can name it; and a few aliases of aliases make a file that no memory holds.

**What to do instead.** Write the value out. A number that is used in several places belongs under
`inputs`, with its reason, and is used by name: `= items_per_order * 2`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP103"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: &usual {kind: service, service_time: 5ms, availability: 99.9%}  # <- SP103
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
