"""A second call after a percentile of the first one's own latency."""

from __future__ import annotations

from sdplan.distributions.percentile import percentiles
from sdplan.distributions.trees import Node, hedged


def hedged_after_percentile(node: Node, level: float, shared_slowness: float = 0.0) -> Node:
    """A call that is hedged once it takes longer than this share of its good runs; 0 < level < 1.

    A call that never succeeds has no such time, and is not hedged.
    """
    delay = percentiles(node, (level,)).quantiles.get(level)
    return node if delay is None else hedged(node, delay, shared_slowness)
