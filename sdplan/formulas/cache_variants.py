"""Cache variants: a popularity of stated tiers, FIFO and random replacement, and the best there can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sdplan.formulas import _popularity as popularity
from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.caches import CHE, FRICKER, INDEPENDENT, all_fit_not, sum_over_items

TIERS = f"Items of one tier are equally popular and the shares add up to one. {INDEPENDENT}"


def sum_over_tiers(term: Any, tier_items: Any, tier_shares: Any) -> Any:
    """The term of one item's share, weighted by the requests of each tier and summed."""
    return xp.over_parts("Sum", lambda n, s: s * term(s / n), tier_items, tier_shares)


def _tier_equation(*, tier_items: Any, tier_shares: Any, cache_items: Any) -> Any:
    import sympy

    t = sympy.Symbol("che_characteristic_time_tiers", positive=True)
    present = xp.over_parts("Sum", lambda n, s: n * (1 - sympy.exp(-s / n * t)), tier_items, tier_shares)
    return sympy.Eq(present, cache_items)


def _tier_sum(*, tier_items: Any, tier_shares: Any, cache_items: Any) -> Any:
    import sympy

    t = sympy.Function("che_characteristic_time_tiers")(tier_items, tier_shares, cache_items)
    return xp.over_parts("Sum", lambda n, s: s * (1 - sympy.exp(-s / n * t)), tier_items, tier_shares)


def tiers_fit_not(*, tier_items: Any, tier_shares: Any, cache_items: Any) -> Any:
    """Whether the cache is smaller than what is asked for."""
    return cache_items < sum(tier_items)


@formula(
    "T",
    source=f"{CHE}; {FRICKER}",
    label="approximation",
    validity=TIERS,
    outside="A cache that holds every item drops none.",
    domain=tiers_fit_not,
    define=_tier_equation,
)
def che_characteristic_time_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], cache_items: float
) -> float:
    """Requests after which an LRU cache has dropped an item that nobody asked for, by tiers."""
    return xp.elementwise(popularity.tiered_time, cache_items, *tier_items, *tier_shares)


@formula(
    "h",
    source=f"{CHE}; {FRICKER}",
    label="approximation",
    validity=TIERS,
    outside="A cache that holds every item misses none.",
    domain=tiers_fit_not,
    limit=1.0,
    define=_tier_sum,
)
def che_hit_ratio_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], cache_items: float
) -> float:
    """Hit ratio of an LRU cache under a popularity of stated tiers."""
    return xp.elementwise(popularity.tiered_hit_ratio, cache_items, *tier_items, *tier_shares)


def _fifo_tier_equation(*, tier_items: Any, tier_shares: Any, cache_items: Any) -> Any:
    import sympy

    t = sympy.Symbol("fifo_characteristic_time_tiers", positive=True)
    present = xp.over_parts("Sum", lambda n, s: s * t / (1 + s / n * t), tier_items, tier_shares)
    return sympy.Eq(present, cache_items)


def _fifo_tier_sum(*, tier_items: Any, tier_shares: Any, cache_items: Any) -> Any:
    t = fifo_characteristic_time_tiers(
        tier_items=tier_items, tier_shares=tier_shares, cache_items=cache_items
    )
    return sum_over_tiers(lambda p: p * t / (1 + p * t), tier_items, tier_shares)


@formula(
    "T",
    source=FRICKER,
    label="approximation",
    validity=TIERS,
    outside="A cache that holds every item drops none.",
    domain=tiers_fit_not,
    define=_fifo_tier_equation,
)
def fifo_characteristic_time_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], cache_items: float
) -> float:
    """Requests for which an item stays in a FIFO cache, or on average in a random one, by tiers."""
    return xp.elementwise(popularity.fifo_tiered_time, cache_items, *tier_items, *tier_shares)


@formula(
    "h",
    source=FRICKER,
    label="approximation",
    validity=TIERS,
    outside="A cache that holds every item misses none.",
    domain=tiers_fit_not,
    limit=1.0,
    define=_fifo_tier_sum,
)
def fifo_hit_ratio_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], cache_items: float
) -> float:
    """Hit ratio of a FIFO or random cache under a popularity of stated tiers."""
    return xp.elementwise(popularity.fifo_tiered_hit_ratio, cache_items, *tier_items, *tier_shares)


def _fifo_equation(*, distinct_items: Any, zipf_exponent: Any, cache_items: Any) -> Any:
    import sympy

    t = sympy.Symbol("fifo_characteristic_time", positive=True)
    present = sum_over_items(lambda p: p * t / (1 + p * t), distinct_items, zipf_exponent)
    return sympy.Eq(present, cache_items)


def _fifo_sum(*, distinct_items: Any, zipf_exponent: Any, cache_items: Any) -> Any:
    t = fifo_characteristic_time(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, cache_items=cache_items
    )
    return sum_over_items(lambda p: p**2 * t / (1 + p * t), distinct_items, zipf_exponent)


@formula(
    "T",
    source=FRICKER,
    label="approximation",
    validity=INDEPENDENT,
    outside="A cache that holds every item drops none.",
    domain=all_fit_not,
    define=_fifo_equation,
)
def fifo_characteristic_time(*, distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Requests for which an item stays in a FIFO cache, or on average in one that drops at random."""
    return xp.elementwise(popularity.fifo_time, distinct_items, zipf_exponent, cache_items)


@formula(
    "h",
    source=FRICKER,
    label="approximation",
    validity=INDEPENDENT,
    outside="A cache that holds every item misses none.",
    domain=all_fit_not,
    limit=1.0,
    define=_fifo_sum,
)
def fifo_hit_ratio(*, distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Hit ratio of a FIFO or random cache under a Zipf popularity."""
    return xp.elementwise(popularity.fifo_hit_ratio, distinct_items, zipf_exponent, cache_items)


def _most_popular_sum(*, distinct_items: Any, zipf_exponent: Any, cache_items: Any) -> Any:
    return sum_over_items(lambda p: p, distinct_items, zipf_exponent, last=cache_items)


@formula(
    r"h_{\mathrm{max}}",
    source="the most popular items hold the largest share; no policy does better on independent requests",
    label="bound",
    validity=f"An upper bound, which policies that count requests come near. {INDEPENDENT}",
    outside="A cache that holds every item misses none.",
    domain=all_fit_not,
    limit=1.0,
    define=_most_popular_sum,
)
def most_popular_hit_ratio(*, distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Hit ratio of a cache that holds the most popular items of a Zipf popularity."""
    held = xp.elementwise(popularity.zipf_total, cache_items, zipf_exponent)
    return held / xp.elementwise(popularity.zipf_total, distinct_items, zipf_exponent)
