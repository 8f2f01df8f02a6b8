"""The wrong shortcuts: for each, our answer, the shortcut's, and how far apart they are.

The figures are those of the project's notes on methods, to the digits that they print.
"""

import math
from fractions import Fraction

import numpy as np
import pytest

from sdplan.distributions import (
    Branch,
    FanOut,
    Hop,
    Mixture,
    Series,
    Sojourn,
    Timeout,
    hedged,
    lognormal_from_quantiles,
    percentiles,
    retried,
    sum_of_percentiles,
)
from sdplan.formulas.amplification import lsm_leveled_write_amplification
from sdplan.formulas.availability import (
    common_cause_unavailability,
    downtime,
    failover_availability,
    k_of_n_unavailability,
    parallel_availability,
    parallel_unavailability,
    series_availability,
    series_unavailability,
)
from sdplan.formulas.cache_expiry import lru_ttl_hit_ratio, ttl_hit_ratio_zipf
from sdplan.formulas.cache_sizing import cold_load_factor, items_in_window, lru_items_for_hit_ratio
from sdplan.formulas.cache_variants import most_popular_hit_ratio
from sdplan.formulas.caches import che_hit_ratio, miss_rate, ttl_live_objects, zipf_share
from sdplan.formulas.durability import time_to_data_loss_parallel, time_to_data_loss_serial
from sdplan.formulas.pools import deadlock_free_pool_size
from sdplan.formulas.queueing import erlang_c, response_time_mm1, response_time_mmc
from sdplan.formulas.queueing_tails import response_time_quantile_mmc, response_time_survival_mmc
from sdplan.formulas.replication import quorum_level
from sdplan.formulas.traffic import mean_attempts, worst_case_attempts
from sdplan.formulas.uneven import busiest_shard_share, ring_fullest_ratio
from sdplan.solve.decision_diagram import DecisionDiagram

YEAR, HOUR, MINUTE = 365 * 86400.0, 3600.0, 60.0


def law(p50, p99):
    return lognormal_from_quantiles(p50=p50, p99=p99)


def hop(p50, p99):
    return Hop(law(p50, p99))


def read(node, level):
    return percentiles(node, (level,)).quantiles[level]


def down(unavailability, unit):
    return downtime(unavailability=unavailability, period=YEAR) / unit


# availability


def test_paths_that_share_a_part_are_not_independent():
    diagram = DecisionDiagram()
    auth = diagram.variable("auth", 0.001)
    paths = [diagram.conjunction((auth, diagram.variable(f"web {k}", 0.01))) for k in (1, 2)]
    ours = diagram.unavailability(diagram.disjunction(paths))
    each = series_availability(availabilities=[0.999, 0.99])
    shortcut = 1 - parallel_availability(availabilities=[each, each])

    assert 1 - ours == pytest.approx(0.9989001, abs=1e-12)
    assert 1 - shortcut == pytest.approx(0.9998792, abs=5e-8)
    assert down(ours, HOUR) == pytest.approx(9.64, abs=0.005)
    assert down(shortcut, HOUR) == pytest.approx(1.06, abs=0.005)
    assert ours / shortcut == pytest.approx(9.1, abs=0.05)


def test_a_dependency_that_two_parts_share_counts_once():
    diagram = DecisionDiagram()
    shared = diagram.variable("D", 0.001)
    parts = [diagram.variable(name, 0.0005) for name in "BC"]
    both = diagram.conjunction([diagram.conjunction((part, shared)) for part in parts])
    shortcut = 1 - series_availability(availabilities=[0.999, 0.9995, 0.999, 0.9995])

    assert shortcut / diagram.unavailability(both) == pytest.approx(1.50, abs=0.005)


def test_two_regions_behind_one_balancer_are_no_better_than_the_balancer():
    regions = parallel_unavailability(unavailabilities=[0.00035, 0.00035])
    ours = series_unavailability(unavailabilities=[0.0001, regions])

    assert 1 - regions == pytest.approx(0.9999998775, abs=5e-11)
    assert 1 - ours == pytest.approx(0.9998999, abs=5e-8)
    assert ours / regions == pytest.approx(820, rel=0.005)


