"""Closed groups of clients, against textbook networks and chains solved state by state."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdplan.solve.populations import Visited, throughput
from tests.strategies import number, solved

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "cases" / "queueing.json").read_text())
}


def machine_repair(clients, think, service, servers):
    """Requests a second of clients that share one station, by the chain of how many are there."""
    weights = [1.0]
    for n in range(1, clients + 1):
        weights.append(weights[-1] * (clients - n + 1) / think * service / min(n, servers))
    return sum((clients - n) / think * weight for n, weight in enumerate(weights)) / sum(weights)


@pytest.mark.parametrize(
    ("clients", "think", "service", "servers"),
    [(1, 1, 1, 1), (20, 10, 1, 2), (20, 0.1, 1, 2), (300, 10, 1, 20), (2000, 400, 1, 4)],
)
def test_one_station_is_the_textbook_machine_repair_model(clients, think, service, servers):
    found = throughput(clients, think, [Visited(service, servers)])
    expected = machine_repair(clients, think, service, servers)
    assert found.rate == pytest.approx(expected, rel=1e-10)
    assert found.present[0] == pytest.approx(clients - found.rate * think, rel=1e-9)


def test_three_hundred_servers_and_four_hundred_clients_do_not_upset_it():
    case = CASES["closed-pdq-aws-tomcat"]
    found = throughput(400, 0.0, [Visited(0.444, 300)])
    assert found.rate == pytest.approx(case["expected"]["X"], rel=1e-6)


def test_a_network_of_three_stations_is_lazowskas():
    case = CASES["closed-lazowska-117-exact"]
    found = throughput(3, 15, [Visited(demand, 1) for demand in case["inputs"]["D"]])
    assert found.rate == pytest.approx(case["expected"]["X"], rel=1e-10)
    assert found.present == pytest.approx(case["expected"]["Q"], rel=1e-9)


@pytest.mark.parametrize("index", range(5))
def test_a_balanced_network_is_the_exact_one(index):
    case = CASES["closed-balanced-exact-Z1"]
    visited = [Visited(demand, 1) for demand in case["inputs"]["D"]]
    found = throughput(case["inputs"]["N"][index], 1.0, visited)
    assert found.rate == pytest.approx(case["expected"]["X"][index], rel=1e-10)


def test_equal_queues_are_the_same_as_each_of_them_named():
    together = throughput(40, 2.0, [Visited(0.1, 2, queues=3), Visited(0.2, 4)])
    apart = throughput(40, 2.0, [*(Visited(0.1, 2) for _ in range(3)), Visited(0.2, 4)])
    assert together.rate == pytest.approx(apart.rate, rel=1e-11)
    assert together.present[0] == pytest.approx(apart.present[0], rel=1e-9)


def test_other_calls_at_one_server_leave_it_slower():
    assert throughput(10, 5.0, [Visited(0.5, 1, open_load=0.4)]).rate == pytest.approx(
        throughput(10, 5.0, [Visited(0.5 / 0.6, 1)]).rate, rel=1e-10
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    clients=st.floats(0, 1e6),
    delay=st.floats(0, 1e3),
    demands=st.lists(st.tuples(st.floats(0, 10), st.integers(1, 500), st.floats(0, 600)), max_size=3),
)
def test_the_rate_keeps_within_the_asymptotic_bounds(clients, delay, demands):
    visited = [Visited(demand, servers, 1.0, load) for demand, servers, load in demands]
    found = throughput(clients, delay, visited)
    assert found.rate >= 0.0
    if not math.isfinite(found.rate):
        assert delay + sum(demand for demand, _, _ in demands) == 0.0
        return
    assert found.rate * (delay + sum(one.demand for one in visited)) <= clients * (1 + 1e-9) + 1e-12
    assert all(found.rate * one.demand <= one.left * (1 + 1e-9) for one in visited)
    assert all(0.0 <= one <= clients * (1 + 1e-9) for one in found.present)


def group(think, more=""):
    return solved(f"""
    flows: {{f: {{clients: {{count: 20, think: {think}}}, steps: [a]}}{more}}}
    components: {{a: {{kind: worker, replicas: 1, cores: 2, service_time: 1s}}}}
    """)


@pytest.mark.parametrize("think", [10, 0.1])
def test_clients_of_a_flow_ask_as_often_as_their_waits_let_them(think):
    solution = group(f"{think}s")
    rate = machine_repair(20, think, 1.0, 2)
    assert number(solution, "flows.f.rate") == pytest.approx(rate, rel=1e-8)
    assert number(solution, "flows.f.latency.mean") == pytest.approx(20 / rate - think, rel=1e-6)
    assert number(solution, "components.a.utilization") < 1.0


def test_calls_of_others_slow_a_group_of_clients_down():
    assert number(group("10s", ", g: {rate: 0.5/s, steps: [a]}"), "flows.f.rate") < number(
        group("10s"), "flows.f.rate"
    )


def test_two_groups_that_share_a_queue_settle():
    solution = group("10s", ", g: {clients: {count: 20, think: 10s}, steps: [a]}")
    both = machine_repair(40, 10, 1.0, 2)
    assert number(solution, "flows.f.rate") == pytest.approx(both / 2, rel=0.05)
    assert number(solution, "flows.f.rate") == pytest.approx(number(solution, "flows.g.rate"), rel=1e-6)
