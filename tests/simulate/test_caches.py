"""Simulated caches against published hit ratios and against what is known of small ones."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest

from sdplan.simulate.caches import Cache, hit_ratio, keys, looks, weights
from sdplan.spec.entities import Popularity

CASES_FILE = Path(__file__).parents[1] / "cases" / "reliability_caches_latency.json"
CASES = [case for case in json.loads(CASES_FILE.read_text(encoding="utf-8")) if case["model"] == "lru_che"]
PUBLISHED = [case for case in CASES if case["inputs"]["C"] <= 1000]


def exact_lru(popular, room):
    """The hit ratio of LRU by all orders of the last different items (King 1971)."""
    shares = np.array(popular) / sum(popular)
    found = 0.0
    for order in itertools.permutations(range(len(shares)), room):
        probability, left = 1.0, 1.0
        for item in order:
            probability *= shares[item] / left
            left -= shares[item]
        found += probability * sum(shares[item] for item in order)
    return found


def exact_fifo(popular, room):
    """The hit ratio of FIFO and of random replacement, which are equal (Gelenbe 1973)."""
    shares = np.array(popular) / sum(popular)
    sets = list(itertools.combinations(range(len(shares)), room))
    chances = [math.prod(shares[list(chosen)]) for chosen in sets]
    return sum(
        chance * shares[list(chosen)].sum() for chance, chosen in zip(chances, sets, strict=True)
    ) / sum(chances)


@pytest.mark.parametrize(
    ("policy", "exact"), [("lru", exact_lru), ("fifo", exact_fifo), ("random", exact_fifo)]
)
def test_a_small_cache_hits_as_often_as_its_exact_law_says(policy, exact):
    popular = weights(Popularity(zipf="0.9"), 7, 0.9, ())
    measure = hit_ratio(Cache(3, policy, 0.0, False, 1.0), popular, 100_000, 1)
    low, high = measure.judged
    assert low <= exact(popular, 3) <= high
    assert high - low < 0.02


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["id"])
def test_a_large_cache_hits_as_often_as_others_have_simulated(case):
    items, exponent, room = (case["inputs"][name] for name in ("N", "alpha", "C"))
    popular = weights(Popularity(zipf=str(exponent)), items, exponent, ())
    low, high = hit_ratio(Cache(room, "lru", 0.0, False, 1.0), popular, 60_000, 1).judged
    assert (
        low - case["tolerance"]["sim_abs"]
        <= case["expected"]["sim_hit"]
        <= high + case["tolerance"]["sim_abs"]
    )
    assert high - low < 0.05


def test_there_are_published_cases():
    assert len(PUBLISHED) >= 5


def test_the_policies_differ_as_they_should():
    popular = weights(Popularity(zipf="0.9"), 7, 0.9, ())
    assert exact_lru(popular, 3) > exact_fifo(popular, 3) + 0.01


@pytest.mark.parametrize(("sliding", "ratio"), [(False, 2 / 3), (True, 1 - math.exp(-2))])
def test_what_expires_is_a_miss(sliding, ratio):
    """One item asked for twice in a time to live: rate * ttl / (1 + rate * ttl), or 1 - exp(-rate * ttl)."""
    popular = weights(Popularity(uniform=True), 10, 0.0, ())
    measure = hit_ratio(Cache(50, "lru", 2.0, sliding, 10.0), popular, 100_000, 1)
    assert measure.judged.low <= ratio <= measure.judged.high


def test_keys_come_as_often_as_their_tiers_say():
    popular = weights(Popularity(tiers=(("10", "60%"), ("30", "40%"))), 40, 0.0, ((10, 0.6), (30, 0.4)))
    asked = keys(popular, 50_000, np.random.default_rng(1))
    assert np.mean(asked < 10) == pytest.approx(0.6, abs=0.01)
    assert asked.max() == 39


def test_a_cache_that_holds_all_hits_always():
    popular = weights(Popularity(uniform=True), 10, 0.0, ())
    assert hit_ratio(Cache(10, "lru", 0.0, False, 1.0), popular, 5_000, 1).value == 1.0
    assert looks(
        Cache(1, "lru", 0.0, False, 1.0), np.array([4, 4, 5, 4]), np.random.default_rng(1)
    ).tolist() == [0, 1, 0, 0]