def test_the_sum_over_cut_sets_is_no_probability():
    diagram = DecisionDiagram()
    works = {name: diagram.variable(name, {"v": 0.5, "p": 0.7}[name[0]]) for name in ("v1", "p1", "v2", "p2")}
    trains = [diagram.conjunction((works[f"v{k}"], works[f"p{k}"])) for k in (1, 2)]
    shortcut = (0.5 + 0.7) * (0.5 + 0.7)

    assert diagram.unavailability(diagram.disjunction(trains)) == pytest.approx(0.7225, abs=1e-12)
    assert shortcut > 1


def test_a_soft_dependency_is_not_in_series():
    ours = series_availability(availabilities=[0.999, 0.9999])
    shortcut = series_availability(availabilities=[0.999, 0.9999, 0.99])

    assert ours == pytest.approx(0.99890, abs=5e-6)
    assert shortcut == pytest.approx(0.98891, abs=5e-6)


def test_failover_that_works_only_mostly():
    pair = {"primary_availability": 0.999, "standby_availability": 0.99}
    ours = failover_availability(**pair, coverage=0.95)
    shortcut = failover_availability(**pair, coverage=1.0)

    assert ours == pytest.approx(0.9999405, abs=5e-8)
    assert shortcut == pytest.approx(0.99999, abs=5e-9)
    assert (1 - ours) / (1 - shortcut) == pytest.approx(6, rel=0.01)


def test_a_spare_that_the_peak_needs_is_no_spare():
    one, both = (k_of_n_unavailability(unavailability=0.001, replicas=2, needed=needed) for needed in (1, 2))
    ours = 0.25 * both + 0.75 * one  # six hours of the day are peak

    assert 1 - ours == pytest.approx(0.9994995, abs=5e-8)
    assert 1 - one == pytest.approx(0.999999, abs=5e-10)
    assert ours / one == pytest.approx(500, rel=0.005)


def test_one_minus_an_availability_has_lost_its_digits():
    pair = parallel_unavailability(unavailabilities=[1e-13, 1e-13])
    series = series_unavailability(unavailabilities=[1e-12] * 20)

    assert pair == pytest.approx(1e-26, rel=1e-12)
    assert 1 - (1 - pair) == 0
    shortcut = 1 - series_availability(availabilities=[1 - 1e-12] * 20)
    assert series == pytest.approx(1.999999999981e-11, rel=1e-12)
    assert abs(shortcut / series - 1) == pytest.approx(2e-5, rel=0.2)


@pytest.mark.parametrize(
    ("needed", "ours", "shortcut", "factor"), [(8, 5.97e-5, 3.85e-9, 15_500), (9, 1.50e-3, 4.4e-7, 3_400)]
)
def test_instances_of_one_zone_fail_together(needed, ours, shortcut, factor):
    diagram = DecisionDiagram()
    zones = [diagram.variable(f"zone {z}", 0.0005) for z in range(3)]
    up = [
        diagram.conjunction((zone, diagram.variable(f"instance {z} {k}", 0.005)))
        for z, zone in enumerate(zones)
        for k in range(4)
    ]
    found = diagram.unavailability(diagram.at_least(needed, up))
    alone = k_of_n_unavailability(unavailability=1 - 0.995 * 0.9995, replicas=12, needed=needed)

    assert found == pytest.approx(ours, rel=0.002)
    assert alone == pytest.approx(shortcut, rel=0.01)
    assert found / alone == pytest.approx(factor, rel=0.015)


def test_three_zones_share_a_region():
    zones = k_of_n_unavailability(unavailability=1e-4, replicas=3, needed=2)
    ours = series_unavailability(unavailabilities=[zones, 5e-5])

    assert zones == pytest.approx(3e-8, rel=0.001)
    assert down(zones, 1.0) == pytest.approx(0.9, abs=0.05)
    assert down(ours, MINUTE) == pytest.approx(26.3, abs=0.05)
    assert ours / zones == pytest.approx(1_668, rel=0.001)


def test_a_common_cause_strikes_two_of_three():
    group = {"unavailability": 0.01, "replicas": 3, "needed": 2}
    ours, shortcut = common_cause_unavailability(**group, common_cause=0.1), k_of_n_unavailability(**group)

    assert ours == pytest.approx(1.24e-3, rel=0.002)
    assert shortcut == pytest.approx(2.98e-4, rel=0.001)
    assert ours / shortcut == pytest.approx(4.2, abs=0.05)


