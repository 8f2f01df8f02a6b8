"""Stations: where calls queue, how busy they are, and the law of the wait.

`service_time` occupies a core if the component states cores, else a worker if it states workers, else
the replica itself.  A kind without any of these is a delay: it has no queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sdplan.distributions.laws import Law
from sdplan.distributions.spread_waits import stretched
from sdplan.findings import Path
from sdplan.formulas.queueing import offered_load
from sdplan.solve.balance import EVENLY
from sdplan.solve.bounded import enter_bounded, is_bounded
from sdplan.solve.compile import WRITES
from sdplan.solve.leaders import enter_leader_and_follower, follower_wait, reads_go_to
from sdplan.solve.ledger import POINTS as POINTS
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import place_id
from sdplan.solve.scaling import enter_scaled
from sdplan.solve.service_mix import service_mix
from sdplan.solve.spreading import Arrivals, shares_queue
from sdplan.solve.tree import Place
from sdplan.solve.waits import Queue, enter_group_wait, enter_wait
from sdplan.spec.components import Component

_FULL = 1 - 1e-9  # of the servers: what rounding makes of 100 % is 100 %


class Station(NamedTuple):
    """A queue of one place at one load point."""

    place: Place
    servers: float  # 0 where nothing queues
    services: Mapping[str, Law]  # by operation
    shares: Mapping[str, float]  # of the calls, by operation
    wait: Law | None = None  # in the queue; nothing where nobody waits
    refused: float = 0.0  # share of the calls that are turned away, or give up waiting
    stable: bool = True
    followers: Station | None = None  # the copies that take writes only, where the leader alone answers reads


def servers_of(name: str, spec: Component, ledger: Ledger) -> Path | None:
    """Where the number of servers behind one queue stands, or nothing where calls do not queue."""
    path: Path = ("components", name)
    unit = next((field for field in ("cores", "workers") if ledger.has((*path, field))), None)
    if unit is None and spec.works_on != "replica":
        return None
    servers = (*path, "servers")
    if ledger.has(servers):
        return servers
    if unit is None:
        ledger.default((*path, "cores"), 1.0)
        unit = "cores"
    if shares_queue(spec):
        ledger.follow(servers, f"{unit} * replicas", {"replicas": (*path, "replicas"), unit: (*path, unit)})
    else:
        ledger.follow(servers, unit, {unit: (*path, unit)})
    return servers


def station(
    place: Place, spec: Component, arrivals: Arrivals, laws: Mapping[str, Law], point: str, ledger: Ledger
) -> Station:
    """The queue of a place at a load point; its numbers are entered under the component."""
    suffix = POINTS[point]
    path: Path = ("components", place_id(place))
    services = {op: laws.get(op, laws.get("")) for op in arrivals.by_op}
    known = {op: law for op, law in services.items() if law is not None}
    total = ledger.value(arrivals.total)
    shares = {
        op: ledger.value(rate) / total if total else 1.0 / len(services)
        for op, rate in arrivals.by_op.items()
    }
    servers = servers_of(place[0], spec, ledger) if known else None
    nothing = Station(place, 0.0, known, shares)
    if servers is None:
        return nothing
    load = (*path, f"offered_load{suffix}")
    _offered(place, arrivals, known, load, point, ledger)
    utilization = _utilization(place, spec, load, servers, suffix, ledger)
    enter_leader_and_follower(place, spec, list(known), servers, point, suffix, ledger)
    if total == 0.0 or ledger.value(load) == 0.0:
        _forget(path, suffix, ledger)
        return nothing
    worth = _worth(place[0], spec, servers, ledger)
    if worth != servers:
        inputs = {"offered_load": load, "effective_servers": worth}
        ledger.follow(utilization, "offered_load / effective_servers", inputs, is_share=True)
    count = ledger.value(servers)
    if _is_overloaded(place, spec, load, worth, ledger):
        worked = "" if worth == servers else " worth one each"
        ledger.missing[(*path, f"wait{suffix}")] = (
            f"{place_id(place)} is overloaded at {point}: "
            f"the work keeps {ledger.value(load):.3g} {_unit(spec)} busy, "
            f"and there are {ledger.value(worth):.6g}{worked}"
        )
        return nothing._replace(servers=count, stable=False)
    ledger.missing.pop((*path, f"wait{suffix}"), None)  # an earlier pass may have had more calls
    arriving = _queued(path, arrivals, known, point, ledger)
    time = (*path, f"mean_service_time{suffix}")
    ledger.follow(time, "offered_load / arrival_rate", {"offered_load": load, "arrival_rate": arriving.total})
    among, mix = _queues(place, arrivals, ledger), service_mix(known, shares)
    queue = Queue(path, suffix, arriving.total, time, load, servers, among, mix, arrivals.split)
    found = _waiting(place, spec, queue, Station(place, count, known, shares), worth, utilization, ledger)
    return found._replace(followers=_followers(place, spec, found, point, ledger))


def _utilization(
    place: Place, spec: Component, load: Path, servers: Path, suffix: str, ledger: Ledger
) -> Path:
    """Where it stands how busy the servers are."""
    path: Path = ("components", place_id(place), f"utilization{suffix}", _unit(spec))
    ledger.follow(path, "offered_load / servers", {"offered_load": load, "servers": servers}, is_share=True)
    return path


def _is_overloaded(place: Place, spec: Component, load: Path, worth: Path, ledger: Ledger) -> bool:
    """Whether more work comes than the servers are worth, and nothing turns it away."""
    full = ledger.value(load) >= ledger.value(worth) * _FULL
    return full and not is_bounded(spec) and not ledger.has(("components", place_id(place), "group_waiting"))


_OF_QUEUES = (
    "mean_service_time",
    "service_scv",
    "shortest_residual",
    "service_stretch",
    "wait",
    "waiting",
    "refused",
    "asked_utilization",
)


def _forget(path: Path, suffix: str, ledger: Ledger) -> None:
    """Take back what earlier passes said of a queue to which no call comes any more."""
    for name in _OF_QUEUES:
        ledger.records.pop((*path, f"{name}{suffix}"), None)


def _queues(place: Place, arrivals: Arrivals, ledger: Ledger) -> Path:
    """Where it stands among how many queues the calls are shared."""
    replicas: Path = ("components", place[0], "replicas")
    if arrivals.split.note != EVENLY:
        return replicas
    turns = ("components", place_id(place), "turns")
    ledger.default(turns, arrivals.split.queues)
    ledger.records[turns] = ledger.records[turns]._replace(note=EVENLY)
    return turns


def _followers(place: Place, spec: Component, leader: Station, point: str, ledger: Ledger) -> Station | None:
    """The queue of a copy that takes the writes, and none of the reads."""
    copies = ledger.value(("components", place[0], "copies"), 1.0)
    services = {op: law for op, law in leader.services.items() if op in WRITES}
    if not services or leader.refused or reads_go_to(spec, copies) != "leader":
        return None
    whole = sum(leader.shares[op] for op in services)
    if whole <= 0.0:
        return None
    shares = {op: leader.shares[op] / whole for op in services}
    time = sum(share * services[op].mean for op, share in shares.items())
    load = ledger.value(("components", place_id(place), "write_load", point))
    wait = follower_wait(load, leader.servers, service_mix(services, shares), time)
    return Station(place, leader.servers, services, shares, wait)


def _worth(name: str, spec: Component, servers: Path, ledger: Ledger) -> Path:
    """Where the number of servers stands that those behind one queue are worth when all are busy."""
    if spec.scaling is None:
        return servers
    path: Path = ("components", name)
    worth = (*path, "effective_servers")
    ledger.default((*path, "scaling", "coherency"), 0.0, is_share=True)
    inputs = {
        "servers": servers,
        "contention": (*path, "scaling", "contention"),
        "coherency": (*path, "scaling", "coherency"),
    }
    each = "servers"
    if shares_queue(spec):
        inputs["replicas"], each = (*path, "replicas"), "(servers / replicas)"
    text = f"servers / (1 + contention * ({each} - 1) + coherency * {each} * ({each} - 1))"
    ledger.follow(worth, text, inputs, note="universal scalability law (Gunther 2007)")
    return worth


def _waiting(
    place: Place,
    spec: Component,
    queue: Queue,
    found: Station,
    worth: Path,
    utilization: Path,
    ledger: Ledger,
) -> Station:
    """The wait of a queue that is stable: bounded, slowed down by its own servers, or neither."""
    if is_bounded(spec):
        law, refused = enter_bounded(place[0], queue, ledger)
        asked = queue.at("asked_utilization")
        ledger.follow(
            asked,
            "offered_load / servers",
            {"offered_load": queue.load, "servers": queue.servers},
            is_share=True,
        )
        inputs = {"asked": asked, "refused": queue.at("refused")}
        ledger.follow(utilization, "asked * (1 - refused)", inputs, is_share=True)
        return found._replace(wait=law, refused=refused)
    if ledger.has((*queue.path, "group_waiting")):
        if worth != queue.servers:
            _unscaled(place[0], ledger)
        return found._replace(wait=enter_group_wait(queue, ledger))
    if worth != queue.servers:
        groups = ledger.value(queue.queues) if shares_queue(spec) else 1.0
        law, stretch = enter_scaled(place[0], queue, worth, groups, ledger)
        services = {op: stretched(law, stretch) for op, law in found.services.items()}
        return found._replace(wait=law, services=services)
    return found._replace(wait=enter_wait(queue, ledger))


def _unscaled(name: str, ledger: Ledger) -> None:
    ledger.not_counted(
        ("components", name, "scaling"),
        "SP903",
        f"how servers of {name} slow each other down is not computed for a closed group of clients",
        "its wait reads at least",
    )


def _queued(path: Path, arrivals: Arrivals, laws: Mapping[str, Law], point: str, ledger: Ledger) -> Arrivals:
    """The arrivals that take a time; calls of an operation that states none neither wait nor serve."""
    if len(laws) == len(arrivals.by_op):
        return arrivals
    total = (*path, "queued_rate", point)
    ledger.fold(total, "sum", [arrivals.by_op[op] for op in laws])
    return arrivals._replace(total=total)


def _unit(spec: Component) -> str:
    return "cores" if spec.cores is not None else "workers" if spec.workers is not None else "replicas"


def _offered(
    place: Place, arrivals: Arrivals, laws: Mapping[str, Law], load: Path, point: str, ledger: Ledger
) -> None:
    """The offered load of each operation, and of all."""
    path: Path = ("components", place[0])
    loads = []
    for op in laws:
        own = (*path, "ops", op, "service_time")
        time = own if ledger.has(own) else (*path, "service_time")
        loads.append(("components", place_id(place), "load", op, point))
        ledger.apply(loads[-1], offered_load, {"arrival_rate": arrivals.by_op[op], "service_time": time})
    ledger.fold(load, "sum", loads)
