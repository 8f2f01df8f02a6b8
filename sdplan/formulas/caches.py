"""Caches: access times, items with a time to live, and hit ratios from popularity.

The hit ratio of an LRU cache follows from the popularity of the items and the room, by the approximation
of Che: an item is in the cache when it was asked for within the last T requests, the characteristic time.
"""

from __future__ import annotations

from typing import Any

from sdplan.formulas import _popularity as popularity
from sdplan.formulas import xp
from sdplan.formulas._formula import formula

CHE = "Che, Tung and Wang 2002, Hierarchical Web Caching Systems, IEEE JSAC 20(7)"
FRICKER = "Fricker, Robert and Roberts 2012, A Versatile and Accurate Approximation for LRU, ITC 24"
FOFACK = "Fofack, Nain, Neglia and Towsley 2012, Analysis of TTL-based Cache Networks, VALUETOOLS"
JUNG = "Jung, Berger and Balakrishnan 2003, Modeling TTL-based Internet Caches, INFOCOM"
INDEPENDENT = "Requests are independent draws; drift and scans break it."


@formula("t", source="mean over hits and misses")
def effective_access_time(*, hit_ratio: float, hit_time: float, miss_time: float) -> float:
    """Mean access time when a miss costs only the miss time [s].

    This is a look-up in both at once, or a miss time that already holds the look-up.
    """
    return hit_ratio * hit_time + (1 - hit_ratio) * miss_time


@formula("t", source="mean over hits and misses; a miss looks up, reads and writes the cache")
def cache_aside_access_time(
    *, hit_ratio: float, hit_time: float, miss_time: float, fill_time: float
) -> float:
    """Mean access time when the caller fills the cache after a miss [s]."""
    return hit_ratio * hit_time + (1 - hit_ratio) * (hit_time + miss_time + fill_time)


@formula(r"\lambda_{\mathrm{miss}}", source="thinning of the look-ups")
def miss_rate(*, arrival_rate: float, hit_ratio: float) -> float:
    """Look-ups per second that reach what stands behind the cache [1/s]."""
    return arrival_rate * (1 - hit_ratio)


@formula(
    "N_t",
    source="Little 1961, A Proof for the Queuing Formula: L = λW, Operations Research 9(3)",
    validity="The hit ratio must be the one that results; an assumed one gives a wrong number of items. "
    "Items leave by their time to live alone.",
)
def ttl_live_objects(*, arrival_rate: float, hit_ratio: float, ttl: float) -> float:
    """Items that live in a cache which drops each a fixed time after it was written."""
    return miss_rate(arrival_rate=arrival_rate, hit_ratio=hit_ratio) * ttl


@formula("h", source=JUNG, validity="One item with Poisson requests.")
def ttl_hit_ratio(*, arrival_rate: float, ttl: float) -> float:
    """Hit ratio of one item that is dropped a fixed time after it was written."""
    return arrival_rate * ttl / (1 + arrival_rate * ttl)


@formula("V_m", source="definition")
def cache_memory(*, items: float, item_size: float, item_overhead: float) -> float:
    """Memory for cached items with the overhead of each [B]."""
    return items * (item_size + item_overhead)


@formula(
    "h",
    source=FOFACK,
    validity="One item with Poisson requests.",
)
def sliding_ttl_hit_ratio(*, arrival_rate: float, ttl: float) -> float:
    """Hit ratio of one item that is dropped when nobody asked for it for that long."""
    return -xp.expm1(-arrival_rate * ttl)


def _zipf_definition(*, rank: Any, distinct_items: Any, zipf_exponent: Any) -> Any:
    import sympy

    j = sympy.Symbol("j", integer=True, positive=True)
    return rank**-zipf_exponent / sympy.Sum(j**-zipf_exponent, (j, 1, distinct_items))


