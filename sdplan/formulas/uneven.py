"""Uneven splits: how much more than its share the fullest node of a ring, or the fullest shard, holds."""

from __future__ import annotations

import math
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.caches import zipf_share

_MOST = 1e4  # points of a node, or items of a shard, beyond which only the even split is given
_PANELS, _NODES = 400, 8


def _ring_definition(*, nodes: Any, virtual_nodes: Any) -> Any:
    import sympy

    x = sympy.Symbol("x", positive=True)
    below = 1 - sympy.uppergamma(virtual_nodes, x) / sympy.gamma(virtual_nodes)
    return sympy.Integral(1 - below**nodes, (x, 0, sympy.oo)) / virtual_nodes


@formula(
    "r_m",
    source="Karger, Lehman, Leighton, Panigrahy, Levine and Lewin 1997, Consistent Hashing, STOC 29; the "
    "parts of a circle between random points are exponential times over their sum",
    validity="Points fall at random; with one point for each node this is the harmonic number.",
    outside="Beyond 10,000 points for each node, and a billion nodes, only the even split is given.",
    domain=lambda nodes, virtual_nodes: (
        (nodes >= 1) & (nodes <= 1e9) & (virtual_nodes >= 1) & (virtual_nodes <= _MOST)
    ),
    limit=1.0,
    define=_ring_definition,
)
def ring_fullest_ratio(*, nodes: float, virtual_nodes: float) -> float:
    """Load of the fullest node of a hash ring over the mean load, expected."""
    return xp.elementwise(_ring, nodes, virtual_nodes)


def _ring(nodes: float, points: float) -> float:
    """The mean of the largest of gamma times, as the integral of its survival function."""
    import numpy as np

    nodes, points = min(max(nodes, 1.0), 1e9), min(max(points, 1.0), _MOST)
    rare = math.log(nodes) + 40.0
    half = (points + math.sqrt(2 * points * rare) + rare) / _PANELS / 2
    abscissas, weights = np.polynomial.legendre.leggauss(_NODES)
    times = (half * (2 * np.arange(_PANELS)[:, None] + 1 + abscissas)).ravel()
    with np.errstate(divide="ignore"):
        longer = -np.expm1(nodes * np.log1p(-_fewer(int(points), times)))
    return float(np.tile(half * weights, _PANELS) @ longer) / points


def _fewer(count: int, means: Any) -> Any:
    """P(N < count) of Poisson numbers, summed away from the term that is nearest to the mean."""
    import numpy as np

    down, up = means[means >= count], means[means < count]
    term = np.exp((count - 1) * np.log(down) - down - math.lgamma(count))
    below = term.copy()
    for k in range(count - 1, 0, -1):
        term *= k / down
        below += term
    term = np.exp(count * np.log(up) - up - math.lgamma(count + 1))
    above, k = term.copy(), count
    while (term > 1e-17 * above).any():
        k += 1
        term *= up / k
        above += term
    return np.concatenate([1 - above, np.minimum(below, 1.0)])


def _shard_definition(*, shards: Any, items_per_shard: Any) -> Any:
    import sympy

    k = sympy.Symbol("k", integer=True, nonnegative=True)
    upto = sympy.uppergamma(k + 1, items_per_shard) / sympy.gamma(k + 1)
    return sympy.Sum(1 - upto**shards, (k, 0, sympy.oo)) / items_per_shard


@formula(
    "r_s",
    source="Raab and Steger 1998, Balls into Bins: A Simple and Tight Analysis, RANDOM 98; independent "
    "Poisson numbers in place of the split of a fixed number",
    label="approximation",
    validity="Keys spread at random; within 1 % of simulated splits from 10 shards and 10 items for each.",
    outside="Beyond 10,000 items for each shard, and a billion shards, only the even split is given.",
    domain=lambda shards, items_per_shard: (
        (shards >= 1) & (shards <= 1e9) & (items_per_shard > 0) & (items_per_shard <= _MOST)
    ),
    limit=1.0,
    define=_shard_definition,
)
def fullest_shard_ratio(*, shards: float, items_per_shard: float) -> float:
    """Items of the fullest shard over the items of each on average, expected."""
    return xp.elementwise(_fullest, shards, items_per_shard)


def _fullest(shards: float, items: float) -> float:
    """The mean of the largest of Poisson numbers, as the sum of its survival function."""
    shards, items = min(max(shards, 1.0), 1e9), min(max(items, 1e-9), _MOST)
    largest, total, k = 0.0, 0.0, 0
    while True:
        term = math.exp(k * math.log(items) - items - math.lgamma(k + 1))
        total = min(1.0, total + term)
        largest -= math.expm1(shards * math.log(total)) if total > 0 else -1.0
        if k > items and term * shards < 1e-16 * items:
            return largest / items
        k += 1


@formula(
    "s_m",
    source="one key lies on one shard: the load of the most popular one does not divide",
    label="bound",
    validity="A lower bound for the busiest shard, whatever the number of shards.",
    outside="No shard takes nothing.",
    domain=lambda distinct_items, zipf_exponent, shards: (shards > 0) & (distinct_items >= 1),
    limit=1.0,
)
def busiest_shard_share(*, distinct_items: float, zipf_exponent: float, shards: float) -> float:
    """Share of the requests at the shard of the most popular key under a Zipf popularity, at least."""
    top = zipf_share(rank=1, distinct_items=distinct_items, zipf_exponent=zipf_exponent)
    return top + (1 - top) / shards
