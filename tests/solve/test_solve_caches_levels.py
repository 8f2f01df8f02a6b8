"""Caches that share, stand behind each other, expire or are empty, against simulated caches and plain sums."""

from collections import OrderedDict

import numpy as np
import pytest
from scipy.optimize import brentq

from tests.strategies import number, reason, solved

ITEMS, EXPONENT = 10_000, 0.8


def popularity(items=ITEMS, exponent=EXPONENT):
    weights = np.arange(1, items + 1.0) ** -exponent
    return weights / weights.sum()


def simulated(rooms, draws=400_000, ttl=None):
    """Hit ratios of LRU caches behind each other; each look-up that misses goes on to the next."""
    keys = np.random.default_rng(3).choice(ITEMS, size=draws, p=popularity()).tolist()
    caches = [OrderedDict() for _ in rooms]
    hits, looks = [0] * len(rooms), [0] * len(rooms)
    for moment, key in enumerate(keys):
        for level, (cache, room) in enumerate(zip(caches, rooms, strict=True)):
            counted = moment > draws // 4
            looks[level] += counted
            if key in cache and (ttl is None or moment - cache[key] < ttl):
                cache.move_to_end(key)
                hits[level] += counted
                break
            cache[key] = moment
            cache.move_to_end(key)
            if len(cache) > room:
                cache.popitem(last=False)
    return [hit / look for hit, look in zip(hits, looks, strict=True)]


def two_levels(first, second, more=""):
    return f"""
    flows: {{f: {{rate: 1000/s, steps: [api: [l1: {{entity: item, miss: [l2: {{entity: item, miss: [db]}}]}}]]}}}}
    entities: {{item: {{size: 1KB, count: {ITEMS}, popularity: {{zipf: {EXPONENT}}}}}}}
    components:
      api: {{kind: service}}
      l1: {{kind: cache, shards: 1, memory: {first}KB{more}}}
      l2: {{kind: cache, shards: 1, memory: {second}KB}}
      db: {{kind: database}}
    """


@pytest.mark.parametrize(("first", "second"), [(200, 500), (500, 2000), (1000, 600)])
def test_a_second_cache_sees_what_the_first_has_missed(first, second):
    solution = solved(two_levels(first, second))
    found = [number(solution, f"components.{name}.hit") for name in ("l1", "l2")]
    true = simulated([first, second])
    assert found == pytest.approx(true, abs=0.008)
    assert number(solution, "components.db.rate") == pytest.approx(
        1000 * (1 - found[0]) * (1 - found[1]), rel=1e-9
    )


def test_a_second_cache_smaller_than_the_first_hits_nothing():
    assert number(solved(two_levels(1000, 600)), "components.l2.hit") == pytest.approx(0.0, abs=1e-6)


def test_a_stated_hit_ratio_in_front_tells_which_items_are_missed():
    computed = solved(two_levels(500, 2000))
    first = number(computed, "components.l1.hit")
    stated = solved(two_levels(500, 2000, f", hit: {first:.9f}"))
    assert number(stated, "components.l2.hit") == pytest.approx(
        number(computed, "components.l2.hit"), abs=1e-4
    )


def shared(policy="lru"):
    return f"""
    flows:
      a: {{rate: 3000/s, steps: [api: [cache: {{entity: small, miss: [db]}}]]}}
      b: {{rate: 1000/s, steps: [api: [cache: {{entity: large, miss: [db]}}]]}}
    entities:
      small: {{size: 1KB, count: 20k, popularity: {{zipf: 0.9}}}}
      large: {{size: 10KB, count: 5k, popularity: uniform}}
    components:
      api: {{kind: service}}
      cache: {{kind: cache, shards: 2, memory: 10MB, policy: {policy}}}
      db: {{kind: database}}
    """


def test_entities_that_share_a_cache_share_one_characteristic_time():
    solution = solved(shared())
    small, large = popularity(20_000, 0.9) * 3000, np.full(5000, 1000 / 5000)

    def room(time):
        return 1e3 * (1 - np.exp(-small * time)).sum() + 1e4 * (1 - np.exp(-large * time)).sum()

    time = brentq(lambda t: room(t) - 20e6, 1e-6, 1e6)
    hits = {"small": (small * (1 - np.exp(-small * time))).sum(), "large": 1000 * (1 - np.exp(-0.2 * time))}
    assert number(solution, "components.cache.hits.small") == pytest.approx(hits["small"] / 3000, rel=1e-4)
    assert number(solution, "components.cache.hits.large") == pytest.approx(hits["large"] / 1000, rel=1e-4)
    assert number(solution, "components.cache.hit") == pytest.approx(sum(hits.values()) / 4000, rel=1e-4)
    assert number(solution, "components.db.rate") == pytest.approx(4000 - sum(hits.values()), rel=1e-3)


