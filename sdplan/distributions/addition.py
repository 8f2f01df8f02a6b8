"""What adding the percentiles of single hops would have said; not a bound in either direction."""

from __future__ import annotations

import math

from sdplan.distributions import trees
from sdplan.distributions.trees import Node


def sum_of_percentiles(node: Node, level: float) -> float:
    """The sum [s] of the hops' percentiles, for comparison only.

    Calls in a row add, calls at once give the longest that is needed, a choice gives the longest of the
    branches that more than 1 - level of the runs take (or else the likeliest), and a spare is left out.
    """
    match node:
        case trees.Hop():
            return node.law.quantile(level)
        case trees.Series():
            return math.fsum(sum_of_percentiles(item, level) for item in node.items)
        case trees.Repeat():
            return node.times * sum_of_percentiles(node.node, level)
        case trees.Branch():
            return _of_choice(node, level)
        case trees.ForkJoin():
            ends = sorted(sum_of_percentiles(item, level) for item in node.items)
            return ends[trees.count_needed(node.need, len(ends)) - 1] if ends else 0.0
        case trees.Timeout():
            return min(node.time, sum_of_percentiles(node.node, level))
        case trees.FanOut() | trees.Optional() | trees.Fallback() | trees.Retried() | trees.Hedged():
            return sum_of_percentiles(node.node, level)


def _of_choice(node: trees.Branch, level: float) -> float:
    if not node.options:
        return 0.0
    often = [option for share, option in node.options if share > 1.0 - level]
    taken = often or [max(node.options, key=lambda option: option[0])[1]]
    return max(sum_of_percentiles(option, level) for option in taken)
