"""One open network for two solvers: a hundred M/M/4 stations in a row; a tenth of the calls go round again."""

from __future__ import annotations

import contextlib
import io
import time
from typing import NamedTuple

from sdplan.formulas.networks_open import open_network, visit_rates

STATIONS, SERVERS, RATE, AGAIN = 100, 4, 90.0, 0.1
SERVICE_RATES = tuple(40.0 + number % 20 for number in range(STATIONS))  # 1/s


class Answer(NamedTuple):
    """How long a solver took [s], and the mean number at each station."""

    seconds: float
    lengths: list[float]


def ours() -> Answer:
    """Our open network, from the routing on."""
    routing = [[float(to == here + 1) for to in range(STATIONS)] for here in range(STATIONS)]
    routing[-1][0] = AGAIN
    started = time.perf_counter()
    rates = visit_rates(external_rates=[RATE] + [0.0] * (STATIONS - 1), routing=routing)
    demands = [rate / RATE / served for rate, served in zip(rates, SERVICE_RATES, strict=True)]
    solved = open_network(arrival_rates=[RATE], demands=[demands], servers=[float(SERVERS)] * STATIONS)
    return Answer(time.perf_counter() - started, list(solved.queue_lengths[0]))


def line() -> Answer:
    """LINE's exact MVA of the network, once it is built."""
    with contextlib.redirect_stdout(io.StringIO()):
        import line_solver as lib

        network = lib.Network("bench")
        source, sink = lib.Source(network, "source"), lib.Sink(network, "sink")
        queues = [lib.Queue(network, f"q{n}", lib.SchedStrategy.FCFS) for n in range(STATIONS)]
        calls = lib.OpenClass(network, "calls")
        source.setArrival(calls, lib.Exp(RATE))
        for queue, served in zip(queues, SERVICE_RATES, strict=True):
            queue.setService(calls, lib.Exp(served))
            queue.setNumberOfServers(SERVERS)
        routing = network.initRoutingMatrix()
        for here, there in zip([source, *queues[:-1]], queues, strict=True):
            routing.set(calls, calls, here, there, 1.0)
        routing.set(calls, calls, queues[-1], queues[0], AGAIN)
        routing.set(calls, calls, queues[-1], sink, 1.0 - AGAIN)
        network.link(routing)
        started = time.perf_counter()
        solved = lib.SolverMVA(network)
        lengths = solved.getAvgQLen()
        took = time.perf_counter() - started
    return Answer(took, [float(row[0]) for row in lengths][1 : STATIONS + 1])
