"""Queueing: operational laws, Erlang's formulas, M/M/1 and M/M/c.

A station is given by its arrival rate, its mean service time and its servers; the number of servers is a
whole number and a fraction is rounded down.
"""

from __future__ import annotations

from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._erlang import blocking, blocking_sweep
from sdplan.formulas._formula import formula

GROSS = "Gross, Shortle, Thompson and Harris 2008, Fundamentals of Queueing Theory, 4th ed."
LITTLE = "Little 1961, A Proof for the Queuing Formula: L = λW, Operations Research 9(3)"
DENNING = (
    "Denning and Buzen 1978, The Operational Analysis of Queueing Network Models, Computing Surveys 10(3)"
)
MARKOV = "Poisson arrivals, exponential service times, first come first served, unlimited room."
OVERLOADED = "At or above full utilization the queue grows without end."


@formula("a", source=f"{GROSS}, s. 1.5")
def offered_load(*, arrival_rate: float, service_time: float) -> float:
    """Offered load in erlang: busy servers that the traffic asks for on average."""
    return arrival_rate * service_time


@formula(
    r"\rho",
    source=f"{DENNING}: utilization law",
    outside="Without a server any load is an overload.",
    domain=lambda arrival_rate, service_time, servers: servers > 0,
)
def utilization(*, arrival_rate: float, service_time: float, servers: float) -> float:
    """Utilization of each server when the traffic is spread over all of them.

    A value of one or more means that the station is overloaded.
    """
    return offered_load(arrival_rate=arrival_rate, service_time=service_time) / servers


@formula(
    "U", source=f"{DENNING}: utilization law", validity="Any stable station, whatever its distributions."
)
def utilization_law(*, throughput: float, service_time: float) -> float:
    """Mean number of busy servers at a throughput."""
    return throughput * service_time


@formula(
    r"X_{\mathrm{max}}",
    source=f"{DENNING}: utilization law at full utilization",
    label="bound",
    validity="An upper bound, at which the wait has no end.",
    outside="Service that takes no time has no bound.",
    domain=lambda service_time, servers: service_time > 0,
)
def maximum_throughput(*, service_time: float, servers: float) -> float:
    """Throughput at which all servers are busy [1/s]."""
    return servers / service_time


@formula("L", source=LITTLE, validity="Any system in a steady state, whatever its distributions.")
def littles_law(*, arrival_rate: float, response_time: float) -> float:
    """Mean number of requests inside."""
    return arrival_rate * response_time


@formula(
    "R",
    source=f"{DENNING}: interactive response time law",
    outside="Without throughput no answer comes.",
    domain=lambda population, throughput, think_time: throughput > 0,
)
def interactive_response_time(*, population: float, throughput: float, think_time: float) -> float:
    """Response time of clients that think between requests [s]."""
    return population / throughput - think_time


@formula(
    "c",
    source="utilization law, solved for the servers and rounded up",
    outside="Without a utilization above zero no number is enough.",
    domain=lambda offered_load, target_utilization: target_utilization > 0,
)
def servers_needed(*, offered_load: float, target_utilization: float) -> float:
    """Fewest servers that stay at or below the target utilization."""
    return xp.ceil(offered_load / target_utilization)


def _erlang_b_sum(*, offered_load: Any, servers: Any) -> Any:
    import sympy

    k = sympy.Symbol("k", integer=True)
    terms = sympy.Sum(offered_load**k / sympy.factorial(k), (k, 0, servers))
    return offered_load**servers / sympy.factorial(servers) / terms


@formula(
    "B(a, c)",
    source=f"{GROSS}, s. 2.6, eq. for the M/G/c/c loss system; Erlang 1917",
    validity="Poisson arrivals, any service times, no queue: a request that finds all servers busy is lost.",
    define=_erlang_b_sum,
)
def erlang_b(*, offered_load: float, servers: float) -> float:
    """Probability that all servers are busy when nothing queues.

    Computed as a sum of positive terms, relative error below 1e-9 for up to 1e9 servers.
    """
    compute: Any = blocking if xp.plain(offered_load, servers) else blocking_sweep
    result: float = compute(offered_load, servers)
    return result


@formula(
    "C(a, c)",
    source=f"{GROSS}, s. 2.3; Erlang 1917",
    validity=MARKOV,
    outside="At or above full utilization everyone waits.",
    domain=lambda offered_load, servers: (offered_load < servers) & (offered_load >= 0),
    limit=1.0,
)
def erlang_c(*, offered_load: float, servers: float) -> float:
    """Probability that a request has to wait."""
    b = erlang_b(offered_load=offered_load, servers=servers)
    return servers * b / (servers - offered_load + offered_load * b)


@formula(
    "W_q",
    source=f"{GROSS}, s. 2.2",
    validity=MARKOV,
    outside=OVERLOADED,
    domain=lambda arrival_rate, service_time: arrival_rate * service_time < 1,
)
def wait_mm1(*, arrival_rate: float, service_time: float) -> float:
    """Mean wait in the queue of one server, M/M/1 [s]."""
    rho = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    return rho * service_time / (1 - rho)


@formula(
    "W",
    source=f"{GROSS}, s. 2.2",
    validity=MARKOV,
    outside=OVERLOADED,
    domain=lambda arrival_rate, service_time: arrival_rate * service_time < 1,
)
def response_time_mm1(*, arrival_rate: float, service_time: float) -> float:
    """Mean response time of one server, M/M/1 [s]."""
    return service_time / (1 - offered_load(arrival_rate=arrival_rate, service_time=service_time))


@formula(
    "R/S",
    source=f"{GROSS}, s. 2.2",
    validity=f"One server only: with several the knee comes later. {MARKOV}",
    outside=OVERLOADED,
    domain=lambda utilization: utilization < 1,
)
def stretch_mm1(*, utilization: float) -> float:
    """Response time over service time of one server, M/M/1."""
    return 1 / (1 - utilization)


@formula(
    "W_q",
    source=f"{GROSS}, s. 2.3",
    validity=MARKOV,
    outside=OVERLOADED,
    domain=lambda arrival_rate, service_time, servers: arrival_rate * service_time < servers,
)
def wait_mmc(*, arrival_rate: float, service_time: float, servers: float) -> float:
    """Mean wait in the queue, M/M/c [s]."""
    a = offered_load(arrival_rate=arrival_rate, service_time=service_time)
    return erlang_c(offered_load=a, servers=servers) * service_time / (servers - a)


@formula(
    "W",
    source=f"{GROSS}, s. 2.3",
    validity=MARKOV,
    outside=OVERLOADED,
    domain=lambda arrival_rate, service_time, servers: arrival_rate * service_time < servers,
)
def response_time_mmc(*, arrival_rate: float, service_time: float, servers: float) -> float:
    """Mean response time, M/M/c [s]."""
    return wait_mmc(arrival_rate=arrival_rate, service_time=service_time, servers=servers) + service_time


@formula(
    "L_q",
    source=f"{GROSS}, s. 2.3",
    validity=MARKOV,
    outside=OVERLOADED,
    domain=lambda arrival_rate, service_time, servers: arrival_rate * service_time < servers,
)
def queue_length_mmc(*, arrival_rate: float, service_time: float, servers: float) -> float:
    """Mean number of requests that wait, M/M/c."""
    return arrival_rate * wait_mmc(arrival_rate=arrival_rate, service_time=service_time, servers=servers)
