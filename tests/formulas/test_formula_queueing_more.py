"""Fixed service, turns, priorities, spread: where the truth is known by another way, and at large scale."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdplan.formulas.balancing import wait_in_turn, waiting_in_turn
from sdplan.formulas.queueing import erlang_c, wait_mm1, wait_mmc
from sdplan.formulas.queueing_arrivals import gim1, gimc
from sdplan.formulas.queueing_deterministic import wait_mdc, wait_mgc_interpolated, waiting_mdc
from sdplan.formulas.queueing_general import wait_ggc_allen_cunneen, wait_ggc_whitt, wait_mg1
from sdplan.formulas.queueing_phases import wait_mphc
from sdplan.formulas.queueing_priority import wait_priority_mmc


@pytest.mark.parametrize("busy", [0.1, 0.5, 0.9, 0.999, 1 - 1e-6, 1 - 1e-9])
def test_one_server_with_fixed_service_is_the_formula_of_pollaczek_and_khinchine(busy):
    load = {"arrival_rate": busy, "service_time": 1.0}

    assert wait_mdc(**load, servers=1) == pytest.approx(wait_mg1(**load, service_scv=0.0), rel=1e-8)
    assert waiting_mdc(offered_load=busy, servers=1) == pytest.approx(busy, rel=1e-8)


@pytest.mark.parametrize("busy", [1 - 1e-6, 1 - 1e-9])
def test_a_million_servers_near_saturation_wait_half_as_long_with_fixed_service(busy):
    load = {"arrival_rate": busy * 1e6, "service_time": 1.0, "servers": 1e6}
    start = time.perf_counter()
    ratio = wait_mdc(**load) / wait_mmc(**load)

    assert 0.5 <= ratio < 0.501
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("phases", [1, 2, 8, 64])
def test_turns_have_the_root_of_their_transform(phases):
    sigma = waiting_in_turn(offered_load=0.8, servers=1, queues=phases)

    assert sigma == pytest.approx((1 + (1 - sigma) / (phases * 0.8)) ** -phases, rel=1e-12)
    assert gim1(arrival_rate=0.8, service_time=1.0, arrival_scv=1 / phases).waiting == pytest.approx(sigma)


@given(st.integers(1, 200), st.floats(0.05, 0.99))
@settings(max_examples=60, deadline=None)
def test_poisson_arrivals_give_erlang_c(servers, busy):
    found = gimc(arrival_rate=busy * servers, service_time=1.0, servers=servers, arrival_scv=1.0)
    expected = erlang_c(offered_load=busy * servers, servers=servers)

    assert found.waiting == pytest.approx(expected, rel=1e-6)
    assert found.rate == pytest.approx(servers * (1 - busy), rel=1e-9)


@given(st.integers(1, 30), st.floats(0.1, 0.98))
@settings(max_examples=40, deadline=None)
def test_steadier_arrivals_wait_less(servers, busy):
    waits = []
    for scv in (0.0, 0.25, 1.0, 4.0):
        wait = gimc(arrival_rate=busy * servers, service_time=1.0, servers=servers, arrival_scv=scv)
        waits.append(wait.waiting / wait.rate)

    assert waits == sorted(waits)


def test_taking_turns_halves_the_wait_of_a_random_split_in_the_limit():
    random = wait_mm1(arrival_rate=0.999, service_time=1.0)

    assert wait_in_turn(arrival_rate=0.999, service_time=1.0, servers=1, queues=1000) == pytest.approx(
        random / 2, rel=0.01
    )


@given(st.floats(0.1, 3.0), st.floats(0.1, 3.0), st.integers(1, 10))
def test_priorities_keep_the_work_that_waits(first, second, servers):
    service = 0.9 * servers / (first + second)
    station = {"service_time": service, "servers": servers}
    high = wait_priority_mmc(arrival_rate=first, higher_rate=0.0, lower_rate=second, **station)
    low = wait_priority_mmc(arrival_rate=second, higher_rate=first, lower_rate=0.0, **station)
    alike = wait_mmc(arrival_rate=first + second, **station)

    assert first * high + second * low == pytest.approx((first + second) * alike, rel=1e-9)
    assert high < alike < low


def test_the_first_class_stays_stable_when_the_last_overloads_the_station():
    wait = wait_priority_mmc(arrival_rate=0.5, higher_rate=0.0, lower_rate=50.0, service_time=1.0, servers=1)

    assert wait == pytest.approx(2.0)  # the service in progress, over the share that is left


@pytest.mark.parametrize("servers", [1, 4, 12])
def test_two_phases_of_an_exponential_are_the_plain_queue(servers):
    load = {"arrival_rate": 0.8 * servers, "service_time": 1.0, "servers": servers}

    assert wait_mphc(**load, service_scv=1.0) == pytest.approx(wait_mmc(**load), rel=1e-9)


@pytest.mark.parametrize("scv", [0.5, 0.75, 2.0, 4.0])
def test_one_server_of_two_phases_is_the_formula_of_pollaczek_and_khinchine(scv):
    load = {"arrival_rate": 0.8, "service_time": 1.0}

    assert wait_mphc(**load, servers=1, service_scv=scv) == pytest.approx(
        wait_mg1(**load, service_scv=scv), rel=1e-9
    )


def errors(busy, spreads, servers, approximation):
    found = []
    for scv in spreads:
        for count in servers:
            load = {"arrival_rate": busy * count, "service_time": 1.0, "servers": count}
            exact = wait_mdc(**load) if scv == 0 else wait_mphc(**load, service_scv=scv)
            found.append(abs(approximation(load, scv) / exact - 1))
    return max(found)


SERVERS = (2, 4, 8, 16)


def allen(load, scv):
    return wait_ggc_allen_cunneen(**load, arrival_scv=1.0, service_scv=scv)


def whitt(load, scv):
    return wait_ggc_whitt(**load, arrival_scv=1.0, service_scv=scv)


def between(load, scv):
    return wait_mgc_interpolated(**load, service_scv=scv)


def steady_or_bursty(busy, spreads, approximation):
    found = []
    for scv in spreads:
        for count in (1, *SERVERS):
            load = {"arrival_rate": busy * count, "service_time": 1.0, "servers": count}
            exact = gimc(**load, arrival_scv=scv)
            wait = approximation(**load, arrival_scv=scv, service_scv=1.0)
            found.append(abs(wait * exact.rate / exact.waiting - 1))
    return max(found)


@pytest.mark.parametrize(
    ("busy", "below", "above"),
    [
        (0.5, (0.31, 0.14, 0.013), (0.85, 0.30, 0.36)),
        (0.8, (0.10, 0.03, 0.01), (0.26, 0.07, 0.18)),
        (0.9, (0.041, 0.01, 0.006), (0.11, 0.03, 0.084)),
    ],
)
def test_the_errors_that_approximations_state_are_those_measured(busy, below, above):
    for approximation, low, high in zip((allen, whitt, between), below, above, strict=True):
        assert errors(busy, (0, 0.5, 0.75), SERVERS, approximation) <= low
        assert errors(busy, (2.0, 4.0), SERVERS, approximation) <= high + 0.001


@pytest.mark.parametrize(("busy", "stated"), [(0.8, 0.31), (0.9, 0.13)])
def test_arrivals_of_other_spread_are_better_with_whitt(busy, stated):
    for spreads in ((0.0, 0.125, 0.25, 0.5), (2.0, 4.0)):
        close = steady_or_bursty(busy, spreads, wait_ggc_whitt)
        assert close <= stated
        assert close < steady_or_bursty(busy, spreads, wait_ggc_allen_cunneen)