def one(cache, entity="popularity: {zipf: 0.8}", flow="rate: 1000/s"):
    return f"""
    flows: {{f: {{{flow}, steps: [api: [cache: {{entity: item, miss: [db]}}]]}}}}
    entities: {{item: {{size: 1KB, count: {ITEMS}, {entity}}}}}
    components:
      api: {{kind: service}}
      cache: {{kind: cache, shards: 1, {cache}}}
      db: {{kind: database, service_time: {{fixed: 5ms}}, cores: 16}}
    """


def test_a_fixed_time_to_live_beside_lru_is_as_simulated():
    solution = solved(one("memory: 500KB, ttl: 2s"))
    assert number(solution, "components.cache.hit") == pytest.approx(simulated([500], ttl=2000)[0], abs=0.005)


def test_a_time_to_live_that_each_look_renews_drops_less():
    fixed = number(solved(one("memory: 5MB, ttl: 3s")), "components.cache.hit")
    sliding = number(solved(one("memory: 5MB, ttl: 3s, sliding: true")), "components.cache.hit")
    rates = 1000 * popularity()
    assert sliding == pytest.approx((rates / 1000 * (1 - np.exp(-3 * rates))).sum(), rel=1e-4)
    assert fixed == pytest.approx((rates / 1000 * 3 * rates / (1 + 3 * rates)).sum(), rel=1e-4)
    assert fixed < sliding


@pytest.mark.parametrize("policy", ["fifo", "random"])
def test_a_cache_that_drops_the_oldest_or_any_item_hits_less_than_lru(policy):
    found = number(solved(one(f"memory: 2MB, policy: {policy}")), "components.cache.hit")
    rates = popularity()
    time = brentq(lambda t: (rates * t / (1 + rates * t)).sum() - 2000, 1, 1e9)
    assert found == pytest.approx((rates * rates * time / (1 + rates * time)).sum(), abs=1e-5)


def test_the_memory_that_a_stated_hit_ratio_takes_gives_that_hit_ratio():
    stated = solved(one("hit: 60%"))
    memory = number(stated, "components.cache.memory_needed")
    again = solved(one(f"memory: {memory:.0f}B"))
    assert number(again, "components.cache.hit") == pytest.approx(0.6, abs=1e-4)


def test_half_the_misses_take_the_memory_that_is_named():
    before = solved(one("memory: 500KB"))
    memory = number(before, "components.cache.memory_for_half_the_misses")
    after = solved(one(f"memory: {memory:.0f}B"))
    misses = [1 - number(solution, "components.cache.hit") for solution in (before, after)]
    assert misses[1] == pytest.approx(misses[0] / 2, rel=1e-3)


def test_no_memory_gives_a_hit_ratio_that_the_time_to_live_forbids():
    solution = solved(one("hit: 99%, ttl: 1ms"))
    assert "time to live" in reason(solution, "components.cache.memory_needed")


def test_the_working_set_is_the_memory_until_everything_fits():
    assert number(solved(one("memory: 2MB")), "components.cache.working_set") == pytest.approx(2e6, rel=1e-6)
    assert number(solved(one("memory: 1GB")), "components.cache.working_set") == pytest.approx(1e7, rel=1e-6)


def test_a_cold_cache_sends_everything_to_its_origin():
    solution = solved("""
    flows:
      f:
        rate: 1000/s
        peak: 2x
        steps: [l1: {hit: 90%, miss: [l2: {hit: 80%, miss: [db]}]}, db: {times: 10%}]
    components:
      {l1: {kind: cache}, l2: {kind: cache}, db: {kind: database, service_time: 1ms, cores: 4}}
    """)
    assert number(solution, "components.db.peak_rate") == pytest.approx(2000 * (0.02 + 0.1), rel=1e-9)
    assert number(solution, "components.db.cold_rate") == pytest.approx(2000 * 1.1, rel=1e-9)
    assert number(solution, "components.db.cold_utilization") == pytest.approx(2200 / 4000, rel=1e-9)
    assert "cold_rate" not in {path[2] for path in solution.records if path[:2] == ("components", "api")}


def test_a_cache_that_never_misses_has_a_cold_origin_too():
    solution = solved("""
    flows: {f: {rate: 100/s, steps: [c: {hit: 100%, miss: [db: {times: 3}]}]}}
    components: {c: {kind: cache}, db: {kind: database}}
    """)
    assert number(solution, "components.db.peak_rate") == 0.0
    assert number(solution, "components.db.cold_rate") == pytest.approx(300, rel=1e-12)


def test_the_most_popular_item_sends_its_rate_for_the_time_of_a_miss():
    solution = solved(one("memory: 500KB", flow="rate: 500/s, peak: 2x"))
    hottest = 1000 * popularity()[0]
    assert number(solution, "components.cache.hottest_rate") == pytest.approx(hottest, rel=1e-4)
    assert number(solution, "components.cache.stampede") == pytest.approx(
        hottest * number(solution, "components.cache.miss_time"), rel=1e-9
    )
    assert number(solution, "components.cache.miss_time") == pytest.approx(0.005, rel=0.02)
