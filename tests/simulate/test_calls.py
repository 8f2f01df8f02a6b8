"""What a simulated caller does: timeouts, retries, hedges, fallbacks, copies, caches, workers, messages."""

import math

import pytest
from oracle import seen, seen_by_events


def delays(steps, **times):
    """A flow over pure delays, which nobody waits for."""
    parts = ", ".join(f"{name}: {{kind: external, service_time: {time}}}" for name, time in times.items())
    return f"flows: {{f: {{rate: 100/s, steps: [{steps}]}}}}\ncomponents: {{{parts}}}\n"


def test_a_timeout_fails_what_is_later_and_cuts_nothing_else():
    found = seen(delays("a: {timeout: 20ms}", a="10ms"))
    assert found.holds("flows.f.timeouts", math.exp(-2))
    assert found.holds("flows.f.latency.p50", -0.010 * math.log(1 - 0.5 * (1 - math.exp(-2))))
    assert found.holds("components.a.latency.mean", 0.010)


def test_retries_make_the_attempts_and_pauses_that_a_geometric_law_says():
    found = seen(delays("a: {timeout: 10ms, retries: 2, backoff: 4ms, jitter: 50%}", a="10ms"))
    late = math.exp(-1)
    assert found.holds("flows.f.timeouts", late**3)
    good = 0.010 * (1 - 2 * late) / (1 - late)  # an answer, given that it comes in time
    first, second = 0.010 + 0.75 * 0.004, 0.010 + 0.75 * 0.008
    mean = good + (late * first + late**2 * (first + second)) / (1 + late + late**2)
    assert found.holds("flows.f.latency.mean", mean)


def test_calls_that_are_always_late_always_fail():
    found = seen(delays("a: {timeout: 1ms, retries: 9}", a="{fixed: 9ms}"), 2_000)
    assert found.value("flows.f.timeouts") == 1.0
    assert ("flows", "f", "latency", "mean") not in found.numbers
    assert found.numbers["components", "a", "latency", "mean"].samples > 19_000


def test_a_hedge_answers_as_the_faster_of_two():
    found = seen(delays("a: {hedge: 10ms}", a="10ms"))
    for level in (0.1, 0.01):  # exp(-t / 10 ms - (t - 10 ms) / 10 ms) = level
        tail = 0.5 * (0.010 - 0.010 * math.log(level))
        assert found.holds(f"flows.f.latency.p{100 * (1 - level):g}", tail)
    assert found.holds("flows.f.latency.p50", 0.010 * math.log(2))


def test_a_hedge_after_a_percentile_starts_there():
    found = seen(delays("a: {hedge: p90}", a="10ms"))
    after = -0.010 * math.log(0.1)
    assert found.holds("flows.f.latency.p99", 0.5 * (after - 0.010 * math.log(0.01)))


def test_shared_slowness_takes_the_help_away():
    found = seen(delays("a: {hedge: 10ms, shared_slowness: 100%}", a="10ms"))
    assert found.holds("flows.f.latency.p99", -0.010 * math.log(0.01))


def test_a_fallback_runs_after_failure_and_an_optional_call_waits_out_its_timeout():
    steps = "a: {timeout: 10ms, fallback: [b]}, c: {optional: true, timeout: 5ms}"
    found = seen(delays(steps, a="10ms", b="{fixed: 30ms}", c="10ms"))
    assert found.value("flows.f.timeouts") == 0.0
    first = 0.010 * (1 - math.exp(-1)) + 0.030 * math.exp(-1)
    assert found.holds("flows.f.latency.mean", first + 0.010 * (1 - math.exp(-0.5)))


def test_a_cache_look_that_fails_is_a_miss_and_a_miss_fills():
    found = seen(
        """
        flows: {f: {rate: 100/s, steps: [c: {hit: 75%, timeout: 5ms, miss: [db]}]}}
        components:
          c: {kind: cache, service_time: {fixed: 1ms}, hit: 10%}
          db: {kind: external, service_time: {fixed: 10ms}}
        """
    )
    assert found.holds("flows.f.latency.mean", 0.001 + 0.25 * 0.011)
    late = seen(
        """
        flows: {f: {rate: 100/s, steps: [c: {hit: 75%, timeout: 5ms, fill: false, miss: [db]}]}}
        components:
          c: {kind: cache, service_time: {fixed: 8ms}}
          db: {kind: external, service_time: {fixed: 10ms}}
        """,
        5_000,
    )
    assert late.value("flows.f.latency.mean") == pytest.approx(0.015)


@pytest.mark.parametrize(
    ("need", "level"), [("any", 1 / 3), ("2", 1 / 3 + 1 / 2), ("all", 1 / 3 + 1 / 2 + 1)]
)
def test_branches_at_once_answer_as_order_statistics(need, level):
    for simulate in (seen, seen_by_events):
        found = simulate(
            delays(f"parallel: {{need: {need}, calls: [a, b, c]}}", a="10ms", b="10ms", c="10ms")
        )
        assert found.holds("flows.f.latency.mean", 0.010 * level)


