"""Percentiles of whole trees against the reference cases and an independent fine grid."""

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from sdplan.distributions import (
    Branch,
    Exponential,
    Fallback,
    FanOut,
    ForkJoin,
    Hop,
    Lognormal,
    Mixture,
    Node,
    Repeat,
    Series,
    Sojourn,
    Timeout,
    cdf_at,
    exponential,
    fixed,
    hedged,
    lognormal_from_quantiles,
    percentiles,
)

FOLDER = Path(__file__).parents[1] / "cases"
CASES = {
    case["id"]: case
    for name in ("reliability_caches_latency.json", "queueing.json")
    for case in json.loads((FOLDER / name).read_text(encoding="utf-8"))
}
LEVELS = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999, "p9999": 0.9999}


def lognormal(p50: float, p99: float) -> Lognormal:
    return lognormal_from_quantiles(p50=p50, p99=p99)


def hop(p50: float, p99: float) -> Hop:
    return Hop(lognormal(p50, p99))


MEDIANS, RATIOS = (1, 2, 3, 5, 8, 12, 20, 30), (3, 4, 5, 3, 6, 4, 3, 5)
CHAINS: dict[str, Node] = {
    "lat-S1": Series(tuple(hop(a, a * b) for a, b in zip(MEDIANS, RATIOS, strict=True))),
    "lat-S2": Series((Hop(Sojourn(10.0, 0.6353160175364294, 0.1)), hop(2, 10), hop(5, 20), hop(1, 8))),
    "lat-S3": Series((hop(2, 6), FanOut(hop(5, 25), 100))),
    "lat-S4": Series((hop(0.5, 2), hop(4, 15), Branch(((0.95, hop(1, 3)), (0.05, hop(30, 120)))))),
    "lat-S5": Series((hop(4, 15), hedged(hop(10, 200), 83.1569389894))),
}


@pytest.mark.parametrize("case", CHAINS)
def test_a_chain_of_the_reference_cases(case):
    expected = {level: CASES[case]["expected"][name] for name, level in LEVELS.items()}

    result = percentiles(CHAINS[case], LEVELS.values())

    assert result.quantiles == pytest.approx(expected, rel=6e-4 if case == "lat-S5" else 2e-4)
    assert result.error <= 1e-3


def test_the_mixture_of_the_reference_cases():
    law = Mixture((lognormal(1, 3), lognormal(30, 120)), (0.95, 0.05))
    expected = CASES["lat-mixture"]["expected"]

    for name in ("p50", "p95", "p99", "p999"):
        assert law.quantile(LEVELS[name]) == pytest.approx(expected[name], rel=1e-8)


def test_a_branch_is_the_mixture_of_its_options():
    node = Branch(((0.95, hop(1, 3)), (0.05, hop(30, 120))))
    expected = [CASES["lat-mixture"]["expected"][name] for name in ("p50", "p95", "p99", "p999")]

    read = percentiles(node).quantiles

    assert list(read.values()) == pytest.approx(expected, rel=1e-4)


def test_the_stay_at_a_single_server_of_the_reference_cases():
    case = CASES["mm1-sojourn-quantiles"]
    law = Sojourn(1.0, 0.8, 0.2)

    read = [law.quantile(p) for p in case["inputs"]["p"]]

    assert read == pytest.approx(case["expected"]["W_quantiles"], rel=1e-10)


def test_eight_single_servers_against_one_station_of_eight():
    expected = CASES["bronson-pool"]["expected"]

    assert Sojourn(1.0, 0.875, 0.125).mean == pytest.approx(expected["eight_mm1_mean"], rel=1e-9)
    assert Sojourn(1.0, 0.6353160175364294, 1.0).mean == pytest.approx(expected["mm8_mean"], rel=1e-9)


def test_the_serial_composition_of_the_reference_cases():
    case = CASES["compose-serial-erlang3"]

    read = percentiles(Repeat(Hop(Exponential(1.0)), 3), case["inputs"]["p"])

    assert list(read.quantiles.values()) == pytest.approx(case["expected"]["quantiles"], rel=1e-4)
    assert read.mean == pytest.approx(3.0, rel=1e-12)


