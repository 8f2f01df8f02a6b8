"""A cache has no hit ratio.

**What it does.** Reports a call with `miss` for which no hit ratio is stated and none can be computed.

**Why it matters.** How many calls go on to what stands behind the cache is the one number that a cache
is there for.

**What to do instead.** State `hit: 90%` at the call or at the cache, or give the cache `memory` and its
entity a `count` and a `popularity`, from which the ratio is computed.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP405"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  read: {rate: 100/s, steps: [hot: {miss: [db]}]}  # <- SP405
components:
  hot: {kind: cache, service_time: 1ms, sla: 99.9%}
  db: {kind: database, service_time: 5ms, sla: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  read: {rate: 100/s, steps: [hot: {hit: 90%, miss: [db]}]}
components:
  hot: {kind: cache, service_time: 1ms, sla: 99.9%}
  db: {kind: database, service_time: 5ms, sla: 99.9%}
""",
]
