"""A tag or a directive is used.

**What it does.** Reports tags such as `!!float` or `!include`, and lines that begin with `%`.

**Why it matters.** Tags tell a YAML reader to build something other than text, maps and lists, in some
readers any object at all. A design needs none: the field says which kind of value it takes.

**What to do instead.** Remove the tag. Text that has to begin with `!` needs quotes.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP104"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, service_time: !!str 5ms, availability: 99.9%}  # <- SP104
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
