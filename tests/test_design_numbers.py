"""Numbers of the worked designs, worked out by hand from the exercises and not from what the solver says."""

from fractions import Fraction
from functools import cache
from math import comb, exp, log
from pathlib import Path
from statistics import NormalDist

import pytest

from sdplan.pipeline import run

FOLDER = Path(__file__).parent.parent / "designs"
DAY = 86_400
NODE = Fraction(999, 1000)
ZONE = Fraction(9995, 10_000)


@cache
def solved(name):
    outcome = run(f"{name}.yaml", (FOLDER / f"{name}.yaml").read_bytes())
    assert outcome.solution is not None, outcome.findings
    return outcome.solution


def value(name, path):
    return solved(name).records[tuple(path.split("."))].value


def expected(number, rel=1e-9):
    return pytest.approx(float(number), rel=rel)


def test_the_buckets_of_the_rate_limiter_take_the_memory_of_the_exercise():
    # Capacity & Sizing C: 2M keys of 4 B + 8 B + 40 B are 104 MB, and five times that after a burst of growth.
    assert value("rate-limiter", "results.memory.value") == expected(2_000_000 * (4 + 8 + 40))
    assert value("rate-limiter", "results.grown.value") == expected(520_000_000)
    assert value("rate-limiter", "entities.bucket.stored") == expected(3 * 2 * 104_000_000)


def test_the_busiest_shard_of_the_rate_limiter_runs_scripts_drains_and_merges():
    # In the largest region: half of 60,000 checks a second of 30 us, a batch for every 100 of them (100 us),
    # and the batches of the two other regions, as many again, of 200 us. Half as much again on one of four.
    work = 30_000 * 30 + 300 * 100 + 300 * 200
    busy = Fraction(work, 10**6) / 4 * Fraction(3, 2)
    assert value("rate-limiter", "components.counters@us.utilization.cores") == expected(busy)


def test_one_shard_of_the_rate_limiter_would_keep_the_bytes_and_not_the_scripts():
    one_thread = Fraction(10**6, 30)
    assert value("rate-limiter", "results.one-thread.value") == expected(one_thread)
    assert 60_000 / 2 < one_thread < 60_000


def test_an_hour_without_redis_costs_forty_five_dollars():
    # 20,000 checks a second on average, a write each, at 0.625 USD for a million.
    writes = 2_000_000 * 36
    bill = writes * Fraction(625, 1000) / 10**6
    assert value("rate-limiter", "results.hour-without-redis.value") == expected(bill) == 45


def test_every_driver_is_heard_every_five_seconds():
    assert value("ride-matching", "flows.report.rate") == expected(Fraction(300_000, 5))
    assert value("ride-matching", "results.per-ride.value") == expected(Fraction(1800, 5))
    # W=1 waits for one copy and still writes all three, on the busiest of twelve shards half as much again.
    writes, reads = Fraction(120_000 * 3, 36) * Fraction(2, 10), Fraction(1000, 3) / 36 * 9 * Fraction(6, 100)
    busy = (writes + reads) / 1000 / 8 * Fraction(3, 2)
    assert value("ride-matching", "components.positions.utilization.cores") == expected(busy)


def test_a_payment_written_to_all_copies_is_as_available_as_three_nodes_and_three_zones():
    # One copy in each zone, all needed; the provider promises 99.9 %. Charger and stream never fail alone.
    copies = (NODE * ZONE) ** 3
    promised = copies * Fraction(999, 1000)
    assert value("ride-matching", "flows.charge.availability") == expected(promised, rel=3e-5)


def test_a_quorum_of_trips_fails_hundreds_of_times_less_than_all_copies():
    up = NODE * ZONE
    quorum = sum(comb(3, n) * up**n * (1 - up) ** (3 - n) for n in (2, 3))
    got = 1 - value("ride-matching", "flows.request.availability")
    assert float(1 - quorum) < got < float(2 * (1 - quorum))
    assert (1 - up**3) / (1 - quorum) > 600


def test_the_searches_come_to_the_peak_of_the_drill():
    # The drill: 5M users and a peak of 15,000 a second. Ten searches of nine questions, three times the mean.
    peak = Fraction(5_000_000 * 10 * 9 * 3, DAY)
    assert value("search", "results.at-peak.value") == expected(peak) == 15_625
    assert abs(peak / 15_000 - 1) < Fraction(5, 100)


def test_a_shard_of_the_index_is_as_large_as_advised():
    size = 60_000_000 * 6_000 * Fraction(13, 10) / 16
    assert value("search", "results.shard.value") == expected(size)
    assert 20e9 <= size <= 50e9


def test_every_seventh_search_meets_a_shard_beyond_its_own_p99():
    assert value("search", "results.one-slow.value") == expected(1 - Fraction(99, 100) ** 16)
    searches = Fraction(5_000_000 * 10 * 3, DAY) * Fraction(7, 10)
    asked = value("search", "components.index.peak_rate")
    assert asked > float(16 * searches)


