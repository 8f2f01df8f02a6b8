"""Mean and spread of how long a tree of calls takes, in closed form as far as there is one.

The moments of good and of failed runs go up the tree side by side; only calls at once, hedged calls and time
limits on more than one hop are read from a grid.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import cache, reduce
from typing import NamedTuple

import numpy as np

from sdplan.distributions import trees
from sdplan.distributions.evaluation import wide
from sdplan.distributions.failing import most_retries
from sdplan.distributions.memo import Memo
from sdplan.distributions.normal import Array
from sdplan.distributions.parts import Part
from sdplan.distributions.plans import Plan
from sdplan.distributions.trees import Node

_NONE_LEFT = 1e-15
_PANELS = 40  # of the quadrature of a second moment: each panel is half as long as the next


class Moments(NamedTuple):
    """The mean [s] and the squared coefficient of variation of a time."""

    mean: float
    scv: float


class Sums(NamedTuple):
    """A share of runs, and E[time; such a run] and E[time^2; such a run] in seconds and their square."""

    mass: float
    first: float
    second: float

    def then(self, other: Sums) -> Sums:
        """The sum of two independent times."""
        return Sums(
            self.mass * other.mass,
            self.first * other.mass + self.mass * other.first,
            self.second * other.mass + 2.0 * self.first * other.first + self.mass * other.second,
        )

    def and_also(self, other: Sums) -> Sums:
        """These runs and others."""
        return Sums(self.mass + other.mass, self.first + other.first, self.second + other.second)

    def times(self, share: float) -> Sums:
        """A share of these runs."""
        return Sums(self.mass * share, self.first * share, self.second * share)


class Pair(NamedTuple):
    """Good runs and failed ones."""

    ok: Sums
    bad: Sums


_NEVER, _AT_ONCE = Sums(0.0, 0.0, 0.0), Sums(1.0, 0.0, 0.0)
_NOTHING = Pair(_AT_ONCE, _NEVER)


def moments(node: Node) -> Moments:
    """Mean [s] and squared coefficient of variation of the time to the answer, good or not."""
    ok, bad = _pair(node)
    return _spread(ok.and_also(bad))


def good_moments(node: Node) -> Moments | None:
    """The same of the good runs alone; None where there are none."""
    good = _pair(node).ok
    return _spread(good) if good.mass > 0.0 else None


def _spread(runs: Sums) -> Moments:
    mean = runs.first / runs.mass
    variance = max(0.0, runs.second / runs.mass - mean**2)
    return Moments(mean, min(variance / mean / mean, sys.float_info.max) if mean else 0.0)


def _pair(node: Node) -> Pair:
    match node:
        case trees.Hop():
            mean = node.law.mean
            served = Sums(1.0, mean, mean**2 * (1.0 + node.law.scv)).times(1.0 - node.unavailability)
            return Pair(served, _AT_ONCE.times(node.unavailability))
        case trees.Series():
            return reduce(_in_a_row, (_pair(item) for item in node.items), _NOTHING)
        case trees.Repeat():
            inner = _pair(node.node)
            return _mixed(node.times, lambda count: _powered(inner, count, _in_a_row, _NOTHING))
        case trees.Branch():
            return _branch(node)
        case trees.Timeout():
            return _timeout(node)
        case trees.Optional():
            ok, bad = _pair(node.node)
            return Pair(ok.and_also(bad), _NEVER)
        case trees.Fallback():
            return _or_else(_pair(node.node), _pair(node.other))
        case trees.Retried():
            return _retried(node, _pair(node.node))
        case _:
            return _from_grid(node)


def _in_a_row(one: Pair, other: Pair) -> Pair:
    return Pair(one.ok.then(other.ok), one.bad.and_also(one.ok.then(other.bad)))


def _or_else(one: Pair, other: Pair) -> Pair:
    if not one.bad.mass:
        return one
    return Pair(one.ok.and_also(one.bad.then(other.ok)), one.bad.then(other.bad))


def _powered(pair: Pair, count: int, combined: Callable[[Pair, Pair], Pair], none: Pair) -> Pair:
    """`count` of the same combined, by doubling."""
    if count < 2:
        return pair if count else none
    half = _powered(pair, count // 2, combined, none)
    double = combined(half, half)
    return combined(double, pair) if count % 2 else double


def _mixed(mean: float, whole: Callable[[int], Pair]) -> Pair:
    low = math.floor(mean)
    part = mean - low
    return _either(whole(low), 1.0 - part, whole(low + 1)) if part else whole(low)


def _either(one: Pair, share: float, other: Pair) -> Pair:
    return Pair(*(a.times(share).and_also(b.times(1.0 - share)) for a, b in zip(one, other, strict=True)))


def _branch(node: trees.Branch) -> Pair:
    rest = max(0.0, 1.0 - math.fsum(share for share, _ in node.options))
    ok, bad = _AT_ONCE.times(rest), _NEVER
    for share, option in node.options:
        if share > 0.0:
            inner = _pair(option)
            ok, bad = ok.and_also(inner.ok.times(share)), bad.and_also(inner.bad.times(share))
    return Pair(ok, bad)


def _retried(node: trees.Retried, attempt: Pair) -> Pair:
    if attempt.bad.mass <= _NONE_LEFT:
        return attempt

    def whole(retries: int) -> Pair:
        if not node.backoff:
            return _powered(attempt, retries + 1, _or_else, attempt)
        tried = attempt
        for number in range(retries, 0, -1):
            tried = _or_else(attempt, _in_a_row(_pause(node, number), tried))
        return tried

    return _mixed(min(node.retries, most_retries(node)), whole)


def _pause(node: trees.Retried, number: int) -> Pair:
    pause = node.backoff * 2.0 ** (number - 1)
    mean, drawn = pause * (1.0 - 0.5 * node.jitter), pause * node.jitter
    return Pair(Sums(1.0, mean, mean**2 + drawn**2 / 12.0), _NEVER)


def _timeout(node: trees.Timeout) -> Pair:
    hop = trees.as_one_hop(node.node)
    if hop is None:
        return _from_grid(node)
    start, rest = hop.law.fixed_part()
    left, refused = node.time - start, _AT_ONCE.times(hop.unavailability)
    if rest is None or left <= 0.0:
        ok, late = (_AT_ONCE, 0.0) if rest is None and left >= 0.0 else (_NEVER, 1.0)
    else:
        late = float(rest.sf(np.array(left)))
        within = float(rest.lev(np.array(left))) - left * late
        ok = Sums(1.0 - late, max(0.0, within), max(0.0, _second_within(hop, left) - left**2 * late))
    served = ok.then(Sums(1.0, start, start**2)).times(1.0 - hop.unavailability)
    cut = Sums(1.0, node.time, node.time**2).times(late * (1.0 - hop.unavailability))
    return Pair(served, refused.and_also(cut))


def _second_within(hop: trees.Hop, time: float) -> float:
    """E[min(X, time)^2] of the part of a hop that varies, as the integral of 2 x P(X > x)."""
    rest = hop.law.fixed_part()[1]
    assert rest is not None
    at, weights = _quadrature()
    return float(2.0 * time**2 * np.dot(weights, rest.sf(time * at)))


@cache
def _quadrature() -> tuple[Array, Array]:
    """Nodes on (0, 1) and weights of the integral of x f(x): Gauss and Legendre in panels that halve."""
    points, weights = (np.array((*(sign * x for x in reversed(half)), *half)) for half, sign in _GAUSS)
    widths = 0.5 ** np.arange(1, _PANELS + 1)
    at = (widths[:, None] * (1.5 + 0.5 * points)).ravel()
    return at, (0.5 * widths[:, None] * weights).ravel() * at


def _from_grid(node: Node) -> Pair:
    return _KNOWN(node, lambda: _read(node))


def _read(node: Node) -> Pair:
    grid, outcome = wide(Plan(node))
    return Pair(*(_sums(part, grid.step) for part in outcome))


def _sums(part: Part, step: float) -> Sums:
    if part.missing:
        return _NEVER
    after = np.arange(part.masses.size) * step
    spread = float(np.dot(part.masses, after**2)) - float(np.dot(part.masses, after)) ** 2 / part.mass
    return Sums(part.mass, part.moment, part.moment**2 / part.mass + max(0.0, spread))


_GAUSS = (
    ((0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363), -1.0),
    ((0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763), 1.0),
)  # the nodes of eight and their weights, Abramowitz and Stegun 1964, table 25.4
_KNOWN: Memo[Pair] = Memo()
