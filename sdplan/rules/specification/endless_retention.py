"""Data is kept forever and the design has no horizon.

**What it does.** Reports an entity that flows create, that is kept `forever`, in a design without a
`horizon`.

**Why it matters.** Without an end the stored bytes have no size.

**What to do instead.** State at the top how far the plan looks, for example `horizon: 5y`, or how long
the data is kept.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP402"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
entities:
  receipt: {size: 2KB, created_by: order, keep: {archive: forever}}  # <- SP402
flows:
  order: {rate: 100/s, steps: [archive: {op: write, entity: receipt}]}
components:
  archive: {kind: object-store, sla: 99.9%}
""",
]

PASS = [
    """
sdplan: 1
id: shop
horizon: 5y
entities:
  receipt: {size: 2KB, created_by: order, keep: {archive: forever}}
flows:
  order: {rate: 100/s, steps: [archive: {op: write, entity: receipt}]}
components:
  archive: {kind: object-store, sla: 99.9%}
""",
]