def test_the_time_limit_of_a_payment_is_that_of_the_exercise():
    # 1.2 times the p95 of a lognormal law with a median of 300 ms and a p99 of 1.5 s.
    normal = NormalDist()
    spread = log(1500 / 300) / normal.inv_cdf(0.99)
    limit = 1.2 * 0.300 * exp(spread * normal.inv_cdf(0.95))
    late = 1 - normal.cdf(log(limit / 0.300) / spread)
    assert value("payments", "results.time-limit.value") == expected(limit, rel=1e-4)
    assert value("payments", "inputs.given_up") == expected(late, rel=1e-3)
    charges = Fraction(4_000_000 * 4, DAY)
    calls = float(charges) * (1 + late + late**2) + 1 / 60
    assert value("payments", "components.provider.peak_rate") == expected(calls, rel=1e-3)


def test_the_keys_of_a_day_are_kept_and_no_more():
    assert value("payments", "entities.key.count") == expected(4_040_000)
    assert value("payments", "entities.key.stored") == expected(4_040_000 * 500)


def test_the_workers_of_the_payments_are_held_as_little_says():
    # 187 payments a second; a worker waits for the provider, whose mean follows from its law cut at the limit.
    normal = NormalDist()
    spread = log(5) / normal.inv_cdf(0.99)
    mean = 0.300 * exp(spread**2 / 2)
    held = value("payments", "components.orchestrator.utilization.workers") * 6 * 32
    rate = 4_040_000 * 4 / DAY
    assert 0.9 * rate * mean < held < 1.1 * rate * (mean + 0.040)


def test_a_final_leaves_a_backlog_of_what_the_pushers_cannot_send():
    posts = Fraction(200_000_000, DAY)
    pushes = posts * Fraction(25, 10) * 3 * (1 - Fraction(202, 10_000))
    assert value("notifications", "flows.post.rate") == expected(posts)
    assert value("notifications", "flows.push.peak_rate") == expected(pushes)
    capacity = 48 * 64 / value("notifications", "components.pusher.residence")
    backlog = (2 * float(pushes) - capacity) * 1800
    assert value("notifications", "results.backlog-of-a-final.value") == expected(backlog, rel=1e-6)
    drain = backlog / (capacity - float(pushes))
    assert value("notifications", "results.drain-after-a-final.value") == expected(drain, rel=1e-6)


def test_a_day_of_marks_fits_into_memory():
    assert value("notifications", "entities.mark.count") == expected(600_000_000)
    assert value("notifications", "entities.mark.stored") == expected(600_000_000 * 80 * 2)


def test_a_managed_queue_would_bill_every_push_three_times():
    pushes = 200_000_000 * 30 * 3 * (1 - Fraction(202, 10_000))
    bill = pushes * 3 * Fraction(4, 10) / 10**6
    assert value("notifications", "results.queue-by-the-call.value") == expected(bill)


FEEDS = ("feed-fan-out-on-write", "feed-fan-out-on-read")


def test_both_feeds_start_from_the_same_inputs():
    write, read = (solved(name).design.inputs for name in FEEDS)
    shared = set(write) & set(read)
    assert {"users", "posts", "follows", "kept", "opens", "daily", "peak_factor"} <= shared
    assert [name for name in shared - {"length"} if write[name] != read[name]] == []
    assert write["length"].value == read["length"].value


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_the_posts_of_the_exercise(name):
    # Common System Designs 2: 500M users, 200M posts a day of 140 letters.
    assert value(name, "flows.post.rate") == expected(Fraction(200_000_000, DAY))
    assert value(name, "flows.home.rate") == expected(Fraction(500_000_000 * 3, DAY))
    assert value(name, "entities.post.size") == expected(8 + 8 + 140 * 2 + 8 + 16)


def test_writing_a_feed_takes_less_operations_than_gathering_it():
    inserts = Fraction(200_000_000 * 200, DAY) * Fraction(4, 10)
    looks = Fraction(1_500_000_000 * 200, DAY)
    assert value(FEEDS[0], "results.inserts.value") == expected(inserts)
    assert value(FEEDS[1], "results.looks.value") == expected(looks)
    assert looks / inserts == Fraction(75, 4)


def test_the_threads_that_gather_a_feed_are_busy_with_calls_and_looks():
    # 32 calls for each feed on 96 threads: 10 us for the call and 3 us for each of 6.25 authors; each post
    # is an insert of 14 us on each of three copies of one shard.
    peak = Fraction(25, 10)
    gathers = Fraction(1_500_000_000, DAY) * peak * 32 / 96 * (10 + 3 * Fraction(200, 32))
    inserts = Fraction(200_000_000, DAY) * peak * 3 / 96 * 14
    busy = (gathers + inserts) / 10**6
    assert value(FEEDS[1], "components.newest.utilization") == expected(busy, rel=1e-3)


def test_timelines_take_twelve_times_the_memory_of_the_lists():
    timelines = 200_000_000 * 300 * 16 * Fraction(12, 10) * 2
    lists = 100_000_000 * (30 * 16 + 64) * Fraction(12, 10) * 3
    assert value(FEEDS[0], "entities.timeline.stored") == expected(timelines)
    assert value(FEEDS[1], "entities.list.stored") == expected(lists)
    assert 11 < timelines / lists < 12
