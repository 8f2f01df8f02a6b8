"""The design does not settle on one solution.

**What it does.** Reports a design in which hit ratios and open replica counts keep changing each other,
round after round.

**Why it matters.** There may be no stable state at all, or several; a number picked from one of the
rounds would be an accident.

**What to do instead.** State `hit` or `replicas` for one of the components that depend on each other.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP407"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1  # <- SP407
id: shop
entities:
  item: {size: 1KB, count: 1k, popularity: uniform}
flows:
  read:
    rate: 1/s
    steps:
      - hot: {entity: item, miss: [hot: {entity: item, times: 1000, miss: [db]}]}
components:
  hot: {kind: cache, service_time: 1ms, memory: 1GB, ttl: 1000s, sla: 99.9%}
  db: {kind: database, service_time: 1us, sla: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
entities:
  item: {size: 1KB, count: 1k, popularity: uniform}
flows:
  read:
    rate: 1/s
    steps:
      - hot: {entity: item, miss: [hot: {entity: item, times: 1000, miss: [db]}]}
components:
  hot: {kind: cache, service_time: 1ms, memory: 1GB, ttl: 1000s, hit: 97%, sla: 99.9%}
  db: {kind: database, service_time: 1us, sla: 99.9%}
""",
]
