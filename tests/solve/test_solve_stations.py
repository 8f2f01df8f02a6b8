"""Utilization and waits of stations, against textbook queues summed up term by term."""

from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from scipy.optimize import brentq

from tests.strategies import number, reason, solved


def erlang_c(load, servers):
    """The textbook sum in exact fractions (Kleinrock 1975, equation 3.41)."""
    load = Fraction(load)
    last = load**servers / factorial(servers) / (1 - load / servers)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


def mmc_wait(rate, service, servers):
    load = Fraction(rate) * Fraction(service)
    return float(erlang_c(load, servers) * Fraction(service) / (servers - load))


def one_tier(rate, component, peak=""):
    return solved(f"""
    flows: {{f: {{rate: {rate}, {peak} steps: [a]}}}}
    components: {{a: {{{component}}}}}
    """)


def test_a_service_has_one_queue_a_replica_which_gets_its_part_of_the_calls():
    solution = one_tier(
        "20400/s", "kind: service, balance: random, replicas: 12, cores: 2, service_time: 1ms"
    )
    assert number(solution, "components.a.utilization") == pytest.approx(0.85, rel=1e-12)
    assert number(solution, "components.a.wait") == pytest.approx(
        mmc_wait(1700, Fraction(1, 1000), 2), rel=1e-9
    )


def test_a_worker_takes_from_one_shared_queue():
    solution = one_tier("20400/s", "kind: worker, replicas: 12, cores: 2, service_time: 1ms")
    assert number(solution, "components.a.utilization") == pytest.approx(0.85, rel=1e-12)
    assert number(solution, "components.a.wait") == pytest.approx(
        mmc_wait(20400, Fraction(1, 1000), 24), rel=1e-9
    )


def test_a_queue_option_turns_either_into_the_other():
    shared = one_tier(
        "20400/s", "kind: service, replicas: 12, cores: 2, service_time: 1ms, queue: {shared: true}"
    )
    split = one_tier(
        "20400/s",
        "kind: worker, balance: random, replicas: 12, cores: 2, service_time: 1ms, queue: {shared: false}",
    )
    assert number(shared, "components.a.wait") == pytest.approx(
        mmc_wait(20400, Fraction(1, 1000), 24), rel=1e-9
    )
    assert number(split, "components.a.wait") == pytest.approx(mmc_wait(1700, Fraction(1, 1000), 2), rel=1e-9)


def test_a_random_split_has_about_three_times_the_p99_of_one_queue():
    tails = [
        number(
            one_tier("20400/s", f"kind: {kind}, balance: random, replicas: 12, cores: 2, service_time: 1ms"),
            "components.a.latency.p99",
        )
        for kind in ("service", "worker")
    ]
    assert 2.5 < tails[0] / tails[1] < 3.5


def test_the_tail_of_an_mm1_stay_is_exponential():
    solution = one_tier("80/s", "kind: service, replicas: 1, service_time: 10ms")
    for level, left in (("p50", 0.5), ("p99", 0.01), ("p99.9", 0.001)):
        expected = -np.log(left) * 0.010 / (1 - 0.8)
        assert number(solution, f"components.a.latency.{level}") == pytest.approx(expected, rel=1e-6)
        assert number(solution, f"flows.f.latency.{level}") == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 0.9999])
def test_percentiles_of_a_wait_are_those_of_erlang(share):
    solution = one_tier("380/s", "kind: worker, replicas: 1, cores: 4, service_time: 10ms")
    waiting = float(erlang_c(Fraction(38, 10), 4))
    expected = max(0.0, np.log(waiting / (1 - share)) / (400 - 380))
    level = {0.5: "p50", 0.9: "p90", 0.99: "p99", 0.9999: "p99.99"}[share]
    assert number(solution, f"components.a.wait.{level}") == pytest.approx(expected, rel=1e-9)


def test_the_stay_in_an_mmc_queue_has_the_textbook_percentile():
    solution = one_tier("380/s", "kind: worker, replicas: 1, cores: 4, service_time: 10ms")
    waiting, own, drain = float(erlang_c(Fraction(38, 10), 4)), 100.0, 20.0

    def above(time):
        both = (own * np.exp(-drain * time) - drain * np.exp(-own * time)) / (own - drain)
        return (1 - waiting) * np.exp(-own * time) + waiting * both

    expected = brentq(lambda time: above(time) - 0.01, 0.0, 10.0, xtol=1e-14)
    assert number(solution, "components.a.latency.p99") == pytest.approx(expected, rel=1e-6)


