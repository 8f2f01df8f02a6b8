"""Waits: the numbers and the law of the wait in one queue, from its arrivals and its service times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sdplan.distributions.laws import Law
from sdplan.distributions.spread_waits import wait_law
from sdplan.findings import Path
from sdplan.formulas._formula import Formula
from sdplan.formulas.balancing import (
    wait_in_turn,
    wait_least_requests,
    waiting_in_turn,
    waiting_least_requests,
)
from sdplan.formulas.queueing import erlang_c, wait_mmc
from sdplan.formulas.queueing_general import wait_mg1
from sdplan.formulas.service_spread import wait_mgc, wait_mgc_page, waiting_mgc
from sdplan.solve.balance import Split
from sdplan.solve.ledger import Ledger
from sdplan.solve.queueing import Queued, queued
from sdplan.solve.service_mix import ServiceMix
from sdplan.solve.solution import Record
from sdplan.units import DURATION, NUMBER

EXPONENTIAL: Mapping[str, tuple[Formula, Formula]] = {
    "random": (erlang_c, wait_mmc),
    "round-robin": (waiting_in_turn, wait_in_turn),
    "least-requests": (waiting_least_requests, wait_least_requests),
}
_SPREAD = "service times that are not exponential: their mean and spread, and a wait of that mean and spread"
_TURNS = f"{_SPREAD}; calls dealt out in turn, between fixed and exponential service times"
_FEWEST = f"{_SPREAD}; each call to the replica with the fewest requests"


class Queue(NamedTuple):
    """A queue at a load point: where its numbers stand, and what serves it."""

    path: Path
    suffix: str
    arrival_rate: Path
    service_time: Path  # the mean over the mix
    load: Path
    servers: Path
    queues: Path  # how many of its kind there are
    mix: ServiceMix
    split: Split

    def at(self, name: str) -> Path:
        return (*self.path, f"{name}{self.suffix}")


def enter_wait(queue: Queue, ledger: Ledger) -> Law | None:
    """Enter who waits and how long, and give the law of the wait; nothing where nobody waits."""
    found = queued(
        ledger.value(queue.load),
        ledger.value(queue.servers),
        queue.mix,
        queue.split.policy,
        queue.split.queues,
    )
    if queue.mix.is_exponential:
        waiting, mean = _exponential(queue, ledger)
    else:
        waiting, mean = _general(queue, found, ledger)
    if queue.split.random_share > 0.0:
        waiting, mean = _between(queue, waiting, mean, ledger)
    if waiting <= 0.0 or mean <= 0.0 or found.waiting <= 0.0:
        return None
    return wait_law(waiting=waiting, mean=mean / waiting, scv=found.scv)


def _between(queue: Queue, waiting: float, mean: float, ledger: Ledger) -> tuple[float, float]:
    """A wait between those behind the fewest requests and behind a random split."""
    load, servers, share = ledger.value(queue.load), ledger.value(queue.servers), queue.split.random_share
    random = queued(load, servers, queue.mix, "random", 1.0)
    wait = random.waiting * random.mean * ledger.value(queue.service_time)
    both = (1.0 - share) * waiting + share * random.waiting, (1.0 - share) * mean + share * wait
    for name, value in zip(("waiting", "wait"), both, strict=True):
        record = ledger.records[queue.at(name)]
        words = f"{1.0 - share:.0%} least requests, {share:.0%} random"
        ledger.records[queue.at(name)] = record._replace(
            value=value, label="approximation", formula=words, note=queue.split.note
        )
    return both


def _exponential(queue: Queue, ledger: Ledger) -> tuple[float, float]:
    chance, delay = EXPONENTIAL[queue.split.policy]
    label = queue.split.label
    shared = {"queues": queue.queues} if "queues" in chance.parameters else {}
    inputs = {"offered_load": queue.load, "servers": queue.servers, **shared}
    waiting = ledger.apply(
        queue.at("waiting"), chance, inputs, is_share=True, note=queue.split.note, label=label
    )
    inputs = {
        "arrival_rate": queue.arrival_rate,
        "service_time": queue.service_time,
        "servers": queue.servers,
        **shared,
    }
    return waiting, ledger.apply(queue.at("wait"), delay, inputs, note=queue.split.note, label=label)


def _general(queue: Queue, found: Queued, ledger: Ledger) -> tuple[float, float]:
    """Service times of any kind: by a formula where arrivals are random, else between two that are known."""
    spread = queue.at("service_scv")
    note = "E[S²] / E[S]² - 1"
    ledger.write(Record(spread, queue.mix.scv, NUMBER, "exact", "spread of the service times", note=note))
    if queue.split.policy != "random" and queue.split.queues > 1.0:
        return _shared(queue, found, spread, ledger)
    inputs = {"offered_load": queue.load, "servers": queue.servers, "service_scv": spread}
    waiting = ledger.apply(queue.at("waiting"), waiting_mgc, inputs, is_share=True, note=_SPREAD)
    inputs = {"arrival_rate": queue.arrival_rate, "service_time": queue.service_time, "service_scv": spread}
    delay = wait_mg1
    if ledger.value(queue.servers) > 1.0:
        inputs["servers"] = queue.servers
        delay = wait_mgc_page
        if queue.mix.scv > 1.0:
            delay = wait_mgc
            inputs["shortest_residual"] = _first_free(queue, ledger)
    return waiting, ledger.apply(queue.at("wait"), delay, inputs, note=_SPREAD, label="approximation")


def _first_free(queue: Queue, ledger: Ledger) -> Path:
    first = queue.at("shortest_residual")
    servers = ledger.value(queue.servers)
    time = ledger.value(queue.service_time) * queue.mix.first_free(servers)[0]
    inputs = (("service_time", queue.service_time), ("servers", queue.servers))
    note = "each of them busy for an independent residual service time"
    ledger.write(Record(first, time, DURATION, "approximation", "first of the busy servers", inputs, note))
    return first


def _shared(queue: Queue, found: Queued, spread: Path, ledger: Ledger) -> tuple[float, float]:
    note = _TURNS if queue.split.policy == "round-robin" else _FEWEST
    inputs = (
        ("offered_load", queue.load),
        ("servers", queue.servers),
        ("queues", queue.queues),
        ("service_scv", spread),
    )
    mean = found.waiting * found.mean * ledger.value(queue.service_time)
    ledger.enter(
        Record(
            queue.at("waiting"),
            found.waiting,
            NUMBER,
            "approximation",
            "chance to wait",
            inputs,
            note,
            is_share=True,
        )
    )
    named = (*inputs, ("service_time", queue.service_time))
    ledger.enter(Record(queue.at("wait"), mean, DURATION, "approximation", "mean wait", named, note))
    return found.waiting, mean


def enter_group_wait(queue: Queue, ledger: Ledger) -> Law | None:
    """Enter the wait where only a closed group of clients calls, as its convolution gave it."""
    stretch, chance = (*queue.path, "group_wait_per_service"), (*queue.path, "group_waiting")
    inputs = {"wait_per_service": stretch, "service_time": queue.service_time}
    mean = ledger.follow(queue.at("wait"), "wait_per_service * service_time", inputs)
    waiting = ledger.follow(queue.at("waiting"), "group_waiting", {"group_waiting": chance}, is_share=True)
    if waiting <= 0.0 or mean <= 0.0:
        return None
    return wait_law(waiting=waiting, mean=mean / waiting, scv=1.0)
