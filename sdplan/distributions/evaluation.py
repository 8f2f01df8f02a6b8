"""A tree of calls on one grid: its outcome, found from the leaves up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sdplan.distributions import outcomes, trees
from sdplan.distributions.extents import extent
from sdplan.distributions.grids import Grid, GridError, masses
from sdplan.distributions.laws import Law
from sdplan.distributions.normal import Array
from sdplan.distributions.order_statistics import identical, needed
from sdplan.distributions.outcomes import Outcome
from sdplan.distributions.parts import Part, atom, cut, regridded, scaled
from sdplan.distributions.trees import Node

_BEYOND = 1e-6  # the share of runs that the wide grid may leave out
_FEW, _MANY = 256, 1024  # cells of the wide grid, where totals are exact and where they are not
_RESOLVED = 64  # calls that end within so few cells are computed on a grid of their own


def wide(node: Node) -> tuple[Grid, Outcome]:
    """The tree on a grid that holds all but a millionth of its runs, and is not much wider than that."""
    end = 1.02 * extent(node, _BEYOND).end or 1.0
    if has_exact_totals(node):
        return _grown(node, end, _FEW)
    grid, outcome = _grown(node, end, _MANY)
    for _ in range(3):
        part = _part_used(outcome, grid)
        if part > 0.3:
            break
        try:
            narrower = _grown(node, grid.end * (1.1 * part + 0.01), _MANY)
        except GridError:
            break
        grid, outcome = narrower
    return grid, outcome


def _grown(node: Node, end: float, cells: int) -> tuple[Grid, Outcome]:
    for _ in range(20):
        grid = Grid(end / cells, cells)
        outcome = evaluate(node, grid)
        if _part_used(outcome, grid) < 1.0:
            break
        end *= 1.5
    return grid, outcome


def _part_used(outcome: Outcome, grid: Grid) -> float:
    """How much of the grid it takes to hold all but a millionth of the runs; 1 where all is too little."""
    ok, bad = outcome
    left = ok.mass + bad.mass - np.cumsum(ok.masses + bad.masses)
    return float(np.count_nonzero(left > _BEYOND)) / grid.cells


def has_exact_totals(node: Node) -> bool:
    """Whether the failed share and the mean have a closed form, or else come from the grid."""
    return not _is_point_by_point(node) and all(has_exact_totals(child) for child in children(node))


def _is_point_by_point(node: Node) -> bool:
    """Calls at once, and a time limit on more than one hop, are computed on the cdf and not on the law."""
    match node:
        case trees.ForkJoin() | trees.FanOut():
            return True
        case trees.Timeout():
            return trees.as_one_hop(node.node) is None
        case _:
            return False


def evaluate(node: Node, grid: Grid) -> Outcome:
    """When the runs of this tree end well, and when badly, up to the end of the grid."""
    laws = dict.fromkeys(rest for law in _laws(node) if (rest := law.fixed_part()[1]) is not None)
    return _Evaluation(node, grid, masses(laws, grid)).of(node)


def _laws(node: Node) -> Iterator[Law]:
    if isinstance(node, trees.Hop):
        yield node.law
    for child in children(node):
        yield from _laws(child)


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


class _Evaluation:
    """One grid, the masses of all laws on it, and what has been found already."""

    def __init__(self, root: Node, grid: Grid, binned: dict[Law, Array]) -> None:
        self.root = root
        self.grid = grid
        self.binned = binned
        self.found: dict[int, Outcome] = {}
        self.never = atom(grid, 0.0, 0.0)

    def of(self, node: Node) -> Outcome:
        """The outcome of a node; a node that stands in two places of a tree is computed once."""
        found = self.found.get(id(node))
        if found is None:
            found = self._on_a_finer_grid(node) if self._is_too_short(node) else self._of(node)
            self.found[id(node)] = found
        return found

    def _is_too_short(self, node: Node) -> bool:
        """Sums and mixtures keep their means in cells of any width; what is done point by point does not."""
        if node is self.root or not _is_point_by_point(node):
            return False
        return 0.0 < extent(node, _BEYOND).end < _RESOLVED * self.grid.step

    def _on_a_finer_grid(self, node: Node) -> Outcome:
        fine, (ok, bad) = wide(node)
        return Outcome(regridded(ok, fine, self.grid), regridded(bad, fine, self.grid))

    def _of(self, node: Node) -> Outcome:
        grid = self.grid
        match node:
            case trees.Hop():
                return self._hop(node)
            case trees.Series():
                return outcomes.sequence([self.of(item) for item in node.items], grid)
            case trees.Repeat():
                return outcomes.repeat(self.of(node.node), node.times, grid)
            case trees.Branch():
                return self._branch(node)
            case trees.ForkJoin():
                need = trees.count_needed(node.need, len(node.items))
                return needed([self.of(item) for item in node.items], need, grid)
            case trees.FanOut():
                return self._fan_out(node)
            case trees.Timeout():
                return self._timeout(node)
            case trees.Optional():
                return outcomes.optional(self.of(node.node), grid)
            case trees.Fallback():
                first = self.of(node.node)
                return first if first.bad.missing else outcomes.fallback(first, self.of(node.other), grid)

    def _hop(self, hop: trees.Hop) -> Outcome:
        start, rest = hop.law.fixed_part()
        ok = atom(self.grid, start) if rest is None else Part(start, self.binned[rest], 1.0, hop.law.mean)
        return outcomes.faulty(Outcome(ok, self.never), hop.unavailability, self.grid)

    def _branch(self, node: trees.Branch) -> Outcome:
        options = [(share, self.of(option)) for share, option in node.options]
        rest = 1.0 - sum(share for share, _ in options)
        if rest > 1e-12:
            options.append((rest, outcomes.at_once(self.grid)))
        return outcomes.choice(options, self.grid)

    def _fan_out(self, node: trees.FanOut) -> Outcome:
        inner = self.of(node.node)

        def whole(count: int) -> Outcome:
            return identical(inner, count, trees.count_needed(node.need, count), self.grid)

        return outcomes.mixed_count(node.count, whole, self.grid)

    def _timeout(self, node: trees.Timeout) -> Outcome:
        inner, hop = self.of(node.node), trees.as_one_hop(node.node)
        if hop is None:
            return outcomes.timeout(inner, node.time, self.grid)
        return outcomes.cut_off(inner, self._hop_by(hop, inner.ok, node.time), node.time, self.grid)

    def _hop_by(self, hop: trees.Hop, ok: Part, time: float) -> Part:
        """The runs of a single hop that end by `time`, from its law and so exact at any distance."""
        start, rest = hop.law.fixed_part()
        left = time - start
        if rest is None or left <= 0.0:
            return ok if left >= 0.0 and rest is None else scaled(ok, 0.0)
        share, beyond, inside = ok.mass, float(rest.sf(np.array(left))), float(rest.lev(np.array(left)))
        if left >= self.grid.end:
            mass = share * (1.0 - beyond)
            return ok._replace(mass=mass, moment=start * mass + share * (inside - left * beyond))
        survival = share * (1.0 - np.cumsum(self.binned[rest]))
        before = self.grid.step * float(survival[: int(left / self.grid.step)].sum())
        return cut(ok, survival, self.grid, left, beyond=share * beyond, there=share * inside - before)
