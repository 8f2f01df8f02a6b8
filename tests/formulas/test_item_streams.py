"""Caches of every policy, alone and behind one another, against simulated ones."""

import math
import random
import time
from collections import OrderedDict
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdplan.formulas import _popularity as popularity
from sdplan.formulas.cache_sizing import (
    fifo_items_for_hit_ratio,
    lru_items_for_hit_ratio,
    lru_items_for_hit_ratio_tiers,
    stampede_calls,
)
from sdplan.formulas.cache_variants import che_hit_ratio_tiers, fifo_hit_ratio
from sdplan.formulas.caches import che_hit_ratio
from sdplan.formulas.item_streams import (
    Cache,
    held_size,
    hit_ratio,
    hits,
    joined,
    miss_stream,
    room_for,
    tiered_stream,
    working_set,
    zipf_stream,
)

ITEMS, REQUESTS = 3000, 240_000


class Simulated:
    """A cache of items by number, with the times at which they were written or last asked for."""

    def __init__(self, settings):
        self.settings, self.kept, self.slots = settings, OrderedDict(), []
        self.source = random.Random(1)

    def finds(self, item, now):
        room, policy, ttl, sliding = self.settings
        if item in self.kept:
            fresh = now - self.kept[item] <= ttl
            if sliding or not fresh:
                self.kept[item] = now
            if policy == "lru" or not (fresh or policy == "random"):
                self.kept.move_to_end(item)
            return fresh
        if len(self.kept) >= room:
            self.drop(policy, item)
        elif policy == "random":
            self.slots.append(item)
        self.kept[item] = now
        return False

    def drop(self, policy, item):
        if policy == "random":
            slot = self.source.randrange(len(self.slots))
            del self.kept[self.slots[slot]]
            self.slots[slot] = item
        else:
            self.kept.popitem(last=False)


@cache
def drawn(exponent):
    share = np.arange(1, ITEMS + 1.0) ** -exponent
    return np.random.default_rng(3).choice(ITEMS, size=REQUESTS, p=share / share.sum()).tolist()


def simulated(exponent, levels):
    """Hit ratios of caches behind one another, one request in each unit of time."""
    caches = [Simulated(level) for level in levels]
    looked, found = [0] * len(levels), [0] * len(levels)
    for now, item in enumerate(drawn(exponent)):
        for k, each in enumerate(caches):
            hit = each.finds(item, now)
            if now > REQUESTS // 3:
                looked[k] += 1
                found[k] += hit
            if hit:
                break
    return [f / n for f, n in zip(found, looked, strict=True)]


def modelled(exponent, levels):
    stream, found = zipf_stream(arrival_rate=1.0, distinct_items=ITEMS, zipf_exponent=exponent), []
    for level in levels:
        found.append(hit_ratio(stream, level))
        stream = miss_stream(stream, level)
    return found


@pytest.mark.parametrize("room", [200, 1000])
@pytest.mark.parametrize("ttl", [150.0, 1500.0, math.inf])
@pytest.mark.parametrize("policy", ["lru", "fifo", "random"])
def test_a_single_cache_agrees_with_a_simulated_one(policy, ttl, room):
    settings = Cache(room, policy, ttl)

    assert modelled(0.9, [settings]) == pytest.approx(simulated(0.9, [settings]), abs=0.004)


@pytest.mark.parametrize("ttl", [150.0, 1500.0])
def test_a_sliding_time_to_live_agrees_with_a_simulated_one(ttl):
    settings = Cache(400, "lru", ttl, sliding=True)

    assert modelled(0.9, [settings]) == pytest.approx(simulated(0.9, [settings]), abs=0.004)


@pytest.mark.parametrize("policy", ["fifo", "random"])
def test_a_sliding_time_to_live_is_a_bound_for_the_other_policies(policy):
    settings = Cache(400, policy, 300.0, sliding=True)
    (model,), (simulation,) = modelled(0.9, [settings]), simulated(0.9, [settings])

    assert -0.004 <= model - simulation <= 0.04


LRU_BEHIND = [
    (0.9, [Cache(100), Cache(300), Cache(1000)]),
    (1.0, [Cache(100), Cache(100)]),
    (0.8, [Cache(200, "fifo"), Cache(400)]),
    (0.8, [Cache(200, "random"), Cache(400)]),
    (1.0, [Cache(100, ttl=200.0), Cache(500)]),
]


@pytest.mark.parametrize(("exponent", "levels"), LRU_BEHIND)
def test_a_cache_behind_another_agrees_with_simulated_ones(exponent, levels):
    assert modelled(exponent, levels) == pytest.approx(simulated(exponent, levels), abs=0.01)


@pytest.mark.parametrize(
    ("exponent", "levels"),
    [
        (0.8, [Cache(200, "fifo"), Cache(400, "fifo")]),
        (0.8, [Cache(200, "random"), Cache(400, "random")]),
        (1.0, [Cache(100), Cache(500, ttl=2000.0)]),
    ],
)
def test_other_pairs_of_caches_come_near_simulated_ones(exponent, levels):
    assert modelled(exponent, levels) == pytest.approx(simulated(exponent, levels), abs=0.02)