def test_retries_are_no_redundancy():
    tries = {"unavailability": 0.001, "replicas": 3, "needed": 1}

    assert common_cause_unavailability(**tries, common_cause=0.9) == pytest.approx(9.0e-4, rel=1e-6)
    assert k_of_n_unavailability(**tries) == pytest.approx(1e-9, rel=1e-9)


# latency


def chain():
    medians, ratios = (1, 2, 3, 5, 8, 12, 20, 30), (3, 4, 5, 3, 6, 4, 3, 5)
    return tuple(hop(a, a * b) for a, b in zip(medians, ratios, strict=True))


PAGES = Branch(((0.95, hop(1, 3)), (0.05, hop(30, 120))))
STATION = Hop(Sojourn(10.0, erlang_c(offered_load=7, servers=8), 0.1))
JOURNEYS = {
    "S1": (chain(), (-12, 39, 60, 77)),
    "S2": ((STATION, hop(2, 10), hop(5, 20), hop(1, 8)), (-10, 24, 37, 53)),
    "S3": ((hop(2, 6), FanOut(hop(5, 25), 100)), (-1, 4, 5, 6)),
    "S4": ((hop(0.5, 2), hop(4, 15), PAGES), (-6, -9, 21, 19)),
    "S5": ((hop(4, 15), hedged(hop(10, 200), 83.15693898941)), (-7, 7, 9, 11)),
}


@pytest.mark.parametrize("journey", JOURNEYS)
def test_percentiles_do_not_add_up(journey):
    steps, errors = JOURNEYS[journey]
    for level, error in zip((0.5, 0.95, 0.99, 0.999), errors, strict=True):
        assert 100 * overstated(steps, level) == pytest.approx(error, abs=0.6), level


def overstated(steps, level):
    """By which share the sum of the steps' percentiles is above the percentile of the whole."""
    return sum(read(step, level) for step in steps) / read(Series(steps), level) - 1


def test_adding_overstates_the_tail_the_more_the_longer_the_chain():
    ratios = (3, 4, 5, 3, 6, 4, 3, 5)
    steps = tuple(hop(a, a * ratios[k % 8]) for k, a in enumerate(np.geomspace(1, 30, 20).tolist()))
    eight, every = steps[::3][:8], steps

    assert overstated(every, 0.99) > 1.5 * overstated(eight, 0.99) > 0.5
    assert overstated(every, 0.5) < overstated(eight, 0.5) < 0


def root_sum_square(steps, level):
    medians = [read(step, 0.5) for step in steps]
    spread = math.hypot(*(read(step, level) - m for step, m in zip(steps, medians, strict=True)))
    return sum(medians) + spread


@pytest.mark.parametrize(
    ("journey", "level", "error"), [("S1", 0.95, -4), ("S1", 0.999, 5.6), ("S4", 0.95, -30)]
)
def test_distances_from_the_median_do_not_add_up_as_squares(journey, level, error):
    steps, _ = JOURNEYS[journey]

    shortcut = root_sum_square(steps, level)
    assert 100 * (shortcut / read(Series(steps), level) - 1) == pytest.approx(error, abs=0.6)


def test_the_percentile_of_a_mixture_is_no_weighted_mean():
    ours = Mixture((law(1, 3), law(30, 120)), (0.95, 0.05)).quantile(0.99)
    shortcut = 0.95 * law(1, 3).quantile(0.99) + 0.05 * law(30, 120).quantile(0.99)

    assert shortcut == pytest.approx(8.85, rel=1e-9)
    assert ours == pytest.approx(49.5, abs=0.05)
    assert ours / shortcut == pytest.approx(5.6, abs=0.05)
    assert ours == pytest.approx(law(30, 120).quantile(0.8), rel=0.01)  # the p80 of the misses


