"""A tree of calls on one grid: its outcome, found from the leaves up."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from sdplan.distributions import outcomes, trees
from sdplan.distributions.binning import masses
from sdplan.distributions.extents import extent
from sdplan.distributions.failing import most_retries
from sdplan.distributions.grids import Grid, GridError, convolved
from sdplan.distributions.more_laws import Uniform
from sdplan.distributions.order_statistics import hedged, identical, needed
from sdplan.distributions.outcomes import Outcome
from sdplan.distributions.parts import Part, atom, cut, regridded, scaled
from sdplan.distributions.plans import Plan, Row, is_point_by_point
from sdplan.distributions.trees import Node

_BEYOND = 1e-6  # the share of runs that the wide grid may leave out
_RAREST = 1e-13  # retries that so few runs come to are not looked at
_FEW, _MANY = 256, 1024  # cells of the wide grid, where totals are exact and where they are not
_RESOLVED = 64  # calls that end within so few cells are computed on a grid of their own


def wide(plan: Plan) -> tuple[Grid, Outcome]:
    """The tree on a grid that holds all but a millionth of its runs, and is not much wider than that."""
    end = 1.02 * extent(plan.node, _BEYOND).end or 1.0
    if plan.has_exact_totals:
        return _grown(plan, end, _FEW)
    grid, outcome = _grown(plan, end, _MANY)
    for _ in range(3):
        part = _part_used(outcome, grid)
        if part > 0.3:
            break
        try:
            narrower = _grown(plan, grid.end * (1.1 * part + 0.01), _MANY)
        except GridError:
            break
        grid, outcome = narrower
    return grid, outcome


def _grown(plan: Plan, end: float, cells: int) -> tuple[Grid, Outcome]:
    for _ in range(20):
        grid = Grid(end / cells, cells)
        outcome = evaluate(plan, grid)
        if _part_used(outcome, grid) < 1.0:
            break
        end *= 1.5
    return grid, outcome


def _part_used(outcome: Outcome, grid: Grid) -> float:
    """How much of the grid it takes to hold all but a millionth of the runs; 1 where all is too little."""
    ok, bad = outcome
    left = ok.mass + bad.mass - np.cumsum(ok.masses + bad.masses)
    return float(np.count_nonzero(left > _BEYOND)) / grid.cells


def evaluate(plan: Plan, grid: Grid) -> Outcome:
    """When the runs of this tree end well, and when badly, up to the end of the grid."""
    return _Evaluation(plan, grid).of(plan.node)


class _Evaluation:
    """One grid, the masses of all laws on it, and what has been found already."""

    def __init__(self, plan: Plan, grid: Grid) -> None:
        self.plan = plan
        self.grid = grid
        self.binned = plan.binning.on(grid)
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
        if node is self.plan.node or not is_point_by_point(node):
            return False
        return 0.0 < extent(node, _BEYOND).end < _RESOLVED * self.grid.step

    def _on_a_finer_grid(self, node: Node) -> Outcome:
        fine, (ok, bad) = wide(Plan(node))
        return Outcome(regridded(ok, fine, self.grid), regridded(bad, fine, self.grid))

    def _of(self, node: Node) -> Outcome:
        grid = self.grid
        match node:
            case trees.Hop():
                return outcomes.faulty(self._row(self.plan.row(node)), node.unavailability, grid)
            case trees.Series():
                return outcomes.sequence([self._item(item) for item in self.plan.items(node)], grid)
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
            case trees.Retried():
                return self._retried(node)
            case trees.Hedged():
                return self._hedged(node)

    def _item(self, item: Row | Node) -> Outcome:
        return self._row(item) if isinstance(item, Row) else self.of(item)

    def _row(self, row: Row) -> Outcome:
        """Hops in a row: one transform for all of them."""
        if not row.places:
            return Outcome(atom(self.grid, row.start), self.never)
        rows = [self.binned[place] for place in row.places]
        together = convolved(np.concatenate(rows).reshape(len(rows), -1)) if len(rows) > 1 else rows[0]
        return Outcome(Part(row.start, together, 1.0, row.mean), self.never)

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

    def _retried(self, node: trees.Retried) -> Outcome:
        inner, grid = self.of(node.node), self.grid
        if inner.bad.missing:
            return inner

        def whole(retries: int) -> Outcome:
            if not node.backoff:
                return outcomes.tried_at_once(inner, retries + 1, grid)
            counted = math.ceil(math.log(_RAREST) / math.log(inner.bad.mass)) if inner.bad.mass < 1.0 else 0
            return outcomes.retried(inner, min(retries, counted), partial(self._pause, node), grid)

        return outcomes.mixed_count(min(node.retries, most_retries(node)), whole, grid)

    def _pause(self, node: trees.Retried, number: int) -> Part:
        """What is waited before a retry: some of it always, the jitter evenly from nothing to all of it."""
        pause = node.backoff * 2.0 ** (number - 1)
        drawn = pause * node.jitter
        if not drawn:
            return atom(self.grid, pause)
        law = Uniform(0.0, drawn)
        return Part(pause - drawn, masses(law, self.grid), 1.0, pause - 0.5 * drawn)

    def _hedged(self, node: trees.Hedged) -> Outcome:
        alone = self.of(node.node)
        both = hedged(alone, node.delay, self.grid)
        shared = node.shared_slowness
        return outcomes.choice(((shared, alone), (1.0 - shared, both)), self.grid) if shared else both

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
        survival = share - np.cumsum(ok.masses)
        before = self.grid.step * float(survival[: int(left / self.grid.step)].sum())
        return cut(ok, survival, self.grid, left, beyond=share * beyond, there=share * inside - before)
