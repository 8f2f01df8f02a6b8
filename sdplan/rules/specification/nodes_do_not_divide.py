"""Replicas, shards and copies do not agree.

**What it does.** Reports a store whose `replicas` are not its `shards` times its `copies`.

**Why it matters.** Each shard has so many copies, so the nodes are their product; with another number
some shard would have no home, or some node no data.

**What to do instead.** State two of the three: the third follows.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP406"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  read: {rate: 100/s, steps: [db]}
components:
  db: {kind: database, service_time: 5ms, replicas: 5, copies: 3, availability: 99.9%}  # <- SP406
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  read: {rate: 100/s, steps: [db]}
components:
  db: {kind: database, service_time: 5ms, shards: 2, copies: 3, availability: 99.9%}
""",
]
