"""Hit ratios that nobody states, against Che's fixed point solved here."""

import numpy as np
import pytest
from scipy.optimize import brentq

from tests.strategies import errors, number, solved


def che(items, exponent, cached):
    popularity = np.arange(1, items + 1, dtype=float) ** -exponent
    popularity /= popularity.sum()
    time = brentq(lambda t: (1 - np.exp(-popularity * t)).sum() - cached, 1e-9, 1e15, rtol=1e-14)
    return float((popularity * (1 - np.exp(-popularity * time))).sum())


def design(cache, entity="count: 200k, popularity: {zipf: 0.9}", rate="1000/s"):
    return f"""
    flows: {{f: {{rate: {rate}, steps: [api: [cache: {{entity: item, miss: [db]}}]]}}}}
    entities: {{item: {{size: 1KB, {entity}}}}}
    components: {{api: {{kind: service}}, cache: {{kind: cache, {cache}}}, db: {{kind: database}}}}
    """


@pytest.mark.parametrize(
    ("cache", "cached"),
    [
        ("memory: 10MB, replicas: 1", 10_000),
        ("memory: 10MB, shards: 3", 30_000),
        ("memory: 10MB, shards: 3, copies: 2", 30_000),
        ("memory: 12.5MB, replicas: 1, overhead: 1.25x", 10_000),
    ],
)
def test_a_cache_holds_what_fits_into_the_memory_of_its_shards(cache, cached):
    solution = solved(design(cache))
    expected = che(200_000, 0.9, cached)
    assert number(solution, "components.cache.hit") == pytest.approx(expected, rel=1e-4)
    assert number(solution, "components.db.rate") == pytest.approx(1000 * (1 - expected), rel=1e-4)
    assert solution.records["components", "cache", "hit"].label == "approximation"


def test_items_that_are_asked_for_alike_hit_as_often_as_they_fit():
    solution = solved(design("memory: 50MB, replicas: 1", "count: 200k, popularity: uniform"))
    assert number(solution, "components.cache.hit") == pytest.approx(0.25, rel=1e-6)


def test_a_cache_larger_than_all_items_misses_none_of_them():
    solution = solved(design("memory: 1GB, replicas: 1"))
    assert number(solution, "components.cache.hit") == pytest.approx(1.0, rel=1e-9)
    assert number(solution, "components.db.rate") == pytest.approx(0.0, abs=1e-6)


def test_stated_tiers_are_filled_like_items_of_two_popularities():
    solution = solved(
        design("memory: 10MB, replicas: 1", "count: 100k, popularity: {tiers: [[10k, 80%], [90k, 20%]]}")
    )
    counts, shares = np.array([10e3, 90e3]), np.array([0.8, 0.2])
    rates = shares / counts
    time = brentq(lambda t: (counts * (1 - np.exp(-rates * t))).sum() - 10_000, 1, 1e9)
    expected = float((shares * (1 - np.exp(-rates * time))).sum())
    assert number(solution, "components.cache.hit") == pytest.approx(expected, rel=1e-6)


def test_a_time_to_live_can_only_lower_the_hit_ratio():
    without = number(solved(design("memory: 10MB, replicas: 1")), "components.cache.hit")
    long = number(solved(design("memory: 10MB, replicas: 1, ttl: 100d")), "components.cache.hit")
    short = number(solved(design("memory: 10MB, replicas: 1, ttl: 1s")), "components.cache.hit")
    popularity = np.arange(1, 200_001.0) ** -0.9
    rates = 1000 * popularity / popularity.sum()
    expected = float((rates / rates.sum() * rates / (1 + rates)).sum())  # a life of 1 s, then a miss
    assert short == pytest.approx(expected, rel=1e-6)
    assert short < long <= without


def test_items_that_flows_create_count_for_the_cache():
    solution = solved("""
    flows:
      add: {rate: 1/s, steps: [db: write]}
      f: {rate: 1000/s, steps: [api: [cache: {entity: item, miss: [db]}]]}
    entities: {item: {size: 1KB, created_by: add, keep: {db: 100000s}, popularity: uniform}}
    components: {api: {kind: service}, cache: {kind: cache, memory: 10MB, replicas: 1}, db: {kind: database}}
    """)
    assert number(solution, "components.cache.hit") == pytest.approx(0.1, rel=1e-6)


@pytest.mark.parametrize(
    ("cache", "entity", "said"),
    [
        ("replicas: 1", "count: 200k, popularity: uniform", "`memory` of cache"),
        ("memory: 1GB", "count: 200k", "`popularity` of item"),
        ("memory: 1GB", "popularity: uniform", "items of item"),
    ],
)
def test_a_miss_whose_share_nobody_can_know_is_an_error_that_says_what_is_missing(cache, entity, said):
    found = errors(design(cache, entity))
    assert [finding.code for finding in found] == ["SP405"]
    assert said in found[0].message


def test_a_stated_hit_ratio_needs_nothing_else():
    solution = solved(design("hit: 42%", ""))
    assert number(solution, "components.db.rate") == pytest.approx(580, rel=1e-12)
