"""Partial quorums: quorum times and staleness of published settings, and of a plain simulation."""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from reference_cases import CASES

from sdplan.formulas.staleness import Replicas, read_time, stale_probability, visibility_time, write_time


class Pareto(NamedTuple):
    smallest: float
    shape: float

    def sf(self, x):
        return (self.smallest / np.maximum(x, self.smallest)) ** self.shape

    def tail_quantile(self, tail):
        return self.smallest * tail ** (-1 / self.shape)


class Exponential(NamedTuple):
    rate: float

    def sf(self, x):
        return np.exp(-self.rate * np.asarray(x))

    def tail_quantile(self, tail):
        return -math.log(tail) / self.rate


class Mixed(NamedTuple):
    share: float
    one: Pareto
    other: Exponential

    def sf(self, x):
        return self.share * self.one.sf(x) + (1 - self.share) * self.other.sf(x)

    def tail_quantile(self, tail):
        return max(self.one.tail_quantile(tail), self.other.tail_quantile(tail))


SSD = Mixed(0.9122, Pareto(0.235, 10), Exponential(1.66))
DISK = Mixed(0.38, Pareto(1.05, 1.51), Exponential(0.183))
YAMMER_WRITE = Mixed(0.939, Pareto(3, 3.35), Exponential(0.0028))
YAMMER = Mixed(0.982, Pareto(1.5, 3.8), Exponential(0.0217))
SETTINGS = {
    "LNKD-SSD": Replicas(SSD, SSD, SSD, SSD, 3),
    "LNKD-DISK": Replicas(DISK, SSD, SSD, SSD, 3),
    "YMMR": Replicas(YAMMER_WRITE, YAMMER, YAMMER, YAMMER, 3),
    "WAN": Replicas(DISK, SSD, SSD, SSD, 3, distance=75.0),
}


@cache
def computed(name, read_quorum, write_quorum):
    replicas, quorums = SETTINGS[name], (read_quorum, write_quorum)
    return {
        "Lr_p999": read_time(replicas, read_quorum, 0.999),
        "Lw_p999": write_time(replicas, write_quorum, 0.999),
        "t_visibility_p999": visibility_time(replicas, *quorums, 0.999),
        "p_consistent_t0": 1 - stale_probability(replicas, *quorums, 0.0),
        "p_consistent_t10": 1 - stale_probability(replicas, *quorums, 10.0),
    }


def wars(*, config, N, fits):  # noqa: N803
    name, quorums = config.split()
    return computed(name, int(quorums[1]), int(quorums[3]))


def at_once(*, N, R, W):  # noqa: N803
    names = {"YMMR": "YMMR", "SSD": "LNKD-SSD", "DISK": "LNKD-DISK"}
    found = {name: 1 - stale_probability(SETTINGS[full], R, W, 0.0) for name, full in names.items()}
    later = {name: 1 - stale_probability(SETTINGS[full], R, W, 10.0) for name, full in names.items()}
    return {"own": found, "p_t0": found, "p_t10": later}


COVERED = {
    wars: "pbs-LNKD-SSD-R1W3 pbs-LNKD-SSD-R2W2 pbs-LNKD-SSD-R3W1 pbs-LNKD-DISK-R1W2 pbs-LNKD-DISK-R1W3 "
    "pbs-LNKD-DISK-R2W2 pbs-YMMR-R1W1 pbs-YMMR-R1W3 pbs-YMMR-R3W1 pbs-WAN-R1W1 pbs-WAN-R1W2 pbs-WAN-R1W3 "
    "pbs-WAN-R2W1 pbs-WAN-R2W2 pbs-WAN-R3W1",
    at_once: "pbs-text",
}


@pytest.mark.parametrize("identity", COVERED[wars].split())
def test_a_published_setting_is_reproduced(identity):
    case = CASES[identity]
    tolerance, expected = case["tolerance"], case["expected"]
    found, paper = wars(**case["inputs"]), expected["paper"]

    for name, value in found.items():
        assert value == pytest.approx(expected[name], rel=tolerance["own_rel"]), name
    for name, short in (("Lr_p999", "Lr"), ("Lw_p999", "Lw")):
        assert found[name] == pytest.approx(paper[short], rel=tolerance["paper_latency_rel"])
    assert found["t_visibility_p999"] == pytest.approx(paper["t"], rel=tolerance["paper_t_rel"])


@pytest.mark.parametrize("moment", ["own", "p_t0", "p_t10"])
def test_the_text_of_the_paper_is_reproduced(moment):
    case = CASES["pbs-text"]

    assert at_once(**case["inputs"])[moment] == pytest.approx(case["expected"][moment], abs=0.01)


def simulated(replicas, read_quorum, write_quorum, pause, runs):
    """Every message drawn, nothing integrated."""
    source = np.random.default_rng(5)
    shape = (runs, replicas.copies)

    def exponential(delay):
        return source.exponential(1 / delay.rate, shape)

    def away():
        here = source.integers(replicas.copies, size=(runs, 1))
        return replicas.distance * (np.arange(replicas.copies) != here)

    way = away()
    arrives = exponential(replicas.write) + way
    done = np.sort(arrives + exponential(replicas.acknowledgement) + way, axis=1)[:, write_quorum - 1]
    way = away()
    asked = exponential(replicas.read) + way
    answers = asked + exponential(replicas.response) + way
    fresh = arrives <= done[:, None] + pause + asked
    first = np.argsort(answers, axis=1)[:, :read_quorum]
    return (
        1 - np.take_along_axis(fresh, first, axis=1).any(axis=1).mean(),
        np.quantile(done, 0.99),
        np.quantile(np.sort(answers, axis=1)[:, read_quorum - 1], 0.99),
    )


@pytest.mark.parametrize(
    ("count", "read_quorum", "write_quorum", "distance", "pause"),
    [(3, 1, 1, 0.0, 2.0), (5, 2, 2, 0.0, 0.0), (5, 1, 3, 4.0, 3.0), (4, 2, 1, 9.0, 1.0)],
)
def test_a_plain_simulation_agrees(count, read_quorum, write_quorum, distance, pause):
    delays = [Exponential(rate) for rate in (0.2, 1.0, 0.8, 0.5)]
    replicas = Replicas(*delays, count, distance)
    stale, write, read = simulated(replicas, read_quorum, write_quorum, pause, 300_000)

    found = stale_probability(replicas, read_quorum, write_quorum, pause)
    assert found == pytest.approx(stale, abs=4 * math.sqrt(stale / 300_000) + 0.002 * stale)
    assert write_time(replicas, write_quorum, 0.99) == pytest.approx(write, rel=0.01)
    assert read_time(replicas, read_quorum, 0.99) == pytest.approx(read, rel=0.01)


def test_the_visible_time_is_where_so_few_reads_are_stale():
    replicas = SETTINGS["YMMR"]
    pause = visibility_time(replicas, 1, 1, 0.99)

    assert stale_probability(replicas, 1, 1, pause) == pytest.approx(0.01, rel=1e-6)


def test_a_seed_gives_the_same_number_and_another_hardly_another_one():
    replicas = SETTINGS["LNKD-DISK"]
    one, same, other = (stale_probability(replicas, 1, 1, 0.0, seed=seed) for seed in (1, 1, 2))

    assert one == same
    assert one == pytest.approx(other, abs=0.01)
    assert one != other


def test_quorums_that_overlap_are_never_stale():
    replicas = SETTINGS["WAN"]

    assert stale_probability(replicas, 2, 2, 0.0) == 0
    assert visibility_time(replicas, 2, 2, 0.999999) == 0