@formula(
    "p_i",
    source="Breslau, Cao, Fan, Phillips and Shenker 1999, Web Caching and Zipf-like Distributions, INFOCOM",
    outside="A rank beyond the items is never asked for.",
    domain=lambda rank, distinct_items, zipf_exponent: (rank >= 1) & (rank <= distinct_items),
    limit=0.0,
    define=_zipf_definition,
)
def zipf_share(*, rank: float, distinct_items: float, zipf_exponent: float) -> float:
    """Share of the requests that goes to the item of this rank under a Zipf popularity."""
    return xp.power(rank, -zipf_exponent) / xp.elementwise(
        popularity.zipf_total, distinct_items, zipf_exponent
    )


def sum_over_items(term: Any, distinct_items: Any, zipf_exponent: Any, last: Any = None) -> Any:
    """The term of each item's share, summed over all items or the most popular ones."""
    import sympy

    i = sympy.Symbol("rank", positive=True, integer=True)
    share = zipf_share(rank=i, distinct_items=distinct_items, zipf_exponent=zipf_exponent)
    return sympy.Sum(term(share), (i, 1, distinct_items if last is None else last))


def _che_equation(*, distinct_items: Any, zipf_exponent: Any, cache_items: Any) -> Any:
    import sympy

    t = sympy.Symbol("che_characteristic_time", positive=True)
    present = sum_over_items(lambda p: 1 - sympy.exp(-p * t), distinct_items, zipf_exponent)
    return sympy.Eq(present, cache_items)


def _che_sum(*, distinct_items: Any, zipf_exponent: Any, cache_items: Any) -> Any:
    import sympy

    t = che_characteristic_time(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, cache_items=cache_items
    )
    return sum_over_items(lambda p: p * (1 - sympy.exp(-p * t)), distinct_items, zipf_exponent)


def all_fit_not(*, distinct_items: float, zipf_exponent: float, cache_items: float) -> Any:
    """Whether the cache is smaller than what is asked for."""
    return (cache_items < distinct_items) & (cache_items >= 0)


@formula(
    "T",
    source=f"{CHE}; {FRICKER}",
    label="approximation",
    validity=INDEPENDENT,
    outside="A cache that holds every item drops none.",
    domain=all_fit_not,
    define=_che_equation,
)
def che_characteristic_time(*, distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Requests after which an LRU cache has dropped an item that nobody asked for."""
    return xp.elementwise(popularity.lru_time, distinct_items, zipf_exponent, cache_items)


@formula(
    "h",
    source=f"{CHE}; {FRICKER}",
    label="approximation",
    validity=f"Within 0.0005 of simulated LRU caches for Zipf exponents 0.6 to 1.2. {INDEPENDENT}",
    outside="A cache that holds every item misses none.",
    domain=all_fit_not,
    limit=1.0,
    define=_che_sum,
)
def che_hit_ratio(*, distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Hit ratio of an LRU cache under a Zipf popularity."""
    return xp.elementwise(popularity.lru_hit_ratio, distinct_items, zipf_exponent, cache_items)


def _ttl_bound(
    *, distinct_items: Any, zipf_exponent: Any, cache_items: Any, arrival_rate: Any, ttl: Any
) -> Any:
    import sympy

    t = che_characteristic_time(
        distinct_items=distinct_items, zipf_exponent=zipf_exponent, cache_items=cache_items
    )

    def kept(p: Any) -> Any:
        return p * sympy.Min(1 - sympy.exp(-p * t), ttl_hit_ratio(arrival_rate=p * arrival_rate, ttl=ttl))

    return sum_over_items(kept, distinct_items, zipf_exponent)


@formula(
    "h",
    source=f"{FRICKER}; {JUNG}; the smaller of the two for each item",
    label="bound",
    validity=f"An upper bound; simulated caches lay at most 0.006 below it. {INDEPENDENT}",
    define=_ttl_bound,
)
def che_ttl_hit_ratio(
    *, distinct_items: float, zipf_exponent: float, cache_items: float, arrival_rate: float, ttl: float
) -> float:
    """Hit ratio of an LRU cache that also drops each item a fixed time after it was written, at most."""
    return xp.elementwise(
        popularity.lru_ttl_hit_ratio, distinct_items, zipf_exponent, cache_items, arrival_rate * ttl
    )
