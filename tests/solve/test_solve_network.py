"""The network: round trips to other zones, and those that a new connection takes."""

import pytest

from sdplan.simulate import simulated
from tests.strategies import number, solved


def latency(more, zones="", steps="[db]"):
    text = f"flows: {{f: {{rate: 1/s, steps: {steps}}}}}\ncomponents:\n  api: {{kind: external}}\n  db: {{kind: external{more}}}\n{zones}"
    return solved(text)


@pytest.mark.parametrize(
    ("handshakes", "milliseconds"),
    [(2, 160), (1, 80), (3, 240)],  # TCP and TLS 1.3, QUIC, TCP and TLS 1.2 over 80 ms, as published
)
def test_a_new_connection_takes_its_round_trips_first(handshakes, milliseconds):
    solution = latency(f", rtt: 80ms, handshakes: {handshakes}")

    assert number(solution, "flows.f.latency.p50") == pytest.approx(0.080 + milliseconds / 1000)


def test_only_calls_that_find_no_open_connection_shake_hands():
    solution = latency(", rtt: 80ms, handshakes: 2, reuse: 97%")

    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.080 + 0.03 * 0.160)
    assert number(solution, "flows.f.latency.p95") == pytest.approx(0.080, rel=1e-3)
    assert number(solution, "flows.f.latency.p99") == pytest.approx(0.240, rel=1e-3)


def test_two_of_three_calls_between_components_go_to_another_zone():
    solution = latency(", zones: 3, rtt: 1ms", "zones: {rtt: 2ms}", "[api > db]")

    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.001 + 0.002 * 2 / 3)


def test_the_client_is_in_no_zone():
    assert number(latency(", zones: 3, rtt: 1ms", "zones: {rtt: 2ms}"), "flows.f.latency.mean") == 0.001


def test_the_way_is_simulated_as_it_is_composed():
    solution = latency(", zones: 3, rtt: 1ms, handshakes: 2, reuse: 60%", "zones: {rtt: 2ms}", "[api > db]")
    found = simulated(solution, runs=20_000, seed=1).numbers["flows", "f", "latency", "mean"]

    assert number(solution, "flows.f.latency.mean") == pytest.approx(found.value, rel=0.03)


def test_a_function_is_started_first_where_no_instance_runs():
    text = "flows: {f: {rate: 1/s, steps: [work]}}\ncomponents:\n  work: {kind: function, service_time: {fixed: 10ms}, "
    solution = solved(text + "cold_start: 300ms, cold_share: 2%}\n")

    assert number(solution, "flows.f.latency.mean") == pytest.approx(0.010 + 0.02 * 0.300)
    assert number(solution, "flows.f.latency.p95") == pytest.approx(0.010, rel=1e-3)
    assert number(solution, "flows.f.latency.p99") == pytest.approx(0.310, rel=1e-3)
