"""Queueing formulas against other methods, laws that must hold, and numbers that break naive code."""

import math
import time

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from sdplan.formulas.queueing import (
    erlang_b,
    erlang_c,
    littles_law,
    queue_length_mmc,
    response_time_mm1,
    response_time_mmc,
    wait_mm1,
    wait_mmc,
)
from sdplan.formulas.queueing_general import (
    wait_gg1_kraemer_langenbach_belz,
    wait_ggc_allen_cunneen,
    wait_mg1,
)
from sdplan.formulas.queueing_tails import (
    response_time_quantile_mm1,
    response_time_quantile_mmc,
    response_time_survival_mmc,
    wait_quantile_mmc,
)

busy = st.floats(0.01, 0.999)
services = st.floats(1e-5, 10)
pools = st.integers(1, 300)
levels = st.floats(0.01, 0.9999)


def station(rho, service, servers):
    return {"arrival_rate": rho * servers / service, "service_time": service, "servers": servers}


@given(st.floats(0.01, 400), st.integers(1, 300))
def test_erlang_b_is_the_truncated_poisson_distribution(load, servers):
    expected = stats.poisson.pmf(servers, load) / stats.poisson.cdf(servers, load)
    assume(expected > 1e-280)

    assert erlang_b(offered_load=load, servers=servers) == pytest.approx(expected, rel=1e-9)


@given(st.floats(0.01, 400), st.integers(1, 300))
def test_erlang_b_follows_its_recursion(load, servers):
    before = erlang_b(offered_load=load, servers=servers - 1)
    expected = load * before / (servers + load * before)

    assert erlang_b(offered_load=load, servers=servers) == pytest.approx(expected, rel=1e-11, abs=1e-290)


def sum_in_50_digits(load, servers):
    with mpmath.workdps(50):
        total = term = mpmath.mpf(1)
        for k in range(servers, 0, -1):
            term *= mpmath.mpf(k) / mpmath.mpf(load)
            total += term
            if k < load and term < total * mpmath.mpf(10) ** -40:
                break
        return float(1 / total)


@pytest.mark.parametrize("servers", [20_000, 100_000, 1_000_000, 1_000_001, 4_000_000])
@pytest.mark.parametrize("rho", [0.999, 1 - 1e-6, 1 - 1e-9, 1.0, 1.01, 1.5])
def test_large_stations_keep_nine_digits(servers, rho):
    load = rho * servers

    assert erlang_b(offered_load=load, servers=servers) == pytest.approx(
        sum_in_50_digits(load, servers), rel=1e-9
    )


@pytest.mark.parametrize("servers", [1e4, 1e6, 1e7, 1e9, 1e12, 1e15])
def test_a_station_at_its_limit_follows_the_expansion_of_ramanujan(servers):
    # Flajolet, Grabner, Kirschenhofer and Prodinger 1995, On Ramanujan's Q-function, eq. 1
    q = math.sqrt(math.pi * servers / 2) - 1 / 3 + math.sqrt(math.pi / 2 / servers) / 12 - 4 / 135 / servers

    assert erlang_b(offered_load=servers, servers=servers) == pytest.approx(1 / (1 + q), rel=1e-9)


def test_a_hundred_thousand_servers_take_less_than_ten_milliseconds():
    def seconds():
        start = time.perf_counter()
        wait_mmc(arrival_rate=99999.9, service_time=1.0, servers=100_000)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.010


def test_a_sweep_advances_all_points_together():
    rates = np.linspace(0.1, 7.9, 100_000)

    def seconds():
        start = time.perf_counter()
        erlang_b(offered_load=rates, servers=8)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.06  # one point at a time takes four times as long


def test_any_number_of_servers_takes_bounded_time():
    start = time.perf_counter()
    for servers in (10.0**k for k in range(5, 18)):
        for rho in (0.1, 0.9, 1 - 1e-5, 1.0, 3.0):
            erlang_c(offered_load=rho * servers, servers=servers)

    assert time.perf_counter() - start < 2.0


@given(busy, services)
def test_one_server_of_mmc_is_mm1(rho, service):
    one = station(rho, service, 1)
    load = {"arrival_rate": one["arrival_rate"], "service_time": service}

    assert wait_mmc(**one) == pytest.approx(wait_mm1(**load), rel=1e-10)
    assert response_time_mmc(**one) == pytest.approx(response_time_mm1(**load), rel=1e-10)


@given(busy, services, pools)
def test_littles_law_joins_wait_and_queue_length(rho, service, servers):
    point = station(rho, service, servers)
    expected = littles_law(arrival_rate=point["arrival_rate"], response_time=wait_mmc(**point))

    assert queue_length_mmc(**point) == pytest.approx(expected, rel=1e-12)


