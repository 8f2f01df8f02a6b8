"""Caches whose items expire when nobody asked for them for so long, with and without a limit of room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.cache_expiry import EXPIRED, FITS, MEASURED
from sdplan.formulas.cache_variants import TIERS, che_characteristic_time_tiers, sum_over_tiers, tiers_fit_not
from sdplan.formulas.caches import (
    CHE,
    FOFACK,
    INDEPENDENT,
    all_fit_not,
    che_characteristic_time,
    sliding_ttl_hit_ratio,
    sum_over_items,
)
from sdplan.formulas.item_streams import Cache, tiered_hits, zipf_hits


def _sliding_ttl_hit_ratio_zipf(
    *, distinct_items: Any, zipf_exponent: Any, arrival_rate: Any, ttl: Any
) -> Any:
    return sum_over_items(
        lambda p: p * sliding_ttl_hit_ratio(arrival_rate=p * arrival_rate, ttl=ttl),
        distinct_items,
        zipf_exponent,
    )


@formula(
    "h",
    source=FOFACK,
    label="exact",
    validity=INDEPENDENT,
    define=_sliding_ttl_hit_ratio_zipf,
)
def sliding_ttl_hit_ratio_zipf(
    *, distinct_items: float, zipf_exponent: float, arrival_rate: float, ttl: float
) -> float:
    """Hit ratio under a Zipf popularity of a cache with room for all and a sliding time to live."""
    return xp.elementwise(_sliding_ttl_by_rank, distinct_items, zipf_exponent, arrival_rate * ttl)


def _sliding_ttl_by_rank(items: float, exponent: float, ttl: float) -> float:
    return zipf_hits(items, exponent, Cache(math.inf, ttl=ttl, sliding=True))


def _lru_sliding_ttl_hit_ratio(
    *, distinct_items: Any, zipf_exponent: Any, cache_items: Any, arrival_rate: Any, ttl: Any
) -> Any:
    import sympy

    t = che_characteristic_time(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, cache_items=cache_items
    )
    return sum_over_items(
        lambda p: p * (1 - sympy.exp(-p * sympy.Min(t, arrival_rate * ttl))), distinct_items, zipf_exponent
    )


@formula(
    "h",
    source=f"{CHE}; {FOFACK}",
    label="approximation",
    validity=f"{MEASURED} {EXPIRED} {INDEPENDENT}",
    outside=FITS,
    domain=lambda distinct_items, zipf_exponent, cache_items, arrival_rate, ttl: all_fit_not(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, cache_items=cache_items
    ),
    limit=lambda distinct_items, zipf_exponent, cache_items, arrival_rate, ttl: sliding_ttl_hit_ratio_zipf(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, arrival_rate=arrival_rate, ttl=ttl
    ),
    define=_lru_sliding_ttl_hit_ratio,
)
def lru_sliding_ttl_hit_ratio(
    *, distinct_items: float, zipf_exponent: float, cache_items: float, arrival_rate: float, ttl: float
) -> float:
    """Hit ratio under a Zipf popularity of an LRU cache with a sliding time to live."""
    return xp.elementwise(
        _lru_sliding_ttl_by_rank, distinct_items, zipf_exponent, cache_items, arrival_rate * ttl
    )


def _lru_sliding_ttl_by_rank(items: float, exponent: float, room: float, ttl: float) -> float:
    return zipf_hits(items, exponent, Cache(room, ttl=ttl, sliding=True))


def _sliding_ttl_hit_ratio_tiers(*, tier_items: Any, tier_shares: Any, arrival_rate: Any, ttl: Any) -> Any:
    return sum_over_tiers(
        lambda p: sliding_ttl_hit_ratio(arrival_rate=p * arrival_rate, ttl=ttl), tier_items, tier_shares
    )


@formula(
    "h",
    source=FOFACK,
    label="exact",
    validity=TIERS,
    define=_sliding_ttl_hit_ratio_tiers,
)
def sliding_ttl_hit_ratio_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], arrival_rate: float, ttl: float
) -> float:
    """Hit ratio of a cache with room for all and a sliding time to live, under stated tiers."""
    return xp.elementwise(_sliding_ttl_by_tier, arrival_rate * ttl, *tier_items, *tier_shares)


def _sliding_ttl_by_tier(ttl: float, *numbers: float) -> float:
    return tiered_hits(Cache(math.inf, ttl=ttl, sliding=True), *numbers)


def _lru_sliding_ttl_hit_ratio_tiers(
    *, tier_items: Any, tier_shares: Any, cache_items: Any, arrival_rate: Any, ttl: Any
) -> Any:
    import sympy

    t = che_characteristic_time_tiers(tier_items=tier_items, tier_shares=tier_shares, cache_items=cache_items)
    return sum_over_tiers(
        lambda p: 1 - sympy.exp(-p * sympy.Min(t, arrival_rate * ttl)), tier_items, tier_shares
    )


@formula(
    "h",
    source=f"{CHE}; {FOFACK}",
    label="approximation",
    validity=f"{MEASURED} {EXPIRED} {TIERS}",
    outside=FITS,
    domain=lambda tier_items, tier_shares, cache_items, arrival_rate, ttl: tiers_fit_not(
        tier_items=tier_items, tier_shares=tier_shares, cache_items=cache_items
    ),
    limit=lambda tier_items, tier_shares, cache_items, arrival_rate, ttl: sliding_ttl_hit_ratio_tiers(
        tier_items=tier_items, tier_shares=tier_shares, arrival_rate=arrival_rate, ttl=ttl
    ),
    define=_lru_sliding_ttl_hit_ratio_tiers,
)
def lru_sliding_ttl_hit_ratio_tiers(
    *,
    tier_items: Sequence[float],
    tier_shares: Sequence[float],
    cache_items: float,
    arrival_rate: float,
    ttl: float,
) -> float:
    """Hit ratio under a popularity of stated tiers of an LRU cache with a sliding time to live."""
    return xp.elementwise(
        _lru_sliding_ttl_by_tier, cache_items, arrival_rate * ttl, *tier_items, *tier_shares
    )


def _lru_sliding_ttl_by_tier(room: float, ttl: float, *numbers: float) -> float:
    return tiered_hits(Cache(room, ttl=ttl, sliding=True), *numbers)
