"""Availability and durability against exact fractions, and digits that must survive."""

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sdplan.formulas.availability import (
    availability_from_mtbf,
    common_cause_unavailability,
    fan_out_probability,
    k_of_n_unavailability,
    parallel_availability,
    parallel_unavailability,
    series_availability,
    series_unavailability,
    unavailability_from_mtbf,
)
from sdplan.formulas.durability import time_to_data_loss_parallel, time_to_data_loss_serial
from sdplan.formulas.replication import quorum_level

rare = st.floats(1e-12, 0.5)


def fraction_of_states(u, replicas, needed):
    """The probability that too few work, by counting every state in exact fractions."""
    u = Fraction(u)
    states = itertools.product((False, True), repeat=replicas)
    weights = (math.prod(1 - u if up else u for up in state) for state in states if sum(state) < needed)
    return float(sum(weights))


@pytest.mark.parametrize("u", [0.3, 0.01, 1e-5, 1e-13])
@pytest.mark.parametrize(("replicas", "needed"), [(1, 1), (2, 1), (3, 2), (5, 3), (8, 8), (9, 1)])
def test_k_of_n_agrees_with_counting_every_state(u, replicas, needed):
    computed = k_of_n_unavailability(unavailability=u, replicas=replicas, needed=needed)

    assert computed == pytest.approx(fraction_of_states(u, replicas, needed), rel=1e-13)


@given(rare, st.integers(1, 2000), st.data())
def test_k_of_n_is_a_binomial_tail(u, replicas, data):
    needed = data.draw(st.integers(1, replicas))
    expected = float(stats.binom.sf(replicas - needed, replicas, u))

    computed = k_of_n_unavailability(unavailability=u, replicas=replicas, needed=needed)
    # Below 1e-200 the oracle itself loses digits: exact fractions side with the formula.
    assert computed == pytest.approx(expected, rel=1e-8, abs=1e-200)


def test_a_million_replicas_take_bounded_time_and_keep_their_digits():
    computed = k_of_n_unavailability(unavailability=0.001, replicas=1_000_000, needed=998_900)

    assert computed == pytest.approx(stats.binom.sf(1_000_000 - 998_900, 1_000_000, 0.001), rel=1e-8)


@given(rare, st.integers(1, 30))
def test_one_of_n_is_parallel_and_n_of_n_is_series(u, replicas):
    group = {"unavailability": u, "replicas": replicas}

    assert k_of_n_unavailability(**group, needed=1) == pytest.approx(
        parallel_unavailability(unavailabilities=[u] * replicas), rel=1e-9, abs=1e-300
    )
    assert k_of_n_unavailability(**group, needed=replicas) == pytest.approx(
        series_unavailability(unavailabilities=[u] * replicas), rel=1e-9
    )


@given(st.lists(st.fractions(0, 1, max_denominator=10**6), min_size=1, max_size=8))
def test_series_and_parallel_agree_with_fractions(parts):
    numbers = [float(part) for part in parts]
    up, down = math.prod(1 - part for part in parts), math.prod(parts)

    assert series_unavailability(unavailabilities=numbers) == pytest.approx(float(1 - up), rel=1e-9)
    assert parallel_unavailability(unavailabilities=numbers) == pytest.approx(float(down), rel=1e-12)
    assert series_availability(availabilities=numbers) == pytest.approx(float(down), rel=1e-12)
    assert parallel_availability(availabilities=numbers) == pytest.approx(float(1 - up), rel=1e-9, abs=1e-15)


def test_thirteen_nines_survive():
    assert parallel_unavailability(unavailabilities=[1e-13, 1e-13]) == pytest.approx(1e-26, rel=1e-12)
    assert series_unavailability(unavailabilities=[1e-13] * 20) == pytest.approx(2e-12 - 190e-26, rel=1e-12)


def test_nothing_in_series_always_works_and_nothing_in_parallel_never_does():
    assert series_unavailability(unavailabilities=[]) == 0
    assert parallel_unavailability(unavailabilities=[]) == 1


def test_a_thing_that_is_mostly_under_repair_is_mostly_unavailable():
    assert unavailability_from_mtbf(mtbf=3600.0, mttr=3 * 3600.0) == 0.75
    assert availability_from_mtbf(mtbf=3600.0, mttr=3 * 3600.0) == 0.25


def test_rare_failures_keep_their_digits_through_mtbf():
    assert unavailability_from_mtbf(mtbf=1e16, mttr=3600.0) == pytest.approx(3.6e-13, rel=1e-12)


@given(st.floats(1e-12, 0.1), st.floats(0, 1), st.integers(2, 20))
def test_common_cause_lies_between_independent_and_fully_shared(u, beta, replicas):
    group = {"unavailability": u, "replicas": replicas, "needed": 1}
    shared = common_cause_unavailability(**group, common_cause=beta)

    assert k_of_n_unavailability(**group) * (1 - 1e-9) <= shared <= u * (1 + 1e-9)


@given(st.floats(1e-9, 0.5), st.integers(1, 1000))
def test_a_slow_leaf_among_many_is_the_series_of_all(slow, leaves):
    expected = series_unavailability(unavailabilities=[slow] * leaves)

    assert fan_out_probability(probability=slow, fan_out=leaves) == pytest.approx(expected, rel=1e-9)


@given(st.floats(0.01, 0.9999), st.integers(1, 50), st.data())
def test_the_level_of_a_quorum_is_the_inverse_beta_distribution(level, replicas, data):
    needed = data.draw(st.integers(1, replicas))
    expected = stats.beta.ppf(level, needed, replicas - needed + 1)

    assert quorum_level(level=level, replicas=replicas, needed=needed) == pytest.approx(expected, rel=1e-8)


@given(st.floats(1, 1e6), st.floats(1e-3, 1e3))
def test_two_and_three_copies_last_as_the_closed_forms_say(mtbf, mttr):
    failing, mending = 1 / mtbf, 1 / mttr
    two = (3 * failing + mending) / (2 * failing**2)
    three = (11 * failing**2 + 4 * failing * mending + mending**2) / (6 * failing**3)
    drives = {"mtbf": mtbf, "mttr": mttr, "fragments_needed": 1}

    assert time_to_data_loss_serial(**drives, fragments=2) == pytest.approx(two, rel=1e-12)
    assert time_to_data_loss_serial(**drives, fragments=3) == pytest.approx(three, rel=1e-12)


@given(st.floats(10, 1e6), st.floats(1e-3, 10), st.integers(2, 20), st.data())
def test_repairing_all_at_once_never_loses_data_sooner(mtbf, mttr, fragments, data):
    needed = data.draw(st.integers(1, fragments))
    code = {"mtbf": mtbf, "mttr": mttr, "fragments": fragments, "fragments_needed": needed}

    assert time_to_data_loss_parallel(**code) >= time_to_data_loss_serial(**code)