def test_a_hedge_promises_too_much_when_both_replicas_are_slow_together():
    call, after = hop(10, 200), 83.15693898941
    ours, shortcut = read(hedged(call, after, shared_slowness=0.2), 0.999), read(hedged(call, after), 0.999)

    assert read(call, 0.999) == pytest.approx(535, abs=0.5)
    assert ours == pytest.approx(281, abs=0.5)
    assert shortcut == pytest.approx(156, abs=0.5)
    assert ours / shortcut == pytest.approx(1.8, abs=0.05)


def test_a_retry_after_a_timeout_costs_neither_one_attempt_nor_two():
    call = law(10, 200)
    late = float(call.sf(100.0))
    node = retried(Timeout(Hop(call), 100.0), 1, backoff=20.0)
    result = percentiles(node, (0.99,))

    assert result.quantiles[0.99] == pytest.approx(139, abs=0.5)
    assert 1 - result.failed == pytest.approx(0.99864, abs=5e-6)
    assert mean_attempts(failure_probability=late, attempts=2) == pytest.approx(1.037, abs=5e-4)
    assert sum_of_percentiles(Series((Hop(call), Hop(call))), 0.99) == pytest.approx(400)


def test_a_service_that_carries_its_load_may_not_carry_its_retries():
    nominal, blip, capacity = 280.0, 0.999999, 300.0
    worst = worst_case_attempts(attempts=2, layers=1)
    held = nominal * mean_attempts(failure_probability=blip, attempts=2)

    assert capacity / worst == 150  # above this a blip can hold
    assert held == pytest.approx(560, abs=0.01)
    assert held > capacity > nominal


# stations


def textbook_survival(time, arrival_rate, service_rate, servers):
    """P(stay > t) of M/M/c as textbooks print it."""
    waits = erlang_c(offered_load=arrival_rate / service_rate, servers=servers)
    spare = servers * service_rate - arrival_rate - service_rate
    grown = (1 - math.exp(-spare * time)) / spare
    return math.exp(-service_rate * time) * (1 + waits * service_rate * grown)


def test_the_textbook_tail_divides_nothing_by_nothing_at_usual_targets():
    eight = {"arrival_rate": 7.0, "service_time": 1.0, "servers": 8}  # 87.5 %

    assert response_time_quantile_mmc(**eight, level=0.999) == pytest.approx(8.792726, rel=1e-6)
    with pytest.raises(ZeroDivisionError):
        textbook_survival(8.8, 7.0, 1.0, 8)


def test_the_textbook_tail_is_wrong_beside_the_point_where_it_fails():
    four = {"arrival_rate": 23.1, "service_time": 1 / 7.7, "servers": 4}  # 75 %
    p999 = response_time_quantile_mmc(**four, level=0.999)

    assert response_time_survival_mmc(**four, time=p999) == pytest.approx(0.001, rel=1e-9)
    waits = erlang_c(offered_load=3, servers=4)
    assert math.exp(-7.7 * p999) * (1 + 7.7 * p999 * waits) == pytest.approx(0.001, rel=1e-9)
    assert abs(textbook_survival(p999, 23.1, 7.7, 4) / 0.001 - 1) > 0.05


def test_the_tail_stays_a_number_where_exponentials_underflow():
    tail = {"arrival_rate": 7.0, "service_time": 1.0, "servers": 8}

    assert response_time_survival_mmc(**tail, time=720.0) == pytest.approx(
        math.exp(-720) * (1 + 720 * erlang_c(offered_load=7, servers=8)), rel=1e-9
    )
    assert response_time_survival_mmc(**tail, time=5_000.0) == 0


def test_the_p99_of_a_pool_is_not_its_mean_times_the_logarithm_of_a_hundred():
    pool = {"arrival_rate": 7.0, "service_time": 1.0, "servers": 8}

    assert response_time_mmc(**pool) * math.log(100) == pytest.approx(7.53, abs=0.005)
    assert response_time_quantile_mmc(**pool, level=0.99) == pytest.approx(6.20, abs=0.005)


def test_eight_queues_are_no_pool_of_eight():
    assert response_time_mm1(arrival_rate=0.875, service_time=1.0) == pytest.approx(8.0)
    assert response_time_mmc(arrival_rate=7.0, service_time=1.0, servers=8) == pytest.approx(1.635, abs=5e-4)


# caches


