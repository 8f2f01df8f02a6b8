"""Bounded queues: a room that fills, and callers that give up waiting.

What finds the room full is refused at once; who waits longer than its patience goes away.  Such a queue is
stable at any load.
"""

from __future__ import annotations

import math

import numpy as np

from sdplan.distributions.bounded_queue_laws import bounded_wait
from sdplan.distributions.impatience_laws import impatient_wait
from sdplan.distributions.laws import Law
from sdplan.distributions.queue_laws import Wait
from sdplan.findings import Path
from sdplan.formulas.queueing import erlang_b
from sdplan.formulas.queueing_finite import loss_mmck, wait_mmck, waiting_mmck
from sdplan.formulas.queueing_impatient import abandonment_mmcm, waiting_served_mmcm
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Label, Record
from sdplan.solve.waits import Queue
from sdplan.spec.components import Component
from sdplan.units import DURATION, NUMBER

_MOST_ROOM = 100_000.0  # a longer queue is as good as endless, or as good as full
_REACH = 12.0  # standard deviations of the queue beyond its usual length
_MARKOV = "as if service times were exponential and arrivals random"
_BOTH = "a room and patience together, by a birth-death chain; the law of the wait is exponential"


def is_bounded(spec: Component) -> bool:
    """Whether a queue refuses calls or loses those that give up."""
    return spec.queue is not None and (spec.queue.room is not None or spec.queue.patience is not None)


def enter_bounded(name: str, queue: Queue, ledger: Ledger) -> tuple[Law | None, float]:
    """Enter the share that is lost and the wait of the others; give the law of that wait and the share."""
    room, patience = (("components", name, "queue", option) for option in ("room", "patience"))
    label: Label = "exact" if _is_markov(queue) else "approximation"
    if ledger.has(patience) and ledger.value(patience) <= 0.0:
        return None, _at_once(queue, ledger)
    if ledger.has(room) and ledger.has(patience):
        return _both(room, patience, queue, ledger)
    if ledger.has(room):
        return _room(room, label, queue, ledger)
    return _patience(patience, label, queue, ledger)


def _is_markov(queue: Queue) -> bool:
    return queue.mix.is_exponential and queue.split.policy == "random"


def _inputs(queue: Queue, **more: Path) -> dict[str, Path]:
    named = {"arrival_rate": queue.arrival_rate, "service_time": queue.service_time, "servers": queue.servers}
    return named | more


def _room(room: Path, label: Label, queue: Queue, ledger: Ledger) -> tuple[Law | None, float]:
    inputs, note = _inputs(queue, room=room), "" if label == "exact" else _MARKOV
    refused = ledger.apply(queue.at("refused"), loss_mmck, inputs, is_share=True, note=note, label=label)
    waiting = ledger.apply(queue.at("waiting"), waiting_mmck, inputs, is_share=True, note=note, label=label)
    mean = ledger.apply(queue.at("wait"), wait_mmck, inputs, note=note, label=label)
    places = min(math.floor(ledger.value(room)), _MOST_ROOM)
    if waiting <= 0.0 or mean <= 0.0 or places < 1:
        return None, refused
    numbers = {name: ledger.value(where) for name, where in inputs.items()} | {"room": float(places)}
    return bounded_wait(**numbers), refused


def _at_once(queue: Queue, ledger: Ledger) -> float:
    """Callers without patience: who finds all servers busy is lost, whatever the service times."""
    label: Label = "exact" if queue.split.policy == "random" else "approximation"
    inputs = {"offered_load": queue.load, "servers": queue.servers}
    note = "" if label == "exact" else _MARKOV
    return ledger.apply(queue.at("refused"), erlang_b, inputs, is_share=True, note=note, label=label)


def _patience(patience: Path, label: Label, queue: Queue, ledger: Ledger) -> tuple[Law | None, float]:
    inputs, note = _inputs(queue, patience=patience), "" if label == "exact" else _MARKOV
    lost = ledger.apply(queue.at("refused"), abandonment_mmcm, inputs, is_share=True, note=note, label=label)
    ledger.apply(queue.at("waiting"), waiting_served_mmcm, inputs, is_share=True, note=note, label=label)
    law = impatient_wait(**{name: ledger.value(where) for name, where in inputs.items()})
    named = tuple(inputs.items())
    ledger.enter(
        Record(queue.at("wait"), law.mean, DURATION, label, "mean wait of those who are served", named, note)
    )
    return (law if law.mean > 0.0 else None), lost


def _both(room: Path, patience: Path, queue: Queue, ledger: Ledger) -> tuple[Law | None, float]:
    """M/M/c/K+M: the chain of how many are present; the long waits of those who are served are overstated."""
    rate, longest = ledger.value(queue.arrival_rate), ledger.value(patience)
    full, waiting, queued = _chain(
        rate, ledger.value(queue.service_time), ledger.value(queue.servers), ledger.value(room), longest
    )
    given_up = min(1.0, queued / longest / rate)
    lost = min(1.0, full + given_up)
    served = max(1.0 - lost, 1e-300)
    share = min(1.0, max(waiting - given_up, 0.0) / served)
    wait = min(queued / rate / max(1.0 - full, 1e-300), longest)
    named = tuple(_inputs(queue, room=room, patience=patience).items())

    def record(path: Path, value: float, word: str) -> Record:
        return Record(path, value, NUMBER, "approximation", word, named, _BOTH)

    ledger.enter(record(queue.at("refused"), lost, "refused or given up")._replace(is_share=True))
    ledger.enter(record(queue.at("waiting"), share, "chance to wait")._replace(is_share=True))
    ledger.enter(record(queue.at("wait"), wait, "mean wait")._replace(dimension=DURATION))
    return (Wait(waiting=share, rate=share / wait) if share > 0.0 and wait > 0.0 else None), lost


def _chain(
    rate: float, time: float, servers: float, room: float, patience: float
) -> tuple[float, float, float]:
    """The chance that the room is full, the chance to wait, and how many wait on average.

    States up to all servers busy count as one, by Erlang B; longer queues are left out once hardly any is.
    """
    blocked = erlang_b(offered_load=rate * time, servers=servers)
    if blocked <= 0.0:
        return 0.0, 0.0, 0.0
    places = min(math.floor(room), _MOST_ROOM)
    usual = max(0.0, (rate - servers / time) * patience)
    reach = math.ceil(min(places, usual + _REACH * math.sqrt(patience * max(rate, servers / time)) + 100.0))
    waiters = np.arange(reach + 1.0)
    logs = np.cumsum(math.log(rate) - np.log(servers / time + waiters / patience))
    logs -= logs[0]
    most = max(float(logs.max()), -math.log(blocked))
    chances = np.exp(logs - most)
    whole = float(chances[1:].sum()) + math.exp(-math.log(blocked) - most)
    full = float(chances[-1]) / whole if reach == places else 0.0
    waiting = float(chances[:-1].sum()) / whole if places else 0.0
    return full, waiting, float(waiters @ chances) / whole