def test_a_fixed_service_time_halves_the_wait():
    fixed = one_tier("90/s", "kind: worker, service_time: {fixed: 10ms}, replicas: 1")
    assert number(fixed, "components.a.wait") == pytest.approx(0.5 * 0.9 / 0.1 * 0.010, rel=1e-9)


def test_two_percentiles_give_the_pollaczek_khinchine_wait_of_their_lognormal():
    solution = one_tier("60/s", "kind: worker, replicas: 1, service_time: {p50: 8ms, p99: 40ms}")
    spread = np.log(40 / 8) / 2.3263478740408408
    mean, square = 0.008 * np.exp(spread**2 / 2), 0.008**2 * np.exp(2 * spread**2)
    assert number(solution, "components.a.service_time") == pytest.approx(mean, rel=1e-9)
    assert number(solution, "components.a.wait") == pytest.approx(60 * square / 2 / (1 - 60 * mean), rel=1e-9)


def test_operations_keep_their_own_times_and_share_one_wait():
    solution = solved("""
    flows:
      fast: {rate: 90/s, steps: [a: {op: read}]}
      slow: {rate: 10/s, steps: [a: {op: scan}]}
    components:
      a: {kind: worker, replicas: 1, cores: 1, ops: {read: {service_time: {fixed: 1ms}}, scan: {service_time: 20ms}}}
    """)
    rate, mean = 100.0, 0.9 * 0.001 + 0.1 * 0.020
    square = 0.9 * 0.001**2 + 0.1 * 2 * 0.020**2
    wait = rate * square / 2 / (1 - rate * mean)  # Pollaczek-Khinchine
    assert number(solution, "components.a.utilization") == pytest.approx(rate * mean, rel=1e-12)
    assert number(solution, "components.a.wait") == pytest.approx(wait, rel=1e-9)
    assert number(solution, "flows.fast.latency.mean") == pytest.approx(wait + 0.001, rel=1e-6)
    assert number(solution, "flows.slow.latency.mean") == pytest.approx(wait + 0.020, rel=1e-6)
    assert number(solution, "components.a.latency.mean") == pytest.approx(wait + mean, rel=1e-6)


def test_a_call_of_an_operation_without_a_time_does_not_thin_out_the_queue_of_the_others():
    alone, beside = (
        solved(f"""
        flows:
          f: {{rate: 80/s, steps: [a: {{op: read}}]}}
          g: {{rate: {rate}, steps: [a: {{op: ping}}]}}
        components: {{a: {{kind: worker, replicas: 1, ops: {{read: {{service_time: 10ms}}}}}}}}
        """)
        for rate in ("0/s", "80/s")
    )
    expected = 0.8 / 0.2 * 0.010
    assert number(alone, "components.a.wait") == pytest.approx(expected, rel=1e-9)
    assert number(beside, "components.a.wait") == pytest.approx(expected, rel=1e-9)
    assert number(beside, "flows.f.latency.mean") == pytest.approx(0.050, rel=1e-6)


@pytest.mark.parametrize("rate", ["2000/s", "2500/s", "12k/min * 10"])
def test_an_overloaded_station_has_no_wait_but_a_reason(rate):
    solution = solved(f"""
    inputs: {{orders: 1}}
    flows: {{f: {{rate: = {rate.replace("k/min", "000 / min").replace("/s", " / s")}, steps: [a, b]}}}}
    components: {{a: {{kind: worker, cores: 2, replicas: 1, service_time: 1ms}}, b: {{kind: external}}}}
    """)
    assert number(solution, "components.a.utilization") >= 1.0
    assert "overloaded" in reason(solution, "components.a.wait")
    assert "overloaded" in reason(solution, "flows.f.latency.p99")
    for path in solution.records:
        assert path[:3] != ("flows", "f", "latency")