def test_hit_ratios_of_room_and_age_do_not_multiply():
    popularity = {"distinct_items": 1e4, "zipf_exponent": 0.8}
    expiry = {"arrival_rate": 1.0, "ttl": 2000.0}
    ours = lru_ttl_hit_ratio(**popularity, cache_items=500, **expiry)
    shortcut = che_hit_ratio(**popularity, cache_items=500) * ttl_hit_ratio_zipf(**popularity, **expiry)

    assert ours == pytest.approx(0.3215, abs=2e-4)
    assert shortcut == pytest.approx(0.139, abs=5e-4)


def test_the_working_set_follows_from_popularity_not_from_an_assumed_miss_ratio():
    popularity = {"distinct_items": 1e6, "zipf_exponent": 0.9}
    hit = ttl_hit_ratio_zipf(**popularity, arrival_rate=1e4, ttl=300.0)
    ours = ttl_live_objects(arrival_rate=1e4, hit_ratio=hit, ttl=300.0)
    assumed = ttl_live_objects(arrival_rate=1e4, hit_ratio=0.95, ttl=300.0)
    every = min(1e6, 1e4 * 300)

    assert 1 - hit == pytest.approx(0.160, abs=5e-4)
    assert ours == pytest.approx(478_948, abs=1)
    assert assumed == pytest.approx(150_000)
    assert assumed / ours - 1 == pytest.approx(-0.69, abs=0.005)
    assert every / ours - 1 == pytest.approx(1.09, abs=0.005)
    sliding = items_in_window(**popularity, arrival_rate=1e4, period=300.0)
    assert sliding == pytest.approx(584_744, abs=1)


@pytest.mark.parametrize(("exponent", "ours"), [(0.6, 0.39), (0.8, 0.61), (1.0, 0.84), (1.2, 0.967)])
def test_a_fifth_of_the_keys_is_not_four_fifths_of_the_hits(exponent, ours):
    hit = che_hit_ratio(distinct_items=1e6, zipf_exponent=exponent, cache_items=2e5)

    assert hit == pytest.approx(ours, abs=0.006)


def test_an_lru_cache_does_not_hold_the_most_popular_keys():
    popularity = {"distinct_items": 1e6, "zipf_exponent": 0.9}
    ours = lru_items_for_hit_ratio(**popularity, hit_ratio=0.8)
    low, high = 1, 10**6
    while high - low > 1:
        middle = (low + high) // 2
        reached = most_popular_hit_ratio(**popularity, cache_items=middle) >= 0.8
        low, high = (low, middle) if reached else (middle, high)

    assert ours == pytest.approx(315_000, abs=500)
    assert high == pytest.approx(191_000, abs=500)
    assert ours / high == pytest.approx(1.65, abs=0.005)


def test_a_cold_cache_sends_everything_to_the_origin():
    warm, cold = (miss_rate(arrival_rate=1000.0, hit_ratio=hit) for hit in (0.95, 0.0))

    assert cold / warm == pytest.approx(cold_load_factor(hit_ratio=0.95)) == pytest.approx(20)


# replication, durability, storage


def test_a_quorum_is_neither_one_replica_nor_all():
    replica = law(5, 25)
    ours, slowest = (
        replica.quantile(quorum_level(level=0.99, replicas=3, needed=needed)) for needed in (2, 3)
    )

    assert ours == pytest.approx(14.75, abs=0.01)
    assert slowest == pytest.approx(32.6, abs=0.05)
    assert replica.quantile(0.99) / ours - 1 == pytest.approx(0.69, abs=0.006)


FAIL, REPAIR = Fraction("0.0081345"), Fraction("66.013")  # a day, each; one repair at a time


def losing(fragments, needed):
    """Rates of the chain from i to i - 1 and to i + 1 fragments."""
    return [(i, i * FAIL, REPAIR if i < fragments else Fraction(0)) for i in range(needed, fragments + 1)]


def exact_days(fragments, needed):
    total = passage = Fraction(0)
    for _, fail, repair in reversed(losing(fragments, needed)):
        passage = 1 / fail + repair / fail * passage
        total += passage
    return float(total)


