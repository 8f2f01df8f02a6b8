"""The simulation against queues whose answer is in the textbooks."""

import math

import pytest
from oracle import one_station, seen, seen_by_events

BOTH = pytest.mark.parametrize("simulate", [seen, seen_by_events])


@BOTH
def test_one_server_waits_as_erlang_says(simulate):
    found = simulate(one_station(70, "{kind: worker, replicas: 1, cores: 1, service_time: 10ms}"), 60_000)
    assert found.holds("components.a.utilization.cores", 0.7)
    assert found.holds("components.a.wait", 0.7 * 0.010 / 0.3)
    assert found.holds("flows.f.latency.mean", 0.010 / 0.3)
    for level in (0.5, 0.9, 0.99):
        assert found.holds(f"flows.f.latency.p{level * 100:g}", -math.log(1 - level) * 0.010 / 0.3)
    assert found.numbers["flows", "f", "latency", "p99"].half_width < 0.03


@BOTH
def test_many_servers_wait_as_erlang_says(simulate):
    found = simulate(one_station(640, "{kind: worker, replicas: 4, cores: 2, service_time: 10ms}"), 60_000)
    inverse = 1.0
    for servers in range(1, 9):
        inverse = 1.0 + inverse * servers / 6.4
    loss = 1 / inverse
    waiting = loss / (1 - 0.8 * (1 - loss))
    assert found.holds("components.a.wait", waiting * 0.010 / (8 - 6.4))
    assert found.holds("components.a.wait.p99", math.log(waiting / 0.01) * 0.010 / (8 - 6.4))


@BOTH
@pytest.mark.parametrize(
    ("service", "scv"),
    [("{fixed: 10ms}", 0.0), ("{mean: 10ms, scv: 4}", 4.0), ("{mean: 10ms, p99: 40ms}", None)],
)
def test_one_server_waits_as_pollaczek_and_khinchine_say(simulate, service, scv):
    if scv is None:  # the smaller root of s²/2 - z s + ln 4 = 0
        tail = 2.3263478740408408
        scv = math.expm1((tail - math.sqrt(tail**2 - 2 * math.log(4))) ** 2)
    found = simulate(
        one_station(60, f"{{kind: worker, replicas: 1, cores: 1, service_time: {service}}}"), 80_000
    )
    assert found.holds("components.a.wait", 0.6 * (1 + scv) / 2 * 0.010 / 0.4)


def test_a_full_queue_loses_what_erlang_says():
    found = seen(
        one_station(300, "{kind: worker, replicas: 1, cores: 2, service_time: 10ms, queue: {room: 3}}")
    )
    weights = [1.0]
    for calls in range(1, 6):
        weights.append(weights[-1] * 3.0 / min(calls, 2))
    lost = weights[5] / sum(weights)
    assert found.holds("components.a.refused", lost)
    assert found.holds("flows.f.timeouts", lost)
    queue = sum(weight * max(0, calls - 2) for calls, weight in enumerate(weights)) / sum(weights)
    assert found.holds("components.a.wait", queue / (300 * (1 - lost)))
    assert found.holds("components.a.utilization.cores", 300 * (1 - lost) * 0.010 / 2)


def test_impatient_calls_give_up_as_palm_says():
    """Erlang A: two servers of 10 ms, patience 20 ms, an offered load of 2.4."""
    found = seen(
        one_station(240, "{kind: worker, replicas: 1, cores: 2, service_time: 10ms, queue: {patience: 20ms}}")
    )
    weights = [1.0]
    for calls in range(1, 200):
        weights.append(weights[-1] * 240 / (min(calls, 2) * 100 + max(0, calls - 2) * 50))
    total = sum(weights)
    queue = sum(weight * max(0, calls - 2) for calls, weight in enumerate(weights)) / total
    gone = queue * 50 / 240
    assert found.holds("components.a.refused", gone)
    assert found.holds("components.a.utilization.cores", 240 * (1 - gone) * 0.010 / 2)


def test_two_branches_at_once_take_as_long_as_flatto_and_hahn_say():
    """The exact mean of a fork-join of two M/M/1 queues: (12 - rho) / 8 times the mean of one."""
    found = seen(
        """
        flows: {f: {rate: 50/s, steps: [parallel: [a, b]]}}
        components:
          a: {kind: worker, replicas: 1, cores: 1, service_time: 10ms}
          b: {kind: worker, replicas: 1, cores: 1, service_time: 10ms}
        """,
        100_000,
    )
    assert found.holds("flows.f.latency.mean", (12 - 0.5) / 8 * 0.020)
    assert not found.holds("flows.f.latency.mean", 1.5 * 0.020)


def test_clients_that_wait_ask_less_often():
    """The machine repair model: five clients, one server."""
    found = seen(
        """
        flows: {f: {clients: {count: 5, think: 20ms}, steps: [a]}}
        components: {a: {kind: worker, replicas: 1, cores: 1, service_time: 10ms}}
        """
    )
    weights = [1.0]
    for busy in range(1, 6):
        weights.append(weights[-1] * (6 - busy) * 0.5)
    rate = (1 - weights[0] / sum(weights)) * 100
    assert found.holds("flows.f.peak_rate", rate)
    assert found.holds("flows.f.latency.mean", 5 / rate - 0.020)


@pytest.mark.parametrize("balance", ["random", "round-robin", "least-requests"])
def test_a_policy_has_the_wait_that_is_known_of_it(balance):
    found = seen(
        one_station(320, f"{{kind: service, replicas: 4, cores: 1, service_time: 10ms, balance: {balance}}}"),
        80_000,
    )
    wait = found.value("components.a.wait")
    if balance == "random":
        assert found.holds("components.a.wait", 0.8 * 0.010 / 0.2)
    elif balance == "round-robin":  # Erlang-4 arrivals: the root of sigma = (4 / (4 + (1 - sigma) / 0.8))^4
        sigma = 0.5
        for _ in range(500):
            sigma = (4 * 0.8 / (4 * 0.8 + 1 - sigma)) ** 4
        assert found.holds("components.a.wait", sigma * 0.010 / (1 - sigma))
    else:
        pooled = 0.5964332 * 0.010 / (4 - 3.2)  # Erlang C of 4 servers at 80 %
        assert pooled < wait < 1.6 * pooled


def test_rates_and_waits_at_the_mean_are_those_of_the_mean():
    found = seen(
        """
        flows: {f: {rate: 20/s, peak: 4x, steps: [a]}}
        components: {a: {kind: worker, replicas: 1, cores: 1, service_time: 10ms}}
        """,
        point="mean",
    )
    assert found.holds("flows.f.mean_rate", 20)
    assert found.holds("components.a.wait_at_mean", 0.2 * 0.010 / 0.8)