def test_the_parallel_composition_of_the_reference_cases():
    case = CASES["compose-fanout-10"]

    read = percentiles(FanOut(Hop(Exponential(1.0)), 10), case["inputs"]["p"])

    assert list(read.quantiles.values()) == pytest.approx(case["expected"]["quantiles"], rel=1e-4)
    assert read.mean == pytest.approx(case["expected"]["mean"], rel=1e-4)


@pytest.mark.parametrize("case", ["quorum-3of5-level", "quorum-95of100-level", "quorum-100of100-level"])
def test_a_quorum_waits_for_the_order_statistic_of_the_reference_cases(case):
    k, n = CASES[case]["inputs"]["k"], CASES[case]["inputs"]["n"]
    replica = lognormal(5, 25)

    read = percentiles(FanOut(Hop(replica), n, k), (0.5, 0.99, 0.999)).quantiles

    for name, stated in CASES[case]["expected"]["replica_level"].items():
        level = float(special.betaincinv(k, n - k + 1, LEVELS[name]))
        assert level == pytest.approx(stated, abs=2e-6)
        assert read[LEVELS[name]] == pytest.approx(replica.quantile(level), rel=2e-4)


@pytest.mark.parametrize("case", ["fanout100-needed"])
def test_a_hundred_leaves_move_the_percentile_of_one_leaf(case):
    leaf = lognormal(5, 25)
    expected = CASES[case]["expected"]

    read = percentiles(FanOut(Hop(leaf), 100), (0.5, 0.99)).quantiles

    assert read[0.5] == pytest.approx(leaf.quantile(expected["leaf_q_for_p50"]), rel=1e-4)
    assert read[0.99] == pytest.approx(leaf.quantile(expected["leaf_q_for_p99"]), rel=1e-4)


def test_a_hundred_leaves_are_rarely_all_fast():
    slow, leaves = CASES["tas-63"]["inputs"]["p_slow"], CASES["tas-63"]["inputs"]["n"]
    leaf = Branch(((slow, Hop(fixed(1.0))), (1 - slow, Hop(fixed(0.01)))))

    expected = CASES["tas-63"]["expected"]["p_any_slow"]

    assert 1 - cdf_at(FanOut(leaf, leaves), 0.5) == pytest.approx(expected, abs=1e-9)


HOPS = tuple(
    Lognormal(math.log(scale), math.log(ratio) / 2.3263478740408408)
    for scale, ratio in zip(np.geomspace(0.05, 80, 20).tolist(), (3, 4, 5, 6) * 5, strict=True)
)


