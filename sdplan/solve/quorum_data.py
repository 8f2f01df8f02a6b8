"""Quorum data: whether reads and writes of a leaderless store meet, and how stale a read may be where not."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.distributions import trees
from sdplan.distributions.laws import Deterministic, Law
from sdplan.distributions.queue_laws import Shifted
from sdplan.findings import Path
from sdplan.formulas.replication import quorum_overlap
from sdplan.solve.compile import WRITES
from sdplan.solve.journey import Journey
from sdplan.solve.ledger import Ledger
from sdplan.solve.nodes import read_copies
from sdplan.solve.quorums import asked_copies
from sdplan.solve.runs import Site
from sdplan.solve.solution import Record
from sdplan.solve.tree import Call, Place
from sdplan.spec.components import Replication, Store
from sdplan.spec.design import Design
from sdplan.units import DURATION, NUMBER

_SIMULATED = "20,000 drawn reads after a write, seed 1; copies are alike and answer independently"
_LEVELS = {"p99": 0.99, "p99.9": 0.999}


def quorum_data(design: Design, sites: Iterable[Site], journey: Journey, ledger: Ledger) -> None:
    """Overlap of the quorums of every leaderless store, and staleness where they need not meet."""
    by_place: dict[Place, list[Site]] = {}
    for site in sites:
        by_place.setdefault(site.call.place, []).append(site)
    for place, here in by_place.items():
        spec = design.components[place[0]]
        copies = read_copies(spec.copies or "1") if isinstance(spec, Store) else None
        if not isinstance(spec, Store) or copies is None or spec.replication is None:
            continue
        if spec.replication.mode == "leaderless" and copies[0] > 1 and copies[0] == copies[1]:
            _store(design, place, spec.replication, here, copies[0], journey, ledger)


def _store(
    design: Design,
    place: Place,
    replication: Replication,
    sites: list[Site],
    copies: int,
    journey: Journey,
    ledger: Ledger,
) -> None:
    read = next((site.call for site in sites if site.call.op not in WRITES), None)
    write = next((site.call for site in sites if site.call.op in WRITES), None)
    if read is None or write is None:
        return
    path: Path = ("components", place[0])
    asked = {}
    for name, call in (("read_quorum", read), ("write_quorum", write)):
        count = asked_copies(design, call, replication, call is write, copies, ledger)
        asked[name] = min(count, copies)
        if not ledger.has((*path, name)):
            ledger.write(
                Record((*path, name), float(asked[name]), NUMBER, "stated", note="copies of a shard")
            )
    overlap = (*path, "quorum_overlap")
    if not ledger.has(overlap):
        names = {"replicas": (*path, "copies"), **{name: (*path, name) for name in asked}}
        ledger.apply(overlap, quorum_overlap, names)
        if ledger.value(overlap) == 0.0:
            _staleness(place, read, write, asked, copies, journey, ledger)


def _staleness(
    place: Place,
    read: Call,
    write: Call,
    asked: dict[str, int],
    copies: int,
    journey: Journey,
    ledger: Ledger,
) -> None:
    """How many reads miss a write that was just confirmed, and how long until nearly none does."""
    from sdplan.formulas.staleness import Replicas, stale_probability, visibility_time

    path: Path = ("components", place[0])
    laws = [_delay(journey, place, call) for call in (write, read)]
    if laws[0] is None or laws[1] is None:
        why = f"{place[0]} states no service time of its reads and writes, or is overloaded"
        ledger.missing.setdefault((*path, "staleness"), why)
        return
    half = ledger.value((*path, "rtt")) / 2
    way = Deterministic(half)
    replicas = Replicas(_after(half, laws[0]), way, way, _after(half, laws[1]), copies)
    quorums = (asked["read_quorum"], asked["write_quorum"])
    inputs = tuple((name, (*path, name)) for name in ("copies", *asked))
    stale = stale_probability(replicas, *quorums, pause=0.0)
    fresh = Record((*path, "consistent_reads"), 1.0 - stale, NUMBER, "simulated", "WARS", inputs, _SIMULATED)
    ledger.enter(fresh._replace(is_share=True))
    for name, level in _LEVELS.items():
        time = visibility_time(replicas, *quorums, level=level)
        where = (*path, "staleness", name)
        ledger.enter(Record(where, time, DURATION, "simulated", "WARS", inputs, _SIMULATED))


def _after(time: float, law: Law) -> Law:
    return Shifted(law, time) if time else law


def _delay(journey: Journey, place: Place, call: Call) -> Law | None:
    """The stay of a call at one copy; its service time alone where wait and service are two laws."""
    own = journey.own(place, call.op)
    if isinstance(own, trees.Hop):
        return own.law
    station = journey.stations.get(place)
    return station.services.get(call.op) if station is not None and station.stable else None
