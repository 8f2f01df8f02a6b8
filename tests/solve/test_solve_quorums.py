"""Quorums: which copies a call waits for."""

import numpy as np
import pytest

from tests.strategies import number, solved

DESIGN = """
flows:
  f: {{rate: 1/s, steps: [{{db: {{op: {op}}}}}]}}
components:
  db:
    kind: object-store
    shards: 1
    copies: {copies}
    service_time: {{p50: 5ms, p99: 25ms}}
    replication: {replication}
"""
LEAF = np.exp(
    np.log(0.005) + np.log(5) / 2.3263478740408408 * np.random.default_rng(7).standard_normal((400_000, 5))
)


def p99(op, copies, replication):
    text = DESIGN.format(op=op, copies=copies, replication=replication)
    return number(solved(text), "flows.f.latency.p99")


def test_two_of_three_answer_at_the_94th_percentile_of_one():
    # The reference: 2 of 3 copies, each lognormal with 5 ms and 25 ms, have their p99 at 14.75 ms and not at 25.
    assert p99("write", 3, "{mode: leaderless, write_quorum: 2}") == pytest.approx(0.01475, rel=2e-3)
    assert p99("write", 3, "{mode: leaderless, write_quorum: quorum}") == pytest.approx(0.01475, rel=2e-3)


def test_all_of_three_answer_at_the_reference():
    assert p99("write", 3, "{mode: leaderless, write_quorum: all}") == pytest.approx(0.0326, rel=2e-3)


def test_a_leader_waits_for_itself_and_its_fastest_followers():
    ours = p99("write", 5, "{mode: leader, write_quorum: 3}")
    drawn = np.maximum(LEAF[:, 0], np.sort(LEAF[:, 1:], axis=1)[:, 1])

    assert ours == pytest.approx(np.quantile(drawn, 0.99), rel=0.01)


def test_a_leaderless_read_waits_for_all_the_copies_that_it_asks():
    ours = p99("read", 5, "{mode: leaderless, write_quorum: 3, read_quorum: 3}")

    assert ours == pytest.approx(np.quantile(LEAF[:, :3].max(axis=1), 0.99), rel=0.01)


REGIONS = """
regions:
  us: {share: 60%, rtt: {eu: 80ms}}
  eu: {share: 40%}
"""


def test_a_quorum_over_two_regions_waits_for_the_other_one():
    text = (
        DESIGN.format(op="write", copies=3, replication="{mode: leaderless, write_quorum: quorum}") + REGIONS
    )
    drawn = np.concatenate([LEAF[:, :3], 0.080 + LEAF[:, [3, 4, 0]][::-1]], axis=1)
    fourth = np.sort(drawn, axis=1)[:, 3]  # four of six

    assert number(solved(text), "flows.f@us.latency.p99") == pytest.approx(
        np.quantile(fourth, 0.99), rel=0.01
    )


def test_a_local_quorum_stays_in_its_region():
    text = DESIGN.format(op="write", copies=3, replication="{mode: leaderless, write_quorum: local_quorum}")

    assert number(solved(text + REGIONS), "flows.f@us.latency.p99") == pytest.approx(0.01475, rel=2e-3)


@pytest.mark.parametrize(
    ("quorum", "then"), [("all", "missed"), ("quorum", "met"), ("3", "missed"), ("2", "met")]
)
def test_a_lost_zone_takes_the_copies_that_a_quorum_still_asks_for(quorum, then):
    design = DESIGN.format(
        op="write",
        copies=3,
        replication=f"{{mode: leaderless, write_quorum: {quorum}}}\n    zones: 3\n    availability: 99.9%",
    )
    more = f"slos: {{up: {{flow: f, availability: 90%}}}}\nscenarios: {{zone: {{lose: {{zones: 1}}, expect: {{up: {then}}}}}}}\n"
    (expectation,) = solved(design + more).scenarios["zone"].expectations

    assert expectation.as_expected
