"""Waits behind a load balancer, against the embedded chain of the queue and against simulation."""

import heapq

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from tests.strategies import number, solved

CALLS = 400_000
WARM = 20_000


def behind(balance, rate="1700/s", replicas=4, component="cores: 1, service_time: 2ms", more=""):
    return solved(f"""
    flows: {{f: {{rate: {rate}, steps: [a]}}{more}}}
    components: {{a: {{kind: service, replicas: {replicas}, balance: {balance}, {component}}}}}
    """)


def simulated(policy, rate, replicas, cores, draw, seed=4):
    """Waits of calls that a balancer sends to replicas, each with its own queue in order of arrival."""
    draws = np.random.default_rng(seed)
    arriving = np.cumsum(draws.exponential(1 / rate, CALLS)).tolist()
    services, ties = draw(draws, CALLS).tolist(), draws.random(CALLS).tolist()
    free = [[0.0] * cores for _ in range(replicas)]
    present, leaving, waits = [0] * replicas, [], []
    for call, (at, service) in enumerate(zip(arriving, services, strict=True)):
        while leaving and leaving[0][0] <= at:
            present[heapq.heappop(leaving)[1]] -= 1
        if policy == "round-robin":
            chosen = call % replicas
        else:
            fewest = [n for n in range(replicas) if present[n] == min(present)]
            chosen = fewest[int(ties[call] * len(fewest))]
        start = max(at, free[chosen][0])
        heapq.heapreplace(free[chosen], start + service)
        heapq.heappush(leaving, (start + service, chosen))
        present[chosen] += 1
        waits.append(start - at)
    return np.array(waits[WARM:])


def exponential(mean):
    return lambda draws, count: draws.exponential(mean, count)


@pytest.mark.parametrize("replicas", [2, 4, 30])
def test_calls_in_turn_wait_as_the_root_of_the_interarrival_transform_says(replicas):
    each, service = 425.0, 500.0
    solution = behind("round-robin", f"{each * replicas}/s", replicas)

    def transform(s):
        stages = each * replicas
        density = quad(lambda u: np.exp(-s / stages * u) * erlang_density(replicas, u), 0, np.inf)
        return density[0]

    root = brentq(lambda sigma: transform(service * (1 - sigma)) - sigma, 1e-9, 1 - 1e-6, xtol=1e-14)
    assert number(solution, "components.a.waiting") == pytest.approx(root, rel=1e-6)
    assert number(solution, "components.a.wait") == pytest.approx(root / service / (1 - root), rel=1e-6)
    assert number(solution, "components.a.latency.p99") == pytest.approx(
        -np.log(0.01) / service / (1 - root), rel=1e-5
    )
    assert solution.records["components", "a", "wait"].label == "exact"


def erlang_density(stages, u):
    from scipy.stats import gamma

    return gamma.pdf(u, stages)


@pytest.mark.parametrize("cores", [2, 5])
def test_calls_in_turn_at_several_cores_wait_as_the_embedded_chain_says(cores):
    """The chain of how many an arrival finds, GI/M/c, with every step integrated numerically."""
    replicas, service, utilization = 3, 1.0, 0.8
    solution = behind(
        "round-robin", f"{utilization * cores * replicas}/s", replicas, f"cores: {cores}, service_time: 1s"
    )
    size = 150
    found = stationary(chain(size, cores, utilization * cores, replicas, service))
    waiting = found[cores:].sum()
    mean = sum(share * (n - cores + 1) / (cores * service) for n, share in enumerate(found) if n >= cores)
    assert number(solution, "components.a.waiting") == pytest.approx(waiting, rel=1e-5)
    assert number(solution, "components.a.wait") == pytest.approx(mean, rel=1e-5)


def chain(size, cores, rate, stages, service):
    """Rows: what an arrival finds; columns: what the next one finds, after an Erlang time between them."""
    down = np.zeros((size + 1, size + 1))
    for n in range(1, size + 1):
        down[n, n - 1] = min(n, cores) * service
        down[n, n] = -down[n, n - 1]
    stage = np.linalg.inv(np.eye(size + 1) - down / (rate * stages))
    between = np.linalg.matrix_power(stage, stages)
    rows = np.zeros((size, size))
    for n in range(size):
        rows[n] = between[min(n + 1, size - 1), :size]
    return rows / rows.sum(axis=1, keepdims=True)


