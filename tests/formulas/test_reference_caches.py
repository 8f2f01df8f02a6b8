"""Caches: computed and simulated values at their tolerance."""

import pytest
from reference_cases import CASES, pairs, reproduce

from sdplan.formulas.cache_expiry import lru_ttl_hit_ratio, ttl_hit_ratio_zipf
from sdplan.formulas.cache_sizing import items_in_window
from sdplan.formulas.cache_sliding import lru_sliding_ttl_hit_ratio
from sdplan.formulas.cache_variants import fifo_hit_ratio, most_popular_hit_ratio
from sdplan.formulas.caches import (
    che_characteristic_time,
    che_hit_ratio,
    che_ttl_hit_ratio,
    sliding_ttl_hit_ratio,
    ttl_hit_ratio,
    ttl_live_objects,
)


def caches(*, N, alpha, C):  # noqa: N803
    cache = {"distinct_items": N, "zipf_exponent": alpha, "cache_items": C}
    return {
        "che_hit": che_hit_ratio(**cache),
        "fifo_che": fifo_hit_ratio(**cache),
        "ideal_top_C": most_popular_hit_ratio(**cache),
    }


def caches_with_ttl(*, N, alpha, C, ttl_requests, ttl):  # noqa: N803
    cache = {"distinct_items": N, "zipf_exponent": alpha}
    expiring = {"arrival_rate": 1.0, "ttl": ttl_requests}
    return {
        "lru_only": che_hit_ratio(**cache, cache_items=C),
        "ttl_only": che_ttl_hit_ratio(**cache, cache_items=N, **expiring),
        "min_bound": che_ttl_hit_ratio(**cache, cache_items=C, **expiring),
        "dde_hit": lru_ttl_hit_ratio(**cache, cache_items=C, **expiring),
        "sim_hit": lru_ttl_hit_ratio(**cache, cache_items=C, **expiring),
        "sliding_ttl_model": lru_sliding_ttl_hit_ratio(**cache, cache_items=C, **expiring),
        "sliding_ttl_sim": lru_sliding_ttl_hit_ratio(**cache, cache_items=C, **expiring),
    }


def working_sets(*, N, rps, ttl_s):  # noqa: N803
    found = {}
    for exponent in (0.8, 0.9, 1.0, 1.1):
        hit = ttl_hit_ratio_zipf(distinct_items=N, zipf_exponent=exponent, arrival_rate=rps, ttl=ttl_s)
        live = ttl_live_objects(arrival_rate=rps, hit_ratio=hit, ttl=ttl_s)
        seen = items_in_window(distinct_items=N, zipf_exponent=exponent, arrival_rate=rps, period=ttl_s)
        found[f"alpha{exponent}"] = {"hit": hit, "live": live, "unique_window": seen}
    return found


def one_key(*, lam, ttl):
    return {
        "fixed_hit": ttl_hit_ratio(arrival_rate=lam, ttl=ttl),
        "sliding_hit": sliding_ttl_hit_ratio(arrival_rate=lam, ttl=ttl),
    }


COVERED = {
    caches: "lru-zipf0.6-N10000-C100 lru-zipf0.6-N10000-C500 lru-zipf0.6-N10000-C5000 "
    "lru-zipf0.8-N10000-C2000 lru-zipf1.0-N10000-C100 lru-zipf1.0-N10000-C500 lru-zipf1.0-N10000-C5000 "
    "lru-zipf1.2-N10000-C500 lru-zipf1.2-N10000-C5000 lru-zipf0.8-N100000-C5000 "
    "lru-zipf0.8-N100000-C20000 lru-zipf0.8-N100000-C50000 lru-zipf1.0-N100000-C5000",
    caches_with_ttl: "lruttl-z0.8-N10000-C500-D200 lruttl-z0.8-N10000-C500-D2000 "
    "lruttl-z0.8-N10000-C500-D20000 lruttl-z1.0-N10000-C500-D300 lruttl-z1.0-N10000-C500-D3000 "
    "lruttl-z1.0-N10000-C2000-D3000 lruttl-z1.0-N10000-C2000-D20000 lruttl-z1.2-N10000-C500-D1000 "
    "lruttl-z1.0-N10000-C10000-D5000",
    working_sets: "working-set",
    one_key: "ttl-single-key",
}


@pytest.mark.parametrize(
    ("identity", "compute"), pairs(COVERED), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_reference_case_is_reproduced(identity, compute):
    reproduce(identity, compute)


LRU = COVERED[caches].split()


@pytest.mark.parametrize("identity", LRU)
def test_the_lru_model_lies_within_a_thousandth_of_a_simulated_cache(identity):
    case = CASES[identity]

    assert caches(**case["inputs"])["che_hit"] == pytest.approx(case["expected"]["sim_hit"], abs=0.001)


@pytest.mark.parametrize("identity", LRU)
def test_the_characteristic_time_agrees_with_the_reference(identity):
    inputs, expected = CASES[identity]["inputs"], CASES[identity]["expected"]
    time = che_characteristic_time(
        distinct_items=inputs["N"], zipf_exponent=inputs["alpha"], cache_items=inputs["C"]
    )

    assert time == pytest.approx(expected["che_T"], abs=0.0006 if expected["che_T"] < 1e5 else 0.006)


@pytest.mark.parametrize("identity", COVERED[caches_with_ttl].split())
def test_a_cache_with_a_time_to_live_hits_no_more_than_the_bound_and_little_less(identity):
    case = CASES[identity]
    bound = caches_with_ttl(**case["inputs"])["min_bound"]
    noise = 3 * case["expected"]["sim_se"]

    assert -noise <= bound - case["expected"]["sim_hit"] <= 0.006


@pytest.mark.parametrize("identity", COVERED[caches_with_ttl].split())
def test_the_delay_equation_lies_within_a_ten_thousandth_of_its_reference_and_of_simulated_caches(identity):
    case = CASES[identity]
    hit = caches_with_ttl(**case["inputs"])["dde_hit"]

    assert hit == pytest.approx(case["expected"]["dde_hit"], abs=2e-5)
    assert hit == pytest.approx(case["expected"]["sim_hit"], abs=1e-4 + 3 * case["expected"]["sim_se"])