@pytest.mark.parametrize("milliseconds", range(1, 200, 7))
@pytest.mark.parametrize("cores", [1, 3, 7])
def test_full_to_the_last_digit_is_overloaded_whatever_the_rounding(milliseconds, cores):
    solution = solved(f"""
    inputs: {{time: {milliseconds}ms}}
    flows: {{f: {{rate: = {cores} * 7 / time, steps: [a]}}}}
    components: {{a: {{kind: service, replicas: 7, cores: {cores}, service_time: = time}}}}
    """)
    assert "overloaded" in reason(solution, "components.a.wait")
    assert number(solution, "components.a.utilization") == pytest.approx(1.0, rel=1e-12)


def test_the_order_service_of_the_seed_document_needs_three_cores():
    full = one_tier("1000/s", "kind: service, replicas: 1, cores: 2, service_time: 2ms")
    assert number(full, "components.a.offered_load") == pytest.approx(2.0, rel=1e-12)
    assert "overloaded" in reason(full, "components.a.wait")
    assert number(full, "components.a.cores_needed") == 3.0
    enough = one_tier("1000/s", "kind: service, replicas: 1, cores: 3, service_time: 2ms")
    assert number(enough, "components.a.utilization") == pytest.approx(2 / 3, rel=1e-12)


def test_an_idle_station_has_neither_wait_nor_utilization_to_speak_of():
    solution = one_tier("0/s", "kind: service, replicas: 2, service_time: 5ms")
    assert number(solution, "components.a.utilization") == 0.0
    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.005, rel=1e-9)


def test_a_service_time_of_zero_takes_no_time():
    solution = one_tier("10/s", "kind: service, replicas: 2, service_time: 0ms")
    assert number(solution, "flows.f.latency.p99") == 0.0


def test_a_time_is_on_a_core_if_there_are_cores_else_on_a_worker_else_on_the_replica():
    by_core = one_tier("1k/s", "kind: service, replicas: 2, cores: 4, workers: 100, service_time: 4ms")
    by_worker = one_tier("1k/s", "kind: service, replicas: 2, workers: 100, service_time: 4ms")
    by_replica = one_tier("100/s", "kind: service, replicas: 2, service_time: 4ms")
    assert number(by_core, "components.a.utilization.cores") == pytest.approx(0.5, rel=1e-12)
    assert number(by_worker, "components.a.utilization.workers") == pytest.approx(0.02, rel=1e-6)
    assert number(by_replica, "components.a.utilization.replicas") == pytest.approx(0.2, rel=1e-12)


def test_a_kind_without_cores_or_workers_is_a_delay_that_never_queues():
    solution = one_tier("100k/s", "kind: external, service_time: 30ms, sla: 99%")
    assert ("components", "a", "wait") not in solution.records
    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.030, rel=1e-9)


def test_the_mean_load_has_a_wait_of_its_own():
    solution = one_tier(
        "300/s", "kind: worker, replicas: 1, cores: 4, service_time: 10ms", peak="peak: 1.25x,"
    )
    assert number(solution, "components.a.wait_at_mean") == pytest.approx(
        mmc_wait(300, Fraction(1, 100), 4), rel=1e-9
    )
    assert number(solution, "components.a.wait") == pytest.approx(
        mmc_wait(375, Fraction(1, 100), 4), rel=1e-9
    )


def test_many_cores_near_full_still_have_a_wait():
    solution = one_tier("99999.9/s", "kind: worker, replicas: 1, cores: 100000, service_time: 1s")
    wait = number(solution, "components.a.wait")
    halfin_whitt = 0.1 / np.sqrt(1e5)  # distance from full in units of the square root
    assert wait == pytest.approx((1 - halfin_whitt * 1.25331413732) / 0.1, rel=0.01)


def test_calls_that_one_run_makes_at_once_wait_for_each_other_so_their_wait_reads_at_least():
    text = """
    flows: {f: {rate: 40/s, steps: [a: {fan_out: 8}]}}
    components: {a: {kind: cache, replicas: 1, cores: 1, service_time: {fixed: 1ms}}}
    """
    solution = solved(text)
    load = 0.32
    alone, in_company = (
        load * 0.001 / 2 / (1 - load),
        (8 - 1) * 0.001 / 2 / (1 - load),
    )  # Gross and Harris 1998
    assert number(solution, "components.a.wait") == pytest.approx(alone)
    assert alone < 0.05 * (alone + in_company)
    for path in (("wait",), ("wait", "p99"), ("latency", "p99")):
        assert solution.records["components", "a", *path].prefix == "at least "
    assert solution.records["flows", "f", "latency", "p99"].prefix == "at least "