@pytest.mark.parametrize(
    ("replication", "op", "mean"),
    [
        ("{mode: leaderless, write_quorum: 2}", "write", 1 / 3 + 1 / 2),
        ("{mode: leaderless, write_quorum: all}", "write", 1 / 3 + 1 / 2 + 1),
        ("{mode: leaderless, read_quorum: quorum}", "read", 1.5),
        ("{mode: leader, write_quorum: 2}", "write", 1 + 1 / 2 - 1 / 3),  # the leader and one of two others
        ("{mode: leader}", "write", 1.0),
    ],
)
def test_a_quorum_answers_as_its_order_statistic(replication, op, mean):
    found = seen(
        f"""
        flows: {{f: {{rate: 100/s, steps: [db: {{op: {op}}}]}}}}
        components: {{db: {{kind: database, shards: 1, copies: 3, service_time: 10ms, replication: {replication}}}}}
        """
    )
    assert found.holds("flows.f.latency.mean", 0.010 * mean)


def test_writes_load_every_copy_and_reads_the_leader():
    found = seen(
        """
        flows:
          w: {rate: 30/s, steps: [db: {op: write}]}
          r: {rate: 20/s, steps: [db]}
        components: {db: {kind: database, shards: 1, copies: 3, cores: 1, service_time: 10ms}}
        """
    )
    assert found.holds("components.db.utilization.cores", 0.5)  # the leader, the busiest of the three


def test_a_busiest_shard_gets_its_share():
    found = seen(
        """
        flows: {f: {rate: 100/s, steps: [db]}}
        components: {db: {kind: database, shards: 4, skew: 2, cores: 1, service_time: 10ms}}
        """
    )
    assert found.holds("components.db.utilization.cores", 0.5)


def test_workers_are_held_over_what_they_call():
    """Four workers, each held for 5 ms on a core of its own and 15 ms below: M/M/4-like in the mean held."""
    found = seen(
        """
        flows: {f: {rate: 100/s, steps: [api: [db]]}}
        components:
          api: {kind: worker, replicas: 1, workers: 4, service_time: {fixed: 5ms}}
          db: {kind: external, service_time: {fixed: 15ms}}
        """,
        60_000,
    )
    assert found.holds("components.api.held_workers", 2.0)
    assert found.holds("components.api.residence", 0.020)
    wait = 0.0434782608 / 2 * 0.010  # M/D/4 at 50 %, near half of M/M/4
    assert found.value("components.api.worker_wait") == pytest.approx(wait * 4.2, rel=0.6)
    assert found.value("components.api.worker_wait") > 0.0


def test_a_timed_out_call_runs_on_unless_it_is_cancelled():
    steps = "a: {timeout: 10ms, cancel: CANCEL}"
    design = f"""
    flows: {{f: {{rate: 50/s, steps: [{steps}]}}}}
    components: {{a: {{kind: worker, replicas: 1, cores: 100, service_time: {{fixed: 30ms}}}}}}
    """
    on = seen_by_events(design.replace("CANCEL", "false"), 5_000)
    off = seen_by_events(design.replace("CANCEL", "true"), 5_000)
    assert on.value("flows.f.timeouts") == off.value("flows.f.timeouts") == 1.0
    assert on.holds("components.a.utilization.cores", 50 * 0.030 / 100)
    assert off.holds("components.a.utilization.cores", 50 * 0.010 / 100)


def test_cancelled_calls_leave_queues_and_free_all_that_they_held():
    found = seen(
        """
        flows: {f: {rate: 400/s, steps: [api: {timeout: 30ms, cancel: true, calls: [db]}]}}
        components:
          api: {kind: worker, replicas: 1, workers: 8, service_time: 1ms}
          db: {kind: worker, replicas: 1, cores: 2, service_time: 10ms}
        """,
        20_000,
    )
    assert found.value("components.api.held_workers") <= 8.0
    assert found.value("components.db.utilization.cores") <= 1.0
    assert 0.4 < found.value("flows.f.timeouts") < 0.8  # 400/s are twice what db can do


def test_messages_start_runs_after_the_lag_one_by_one_and_in_batches():
    found = seen(
        """
        flows:
          put: {rate: 100/s, steps: [log: {async: true}]}
          one: {trigger: log, steps: [a]}
          ten: {trigger: {stream: log, batch: 10}, steps: [a]}
          timed: {trigger: {stream: log, every: 50ms}, steps: [a]}
          half: {trigger: {stream: log, share: 50%}, steps: [a]}
        components:
          log: {kind: stream, lag: {fixed: 7ms}}
          a: {kind: external, service_time: {fixed: 2ms}}
        """
    )
    assert found.holds("flows.one.peak_rate", 100)
    assert found.holds("flows.ten.peak_rate", 10)
    assert found.value("flows.timed.peak_rate") == pytest.approx(20, rel=0.01)
    assert found.holds("flows.half.peak_rate", 50)
    assert found.value("flows.one.freshness.mean") == pytest.approx(0.009)
    assert found.holds("flows.ten.freshness.mean", 0.009 + 4.5 / 100)
    assert found.holds("flows.timed.freshness.mean", 0.009 + 0.025)


