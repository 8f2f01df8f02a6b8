"""Simulations of one M/M/8 queue at 80 %: ours, SimPy's and Ciw's, as customers a second."""

from __future__ import annotations

import random
import time

from sdplan.simulate import simulated
from tests.strategies import solved

RATE, SERVICE_TIME, SERVERS = 640.0, 0.01, 8  # 1/s, s
_DESIGN = f"""
flows: {{f: {{rate: {RATE:g}/s, steps: [a]}}}}
components: {{a: {{kind: worker, replicas: 1, cores: {SERVERS}, service_time: {1e3 * SERVICE_TIME:g}ms}}}}
"""


def ours(customers: int) -> float:
    """Customers a second of our own simulation, its tables of results included."""
    solution = solved(_DESIGN)
    started = time.perf_counter()
    simulated(solution, customers)
    return customers / (time.perf_counter() - started)


def simpy(customers: int) -> float:
    """Customers a second of the shortest SimPy program that keeps the waits."""
    import simpy as lib

    draw = random.Random(1)
    world = lib.Environment()
    servers = lib.Resource(world, SERVERS)
    waits: list[float] = []

    def customer():
        arrived = world.now
        with servers.request() as place:
            yield place
            waits.append(world.now - arrived)
            yield world.timeout(draw.expovariate(1.0 / SERVICE_TIME))

    def source():
        for _ in range(customers):
            yield world.timeout(draw.expovariate(RATE))
            world.process(customer())

    started = time.perf_counter()
    world.process(source())
    world.run()
    assert len(waits) == customers
    return customers / (time.perf_counter() - started)


def ciw(customers: int) -> float:
    """Customers a second of Ciw, which keeps a record of each."""
    import ciw as lib

    network = lib.create_network(
        arrival_distributions=[lib.dists.Exponential(RATE)],
        service_distributions=[lib.dists.Exponential(1.0 / SERVICE_TIME)],
        number_of_servers=[SERVERS],
    )
    started = time.perf_counter()
    lib.seed(1)
    simulation = lib.Simulation(network)
    simulation.simulate_until_max_customers(customers)
    simulation.get_all_records()
    return customers / (time.perf_counter() - started)
