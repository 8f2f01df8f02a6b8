"""What the seed documents say in words: each statement with the formula that says it, or corrects it."""

import math

import pytest
from scipy.optimize import brentq

from sdplan.formulas.availability import series_availability
from sdplan.formulas.cache_variants import che_hit_ratio_tiers
from sdplan.formulas.caches import cache_aside_access_time, miss_rate
from sdplan.formulas.pools import thread_pool_size
from sdplan.formulas.queueing import (
    offered_load,
    response_time_mmc,
    servers_needed,
    stretch_mm1,
    utilization,
    utilization_law,
    wait_mm1,
)
from sdplan.formulas.replication import majority, quorum_overlap, two_phase_commit_time
from sdplan.formulas.scaling import usl_capacity, usl_peak
from sdplan.formulas.streams import backlog_growth, drain_time
from sdplan.formulas.traffic import population_rate


def test_a_cache_aside_miss_pays_for_the_look_up_the_read_and_the_fill():
    mean = cache_aside_access_time(hit_ratio=0.9, hit_time=1e-3, miss_time=0.1, fill_time=2e-3)

    assert mean == pytest.approx(0.9 * 1e-3 + 0.1 * (1e-3 + 0.1 + 2e-3))


def test_the_utilization_law_multiplies_throughput_by_service_time():
    assert utilization_law(throughput=500.0, service_time=0.002) == pytest.approx(1.0)


def test_the_wait_of_mm1_is_rho_over_mu_times_one_minus_rho():
    rate, service = 90.0, 0.01
    rho, mu = rate * service, 1 / service

    assert wait_mm1(arrival_rate=rate, service_time=service) == pytest.approx(rho / (mu * (1 - rho)))


def test_the_hockey_stick_comes_later_with_more_servers():
    one = stretch_mm1(utilization=0.9)
    eight = response_time_mmc(arrival_rate=0.9 * 8, service_time=1.0, servers=8)

    assert one == pytest.approx(10)
    assert eight < 2  # where the rule for one server says ten


def test_the_peak_of_the_scalability_law_is_where_capacity_is_largest():
    alpha, beta = 0.02, 0.0005
    peak = usl_peak(contention=alpha, coherency=beta)
    capacities = {n: usl_capacity(workers=n, contention=alpha, coherency=beta) for n in range(1, 200)}

    assert peak == pytest.approx(math.sqrt((1 - alpha) / beta))
    assert max(capacities, key=capacities.get) == round(peak)


def test_two_cores_are_exactly_full_with_a_thousand_statements_of_two_milliseconds():
    load = offered_load(arrival_rate=1000.0, service_time=0.002)

    assert utilization(arrival_rate=1000.0, service_time=0.002, servers=2) == 1
    assert response_time_mmc(arrival_rate=1000.0, service_time=0.002, servers=2) == math.inf
    assert servers_needed(offered_load=load, target_utilization=0.7) == 3
    assert utilization(arrival_rate=1000.0, service_time=0.002, servers=3) == pytest.approx(2 / 3)


def test_threads_wait_and_compute():
    size = thread_pool_size(target_utilization=0.8, wait_time=0.09, compute_time=0.01, cores=4)

    assert size == pytest.approx(0.8 * 10 * 4)


def test_the_tiers_of_the_cache_exercise_hit_less_often_than_the_document_says():
    items, shares, room = [100.0, 1000.0, 1e6], [0.7, 0.2, 0.1], 1000.0
    classes = [(n, share / n) for n, share in zip(items, shares, strict=True)]

    def overfull(t):
        return sum(n * -math.expm1(-p * t) for n, p in classes) - room

    time = brentq(overfull, room, 1e9, xtol=1e-9)
    expected = sum(n * p * -math.expm1(-p * time) for n, p in classes)
    hit = che_hit_ratio_tiers(tier_items=items, tier_shares=shares, cache_items=room)

    assert hit == pytest.approx(expected, rel=1e-9)
    assert 0.80 < hit < 0.88  # the document counts the top 1000 and says 90 %
    assert miss_rate(arrival_rate=1000.0, hit_ratio=hit) > 120  # and 100 queries a second at the database


def test_drivers_report_once_every_interval():
    assert population_rate(users=1_000_000, interval=5.0) == pytest.approx(200_000)


def test_a_two_phase_commit_takes_two_round_trips_and_all_participants():
    assert two_phase_commit_time(round_trip_time=0.08, processing_time=0.01) == pytest.approx(0.17)
    assert series_availability(availabilities=[0.999, 0.999, 0.999]) == pytest.approx(0.997002999)


def test_a_consumer_group_that_is_too_small_lags_and_one_that_is_larger_drains():
    assert backlog_growth(arrival_rate=1000.0, service_rate=800.0) == 200
    assert drain_time(backlog=60_000, arrival_rate=1000.0, service_rate=1500.0) == pytest.approx(120)
    assert drain_time(backlog=60_000, arrival_rate=1000.0, service_rate=800.0) == math.inf


def test_a_majority_of_writes_is_needed_besides_the_overlap_of_reads():
    assert quorum_overlap(replicas=3, write_quorum=1, read_quorum=3) == 1
    assert majority(nodes=3) == 2
