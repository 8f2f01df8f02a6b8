"""Scaling: servers that get in each other's way, by the universal scalability law.

Of k busy servers only C(k) are worth a server each, so service times stretch as more of them are busy
(Gunther 2007).  With exponential service that is a birth-death chain, solved here exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sdplan.distributions.laws import Law
from sdplan.distributions.spread_waits import wait_law
from sdplan.findings import Path
from sdplan.formulas.scaling import usl_capacity
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Record
from sdplan.solve.waits import Queue
from sdplan.units import DURATION, NUMBER

_NOTE = "busy servers slow each other down, as if arrivals were random; times stretch alike for all calls"
_MOST = 200_000.0  # servers that are summed one by one


class Scaled(NamedTuple):
    """A queue whose servers slow each other down, in mean service times of one server alone."""

    waiting: float  # share of the calls that wait
    wait: float  # of those who wait
    stretch: float  # of service times, on average over the calls


def effective(servers: float, groups: float, contention: float, coherency: float) -> float:
    """The worth of so many busy servers, spread evenly over groups that do not disturb each other."""
    each = servers / groups
    if each <= 1.0:
        return servers
    return groups * float(usl_capacity(workers=each, contention=contention, coherency=coherency))


def scaled(load: float, servers: float, groups: float, contention: float, coherency: float) -> Scaled:
    """The queue of so many servers in groups at an offered load below their worth."""
    most = effective(servers, groups, contention, coherency)
    busy = np.arange(1.0, min(servers, _MOST) + 1.0)
    each = busy / groups
    worth = np.where(
        each <= 1.0,
        busy,
        busy / (1.0 + contention * (each - 1.0) + coherency * np.maximum(each * (each - 1.0), 0.0)),
    )
    logs = np.concatenate(([0.0], np.cumsum(np.log(load / worth))))
    weights = np.exp(logs - logs.max())
    queue = weights[-1] / (1.0 - load / most)
    whole = float(weights[:-1].sum() + queue)
    in_service = float((np.arange(weights.size - 1) * weights[:-1]).sum() + servers * queue)
    return Scaled(float(queue) / whole, 1.0 / (most - load), max(1.0, in_service / whole / load))


def enter_scaled(
    name: str, queue: Queue, worth: Path, groups: float, ledger: Ledger
) -> tuple[Law | None, float]:
    """Enter the wait of a queue whose servers slow each other down; give its law, and the stretch."""
    base: Path = ("components", name, "scaling")
    contention, coherency = (ledger.value((*base, part)) for part in ("contention", "coherency"))
    found = scaled(ledger.value(queue.load), ledger.value(queue.servers), groups, contention, coherency)
    inputs = (("offered_load", queue.load), ("servers", queue.servers), ("effective_servers", worth))
    time, scv = ledger.value(queue.service_time), queue.mix.scv

    def enter(what: str, value: float, word: str) -> Record:
        record = Record(queue.at(what), value, NUMBER, "approximation", word, inputs, _NOTE)
        return record._replace(is_share=what == "waiting", dimension=DURATION if what == "wait" else NUMBER)

    mean = found.wait * time * (1.0 + scv) / 2.0
    ledger.enter(enter("waiting", found.waiting, "chance to wait"))
    ledger.enter(enter("wait", found.waiting * mean, "mean wait"))
    ledger.enter(enter("service_stretch", found.stretch, "stretch of the service times"))
    law = wait_law(waiting=found.waiting, mean=mean, scv=1.0) if found.waiting > 0.0 else None
    return law, found.stretch
