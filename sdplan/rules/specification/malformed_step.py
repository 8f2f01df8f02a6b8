"""A step cannot be read.

**What it does.** Reports a step that is no call, no chain of calls, no `parallel` and no `choose`.

**Why it matters.** Load, latency and availability are all read off the steps, so one that is not
understood would be missing from all three.

**What to do instead.** Write `a > b > c`, `name: [calls]`, `name: {options}`, `parallel: [calls]` or
`choose: {branch: {share, calls}}`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP206"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order:
    rate: 100/s
    steps:
      - api >  # <- SP206
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
