"""The file is not plain UTF-8 text.

**What it does.** Reports another encoding, bytes that are not UTF-8, and characters that no design may
hold: control characters, bidirectional overrides, and line ends that only some readers see.

**Why it matters.** With such characters a reviewer sees another text than the one that counts.

**What to do instead.** Save the file as UTF-8. Where a text really needs such a character, write it as
an escape inside double quotes, such as `"\\u202e"`.
"""

from __future__ import annotations

from sdplan.findings import Severity
from sdplan.rules import Confidence

CODE = "SP110"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

# The override stands between the words of the title; an editor may show the line in another order.
FAIL = [
    """
sdplan: 1
id: shop
title: The \u202eshop  # <- SP110
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
