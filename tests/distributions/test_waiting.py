"""What a caller that waits asks of a tree, against closed forms, the percentiles, and a simulation."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from sdplan.distributions import (
    Branch,
    Exponential,
    Fallback,
    FanOut,
    ForkJoin,
    Hop,
    Optional,
    Repeat,
    Series,
    Sojourn,
    Timeout,
    exceeding,
    exponential,
    failing,
    fixed,
    good_moments,
    hedged,
    lognormal_from_quantiles,
    mean_within,
    moments,
    percentiles,
    retried,
)
from tests.distributions.test_outcomes_by_simulation import RUNS, TREES, Simulation

ONE = Hop(Exponential(1.0))


@pytest.mark.parametrize("name", [name for name in TREES if "fan-out" not in name])
def test_the_questions_of_a_waiting_caller_agree_with_a_simulation(name):
    node = TREES[name]
    runs = Simulation(seed=7 + sum(map(ord, name))).of(node)
    mean = runs.time.mean()

    found = moments(node)

    assert found.mean == pytest.approx(mean, abs=5 * runs.time.std() / math.sqrt(RUNS) + 1e-12)
    assert found.scv == pytest.approx(runs.time.var() / mean**2, rel=0.05, abs=2e-3)
    failed = 1.0 - runs.good.mean()
    assert failing(node) == pytest.approx(failed, abs=4.5 * math.sqrt(failed / RUNS) + 1e-12)
    for time in (0.7 * mean, 1.6 * mean):
        cut = np.minimum(runs.time, time)
        late = 1.0 - np.mean(runs.good & (runs.time <= time))
        doubt = 4.5 * math.sqrt(late * (1.0 - late) / RUNS) + 1e-9
        doubt_of_cut = 4.5 * cut.std() / math.sqrt(RUNS)
        assert mean_within(node, time) == pytest.approx(cut.mean(), rel=5e-4, abs=doubt_of_cut)
        assert exceeding(node, time * (1 - 2e-3)) > late - doubt
        assert exceeding(node, time * (1 + 2e-3)) < late + doubt


def test_a_single_hop_is_exact_at_any_distance():
    hop = Hop(Sojourn(0.01, 0.4, 30.0), 0.02)
    law = hop.law

    assert exceeding(hop, 0.9) == pytest.approx(0.02 + 0.98 * float(law.sf(np.array(0.9))), rel=1e-14)
    assert failing(Timeout(hop, 0.9)) == exceeding(hop, 0.9)
    assert mean_within(hop, 0.05) == pytest.approx(0.98 * float(law.lev(np.array(0.05))), rel=1e-14)


def test_a_round_trip_before_a_hop_only_moves_it():
    node = Series((Hop(fixed(0.5)), ONE))

    assert exceeding(node, 40.5) == pytest.approx(math.exp(-40.0), rel=1e-12)
    assert mean_within(node, 0.4) == 0.4
    assert mean_within(node, 1.5) == pytest.approx(0.5 + 1 - math.exp(-1), rel=1e-14)


@pytest.mark.parametrize("time", [0.05, 1.0, 3.0, 9.0, 15.0])
def test_hops_in_a_row_are_an_erlang_law(time):
    erlang = stats.erlang(3)
    node = Series((ONE, ONE, ONE))

    assert exceeding(node, time) == pytest.approx(erlang.sf(time), rel=2e-3, abs=2e-6)
    assert failing(Timeout(node, time)) == exceeding(node, time)
    within, _ = integrate.quad(erlang.sf, 0, time)
    assert mean_within(node, time) == pytest.approx(within, rel=1e-4)


def test_calls_at_once_are_counted_exactly():
    late = Fraction(1, 4)
    each = Hop(Exponential(1.0 / math.log(4.0)))

    two_of_three = FanOut(each, 3, 2)
    different = ForkJoin((each, Hop(Exponential(1.0)), Hop(fixed(0.5), 0.125)), 2)

    assert exceeding(two_of_three, 1.0) == pytest.approx(float(late**3 + 3 * late**2 * (1 - late)), rel=1e-12)
    chances = [0.25, math.exp(-1.0), 0.125]
    none = math.prod(chances)
    one = sum(none / late * (1 - late) for late in chances)
    assert exceeding(different, 1.0) == pytest.approx(none + one, rel=1e-12)


def test_a_failure_of_many_copies_stays_a_small_number():
    assert failing(FanOut(Hop(exponential(1.0), 1e-9), 5, 3)) == pytest.approx(10 * 1e-27, rel=1e-6)
    assert failing(FanOut(Hop(exponential(1.0), 1e-9), 1000)) == pytest.approx(1e-6, rel=1e-6)
    assert failing(Repeat(Hop(exponential(1.0), 1e-17), 100)) == pytest.approx(1e-15, rel=1e-9)


def test_moments_of_hops_add_up_exactly():
    laws = [Exponential(0.2), lognormal_from_quantiles(p50=0.1, p99=10.0), Sojourn(0.3, 0.5, 2.0)]
    variance = math.fsum(law.scv * law.mean**2 for law in laws)
    mean = math.fsum(law.mean for law in laws)

    found = moments(Series(tuple(Hop(law) for law in laws)))

    assert found == pytest.approx((mean, variance / mean**2), rel=1e-12)


def test_moments_of_a_choice_and_of_a_fraction_of_calls_mix():
    node = Branch(((0.25, ONE), (0.5, Repeat(Hop(fixed(2.0)), 1.5))))

    mean, second = 0.25 + 0.5 * 3.0, 0.25 * 2.0 + 0.5 * (0.5 * 4.0 + 0.5 * 16.0)

    assert moments(node) == pytest.approx((mean, second / mean**2 - 1.0), rel=1e-12)


def test_moments_of_a_cut_hop_are_those_of_the_cut_law():
    found = moments(Timeout(Hop(Exponential(1.0)), 1.5))

    mean, second = (integrate.quad(lambda x, n=n: n * x ** (n - 1) * math.exp(-x), 0, 1.5)[0] for n in (1, 2))

    assert found == pytest.approx((mean, second / mean**2 - 1.0), rel=1e-10)


def test_moments_of_good_runs_leave_the_failed_out():
    node = Fallback(Hop(fixed(1.0), 0.5), Hop(fixed(3.0), 0.5))

    assert good_moments(node) == pytest.approx((5 / 3, 11 / 3 / (25 / 9) - 1), rel=1e-12)
    assert good_moments(Hop(fixed(1.0), 1.0)) is None


def test_a_call_that_fails_at_once_takes_no_time():
    assert moments(Hop(exponential(1.0), 1.0)) == (0.0, 0.0)
    assert mean_within(Hop(exponential(1.0), 1.0), 5.0) == 0.0
    assert exceeding(Hop(exponential(1.0), 1.0), 5.0) == 1.0


@pytest.mark.parametrize("time", [-1.0, 0.0, 1e-300, 1e-12, 1e12])
def test_any_time_has_an_answer(time):
    for node in (
        Series((ONE, ONE)),
        Series(()),
        retried(Timeout(Series((ONE, ONE)), 1.0), 3, 0.1),
        hedged(Series((ONE, Hop(fixed(0.5), 0.5))), 1.0),
        Optional(ForkJoin((ONE, Series((ONE, ONE))))),
        Series((Hop(fixed(1.0), 1.0), ONE)),
    ):
        assert 0.0 <= exceeding(node, time) <= 1.0
        assert 0.0 <= mean_within(node, time) <= max(0.0, time)


@settings(deadline=None, max_examples=40)
@given(st.floats(0.02, 0.98))
def test_a_percentile_is_exceeded_as_often_as_it_says(level):
    node = Series((ONE, Hop(lognormal_from_quantiles(p50=0.5, p99=20.0))))

    time = percentiles(node, (level,)).quantiles[level]

    assert exceeding(node, time) == pytest.approx(1.0 - level, abs=1e-3)
