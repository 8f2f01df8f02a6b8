"""Latency of chains, mixtures and hedges on the finest grids, and what was measured in large systems."""

import math

import pytest
from reference_cases import CASES, pairs, reproduce

from sdplan.distributions import (
    Branch,
    FanOut,
    Gamma,
    Hop,
    Mixture,
    Series,
    Sojourn,
    hedged,
    lognormal_from_quantiles,
    percentile,
)
from sdplan.distributions.memo import Memo
from sdplan.formulas.availability import fan_out_level
from sdplan.formulas.queueing import erlang_c
from sdplan.formulas.replication import quorum_level

LEVELS = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999, "p9999": 0.9999}


def law(p50, p99):
    return lognormal_from_quantiles(p50=p50, p99=p99)


def hop(p50, p99):
    return Hop(law(p50, p99))


def read(node, levels):
    return list(percentile.percentiles(node, levels).quantiles.values())


@pytest.fixture(autouse=True)
def _finest_grids(monkeypatch):
    monkeypatch.setattr(percentile, "TOLERANCE", 1e-7)
    monkeypatch.setattr(percentile, "_MOST_CELLS", 1 << 17)
    monkeypatch.setattr(percentile, "KNOWN", Memo())  # what was asked for with fewer cells is not the answer


def chain(*, desc, note):
    return dict(zip(LEVELS, read(CHAINS[desc], LEVELS.values()), strict=True))


MEDIANS, RATIOS = (1, 2, 3, 5, 8, 12, 20, 30), (3, 4, 5, 3, 6, 4, 3, 5)
PAGES = Branch(((0.95, hop(1, 3)), (0.05, hop(30, 120))))
CHAINS = {
    CASES[identity]["inputs"]["desc"]: node
    for identity, node in {
        "lat-S1": Series(tuple(hop(a, a * b) for a, b in zip(MEDIANS, RATIOS, strict=True))),
        "lat-S2": Series(
            (Hop(Sojourn(10.0, erlang_c(offered_load=7, servers=8), 0.1)), hop(2, 10), hop(5, 20), hop(1, 8))
        ),
        "lat-S3": Series((hop(2, 6), FanOut(hop(5, 25), 100))),
        "lat-S4": Series((hop(0.5, 2), hop(4, 15), PAGES)),
        "lat-S5": Series((hop(4, 15), hedged(hop(10, 200), 83.15693898941))),
    }.items()
}


def mixture(*, hit, miss):
    mixed = Mixture((law(1, 3), law(30, 120)), (0.95, 0.05))
    shortcut = 0.95 * law(1, 3).quantile(0.99) + 0.05 * law(30, 120).quantile(0.99)
    return {name: mixed.quantile(LEVELS[name]) for name in ("p50", "p95", "p99", "p999")} | {
        "wrong_weighted_p99": shortcut
    }


def hedging(*, base, delay):
    call, after, levels = hop(10, 200), 83.15693898941, (0.5, 0.95, 0.99, 0.999)
    return {
        "base": [call.law.quantile(level) for level in levels],
        "hedged": read(hedged(call, after), levels),
        "duplicate_immediately": read(FanOut(call, 2, 1), levels),
        "corr20": read(hedged(call, after, shared_slowness=0.2), levels),
    }


def hedging_load(*, delay):
    call = law(10, 200)
    return {"extra_load": float(call.sf(call.quantile(0.95)))}


def times_in_a_row(*, k, rate, p):
    return {"quantiles": [Gamma(mean=k / rate, scv=1 / k).quantile(level) for level in p]}


COVERED = {
    times_in_a_row: "compose-serial-erlang3",
    chain: "lat-S1 lat-S2 lat-S3 lat-S4 lat-S5",
    mixture: "lat-mixture",
    hedging: "lat-hedge",
    hedging_load: "tas-hedge-load",
}


@pytest.mark.parametrize(
    ("identity", "compute"), pairs(COVERED), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_reference_case_is_reproduced(identity, compute):
    reproduce(identity, compute)


# measured in production, so the model has to come near, not to agree
APART = {"tas-table1", "tas-table2", "tas-hedge-bigtable"}


def test_not_waiting_for_the_slowest_leaves_at_least_halves_the_tail_as_measured():
    measured = CASES["tas-table1"]["expected"]
    leaf = law(measured["one_leaf"]["p50"], measured["one_leaf"]["p99"])
    every, most = (
        leaf.quantile(quorum_level(level=0.99, replicas=100, needed=needed)) for needed in (100, 95)
    )

    assert every == pytest.approx(leaf.quantile(fan_out_level(level=0.99, fan_out=100)), rel=1e-6)
    assert measured["leaves95"]["p99"] / measured["leaves100"]["p99"] == 0.5
    assert most / every < 0.5  # the five slowest of independent leaves matter even more
    assert measured["leaves100"]["p99"] > 3 * every  # and slow leaves come together: independence is too kind


@pytest.mark.parametrize("load", ["idle", "sort"])
def test_tied_requests_help_but_less_than_independent_copies_would(load):
    measured = CASES["tas-table2"]["expected"]
    alone, tied = measured[f"{load}_no"], measured[f"{load}_tied"]
    level_of_one = quorum_level(level=0.99, replicas=2, needed=1)

    assert level_of_one == pytest.approx(0.9, abs=1e-12)  # so the p99 of the faster of two is the p90 of one
    assert alone[1] < tied[2] < alone[2]


def test_a_second_request_after_ten_milliseconds_cuts_the_tail_as_measured():
    case = CASES["tas-hedge-bigtable"]
    keys, delay, late = case["inputs"]["keys"], case["inputs"]["delay_ms"], case["expected"]["extra_requests"]
    before, after = case["expected"]["p999_before"], case["expected"]["p999_after"]
    rare = 1 - fan_out_level(level=0.999, fan_out=keys)
    slope = math.log(late / rare) / math.log(before / delay)  # a power law through both stated points

    def exceeded(time):
        return late * (time / delay) ** -slope if time > delay else 1.0

    both = next(t for t in range(delay, before) if exceeded(t) * exceeded(t - delay) < rare)

    assert exceeded(before) == pytest.approx(rare)
    assert both == pytest.approx(after, rel=0.35)  # twenty times less than before, as measured