def test_the_second_cache_is_far_from_what_the_same_popularity_would_give():
    levels = [Cache(100), Cache(100)]
    stream = zipf_stream(arrival_rate=1.0, distinct_items=ITEMS, zipf_exponent=1.0)
    independent = miss_stream(stream, levels[0])._replace(silence=0 * stream.rate)

    assert hit_ratio(independent, levels[1]) > 4 * simulated(1.0, levels)[1]


def test_what_a_cache_lets_through_is_what_it_misses():
    stream = zipf_stream(arrival_rate=250.0, distinct_items=1e6, zipf_exponent=0.9)
    behind = miss_stream(stream, Cache(1e5))

    assert behind.total_rate == pytest.approx(250 * (1 - hit_ratio(stream, Cache(1e5))))
    assert miss_stream(stream, Cache(1e6)).total_rate == pytest.approx(0.0, abs=1e-9)


def test_two_kinds_of_items_share_one_cache_by_their_bytes():
    small = zipf_stream(arrival_rate=800.0, distinct_items=1e5, zipf_exponent=0.9, item_size=200.0)
    large = tiered_stream(
        arrival_rate=200.0, tier_items=(1e3, 1e4), tier_shares=(0.8, 0.2), item_size=10_000.0
    )
    both, room = joined((small, large)), Cache(20e6)
    found = hits(both, room)
    split = len(small.rate)
    taken = [(s.items * s.size * h).sum() for s, h in ((small, found[:split]), (large, found[split:]))]

    assert sum(taken) == pytest.approx(20e6, rel=1e-9)
    assert held_size(both, room) == pytest.approx(20e6, rel=1e-9)
    for own, part in ((small, taken[0]), (large, taken[1])):  # each as if alone in the room it takes
        alone = hit_ratio(own, Cache(float(part)))
        within = found[:split] if own is small else found[split:]
        assert float((own.items * own.rate) @ within) / own.total_rate == pytest.approx(alone, rel=1e-9)


@given(st.floats(0.01, 0.99), st.floats(0.3, 1.5), st.sampled_from(["lru", "fifo", "random"]))
def test_the_room_for_a_hit_ratio_gives_that_hit_ratio(wanted, exponent, policy):
    stream = zipf_stream(arrival_rate=3.0, distinct_items=1e6, zipf_exponent=exponent)
    room = room_for(stream, Cache(0.0, policy), wanted)

    assert hit_ratio(stream, Cache(room, policy)) == pytest.approx(wanted, abs=1e-6)


def test_no_room_gives_what_the_time_to_live_forbids():
    stream = zipf_stream(arrival_rate=3.0, distinct_items=1e6, zipf_exponent=1.0)
    most = hit_ratio(stream, Cache(math.inf, ttl=60.0))

    assert room_for(stream, Cache(0.0, ttl=60.0), most + 0.01) == math.inf
    assert room_for(stream, Cache(0.0), 1.0) == pytest.approx(1e6)
    assert room_for(stream, Cache(0.0), 0.0) == 0


def test_inverse_formulas_lead_back():
    cache = {"distinct_items": 1e7, "zipf_exponent": 0.95}
    tiers = {"tier_items": (1e3, 1e5), "tier_shares": (0.7, 0.3)}

    room = lru_items_for_hit_ratio(**cache, hit_ratio=0.8)
    assert che_hit_ratio(**cache, cache_items=room) == pytest.approx(0.8)
    room = fifo_items_for_hit_ratio(**cache, hit_ratio=0.8)
    assert fifo_hit_ratio(**cache, cache_items=room) == pytest.approx(0.8)
    room = lru_items_for_hit_ratio_tiers(**tiers, hit_ratio=0.8)
    assert che_hit_ratio_tiers(**tiers, cache_items=room) == pytest.approx(0.8)


def test_the_working_set_of_a_long_time_is_everything():
    stream = zipf_stream(arrival_rate=10.0, distinct_items=1000, zipf_exponent=1.0, item_size=50.0)

    assert working_set(stream, math.inf) == pytest.approx(50_000)
    assert working_set(stream, 1e-6) == pytest.approx(50 * 10 * 1e-6, rel=1e-3)


@pytest.mark.parametrize("settings", [Cache(0.0), Cache(100.0, ttl=0.0), Cache(math.inf, "fifo"), Cache(1e9)])
def test_extreme_caches_hit_nothing_or_everything(settings):
    stream = zipf_stream(arrival_rate=10.0, distinct_items=1000, zipf_exponent=1.0)
    expected = float(settings.room > 0 and settings.ttl > 0)

    assert hit_ratio(stream, settings) == pytest.approx(expected)
    assert hit_ratio(stream._replace(rate=0 * stream.rate), settings) == 0


def test_a_stampede_is_what_arrives_until_the_value_is_back():
    source = np.random.default_rng(2)
    counts = 1 + source.poisson(40.0 * 0.25, 100_000)

    assert stampede_calls(arrival_rate=40.0, miss_time=0.25) == pytest.approx(counts.mean(), rel=0.005)


@pytest.mark.parametrize("policy", ["lru", "fifo", "random"])
def test_ten_billion_items_take_about_a_millisecond(policy):
    def seconds():
        for known in (popularity.ranks, popularity.zipf, popularity.zipf_total):
            known.cache_clear()
        start = time.perf_counter()
        stream = zipf_stream(arrival_rate=1.0, distinct_items=1e10, zipf_exponent=0.9)
        hit_ratio(stream, Cache(1e7, policy))
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.002
