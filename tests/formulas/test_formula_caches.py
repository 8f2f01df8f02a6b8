"""Cache formulas against direct sums, simulation and bounds."""

import itertools
import math
import random
import time
from collections import OrderedDict

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from sdplan.formulas import _popularity as popularity
from sdplan.formulas.cache_variants import che_hit_ratio_tiers, fifo_hit_ratio, most_popular_hit_ratio
from sdplan.formulas.caches import (
    che_characteristic_time,
    che_hit_ratio,
    che_ttl_hit_ratio,
    ttl_hit_ratio,
    zipf_share,
)


def direct_hit_ratio(items, exponent, room):
    share = np.arange(1, items + 1) ** -float(exponent)
    share /= share.sum()
    log_time = brentq(lambda x: -np.expm1(-share * math.exp(x)).sum() - room, -5, 80, xtol=1e-13)
    return float(share @ -np.expm1(-share * math.exp(log_time)))


@pytest.mark.parametrize("items", [100, 201, 5_000, 300_000])
@pytest.mark.parametrize("exponent", [0.0, 0.6, 1.0, 1.3, 2.5])
@pytest.mark.parametrize("share", [0.01, 0.2, 0.9])
def test_the_hit_ratio_agrees_with_a_sum_over_every_item(items, exponent, share):
    room = share * items
    computed = che_hit_ratio(distinct_items=items, zipf_exponent=exponent, cache_items=room)

    assert computed == pytest.approx(direct_hit_ratio(items, exponent, room), abs=1e-9)


@pytest.mark.parametrize(("items", "exponent"), [(10**10, 1.2), (10**10, 0.8), (10**7, 1.0), (10**12, 2.0)])
def test_the_share_of_the_first_item_agrees_with_the_zeta_function(items, exponent):
    with mpmath.workdps(30):
        if exponent == 1:
            total = mpmath.harmonic(items)
        else:
            total = mpmath.zeta(exponent) - mpmath.zeta(exponent, items + 1)

    computed = zipf_share(rank=1, distinct_items=items, zipf_exponent=exponent)
    assert computed == pytest.approx(float(1 / total), rel=1e-10)


def test_ten_billion_items_take_a_few_milliseconds():
    def seconds():
        for cached in (popularity.ranks, popularity.zipf, popularity.zipf_total, popularity.zipf_time):
            cached.cache_clear()
        start = time.perf_counter()
        che_hit_ratio(distinct_items=10**10, zipf_exponent=0.9, cache_items=10**7)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.005


def simulated_lru(popularity, room, requests, seed):
    cache, hits = OrderedDict(), 0
    weights = list(itertools.accumulate(popularity))
    drawn = random.Random(seed).choices(range(len(popularity)), cum_weights=weights, k=2 * requests)
    for number, item in enumerate(drawn):
        if item in cache:
            cache.move_to_end(item)
            hits += number >= requests
        else:
            cache[item] = True
            if len(cache) > room:
                cache.popitem(last=False)
    return hits / requests


def test_the_model_predicts_a_simulated_cache_of_three_tiers():
    items, shares, room = (10, 100, 5000), (0.6, 0.3, 0.1), 100
    each = [share / n for n, share in zip(items, shares, strict=True) for _ in range(n)]
    computed = che_hit_ratio_tiers(tier_items=items, tier_shares=shares, cache_items=room)

    assert computed == pytest.approx(simulated_lru(each, room, 100_000, seed=7), abs=0.006)


def test_one_tier_is_a_uniform_popularity():
    uniform = che_hit_ratio(distinct_items=1000, zipf_exponent=0.0, cache_items=250)

    assert uniform == pytest.approx(0.25, rel=1e-12)
    assert che_hit_ratio_tiers(tier_items=[1000], tier_shares=[1.0], cache_items=250) == pytest.approx(0.25)


sizes = st.integers(300, 10**9)
exponents = st.floats(0.3, 1.8)
fractions = st.floats(1e-4, 0.99)


@given(sizes, exponents, fractions)
def test_policies_keep_their_order(items, exponent, fraction):
    cache = {
        "distinct_items": items,
        "zipf_exponent": exponent,
        "cache_items": max(1, round(fraction * items)),
    }

    assert fifo_hit_ratio(**cache) <= che_hit_ratio(**cache) + 1e-9
    assert che_hit_ratio(**cache) <= most_popular_hit_ratio(**cache) + 1e-9


@given(sizes, exponents, fractions, fractions)
def test_a_larger_cache_never_hits_less(items, exponent, one, other):
    small, large = (
        che_hit_ratio(distinct_items=items, zipf_exponent=exponent, cache_items=fraction * items)
        for fraction in sorted((one, other))
    )

    assert small <= large + 1e-9


@given(sizes, exponents, fractions)
def test_the_cache_is_full_at_its_characteristic_time(items, exponent, fraction):
    room = fraction * items
    requests = che_characteristic_time(distinct_items=items, zipf_exponent=exponent, cache_items=room)
    share, counted = popularity.zipf(items, exponent)

    assert float(counted @ -np.expm1(-share * requests)) == pytest.approx(room, rel=1e-9)


def test_a_cache_that_holds_all_items_hits_always_and_an_empty_one_never():
    assert che_hit_ratio(distinct_items=1000, zipf_exponent=1.0, cache_items=1000) == 1
    assert che_hit_ratio(distinct_items=1000, zipf_exponent=1.0, cache_items=5000) == 1
    assert che_hit_ratio(distinct_items=1000, zipf_exponent=1.0, cache_items=0) == 0
    assert che_characteristic_time(distinct_items=1000, zipf_exponent=1.0, cache_items=1000) == math.inf


@given(sizes, exponents, fractions, st.floats(1e-3, 1e9))
def test_a_time_to_live_never_adds_hits(items, exponent, fraction, ttl):
    cache = {"distinct_items": items, "zipf_exponent": exponent, "cache_items": fraction * items}
    expiring = che_ttl_hit_ratio(**cache, arrival_rate=1.0, ttl=ttl)

    assert 0 <= expiring <= che_hit_ratio(**cache) + 1e-9


def test_a_very_long_time_to_live_changes_nothing():
    cache = {"distinct_items": 10_000, "zipf_exponent": 0.9, "cache_items": 800}

    assert che_ttl_hit_ratio(**cache, arrival_rate=100.0, ttl=1e12) == pytest.approx(che_hit_ratio(**cache))


def test_a_single_item_with_a_time_to_live_follows_its_own_formula():
    single = {"distinct_items": 1, "zipf_exponent": 1.0, "cache_items": 1, "arrival_rate": 3.0, "ttl": 2.0}

    assert che_ttl_hit_ratio(**single) == pytest.approx(ttl_hit_ratio(arrival_rate=3.0, ttl=2.0))
