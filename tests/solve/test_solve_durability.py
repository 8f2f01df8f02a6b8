"""What is lost, for how long, and how stale a read may be: against chains solved in fractions and simulation."""

from fractions import Fraction

import numpy as np
import pytest

from tests.strategies import number, outcome, reason, solved

YEAR = 365 * 86400


def store(fields, slo="", kind="database", more=""):
    return f"""
    flows: {{add: {{rate: 1/s, steps: [db: {{op: write, request: 1KB}}]}}}}
    entities: {{row: {{size: 1KB, count: 1M, keep: {{db: forever}}}}}}
    components: {{db: {{kind: {kind}, {fields}}}}}
    {more}
    {"slos: {kept: {" + slo + "}}" if slo else ""}
    """


def mean_time_to_loss(copies, needed, mtbf, mttr):
    """Birth and death in fractions: the time spent with i copies left, all repairs at once."""
    total = passage = Fraction(0)
    for left in range(copies, needed - 1, -1):
        passage = Fraction(1, left) * mtbf + Fraction(copies - left, left) * mtbf / mttr * passage
        total += passage
    return total


@pytest.mark.parametrize(
    ("copies", "nodes", "needed"), [("2", 2, 1), ("3", 3, 1), ("8+4", 12, 8), ("1", 1, 1)]
)
def test_durability_follows_from_failures_and_rebuilds(copies, nodes, needed):
    rebuild = "" if copies == "1" else "rebuild: 24h,"
    solution = solved(store(f"copies: {copies}, {rebuild} disk_failures: 1.36%/year"))
    years = mean_time_to_loss(nodes, needed, 1 / Fraction("0.0136"), Fraction(1, 365))
    assert number(solution, "components.db.mean_time_to_loss") == pytest.approx(float(years) * YEAR, rel=1e-9)
    loss = -float(np.expm1(-1 / float(years)))
    assert number(solution, "components.db.yearly_loss") == pytest.approx(loss, rel=1e-9)
    assert number(solution, "components.db.durability") == pytest.approx(1 - loss, rel=1e-12)
    assert solution.records["components", "db", "durability"].prefix == "at most "


def test_what_strikes_all_copies_is_a_floor_that_more_copies_do_not_lower():
    fields = "copies: {}, rebuild: 24h, disk_failures: 1.4%/year, site_loss: 1/10000y"
    three, five = (number(solved(store(fields.format(n))), "components.db.yearly_loss") for n in (3, 5))
    assert three == pytest.approx(1e-4, rel=1e-3)
    assert five == pytest.approx(three, rel=1e-4)
    assert solved(store(fields.format(3))).records["components", "db", "durability"].prefix == ""


@pytest.mark.parametrize(("asked", "met"), [("10 nines", True), ("11 nines", True), ("12 nines", False)])
def test_a_promised_durability_is_judged_to_its_last_nine(asked, met):
    solution = solved(store("durability: 11 nines", f"durability: {asked}", kind="object-store"))
    assert [verdict.met for verdict in solution.slos] == [met]


def test_a_durability_that_nothing_is_known_of_is_not_judged_and_says_why():
    solution, _ = outcome(store("copies: 3", "component: db, durability: 9 nines"))
    assert solution is not None
    assert [verdict.met for verdict in solution.slos] == [None]
    assert "how often its disks fail" in solution.slos[0].reason
    assert any(entry.code == "SP909" for entry in solution.uncounted)


@pytest.mark.parametrize(
    ("fields", "rpo", "rto"),
    [
        ("backup: {every: 6h, restore: 2h}", 21600, 7200),
        ("copies: 3, replication: {lag: 2s}, backup: {every: 6h, restore: 1h}", 2, 3600),
        (
            "copies: 3, replication: {write_quorum: quorum, lag: 2s}, backup: {every: 1d, restore: 1h}",
            0,
            3600,
        ),
        ("copies: 3, replication: {mode: leaderless, write_quorum: 2, read_quorum: 2}", 0, 0),
        (
            "copies: 2, replication: {lag: 2s, failover: {takes: 30s}}, backup: {every: 6h, restore: 1h}",
            2,
            30,
        ),
        ("backup: {every: 6h, restore: 1MB/s}", 21600, 1000),
    ],
)
def test_what_may_be_lost_and_how_long_it_takes(fields, rpo, rto):
    solution = solved(store(fields, f"rpo: {rpo}s, rto: {max(0, rto - 1)}s"))
    assert number(solution, "components.db.rpo") == pytest.approx(rpo)
    assert number(solution, "components.db.rto") == pytest.approx(rto)
    assert number(solution, "rpo") == pytest.approx(rpo)
    assert {verdict.measure: verdict.met for verdict in solution.slos} == {"rpo": True, "rto": rto == 0}


def test_a_store_that_says_nothing_has_no_recovery_and_a_cache_needs_none():
    assert "backed up" in reason(solved(store("copies: 1")), "rpo")
    solution = solved("""
    flows: {get: {rate: 1/s, steps: [c]}}
    entities: {row: {size: 1KB, count: 1M, keep: {c: 1d}}}
    components: {c: {kind: cache}}
    """)
    assert not reason(solution, "rpo")


def leaderless(read, write):
    return f"""
    flows:
      get: {{rate: 1/s, steps: [db]}}
      put: {{rate: 1/s, steps: [db: write]}}
    components:
      db:
        kind: database
        copies: 3
        replication: {{mode: leaderless, read_quorum: {read}, write_quorum: {write}}}
        ops: {{read: {{service_time: 2ms}}, write: {{service_time: 20ms}}}}
    """


def test_reads_that_need_not_meet_a_write_may_be_stale_as_simulated():
    solution = solved(leaderless(1, 1))
    draws, size = np.random.default_rng(11), 400_000
    write, read = draws.exponential(0.02, (size, 3)), draws.exponential(0.002, (size, 3))
    done, first = write.min(axis=1), read.argmin(axis=1)
    behind = write[np.arange(size), first] - done
    assert number(solution, "components.db.quorum_overlap") == 0
    assert number(solution, "components.db.consistent_reads") == pytest.approx(
        (behind <= 0).mean(), abs=0.005
    )
    assert number(solution, "components.db.staleness.p99") == pytest.approx(
        np.quantile(behind, 0.99), rel=0.05
    )
    assert solution.records["components", "db", "consistent_reads"].label == "simulated"


def test_quorums_that_overlap_never_read_stale():
    solution = solved(leaderless(2, "quorum"))
    assert number(solution, "components.db.quorum_overlap") == 1
    assert ("components", "db", "consistent_reads") not in solution.records
