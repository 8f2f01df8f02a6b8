"""A tree of calls made ready for grids: series made flat, hops in a row gathered, laws collected."""

from __future__ import annotations

import math
from typing import NamedTuple

from sdplan.distributions import trees
from sdplan.distributions.binning import Binning
from sdplan.distributions.trees import Node


class Row(NamedTuple):
    """Hops in a row that cannot fail: what is fixed of them [s], the places of their laws, their mean [s]."""

    start: float
    places: tuple[int, ...]
    mean: float


class Plan:
    """A tree and what is found in it once for all grids; the nodes are known by their identity."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.binning = Binning()
        self.found: dict[int, list[Row | Node]] = {}
        self.has_exact_totals = True
        self._read(node)

    def row(self, hop: trees.Hop) -> Row:
        """A hop as a row of one, its chance to fail apart."""
        (row,) = self.found[id(hop)]
        assert isinstance(row, Row)
        return row

    def items(self, series: trees.Series) -> list[Row | Node]:
        """What a series is made of."""
        return self.found[id(series)]

    def _read(self, node: Node) -> None:
        if id(node) in self.found:
            return
        if isinstance(node, trees.Hop):
            self.found[id(node)] = [self._row([node])]
            return
        self.has_exact_totals &= not is_point_by_point(node)
        if isinstance(node, trees.Series):
            self.found[id(node)] = self._gathered(_flat(node))
        else:
            self.found[id(node)] = []
            for child in children(node):
                self._read(child)

    def _gathered(self, items: list[Node]) -> list[Row | Node]:
        """Consecutive hops that cannot fail as one row each."""
        found: list[Row | Node] = []
        waiting: list[trees.Hop] = []
        for item in items:
            if isinstance(item, trees.Hop) and not item.unavailability:
                waiting.append(item)
                continue
            if waiting:
                found.append(self._row(waiting))
                waiting = []
            self._read(item)
            found.append(item)
        return [*found, self._row(waiting)] if waiting else found

    def _row(self, hops: list[trees.Hop]) -> Row:
        start, places = 0.0, []
        for hop in hops:
            fixed, rest = hop.law.fixed_part()
            start += fixed
            if rest is not None:
                places.append(self.binning.place(rest))
        return Row(start, tuple(places), math.fsum(hop.law.mean for hop in hops))


def _flat(series: trees.Series) -> list[Node]:
    """The items of a series, those of series among them in their place."""
    items: list[Node] = []
    for item in series.items:
        items.extend(_flat(item) if isinstance(item, trees.Series) else (item,))
    return items


def children(node: Node) -> tuple[Node, ...]:
    """The calls that this call is made of."""
    match node:
        case trees.Hop():
            return ()
        case trees.Series() | trees.ForkJoin():
            return node.items
        case trees.Branch():
            return tuple(option for _, option in node.options)
        case trees.Fallback():
            return node.node, node.other
        case _:
            return (node.node,)


def is_point_by_point(node: Node) -> bool:
    """Calls at once, and a time limit on more than one hop, are computed on the cdf and not on the law.

    All else has a failed share and a mean in closed form.
    """
    match node:
        case trees.ForkJoin() | trees.FanOut() | trees.Hedged():
            return True
        case trees.Timeout():
            return trees.as_one_hop(node.node) is None
        case _:
            return False
