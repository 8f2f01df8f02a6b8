"""What holds for every tree of calls, whatever it is made of."""

import math

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sdplan.distributions import (
    Branch,
    Fallback,
    FanOut,
    ForkJoin,
    Hedged,
    Hop,
    Node,
    Optional,
    Repeat,
    Retried,
    Series,
    Timeout,
    exceeding,
    exponential,
    failing,
    fixed,
    from_mean_and_scv,
    lognormal_from_quantiles,
    mean_within,
    moments,
    percentiles,
    sum_of_percentiles,
)
from sdplan.distributions.evaluation import wide
from sdplan.distributions.plans import Plan

TIMES = st.floats(1e-4, 1.0)
SHARES = st.floats(0.0, 0.5)
LAWS = st.one_of(
    TIMES.map(exponential),
    TIMES.map(fixed),
    st.builds(
        lambda p50, ratio: lognormal_from_quantiles(p50=p50, p99=p50 * ratio),
        TIMES,
        st.floats(1.1, 30),
    ),
    st.builds(lambda mean, scv: from_mean_and_scv(mean=mean, scv=scv), TIMES, st.floats(0.05, 8)),
)
HOPS: st.SearchStrategy[Node] = st.builds(Hop, LAWS, st.one_of(st.just(0.0), SHARES))


# No time limit falls on the very moment at which a fixed time ends: a grid puts half of it on either side.
def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Series, several),
        st.builds(Repeat, inner, st.floats(0.0, 6.0)),
        st.builds(lambda share, a, b: Branch(((share, a), (1.0 - share, b))), SHARES, inner, inner),
        st.builds(ForkJoin, several, st.sampled_from(["all", "any", 2])),
        st.builds(FanOut, inner, st.floats(0.0, 9.0), st.sampled_from(["all", "any", 2])),
        st.builds(Timeout, inner, st.floats(0.01, 3.0).map(lambda time: 1.0371 * time)),
        st.builds(Optional, inner),
        st.builds(Fallback, inner, inner),
        st.builds(Retried, inner, st.floats(0.0, 6.0), st.floats(0.0, 0.5), st.floats(0.0, 1.0)),
        st.builds(Hedged, inner, st.floats(0.0, 1.0), SHARES),
    )


TREES = st.recursive(HOPS, _grown, max_leaves=6)


@settings(deadline=None, max_examples=150)
@given(TREES)
def test_good_and_failed_runs_are_all_runs(node):
    _, (ok, bad) = wide(Plan(node))

    assert ok.mass + bad.mass == pytest.approx(1.0, abs=1e-9)
    assert ok.masses.sum() + bad.masses.sum() == pytest.approx(1.0, abs=2e-6)
    assert min(ok.masses.min(), bad.masses.min()) > -1e-7


@settings(deadline=None, max_examples=150)
@given(TREES)
@example(Branch(((0.5, Hop(exponential(0.0001))), (0.5, Hop(fixed(0.5))))))
@example(Optional(Branch(((0.5, Hop(fixed(0.5), 0.03125)), (0.5, Hop(fixed(0.25)))))))
def test_percentiles_rise_with_the_level(node):
    result = percentiles(node)

    times = list(result.quantiles.values())

    assert all(math.isfinite(t) and t >= 0.0 for t in times)
    assert times == sorted(times)


@settings(deadline=None, max_examples=100)
@given(TREES, st.floats(0.001, 2.0))
def test_no_good_run_outlasts_a_timeout(node, time):
    result = percentiles(Timeout(node, time))
    assume(result.failed < 0.999)

    assert all(t <= 1.01 * time for t in result.quantiles.values())
    assert result.failed >= percentiles(node).failed - 1e-6


@settings(deadline=None, max_examples=100)
@given(st.lists(LAWS, min_size=1, max_size=6))
def test_means_add_in_a_series(laws):
    result = percentiles(Series(tuple(Hop(law) for law in laws)))

    assert result.mean == pytest.approx(math.fsum(law.mean for law in laws), rel=1e-12)


@settings(deadline=None, max_examples=100)
@given(st.lists(LAWS.map(Hop), min_size=2, max_size=5).map(tuple))
def test_the_first_answer_comes_before_the_last(items):
    any_of, all_of = (percentiles(ForkJoin(items, need)) for need in ("any", "all"))

    for level, time in any_of.quantiles.items():
        assert time <= all_of.quantiles[level] * (1 + 2 * (any_of.error + all_of.error)) + 1e-9


@settings(deadline=None, max_examples=50)
@given(LAWS, st.integers(1, 6), st.sampled_from(["all", "any", 2]))
def test_copies_of_one_call_are_the_same_as_equal_calls(law, count, need):
    call = Hop(law, 0.1)

    copies, calls = percentiles(FanOut(call, count, need)), percentiles(ForkJoin((call,) * count, need))

    assert copies.failed == pytest.approx(calls.failed, abs=1e-12)
    assert copies.quantiles == pytest.approx(calls.quantiles, rel=1e-4, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(st.lists(TIMES, min_size=2, max_size=5))
def test_percentiles_of_fixed_delays_do_add(times):
    node = Series(tuple(Hop(fixed(time)) for time in times))

    assert percentiles(node).quantiles[0.99] == pytest.approx(sum_of_percentiles(node, 0.99), rel=1e-9)


@settings(deadline=None, max_examples=100)
@given(TREES, st.floats(0.001, 5.0))
@example(FanOut(Hop(exponential(1 / 512)), 2.0), 1.0)
def test_what_a_waiting_caller_is_told_fits_together(node, time):
    late, wait, all_of_it = exceeding(node, time), mean_within(node, time), moments(node)

    assert failing(node) - 1e-6 <= late <= 1.0
    assert (
        0.0 <= wait <= min(time, all_of_it.mean * (1 + 2e-2) + 1e-6)
    )  # fixed times among calls at once: half a cell
    assert math.isfinite(all_of_it.scv)
    assert all_of_it.scv >= 0.0
    assert failing(Timeout(node, time)) == pytest.approx(late, abs=1e-12)


@settings(deadline=None, max_examples=200)
@given(TREES)
def test_the_failed_share_is_the_same_with_and_without_a_grid(node):
    # a failure within half a cell of where a hedge begins may be taken as before it
    assert failing(node) == pytest.approx(percentiles(node).failed, abs=5e-3)