def solved_days(fragments, needed):
    rows = losing(fragments, needed)
    matrix = np.zeros((len(rows), len(rows)))
    for k, (_, fail, repair) in enumerate(rows):
        matrix[k, k] = float(fail + repair)
        if k:
            matrix[k, k - 1] = -float(fail)
        if k + 1 < len(rows):
            matrix[k, k + 1] = -float(repair)
    try:
        return float(np.linalg.solve(matrix, np.ones(len(rows)))[-1])
    except np.linalg.LinAlgError:
        return 0.0  # no digit is left to tell the matrix from a singular one


@pytest.mark.parametrize(
    ("fragments", "needed", "lost"), [(3, 1, 1e-12), (5, 1, 1e-4), (15, 9, 0.05), (20, 12, 0.9)]
)
def test_linear_equations_lose_the_digits_of_durability(fragments, needed, lost):
    exact = exact_days(fragments, needed)
    ours = time_to_data_loss_serial(
        mtbf=float(1 / FAIL), mttr=float(1 / REPAIR), fragments=fragments, fragments_needed=needed
    )

    assert ours == pytest.approx(exact, rel=1e-12)
    assert abs(solved_days(fragments, needed) / exact - 1) > lost


def test_three_copies_are_repaired_so_their_yearly_failures_do_not_multiply():
    drives = {"mtbf": 1 / 0.0136, "mttr": 24 / 8760, "fragments": 3, "fragments_needed": 1}
    ours = 1 / time_to_data_loss_parallel(**drives)
    shortcut = parallel_unavailability(unavailabilities=[0.0136] * 3)

    assert ours == pytest.approx(5.7e-11, abs=0.05e-11)
    assert shortcut == pytest.approx(2.5e-6, abs=0.05e-6)


@pytest.mark.parametrize(
    ("fragments", "needed", "serial", "factor"), [(3, 1, 8.83e9, 2), (9, 6, 4.70e11, 6), (14, 10, None, 24)]
)
def test_one_repair_at_a_time_is_not_all_at_once(fragments, needed, serial, factor):
    code = {"mtbf": 1 / 0.0136, "mttr": 24 / 8760, "fragments": fragments, "fragments_needed": needed}
    slow, fast = time_to_data_loss_serial(**code), time_to_data_loss_parallel(**code)

    assert serial is None or slow == pytest.approx(serial, rel=0.001)
    assert fast / slow == pytest.approx(factor, rel=0.01)


def test_copies_in_one_place_are_lost_together():
    alone = time_to_data_loss_serial(
        mtbf=float(1 / FAIL), mttr=float(1 / REPAIR), fragments=3, fragments_needed=1
    )

    assert alone == pytest.approx(1.35e9, rel=0.002)
    assert alone / 6.82e6 == pytest.approx(200, rel=0.02)  # against what was measured with correlation


def test_a_merge_tree_writes_neither_its_ratio_nor_once_per_level():
    ours = lsm_leveled_write_amplification(size_ratio=10, levels=3, first_level_ratio=2, last_level_fill=1)
    per_ratio, per_level = 1 + 3 * 10, 1 + 3

    assert ours == pytest.approx(15.7, rel=0.05)  # simulated
    assert per_ratio / ours == pytest.approx(2, rel=0.05)
    assert ours / per_level == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize(("points", "ratio"), [(1, 5.19), (10, 1.98), (100, 1.27), (256, 1.16), (1000, 1.08)])
def test_a_ring_does_not_split_evenly(points, ratio):
    assert ring_fullest_ratio(nodes=100, virtual_nodes=points) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("shards", [10, 100, 10_000])
def test_the_hottest_key_caps_its_shard_whatever_the_number_of_shards(shards):
    top = zipf_share(rank=1, distinct_items=1e6, zipf_exponent=1.0)
    ours = busiest_shard_share(distinct_items=1e6, zipf_exponent=1.0, shards=shards)

    assert top == pytest.approx(0.069, abs=0.0006)
    assert ours > max(top, 1 / shards)
    assert ours == pytest.approx(top + (1 - top) / shards)


def test_the_floor_against_deadlock_counts_connections_held_by_each_thread():
    assert deadlock_free_pool_size(threads=8, connections_per_thread=3) == 17
    assert deadlock_free_pool_size(threads=3, connections_per_thread=8) == 22  # the two mixed up
