"""The size of caches: items for a wanted hit ratio, the working set, and what a cold cache lets through."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import Formula, formula
from sdplan.formulas.cache_variants import TIERS, che_hit_ratio_tiers, fifo_hit_ratio, fifo_hit_ratio_tiers
from sdplan.formulas.caches import CHE, FRICKER, INDEPENDENT, che_hit_ratio, sum_over_items
from sdplan.formulas.item_streams import Cache, Policy, room_for, tiered_stream, working_set, zipf_stream

_DENNING = "Denning 1968, The Working Set Model for Program Behavior, CACM 11(5)"
_ALL = "Certain hits need room for every item."


def _by_rank(policy: Policy) -> Callable[..., float]:
    """How many items must fit, for items by rank."""

    def items(distinct_items: float, exponent: float, wanted: float) -> float:
        stream = zipf_stream(arrival_rate=1.0, distinct_items=distinct_items, zipf_exponent=exponent)
        return room_for(stream, Cache(0.0, policy), wanted)

    return items


def _by_tier(policy: Policy) -> Callable[..., float]:
    """How many items must fit, for items by tier."""

    def items(wanted: float, *numbers: float) -> float:
        half = len(numbers) // 2
        stream = tiered_stream(arrival_rate=1.0, tier_items=numbers[:half], tier_shares=numbers[half:])
        return room_for(stream, Cache(0.0, policy), wanted / (math.fsum(numbers[half:]) or 1.0))

    return items


def _inverse(name: str, hit_ratio_of: Formula) -> Callable[..., Any]:
    """The definition of an inverse: the room with which the hit ratio is the wanted one."""

    def equation(*, hit_ratio: Any, **popularity: Any) -> Any:
        import sympy

        room = sympy.Symbol(name, positive=True)
        return sympy.Eq(hit_ratio_of(**popularity, cache_items=room), hit_ratio)

    return equation


@formula(
    "K",
    source=f"{CHE}; {FRICKER}",
    label="approximation",
    validity=f"As exact as the hit ratio it inverts. {INDEPENDENT}",
    outside=_ALL,
    domain=lambda distinct_items, zipf_exponent, hit_ratio: hit_ratio < 1,
    limit=lambda distinct_items, zipf_exponent, hit_ratio: distinct_items,
    define=_inverse("lru_items_for_hit_ratio", che_hit_ratio),
)
def lru_items_for_hit_ratio(*, distinct_items: float, zipf_exponent: float, hit_ratio: float) -> float:
    """Items that an LRU cache must hold for a wanted hit ratio under a Zipf popularity."""
    return xp.elementwise(_by_rank("lru"), distinct_items, zipf_exponent, hit_ratio)


@formula(
    "K",
    source=f"{CHE}; {FRICKER}",
    label="approximation",
    validity=f"As exact as the hit ratio it inverts. {TIERS}",
    outside=_ALL,
    domain=lambda tier_items, tier_shares, hit_ratio: hit_ratio < sum(tier_shares),
    limit=lambda tier_items, tier_shares, hit_ratio: sum(tier_items),
    define=_inverse("lru_items_for_hit_ratio_tiers", che_hit_ratio_tiers),
)
def lru_items_for_hit_ratio_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], hit_ratio: float
) -> float:
    """Items that an LRU cache must hold for a wanted hit ratio, by tiers."""
    return xp.elementwise(_by_tier("lru"), hit_ratio, *tier_items, *tier_shares)


@formula(
    "K",
    source=FRICKER,
    label="approximation",
    validity=f"As exact as the hit ratio it inverts. {INDEPENDENT}",
    outside=_ALL,
    domain=lambda distinct_items, zipf_exponent, hit_ratio: hit_ratio < 1,
    limit=lambda distinct_items, zipf_exponent, hit_ratio: distinct_items,
    define=_inverse("fifo_items_for_hit_ratio", fifo_hit_ratio),
)
def fifo_items_for_hit_ratio(*, distinct_items: float, zipf_exponent: float, hit_ratio: float) -> float:
    """Items that a FIFO or random cache must hold for a wanted hit ratio under a Zipf popularity."""
    return xp.elementwise(_by_rank("fifo"), distinct_items, zipf_exponent, hit_ratio)


@formula(
    "K",
    source=FRICKER,
    label="approximation",
    validity=f"As exact as the hit ratio it inverts. {TIERS}",
    outside=_ALL,
    domain=lambda tier_items, tier_shares, hit_ratio: hit_ratio < sum(tier_shares),
    limit=lambda tier_items, tier_shares, hit_ratio: sum(tier_items),
    define=_inverse("fifo_items_for_hit_ratio_tiers", fifo_hit_ratio_tiers),
)
def fifo_items_for_hit_ratio_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], hit_ratio: float
) -> float:
    """Items that a FIFO or random cache must hold for a wanted hit ratio, by tiers."""
    return xp.elementwise(_by_tier("fifo"), hit_ratio, *tier_items, *tier_shares)


def _window_by_rank(items: float, exponent: float, requests: float) -> float:
    stream = zipf_stream(arrival_rate=1.0, distinct_items=items, zipf_exponent=exponent)
    return working_set(stream, requests)


def _asked(*, distinct_items: Any, zipf_exponent: Any, arrival_rate: Any, period: Any) -> Any:
    import sympy

    return sum_over_items(lambda p: 1 - sympy.exp(-p * arrival_rate * period), distinct_items, zipf_exponent)


@formula("N_w", source=_DENNING, validity=INDEPENDENT, define=_asked)
def items_in_window(
    *, distinct_items: float, zipf_exponent: float, arrival_rate: float, period: float
) -> float:
    """Different items that are asked for in the period under a Zipf popularity: the working set."""
    return xp.elementwise(_window_by_rank, distinct_items, zipf_exponent, arrival_rate * period)


def _window_by_tier(requests: float, *numbers: float) -> float:
    half = len(numbers) // 2
    stream = tiered_stream(arrival_rate=1.0, tier_items=numbers[:half], tier_shares=numbers[half:])
    return working_set(stream, requests)


def _asked_by_tier(*, tier_items: Any, tier_shares: Any, arrival_rate: Any, period: Any) -> Any:
    import sympy

    requests = arrival_rate * period
    return xp.over_parts("Sum", lambda n, s: n * (1 - sympy.exp(-s / n * requests)), tier_items, tier_shares)


@formula("N_w", source=_DENNING, validity=TIERS, define=_asked_by_tier)
def items_in_window_tiers(
    *, tier_items: Sequence[float], tier_shares: Sequence[float], arrival_rate: float, period: float
) -> float:
    """Different items that are asked for in the period under a popularity of stated tiers."""
    return xp.elementwise(_window_by_tier, arrival_rate * period, *tier_items, *tier_shares)


@formula(
    "n_s",
    source="thinning: the first miss, and all requests for the item until its value is back",
    validity="Poisson requests for one item; nothing makes the later ones wait for the first.",
)
def stampede_calls(*, arrival_rate: float, miss_time: float) -> float:
    """Calls that reach the origin when an item expires and every miss asks for it anew."""
    return 1 + arrival_rate * miss_time


@formula(
    "f_c",
    source="thinning of the look-ups: all of them against those that miss",
    outside="An origin that a warm cache never asks sees its first calls when the cache is cold.",
    domain=lambda hit_ratio: hit_ratio < 1,
)
def cold_load_factor(*, hit_ratio: float) -> float:
    """How many times its usual load the origin sees while the cache is empty."""
    return 1 / (1 - hit_ratio)
