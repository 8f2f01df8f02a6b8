"""Sums over all items of a Zipf popularity, without visiting each item.

The first ranks are taken one by one; the rest is an integral over the logarithm of the rank, by
Gauss-Legendre in short panels, so that 1e10 items cost as much as 1e4.  On these weighted ranks the
characteristic time of a cache is found by Newton's method, which rises to the root from below because
the number of items present is a concave function of the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

_SINGLE = 200  # ranks taken one by one; the integral from there on errs below 1e-11
_PANEL = 0.75  # width of a panel in the logarithm of the rank
_NODES = 6
_MOST_ITEMS = 1e18  # more items, and a steeper popularity, than these change nothing that can be seen
_STEEPEST = 10.0

Presence = Callable[[Any], tuple[Any, Any]]


class Ranks(NamedTuple):
    """Ranks that stand for all items, and how many items each stands for."""

    rank: Any
    items: Any


@lru_cache(maxsize=64)
def ranks(distinct_items: float) -> Ranks:
    """The weighted ranks of so many items; a fraction of an item is dropped."""
    import numpy as np

    count = math.floor(min(distinct_items, _MOST_ITEMS))
    single = np.arange(1, min(count, _SINGLE) + 1, dtype=float)
    if count <= _SINGLE:
        return Ranks(single, np.ones_like(single))
    low, high = math.log(_SINGLE + 0.5), math.log(count + 0.5)
    panels = math.ceil((high - low) / _PANEL)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = (high - low) / panels / 2
    centres = low + half * (2 * np.arange(panels) + 1)
    rank = np.exp((centres[:, None] + half * nodes).ravel())
    ends = np.array([_SINGLE, _SINGLE + 1, count, count + 1], dtype=float)
    slopes = np.array([-1, 1, 1, -1]) / 24  # the midpoint rule is out by a 24th of the slope at each end
    return Ranks(
        np.concatenate([single, rank, ends]),
        np.concatenate([np.ones_like(single), np.tile(half * weights, panels) * rank, slopes]),
    )


@lru_cache(maxsize=64)
def zipf_total(distinct_items: float, zipf_exponent: float) -> float:
    """Sum of the popularity of all ranks, before it is scaled to one."""
    rank, items = ranks(distinct_items)
    return float(items @ rank ** -min(zipf_exponent, _STEEPEST))


class Popularity(NamedTuple):
    """Probability with which a request asks for one item, and how many items have it."""

    share: Any
    items: Any


@lru_cache(maxsize=64)
def zipf(distinct_items: float, zipf_exponent: float) -> Popularity:
    """A Zipf popularity."""
    rank, items = ranks(distinct_items)
    share = rank ** -min(zipf_exponent, _STEEPEST)
    return Popularity(share / max(items @ share, 1e-300), items)


def tiers(numbers: tuple[float, ...]) -> Popularity:
    """A popularity in tiers, given as the items of each tier and then the share of each."""
    import numpy as np

    finite = np.asarray([x if math.isfinite(x) else math.nan for x in numbers])
    items, shares = np.split(finite, 2)
    return Popularity(shares / np.maximum(items, 1e-300), items)


def lru(x: Any) -> tuple[Any, Any]:
    """Probability that an item is present after x expected requests for it, and its slope: LRU."""
    import numpy as np

    absent = np.exp(-x)
    return -np.expm1(-x), absent


def fifo(x: Any) -> tuple[Any, Any]:
    """The same for a cache that drops the oldest item, or a random one."""
    present = x / (1 + x)
    return present, (1 - present) ** 2


def characteristic_time(popularity: Popularity, cache_items: float, presence: Presence) -> float:
    """Requests after which the items present fill the cache; infinite where all fit."""
    share, items = popularity
    if not cache_items < items @ (share > 0) * (1 - 1e-12):
        return math.inf
    requests = max(0.0, cache_items) / float(items @ share)  # as if no item were asked for twice
    for _ in range(200):
        present, slope = presence(share * requests)
        filling = float(items @ (share * slope))
        step = float(cache_items - items @ present) / filling if filling > 0 else 0.0
        requests += step
        if not step > 1e-13 * requests:
            break
    return requests


@lru_cache(maxsize=256)
def zipf_time(distinct_items: float, zipf_exponent: float, cache_items: float, presence: Presence) -> float:
    """Characteristic time under a Zipf popularity."""
    return characteristic_time(zipf(distinct_items, zipf_exponent), cache_items, presence)


def hit_ratio(popularity: Popularity, requests: float, presence: Presence) -> float:
    """Share of the requests that find their item present after the characteristic time."""
    share, items = popularity
    if not math.isfinite(requests):
        return float(items @ share)
    return float(items @ (share * presence(share * requests)[0]))


def lru_time(distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Characteristic time of an LRU cache."""
    return zipf_time(distinct_items, zipf_exponent, cache_items, lru)


def fifo_time(distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Characteristic time of a FIFO or random cache."""
    return zipf_time(distinct_items, zipf_exponent, cache_items, fifo)


def lru_hit_ratio(distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Hit ratio of an LRU cache."""
    requests = lru_time(distinct_items, zipf_exponent, cache_items)
    return hit_ratio(zipf(distinct_items, zipf_exponent), requests, lru)


def fifo_hit_ratio(distinct_items: float, zipf_exponent: float, cache_items: float) -> float:
    """Hit ratio of a FIFO or random cache."""
    requests = fifo_time(distinct_items, zipf_exponent, cache_items)
    return hit_ratio(zipf(distinct_items, zipf_exponent), requests, fifo)


def lru_ttl_hit_ratio(
    distinct_items: float, zipf_exponent: float, cache_items: float, ttl_requests: float
) -> float:
    """Upper bound of the hit ratio of an LRU cache whose items also expire after so many requests."""
    import numpy as np

    share, items = zipf(distinct_items, zipf_exponent)
    fresh, _ = fifo(share * min(ttl_requests, 1e300))  # a fixed time to live has the form of FIFO
    kept, _ = lru(share * min(lru_time(distinct_items, zipf_exponent, cache_items), 1e300))
    return float(items @ (share * np.minimum(fresh, kept)))


def tiered_time(cache_items: float, *numbers: float) -> float:
    """Characteristic time of an LRU cache under a popularity in tiers."""
    return characteristic_time(tiers(numbers), cache_items, lru)


def tiered_hit_ratio(cache_items: float, *numbers: float) -> float:
    """Hit ratio of an LRU cache under a popularity in tiers."""
    return hit_ratio(tiers(numbers), tiered_time(cache_items, *numbers), lru)


def fifo_tiered_time(cache_items: float, *numbers: float) -> float:
    """Characteristic time of a FIFO or random cache under a popularity in tiers."""
    return characteristic_time(tiers(numbers), cache_items, fifo)


def fifo_tiered_hit_ratio(cache_items: float, *numbers: float) -> float:
    """Hit ratio of a FIFO or random cache under a popularity in tiers."""
    return hit_ratio(tiers(numbers), fifo_tiered_time(cache_items, *numbers), fifo)
