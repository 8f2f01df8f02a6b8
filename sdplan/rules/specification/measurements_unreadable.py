"""Measured times cannot be read.

**What it does.** Reports a file of measured times that is not there, lies outside the folder of the design,
or holds something else than times.

**Why it matters.** Without the measurements there is no law, and nothing that waits for it can be computed.

**What to do instead.** Put the file beside the design. Its first line is the unit, such as `ms`; each other
line is one time. Where times come with how often they were seen, the first line is `ms,count`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP307"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 10/s, steps: [api]}
components:
  api:
    kind: service
    service_time:
      measured: ../elsewhere.csv  # <- SP307
    availability: 99.9%
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 10/s, steps: [api]}
components:
  api: {kind: service, service_time: {p50: 5ms, p99: 20ms}, availability: 99.9%}
""",
]
