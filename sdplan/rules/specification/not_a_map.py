"""The file is not a map.

**What it does.** Reports a design file whose content is a list or a text.

**Why it matters.** A design is a map of blocks, so that every number in it has a path.

**What to do instead.** Begin with `sdplan: 1` and `id: my-design`, one `key: value` a line.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP109"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
- sdplan: 1  # <- SP109
- id: shop
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
