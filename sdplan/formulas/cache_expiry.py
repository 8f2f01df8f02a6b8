"""Caches whose items expire a fixed time after they were written, with and without a limit of room.

An LRU cache keeps an expired item in its place until somebody asks for it, so the characteristic time is
that of the cache without a time to live, and the hits between two fills follow from a delay equation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas._residence import hits_per_fill
from sdplan.formulas.cache_variants import TIERS, che_characteristic_time_tiers, sum_over_tiers, tiers_fit_not
from sdplan.formulas.caches import (
    CHE,
    INDEPENDENT,
    JUNG,
    all_fit_not,
    che_characteristic_time,
    sum_over_items,
    ttl_hit_ratio,
)
from sdplan.formulas.item_streams import Cache, tiered_hits, zipf_hits

EXPIRED = "An expired item keeps its place until it is asked for or dropped."
FITS = "A cache that holds every item drops none before it expires."
MEASURED = "Within 0.001 of simulated caches, Zipf exponents 0.8 to 1.2."


def _item_definition(*, arrival_rate: Any, idle_time: Any, ttl: Any) -> Any:
    """The delay equation solved by its Laplace transform: a finite sum of signed terms."""
    import sympy

    k = sympy.Symbol("k", integer=True, nonnegative=True)
    left = ttl - k * idle_time
    term = left**k / sympy.factorial(k) + arrival_rate * left ** (k + 1) / sympy.factorial(k + 1)
    steady = -arrival_rate * sympy.exp(-arrival_rate * idle_time)
    fills = sympy.Sum(steady**k * term, (k, 0, sympy.floor(ttl / idle_time)))
    return sympy.Eq(sympy.Symbol("lru_ttl_item_hit_ratio", positive=True), 1 - 1 / fills)


@formula(
    "h",
    source="balance of the expected hits since a fill, m'(u) = λ(1 - q) - λ q m(u - T) with q = exp(-λT)",
    validity=f"One item with Poisson requests. {EXPIRED}",
    outside="An item that is dropped at once is never found.",
    domain=lambda arrival_rate, idle_time, ttl: idle_time > 0,
    limit=0.0,
    define=_item_definition,
)
def lru_ttl_item_hit_ratio(*, arrival_rate: float, idle_time: float, ttl: float) -> float:
    """Hit ratio of one item of an LRU cache that expires a fixed time after it was written.

    The equation is solved one idle time after the other, so that no large terms cancel.
    """
    return xp.elementwise(_item_hit_ratio, arrival_rate, idle_time, ttl)


def _item_hit_ratio(rate: float, idle_time: float, ttl: float) -> float:
    import numpy as np

    with np.errstate(all="ignore"):
        between = float(hits_per_fill(np.array([float(rate)]), idle_time, ttl)[0])
    return between / (1 + between) if between < math.inf else 1.0


def _ttl_hit_ratio_zipf(*, distinct_items: Any, zipf_exponent: Any, arrival_rate: Any, ttl: Any) -> Any:
    return sum_over_items(
        lambda p: p * ttl_hit_ratio(arrival_rate=p * arrival_rate, ttl=ttl), distinct_items, zipf_exponent
    )


@formula(
    "h",
    source=JUNG,
    label="exact",
    validity=INDEPENDENT,
    define=_ttl_hit_ratio_zipf,
)
def ttl_hit_ratio_zipf(
    *, distinct_items: float, zipf_exponent: float, arrival_rate: float, ttl: float
) -> float:
    """Hit ratio under a Zipf popularity of a cache with room for all and a fixed time to live."""
    return xp.elementwise(_ttl_by_rank, distinct_items, zipf_exponent, arrival_rate * ttl)


def _ttl_by_rank(items: float, exponent: float, ttl: float) -> float:
    return zipf_hits(items, exponent, Cache(math.inf, ttl=ttl))


def _lru_ttl_hit_ratio(
    *, distinct_items: Any, zipf_exponent: Any, cache_items: Any, arrival_rate: Any, ttl: Any
) -> Any:
    t = che_characteristic_time(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, cache_items=cache_items
    )
    return sum_over_items(
        lambda p: (
            p * lru_ttl_item_hit_ratio(arrival_rate=p * arrival_rate, idle_time=t / arrival_rate, ttl=ttl)
        ),
        distinct_items,
        zipf_exponent,
    )


@formula(
    "h",
    source=f"{CHE}; {JUNG}",
    label="approximation",
    validity=f"{MEASURED} {EXPIRED} {INDEPENDENT}",
    outside=FITS,
    domain=lambda distinct_items, zipf_exponent, cache_items, arrival_rate, ttl: all_fit_not(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, cache_items=cache_items
    ),
    limit=lambda distinct_items, zipf_exponent, cache_items, arrival_rate, ttl: ttl_hit_ratio_zipf(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, arrival_rate=arrival_rate, ttl=ttl
    ),
    define=_lru_ttl_hit_ratio,
)
def lru_ttl_hit_ratio(
    *, distinct_items: float, zipf_exponent: float, cache_items: float, arrival_rate: float, ttl: float
) -> float:
    """Hit ratio under a Zipf popularity of an LRU cache with a fixed time to live."""
    return xp.elementwise(_lru_ttl_by_rank, distinct_items, zipf_exponent, cache_items, arrival_rate * ttl)


def _lru_ttl_by_rank(items: float, exponent: float, room: float, ttl: float) -> float:
    return zipf_hits(items, exponent, Cache(room, ttl=ttl))


def _ttl_hit_ratio_tiers(*, tier_items: Any, tier_shares: Any, arrival_rate: Any, ttl: Any) -> Any:
    return sum_over_tiers(
        lambda p: ttl_hit_ratio(arrival_rate=p * arrival_rate, ttl=ttl), tier_items, tier_shares
    )


@formula(
    "h",
    source=JUNG,
    label="exact",
    validity=TIERS,
    define=_ttl_hit_ratio_tiers,
)
def ttl_hit_ratio_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], arrival_rate: float, ttl: float
) -> float:
    """Hit ratio under a popularity of stated tiers of a cache with room for all and a fixed time to live."""
    return xp.elementwise(_ttl_by_tier, arrival_rate * ttl, *tier_items, *tier_shares)


def _ttl_by_tier(ttl: float, *numbers: float) -> float:
    return tiered_hits(Cache(math.inf, ttl=ttl), *numbers)


def _lru_ttl_hit_ratio_tiers(
    *, tier_items: Any, tier_shares: Any, cache_items: Any, arrival_rate: Any, ttl: Any
) -> Any:
    t = che_characteristic_time_tiers(tier_items=tier_items, tier_shares=tier_shares, cache_items=cache_items)
    return sum_over_tiers(
        lambda p: lru_ttl_item_hit_ratio(arrival_rate=p * arrival_rate, idle_time=t / arrival_rate, ttl=ttl),
        tier_items,
        tier_shares,
    )


@formula(
    "h",
    source=f"{CHE}; {JUNG}",
    label="approximation",
    validity=f"{MEASURED} {EXPIRED} {TIERS}",
    outside=FITS,
    domain=lambda tier_items, tier_shares, cache_items, arrival_rate, ttl: tiers_fit_not(
        tier_items=tier_items, tier_shares=tier_shares, cache_items=cache_items
    ),
    limit=lambda tier_items, tier_shares, cache_items, arrival_rate, ttl: ttl_hit_ratio_tiers(
        tier_items=tier_items, tier_shares=tier_shares, arrival_rate=arrival_rate, ttl=ttl
    ),
    define=_lru_ttl_hit_ratio_tiers,
)
def lru_ttl_hit_ratio_tiers(
    *,
    tier_items: Sequence[float],
    tier_shares: Sequence[float],
    cache_items: float,
    arrival_rate: float,
    ttl: float,
) -> float:
    """Hit ratio under a popularity of stated tiers of an LRU cache with a fixed time to live."""
    return xp.elementwise(_lru_ttl_by_tier, cache_items, arrival_rate * ttl, *tier_items, *tier_shares)


def _lru_ttl_by_tier(room: float, ttl: float, *numbers: float) -> float:
    return tiered_hits(Cache(room, ttl=ttl), *numbers)
