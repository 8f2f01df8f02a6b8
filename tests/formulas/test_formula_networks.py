"""Networks, fork and join, staffing: laws that must hold, other methods, and numbers that break naive code."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdplan.formulas.fork_join import answers_of_exponential, fork_join_nelson_tantawi, fork_join_two
from sdplan.formulas.networks_bounds import (
    asymptotic_bounds,
    balanced_bounds,
    bard_schweitzer,
    geometric_bounds,
)
from sdplan.formulas.networks_closed import closed_network
from sdplan.formulas.networks_mixed import mixed_network
from sdplan.formulas.networks_open import open_network, visit_rates
from sdplan.formulas.queueing import erlang_c, response_time_mmc
from sdplan.formulas.queueing_sources import finite_source
from sdplan.formulas.scaling import usl_fit, usl_throughput
from sdplan.formulas.staffing import halfin_whitt_waiting, servers_for_wait, servers_for_waiting

demands = st.lists(st.floats(0.001, 1.0), min_size=1, max_size=4)
thinks = st.floats(0.0, 10.0)


@settings(max_examples=60, deadline=None)
@given(demands, thinks, st.integers(1, 25))
def test_every_bound_brackets_the_exact_throughput(demands, think, population):
    exact = closed_network(
        populations=[population], demands=[demands], servers=[1] * len(demands), think_times=[think]
    ).throughputs[0]

    for bound in (asymptotic_bounds, balanced_bounds, geometric_bounds):
        low, high = bound(population=population, demands=demands, think_time=think)
        assert low * (1 - 1e-9) <= exact <= high * (1 + 1e-9)


@settings(max_examples=40, deadline=None)
@given(demands, thinks, st.integers(1, 25), st.integers(1, 5))
def test_customers_are_neither_lost_nor_made(demands, think, population, servers):
    solved = closed_network(
        populations=[population], demands=[demands], servers=[servers] * len(demands), think_times=[think]
    )
    rate = solved.throughputs[0]

    assert sum(solved.queue_lengths[0]) + rate * think == pytest.approx(population, rel=1e-9)
    assert rate * (think + sum(solved.response_times[0])) == pytest.approx(population, rel=1e-9)
    assert rate <= servers / max(demands) * (1 + 1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 200), st.integers(1, 60), st.floats(0.01, 20.0))
def test_one_station_and_thinking_is_the_finite_source_queue(population, servers, think):
    network = closed_network(
        populations=[population], demands=[[0.5]], servers=[servers], think_times=[think]
    )
    station = finite_source(population=population, think_time=think, service_time=0.5, servers=servers)

    assert network.throughputs[0] == pytest.approx(station.throughput, rel=1e-10)
    assert network.queue_lengths[0][0] == pytest.approx(station.inside, rel=1e-9)


def test_where_textbook_recursions_lose_all_digits_the_throughput_is_right():
    solved = closed_network(populations=[400], demands=[[0.444]], servers=[300], think_times=[0.0])

    assert solved.throughputs[0] == pytest.approx(300 / 0.444, rel=1e-10)  # the unstable recursion says 86.6


def exact_two_class(first, second, demands):
    """Product form of two classes at two single-server stations, in fractions."""

    def constant(n, m):
        total = Fraction(0)
        for i in range(n + 1):
            for j in range(m + 1):
                here = math.comb(i + j, i) * demands[0][0] ** i * demands[1][0] ** j
                there = math.comb(n - i + m - j, n - i) * demands[0][1] ** (n - i) * demands[1][1] ** (m - j)
                total += here * there
        return total

    whole = constant(first, second)
    return constant(first - 1, second) / whole, constant(first, second - 1) / whole


@pytest.mark.parametrize(("first", "second"), [(1, 1), (3, 2), (8, 5)])
def test_two_classes_agree_with_the_product_form_in_fractions(first, second):
    exact = exact_two_class(
        first, second, [[Fraction(1, 3), Fraction(1, 7)], [Fraction(1, 5), Fraction(1, 2)]]
    )
    solved = closed_network(
        populations=[first, second],
        demands=[[1 / 3, 1 / 7], [1 / 5, 1 / 2]],
        servers=[1, 1],
        think_times=[0, 0],
    )

    assert solved.throughputs == pytest.approx([float(rate) for rate in exact], rel=1e-12)


@pytest.mark.parametrize("population", [1, 3, 10, 40])
def test_the_approximation_for_large_populations_stays_close(population):
    rows = [[0.3, 0.2, 0.1], [0.05, 0.4, 0.2]]
    exact = closed_network(populations=[population, 3], demands=rows, servers=[1] * 3, think_times=[1.0, 5.0])
    close = bard_schweitzer(
        populations=[population, 3], demands=rows, delays=[False] * 3, think_times=[1.0, 5.0]
    )

    assert close.throughputs == pytest.approx(exact.throughputs, rel=0.06)


@pytest.mark.parametrize("populations", [[0], [0, 0]])
def test_a_network_without_customers_does_nothing(populations):
    rows = [[0.5]] * len(populations)
    solved = closed_network(populations=populations, demands=rows, servers=[1], think_times=[1.0] * len(rows))

    assert solved.throughputs == (0.0,) * len(rows)


def test_traffic_that_cannot_leave_has_no_steady_rate():
    routing = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0.5, 0], [0, 0, 0, 0.5]]
    rates = visit_rates(external_rates=[1.0, 0.0, 0.0, 2.0], routing=routing)

    assert rates == (math.inf, math.inf, 0.0, 4.0)


@given(st.lists(st.floats(0.01, 5.0), min_size=2, max_size=2), st.floats(0.01, 0.5), st.integers(1, 20))
def test_an_open_station_is_the_plain_queue(rates, demand, servers):
    solved = open_network(arrival_rates=rates, demands=[[demand], [demand]], servers=[servers])
    expected = response_time_mmc(arrival_rate=sum(rates), service_time=demand, servers=servers)

    assert solved.response_times[0][0] == pytest.approx(expected, rel=1e-9)
    assert solved.response_times[1][0] == pytest.approx(expected, rel=1e-9)


def test_a_mixed_network_is_closed_without_open_traffic_and_open_without_customers():
    common = {"delays": [False, False], "think_times": [2.0]}
    idle = mixed_network(
        arrival_rates=[0.0], open_demands=[[0.1, 0.2]], populations=[5], closed_demands=[[0.3, 0.4]], **common
    )
    closed = closed_network(populations=[5], demands=[[0.3, 0.4]], servers=[1, 1], think_times=[2.0])
    empty = mixed_network(
        arrival_rates=[2.0], open_demands=[[0.1, 0.2]], populations=[0], closed_demands=[[0.3, 0.4]], **common
    )
    opened = open_network(arrival_rates=[2.0], demands=[[0.1, 0.2]], servers=[1, 1])

    assert idle.closed == closed
    assert empty.open.response_times[0] == pytest.approx(opened.response_times[0])


def test_open_traffic_that_fills_a_station_stops_what_goes_round():
    solved = mixed_network(
        arrival_rates=[10.0],
        open_demands=[[0.1]],
        populations=[3],
        closed_demands=[[0.2]],
        delays=[False],
        think_times=[1.0],
    )

    assert solved.closed.throughputs == (0.0,)
    assert solved.open.response_times == ((math.inf,),)


def simulated_fork_join(branches, load, jobs, seed):
    draws = np.random.default_rng(seed)
    arrivals = np.cumsum(draws.exponential(1 / load, jobs))
    done = np.zeros(jobs)
    for _ in range(branches):
        service = np.cumsum(draws.exponential(1.0, jobs))
        starts = arrivals - np.concatenate(([0.0], service[:-1]))
        leaves = service + np.maximum.accumulate(starts)
        done = np.maximum(done, leaves)
    return float((done - arrivals)[jobs // 10 :].mean())


def test_two_queues_that_fork_and_join_agree_with_simulation():
    found = simulated_fork_join(2, 0.5, 400_000, 7)

    assert fork_join_two(arrival_rate=0.5, service_time=1.0) == pytest.approx(found, rel=0.02)


def test_the_stated_error_of_nelson_and_tantawi_holds_against_simulation():
    found = simulated_fork_join(8, 0.5, 400_000, 7)
    formula = fork_join_nelson_tantawi(arrival_rate=0.5, service_time=1.0, branches=8)

    assert 0.965 < formula / found < 1.0


def test_all_answers_are_the_slowest_and_one_is_the_fastest():
    assert answers_of_exponential(service_time=1.0, branches=4, answers_needed=4) == pytest.approx(25 / 12)
    assert answers_of_exponential(service_time=1.0, branches=4, answers_needed=1) == pytest.approx(1 / 4)


def test_the_fewest_servers_are_found_where_others_say_that_none_suffice():
    assert servers_for_wait(arrival_rate=900.0, service_time=1.0, wait=0.05) == 912


@given(st.floats(0.1, 1e6), st.floats(0.001, 0.999))
def test_the_fewest_servers_are_enough_and_one_less_is_not(load, waiting):
    servers = servers_for_waiting(offered_load=load, waiting=waiting)

    assert erlang_c(offered_load=load, servers=servers) <= waiting
    assert servers == 1 or erlang_c(offered_load=load, servers=servers - 1) > waiting


@pytest.mark.parametrize("quality", [0.2, 0.5, 1.0, 2.0])
def test_square_root_staffing_is_the_limit_of_erlang_c(quality):
    exact = erlang_c(offered_load=1e8, servers=1e8 + quality * 1e4)
    near = halfin_whitt_waiting(quality=quality)

    assert near == pytest.approx(exact, abs=1e-4)
    for servers, error in ((10, 0.05), (30, 0.05), (100, 0.02)):
        load = (math.sqrt(quality**2 + 4 * servers) / 2 - quality / 2) ** 2
        assert near == pytest.approx(erlang_c(offered_load=load, servers=servers), abs=error)


@given(st.floats(0.0, 0.3), st.floats(0.0, 0.01), st.floats(0.5, 1e4))
@settings(max_examples=40, deadline=None)
def test_a_law_that_holds_exactly_is_found_again(contention, coherency, single):
    workers = [1, 2, 4, 8, 16, 32, 64]
    law = {"contention": contention, "coherency": coherency, "single_throughput": single}
    fit = usl_fit(workers=workers, throughputs=[usl_throughput(workers=n, **law) for n in workers])

    assert fit.single_throughput == pytest.approx(single, rel=1e-4)
    assert fit.contention == pytest.approx(contention, abs=1e-4)
    assert fit.coherency == pytest.approx(coherency, abs=1e-5)


@pytest.mark.parametrize(
    ("workers", "throughputs"), [([1, 2], [1, 2]), ([1, 2, 3], [0, 1, 2]), ([1, 1, 1], [1, 1, 1])]
)
def test_too_few_measurements_give_no_law(workers, throughputs):
    assert usl_fit(workers=workers, throughputs=throughputs) is None