def stationary(rows):
    values, vectors = np.linalg.eig(rows.T)
    found = np.real(vectors[:, np.argmax(np.real(values))])
    return found / found.sum()


def test_dealing_out_in_turn_is_better_than_at_random_and_worse_than_one_queue():
    waits = {
        balance: number(behind(balance, component="cores: 2, service_time: 4ms"), "components.a.wait")
        for balance in ("random", "round-robin", "least-requests")
    }
    one = solved("""
    flows: {f: {rate: 1700/s, steps: [a]}}
    components: {a: {kind: worker, replicas: 4, cores: 2, service_time: 4ms}}
    """)
    assert number(one, "components.a.wait") < waits["least-requests"]
    assert waits["least-requests"] < waits["round-robin"] < waits["random"]


@pytest.mark.parametrize("balance", ["weighted", "hash"])
def test_a_split_by_weight_or_key_is_a_random_one(balance):
    assert number(behind(balance), "components.a.wait") == number(behind("random"), "components.a.wait")


def test_one_replica_has_no_balance():
    for balance in ("round-robin", "least-requests"):
        solution = behind(balance, "400/s", 1)
        assert number(solution, "components.a.wait") == pytest.approx(0.8 / 0.2 * 0.002, rel=1e-9)
        assert solution.records["components", "a", "wait"].label == "exact"


def test_calls_of_several_flows_are_dealt_out_in_turn_only_nearly_at_random():
    solution = behind("round-robin", more=", g: {rate: 100/s, steps: [a]}")
    record = solution.records["components", "a", "wait"]
    assert record.label == "approximation"
    assert "in turn" in record.note


@pytest.mark.parametrize(("replicas", "cores"), [(4, 1), (10, 2)])
def test_the_fewest_requests_wait_as_simulated(replicas, cores):
    rate = 0.85 * replicas * cores / 0.010
    solution = behind("least-requests", f"{rate}/s", replicas, f"cores: {cores}, service_time: 10ms")
    waits = simulated("least-requests", rate, replicas, cores, exponential(0.010), seed=5)
    assert number(solution, "components.a.wait") == pytest.approx(waits.mean(), rel=0.1)
    assert number(solution, "components.a.wait.p99") == pytest.approx(np.quantile(waits, 0.99), rel=0.1)
    assert solution.records["components", "a", "wait"].label == "approximation"


@pytest.mark.parametrize(
    ("time", "draw", "error"),
    [
        ("{fixed: 10ms}", lambda draws, count: np.full(count, 0.010), 0.05),
        ("{mean: 10ms, scv: 0.25}", lambda draws, count: draws.gamma(4, 0.0025, count), 0.06),
        ("{mean: 10ms, scv: 4}", lambda draws, count: draws.gamma(0.25, 0.040, count), 0.12),
    ],
)
def test_calls_in_turn_with_other_service_times_wait_as_simulated(time, draw, error):
    rate = 0.8 * 4 * 2 / 0.010
    solution = behind("round-robin", f"{rate}/s", 4, f"cores: 2, service_time: {time}")
    waits = simulated("round-robin", rate, 4, 2, draw)
    assert number(solution, "components.a.wait") == pytest.approx(waits.mean(), rel=error)
    assert number(solution, "components.a.wait.p99") == pytest.approx(np.quantile(waits, 0.99), rel=0.12)


def test_fixed_service_dealt_out_in_turn_is_one_queue_for_all():
    split = behind("round-robin", "340/s", 4, "cores: 1, service_time: {fixed: 10ms}")
    one = solved("""
    flows: {f: {rate: 340/s, steps: [a]}}
    components: {a: {kind: worker, replicas: 4, cores: 1, service_time: {fixed: 10ms}}}
    """)
    assert number(split, "components.a.wait") == pytest.approx(number(one, "components.a.wait"), rel=1e-9)