def test_twenty_hops_agree_with_a_grid_of_a_million_points():
    step, points = 4000.0 / 2**20, 2**20
    middles = (np.arange(points) + 0.5) * step
    spectrum = np.ones(points // 2 + 1, dtype=complex)
    for law in HOPS:
        share = stats.norm.cdf((np.log(middles) - law.mu) / law.sigma)
        spectrum *= np.fft.rfft(np.diff(share, prepend=0.0))
    total = np.cumsum(np.fft.irfft(spectrum, points))
    levels = (0.5, 0.95, 0.99, 0.999)

    result = percentiles(Series(tuple(Hop(law) for law in HOPS)), levels)

    for p in levels:
        reference = float(np.interp(p, total, middles))
        assert result.quantiles[p] == pytest.approx(reference, rel=1e-3)
        assert abs(result.quantiles[p] / reference - 1) <= result.error
    assert result.error <= 1e-3


def test_the_mean_of_a_series_is_the_exact_sum():
    assert percentiles(Series(tuple(Hop(law) for law in HOPS))).mean == pytest.approx(
        math.fsum(law.mean for law in HOPS), rel=1e-13
    )


def test_a_single_hop_is_read_from_its_law():
    law = Exponential(0.1)

    result = percentiles(Hop(law, 0.02), (0.5, 0.999999))

    assert result.quantiles == {0.5: law.quantile(0.5), 0.999999: law.quantile(0.999999)}
    assert (result.mean, result.failed, result.error) == (0.1, 0.02, 0.0)


def test_fixed_delays_are_exact():
    node = Series((Hop(fixed(0.003)), Repeat(Hop(fixed(0.02)), 2), Hop(fixed(0.0))))

    result = percentiles(node)

    assert list(result.quantiles.values()) == pytest.approx([0.043] * 4, rel=1e-14)
    assert result.mean == pytest.approx(0.043, rel=1e-14)


def test_a_fixed_delay_before_a_random_one_only_moves_it():
    law = Exponential(0.01)

    read = percentiles(Series((Hop(fixed(0.5)), Hop(law)))).quantiles

    assert [t - 0.5 for t in read.values()] == pytest.approx([law.quantile(p) for p in read], rel=1e-3)


def test_no_calls_take_no_time():
    call = Hop(exponential(1.0))

    for node in (Series(()), Repeat(call, 0), FanOut(call, 0), ForkJoin(()), ForkJoin((), "any")):
        result = percentiles(node)
        assert set(result.quantiles.values()) == {0.0}
        assert (result.mean, result.failed) == (0.0, 0.0)


def test_percentiles_a_million_times_apart_are_both_right():
    node = Branch(((0.9985, Hop(exponential(0.001))), (0.0015, Hop(exponential(1000.0)))))
    law = Mixture((Exponential(0.001), Exponential(1000.0)), (0.9985, 0.0015))

    read = percentiles(node).quantiles

    assert read == pytest.approx({p: law.quantile(p) for p in read}, rel=1e-3)


def test_a_heavy_tail_is_told_from_its_median():
    law = lognormal(1.0, 105.0)
    runs = 2_000_000
    drawn = np.random.default_rng(20).lognormal(law.mu, law.sigma, (runs, 3)).sum(axis=1)

    read = percentiles(Series((Hop(law), Hop(law), Hop(law)))).quantiles

    for level, time in read.items():
        doubt = 4 * math.sqrt(level * (1 - level) / runs)
        assert np.quantile(drawn, level - doubt) < time < np.quantile(drawn, level + doubt)


def test_where_every_run_fails_there_is_no_percentile():
    for node in (Hop(exponential(1.0), 1.0), Series((Hop(exponential(1.0)), Hop(fixed(1.0), 1.0)))):
        assert percentiles(node) == (None, {}, 1.0, 0.0)
        assert cdf_at(node, 5.0) == 0.0


@pytest.mark.parametrize("time", [0.001, 0.7, 3.0, 9.0, 500.0])
def test_the_share_within_a_time_is_the_cdf(time):
    node = Repeat(Hop(Exponential(1.0)), 3)

    assert cdf_at(node, time) == pytest.approx(float(stats.erlang(3).cdf(time)), abs=2e-6)


def test_the_share_within_the_percentile_is_its_level():
    node = Fallback(Series((hop(5, 20), Hop(exponential(3.0), 0.1))), hop(1, 4))

    for level, time in percentiles(node).quantiles.items():
        assert cdf_at(node, time) == pytest.approx(level, abs=2e-4)


def test_percentiles_come_in_order_whatever_the_order_asked():
    result = percentiles(CHAINS["lat-S4"], (0.999, 0.5, 0.95))

    assert list(result.quantiles) == [0.5, 0.95, 0.999]
    assert all(a < b for a, b in pairwise(result.quantiles.values()))


def test_the_share_that_misses_a_far_time_limit_is_exact_for_one_hop():
    node = Timeout(Series((Hop(fixed(0.002)), Hop(exponential(0.01)))), 0.302)

    assert percentiles(node).failed == pytest.approx(math.exp(-30), rel=1e-3)


def test_a_time_limit_moves_no_percentile_that_it_does_not_reach():
    node = Series((hop(5, 20), hop(2, 9)))

    read, limited = percentiles(node, (0.5, 0.9)), percentiles(Timeout(node, 60.0), (0.5, 0.9))

    assert list(limited.quantiles.values()) == pytest.approx(list(read.quantiles.values()), rel=1e-3)
