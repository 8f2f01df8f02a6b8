"""Traffic, storage, network, scaling and cost: worked values from the sources, and laws between formulas."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_cases import CASES

from sdplan.formulas.availability import availability, failed_requests, unavailability
from sdplan.formulas.bandwidth import bandwidth_delay_product, handshake_time, transfer_time
from sdplan.formulas.cache_variants import (
    che_characteristic_time_tiers,
    che_hit_ratio_tiers,
    fifo_characteristic_time,
    fifo_hit_ratio,
)
from sdplan.formulas.cost import cost_per_request, instance_cost, metered_cost
from sdplan.formulas.queueing import interactive_response_time, maximum_throughput, utilization
from sdplan.formulas.scaling import amdahl_speedup, gustafson_speedup, karp_flatt
from sdplan.formulas.storage import erasure_coded_bytes, replicated_bytes
from sdplan.formulas.traffic import active_rate, branch_rate, mean_attempts, shard_rate, total_rate


def test_eight_data_and_four_parity_chunks_take_half_as_much_again():
    assert erasure_coded_bytes(logical_bytes=1e12, data_chunks=8, parity_chunks=4) == pytest.approx(1.5e12)


def test_a_code_of_one_data_chunk_is_replication():
    coded = erasure_coded_bytes(logical_bytes=7e9, data_chunks=1, parity_chunks=2)

    assert coded == replicated_bytes(logical_bytes=7e9, replication_factor=3)


def test_a_trading_day_packs_the_same_runs_into_six_and_a_half_hours():
    packed = active_rate(mean_rate=100.0, period=86400.0, active_time=6.5 * 3600)

    assert packed == pytest.approx(100 * 24 / 6.5)


def test_a_t1_line_of_sixty_milliseconds_holds_11580_bytes():
    # Stevens 1994, TCP/IP Illustrated, Volume 1, ch. 20
    assert bandwidth_delay_product(link_capacity=1_544_000 / 8, round_trip_time=0.060) == pytest.approx(
        11_580
    )


def test_a_message_as_large_as_the_capacity_takes_a_second():
    assert transfer_time(message_size=125e6, link_capacity=125e6) == 1


@pytest.mark.parametrize(("round_trips", "seconds"), [(3, 0.240), (2, 0.160), (1, 0.080)])
def test_handshakes_over_eighty_milliseconds(round_trips, seconds):
    assert handshake_time(round_trips=round_trips, round_trip_time=0.080) == pytest.approx(seconds)


@pytest.mark.parametrize(("failing", "attempts"), [(0.0, 1), (0.1, 1.11), (0.5, 1.75), (1.0, 3)])
def test_three_attempts_add_up_as_a_geometric_sum(failing, attempts):
    assert mean_attempts(failure_probability=failing, attempts=3) == pytest.approx(attempts)


@given(st.floats(0, 1), st.integers(1, 30))
def test_attempts_lie_between_one_and_all(failing, attempts):
    expected = sum(failing**k for k in range(attempts))

    assert mean_attempts(failure_probability=failing, attempts=attempts) == pytest.approx(expected, rel=1e-9)


def test_rates_add_up_and_branch_off():
    assert total_rate(arrival_rates=[100.0, 20.0, 3.0]) == 123
    assert branch_rate(arrival_rate=123.0, probability=0.25) == pytest.approx(30.75)
    assert shard_rate(arrival_rate=123.0, shards=3) == 41


@pytest.mark.parametrize(
    "identity", ["closed-pdq-aws-tomcat", "closed-pdq-mm1n", "closed-lazowska-117-exact"]
)
def test_clients_that_think_follow_the_interactive_law(identity):
    inputs, expected = CASES[identity]["inputs"], CASES[identity]["expected"]
    response = interactive_response_time(
        population=inputs["N"], throughput=expected["X"], think_time=inputs["Z"]
    )

    assert response == pytest.approx(expected["R"], rel=1e-6)


def test_a_station_is_full_at_its_maximum_throughput():
    limit = maximum_throughput(service_time=0.002, servers=2)

    assert limit == 1000
    assert utilization(arrival_rate=limit, service_time=0.002, servers=2) == 1


def test_gustafson_scales_the_work_and_amdahl_does_not():
    # Gustafson 1988 gives 1024 + (1 - 1024) s, and s of 0.4 % measured on 1024 processors
    assert gustafson_speedup(serial_fraction=0.004, workers=1024) == pytest.approx(1024 - 1023 * 0.004)
    assert amdahl_speedup(serial_fraction=0.004, workers=1024) == pytest.approx(201.1, abs=0.05)


def test_work_that_is_all_parallel_or_all_serial():
    assert amdahl_speedup(serial_fraction=0.0, workers=4) == 4
    assert amdahl_speedup(serial_fraction=1.0, workers=4) == 1
    assert amdahl_speedup(serial_fraction=1.0, workers=math.inf) == 1


@given(st.floats(0.001, 0.999), st.integers(2, 1000))
def test_the_karp_flatt_metric_gives_the_fraction_back_that_amdahl_was_given(serial, workers):
    speedup = amdahl_speedup(serial_fraction=serial, workers=workers)

    assert karp_flatt(speedup=speedup, workers=workers) == pytest.approx(serial, rel=1e-9)


def test_a_billing_month_of_three_instances():
    cost = instance_cost(instances=3, hourly_price=0.34 / 3600, period=720 * 3600.0)

    assert cost == pytest.approx(3 * 0.34 * 720)
    assert cost_per_request(cost=cost, requests=1e6) == pytest.approx(734.4e-6)


def test_free_units_are_not_paid_for():
    million = {"free_units": 1e6, "unit_price": 0.2 / 1e6}

    assert metered_cost(metered_units=3e6, **million) == pytest.approx(0.40)
    assert metered_cost(metered_units=0.5e6, **million) == 0


def test_an_objective_of_three_nines_allows_a_thousandth_to_fail():
    lost = unavailability(availability=0.999)

    assert failed_requests(unavailability=lost, requests=1e6) == pytest.approx(1000)
    assert availability(unavailability=lost) == pytest.approx(0.999)


def test_an_lru_cache_of_equal_items_hits_by_the_share_that_is_present():
    tiers = {"tier_items": [2000], "tier_shares": [1.0], "cache_items": 500}

    assert che_characteristic_time_tiers(**tiers) == pytest.approx(575.36414, rel=1e-7)  # 2000 ln(4/3)
    assert che_hit_ratio_tiers(**tiers) == pytest.approx(0.25)


def test_a_fifo_cache_of_equal_items_needs_the_time_that_fills_it():
    cache = {"distinct_items": 2000, "zipf_exponent": 0.0, "cache_items": 500}

    assert fifo_characteristic_time(**cache) == pytest.approx(2000 / 3)  # t / (2000 + t) = 1/4
    assert fifo_hit_ratio(**cache) == pytest.approx(0.25)