@given(busy, busy, services, pools)
def test_more_traffic_never_waits_less(one, other, service, servers):
    low, high = sorted((one, other))

    assert wait_mmc(**station(low, service, servers)) <= wait_mmc(**station(high, service, servers)) * (
        1 + 1e-12
    )


@given(busy, services, st.integers(1, 40))
def test_a_pool_never_waits_longer_than_its_halves_apart(rho, service, servers):
    pooled, apart = station(rho, service, 2 * servers), station(rho, service, servers)

    assert wait_mmc(**pooled) <= wait_mmc(**apart) * (1 + 1e-12)


@given(busy, services, pools)
def test_one_more_server_never_makes_requests_wait_longer(rho, service, servers):
    point = station(rho, service, servers)

    assert wait_mmc(**(point | {"servers": servers + 1})) <= wait_mmc(**point) * (1 + 1e-12)


@given(st.floats(1, 100), services, pools)
def test_an_overloaded_station_waits_for_ever(rho, service, servers):
    assume(rho * servers / service * service >= servers)
    point = station(rho, service, servers)

    assert wait_mmc(**point) == math.inf
    assert response_time_quantile_mmc(**point, level=0.5) == math.inf
    assert response_time_survival_mmc(**point, time=1.0) == 1.0


@given(busy, services, pools, levels)
def test_the_percentile_of_the_response_is_where_the_survival_says(rho, service, servers, level):
    point = station(rho, service, servers)
    quantile = response_time_quantile_mmc(**point, level=level)

    assert response_time_survival_mmc(**point, time=quantile) == pytest.approx(1 - level, rel=1e-9)


@given(busy, services, levels)
def test_the_percentile_of_one_server_has_a_closed_form(rho, service, level):
    one = station(rho, service, 1)
    closed = response_time_quantile_mm1(arrival_rate=one["arrival_rate"], service_time=service, level=level)

    assert response_time_quantile_mmc(**one, level=level) == pytest.approx(closed, rel=1e-9)


@pytest.mark.parametrize(("rho", "servers"), [(0.875, 8), (0.75, 4), (0.5, 2), (0.96, 25)])
def test_the_tail_has_no_gap_where_one_server_is_spare(rho, servers):
    at, beside = (station(r, 1.0, servers) for r in (rho, rho * (1 + 1e-9)))
    times = np.linspace(0.1, 40, 30)

    assert response_time_survival_mmc(**at, time=times) == pytest.approx(
        response_time_survival_mmc(**beside, time=times), rel=1e-6
    )


@given(busy, services, pools)
def test_the_mean_response_is_the_area_under_its_tail(rho, service, servers):
    point = station(rho, service, servers)
    spare = max(servers * (1 - rho), 1e-3)
    times = np.linspace(0, 40 * (1 + 1 / min(1, spare)), 40001) * service
    area = np.trapezoid(response_time_survival_mmc(**point, time=times), times)

    assert area == pytest.approx(response_time_mmc(**point), rel=1e-3)


def test_a_wait_is_zero_at_levels_at_which_nobody_waits():
    point = {"arrival_rate": 6.4, "service_time": 1.0, "servers": 8}
    waits = erlang_c(offered_load=6.4, servers=8)

    assert wait_quantile_mmc(**point, level=1 - waits - 1e-9) == 0
    assert wait_quantile_mmc(**point, level=1 - waits + 1e-3) > 0


@given(busy, services, pools)
def test_allen_cunneen_is_exact_for_mmc(rho, service, servers):
    point = station(rho, service, servers)

    assert wait_ggc_allen_cunneen(**point, arrival_scv=1.0, service_scv=1.0) == pytest.approx(
        wait_mmc(**point)
    )


@given(busy, services, st.floats(0, 10))
def test_the_approximations_for_one_server_are_exact_for_poisson_arrivals(rho, service, scv):
    load = {"arrival_rate": rho / service, "service_time": service}
    exact = wait_mg1(**load, service_scv=scv)

    assert wait_gg1_kraemer_langenbach_belz(**load, arrival_scv=1.0, service_scv=scv) == pytest.approx(exact)
    assert wait_ggc_allen_cunneen(**load, servers=1, arrival_scv=1.0, service_scv=scv) == pytest.approx(exact)


def test_a_station_that_nobody_visits_does_not_wait():
    assert wait_mmc(arrival_rate=0.0, service_time=1.0, servers=3) == 0
    assert wait_mmc(arrival_rate=5.0, service_time=0.0, servers=3) == 0
    assert wait_quantile_mmc(arrival_rate=5.0, service_time=0.0, servers=3, level=0.99) == 0


def test_a_regular_flow_of_equal_jobs_never_waits():
    load = {"arrival_rate": 0.9, "service_time": 1.0, "arrival_scv": 0.0, "service_scv": 0.0}

    assert wait_gg1_kraemer_langenbach_belz(**load) == 0
