"""The file is too large, too deep or too long.

**What it does.** Reports a file above 1 MiB or 200,000 values, nesting of more than 64 levels, and
single texts beyond all use.

**Why it matters.** A design that people can review is far below these limits; a file above them was
generated, or was made to exhaust whoever reads it.

**What to do instead.** Split the design, give deep parts ids of their own, and keep generated data
outside it.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP107"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
context:
  - [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
    [[[[[[[[[[[[[[[[[[[[[[[[[[  # <- SP107
    ]]]]]]]]]]]]]]]]]]]]]]]]]]
    ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
flows:
  order: {rate: 100/s, steps: [api]}
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