def test_a_queue_hands_a_message_to_one_of_its_flows():
    found = seen(
        """
        flows:
          put: {rate: 100/s, steps: [jobs: {async: true}]}
          a: {trigger: {stream: jobs, share: 30%}, steps: [w]}
          b: {trigger: jobs, steps: [w]}
        components: {jobs: {kind: queue}, w: {kind: external, service_time: 1ms}}
        """
    )
    assert found.holds("flows.a.peak_rate", 30)
    assert found.holds("flows.b.peak_rate", 70)


def test_a_fan_out_waits_for_all_and_a_fraction_mixes_its_neighbours():
    found = seen(delays("a: {fan_out: 2.5}", a="10ms"))
    two, three = 1.5, 1.5 + 1 / 3
    assert found.holds("flows.f.latency.mean", 0.010 * (two + three) / 2)
    twice = seen(delays("a: {times: 2.5}", a="10ms"))
    assert twice.holds("flows.f.latency.mean", 0.025)


def test_the_same_seed_gives_the_same_numbers_and_another_one_others():
    design = delays("a: {timeout: 20ms, retries: 1}", a="10ms")
    assert seen(design, 5_000).numbers == seen(design, 5_000).numbers
    assert seen(design, 5_000).numbers != seen(design, 5_000, seed=2).numbers


def test_both_engines_give_one_answer():
    design = """
    flows:
      f:
        rate: 150/s
        steps:
          - lb > api:
              - c: {hit: 60%, timeout: 30ms, miss: [db: {timeout: 60ms}]}
              - choose: {x: {share: 30%, calls: [a]}, y: {share: rest, calls: [parallel: [b, d]]}}
              - log: {async: true}
      g: {rate: 40/s, steps: [api: {op: write}]}
    components:
      lb: {kind: load-balancer, service_time: 1ms}
      api: {kind: service, replicas: 3, cores: 1, ops: {read: {service_time: 8ms}, write: {service_time: {fixed: 12ms}}}}
      c: {kind: cache, cores: 1, shards: 2, service_time: 4ms}
      db: {kind: database, shards: 3, skew: 1.5, cores: 1, service_time: {p50: 15ms, p99: 60ms}}
      a: {kind: worker, replicas: 2, workers: 1, service_time: 20ms}
      b: {kind: external, service_time: 9ms, rtt: 3ms}
      d: {kind: service, replicas: 2, balance: random, service_time: 5ms}
      log: {kind: stream, service_time: 2ms}
    """
    quick, slow = seen(design, 10_000), seen_by_events(design, 10_000)
    assert set(quick.numbers) == set(slow.numbers)
    apart = []
    for path, one in quick.numbers.items():
        other = slow.numbers[path]
        if one.judged.low > other.judged.high or other.judged.low > one.judged.high:
            apart.append((path, one, other))
    assert apart == []


def test_one_run_that_makes_too_many_calls_is_said_and_not_begun():
    found = seen(delays("a: {fan_out: 1M, calls: [b: {fan_out: 1M}]}", a="10ms", b="1ms"))
    assert found.numbers == {}
    assert "more calls than can be simulated" in found.left_out[0]


def test_a_queue_that_settles_too_slowly_is_said_and_not_judged():
    found = seen(
        """
        flows: {f: {rate: 99.9/s, steps: [a, b]}, g: {rate: 10/s, steps: [b]}}
        components:
          a: {kind: worker, replicas: 1, cores: 1, service_time: 10ms}
          b: {kind: external, service_time: 1ms}
        """,
        2_000,
    )
    assert any("a settles more slowly" in reason for reason in found.left_out)
    assert ("components", "a", "wait") not in found.numbers
    assert ("flows", "f", "latency", "p99") not in found.numbers
    assert ("components", "b", "latency", "mean") in found.numbers


def test_of_two_kinds_of_nodes_that_are_as_busy_the_leaders_are_measured():
    """Followers get the writes of one run in bursts that nobody paces; the leader answers each first."""
    found = seen(
        """
        flows: {f: {rate: 200/s, steps: [db: {op: write, times: 5}]}}
        components: {db: {kind: database, shards: 1, copies: 2, cores: 3, service_time: 2ms}}
        """,
        5_000,
    )
    assert found.holds("components.db.utilization.cores", 2 / 3)
    assert found.value("components.db.wait") == pytest.approx(0.00087, rel=0.25)  # 2 ms at a follower
