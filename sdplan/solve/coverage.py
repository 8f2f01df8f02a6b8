"""What the language can say and this solver does not compute yet: listed, never a silent wrong number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sdplan.findings import Path
from sdplan.solve.stations import Station
from sdplan.solve.tree import Place
from sdplan.spec.components import Store
from sdplan.spec.design import Design
from sdplan.spec.references import walk
from sdplan.spec.steps import CallStep

Entry = tuple[Path, str, str, str, str]
_CODE = "SP903"


def uncovered(design: Design) -> Iterator[Entry]:
    """Each part of a design that is read and checked, and has no effect on its numbers yet."""
    for flow in design.flows.values():
        for call in walk(flow.steps):
            yield from _call(call)
    for name, flow in design.flows.items():
        if flow.clients is not None:
            yield (
                ("flows", name, "clients"),
                _CODE,
                f"the waiting of {name}'s own clients is not computed yet",
                "its rate reads at most: clients that wait ask less often",
                "",
            )
    yield from _components(design)
    yield from _whole(design)


def _call(call: CallStep) -> Iterator[Entry]:
    options, where, name = call.options, call.source, call.component
    if options.retries is not None:
        yield (
            (*where, "retries"),
            _CODE,
            f"retries of {name} are not computed yet",
            "the share of failures reads at most, the load on what is retried at least",
            "",
        )
    if options.hedge is not None:
        yield (
            (*where, "hedge"),
            _CODE,
            f"hedged calls of {name} are not computed yet",
            "latency reads at most, the load of the second calls is not counted",
            "",
        )
    if call.fallback:
        yield (
            (*where, "fallback"),
            _CODE,
            f"the load of {name}'s fallback is not computed yet",
            "its components read at least; latency and availability count it",
            "",
        )
    if options.timeout is not None and options.cancel:
        yield (
            (*where, "cancel"),
            _CODE,
            f"cancelling {name} at its timeout is not computed yet",
            "its load reads at most",
            "",
        )


def _components(design: Design) -> Iterator[Entry]:
    for name, component in design.components.items():
        path: Path = ("components", name)
        replication = component.replication if isinstance(component, Store) else None
        if replication is not None and (
            replication.write_quorum is not None or replication.read_quorum is not None
        ):
            yield (
                (*path, "replication"),
                _CODE,
                f"the wait for a quorum of {name} is not computed yet",
                "latency is that of one copy: at least",
                "",
            )
        if component.zones is not None:
            yield (
                (*path, "zones"),
                _CODE,
                f"the loss of a zone of {name} is not computed yet",
                "availability counts single replicas only: at most",
                "",
            )
        if component.queue is not None and (
            component.queue.room is not None or component.queue.patience is not None
        ):
            yield (
                (*path, "queue"),
                _CODE,
                f"the bounded queue of {name} is not computed yet",
                "waits read at most, lost calls are not counted",
                "",
            )
        if getattr(component, "cold_start", None) is not None:
            yield (
                (*path, "cold_start"),
                _CODE,
                f"cold starts of {name} are not computed yet",
                "latency reads at least",
                "",
            )


def uncovered_stations(design: Design, stations: Mapping[Place, Station]) -> Iterator[Entry]:
    """Called components whose own time or capacity nobody stated."""
    for place, station in stations.items():
        name, spec = place[0], design.components[place[0]]
        path: Path = ("components", name)
        if any(op not in station.services for op in station.shares) and not spec.delivers:
            yield (
                path,
                "SP906",
                f"{name} states no service time",
                "it counts as no time: latencies through it read at least",
                "state `service_time: 5ms`, or two percentiles: `{p50: 2ms, p99: 10ms}`",
            )
        elif station.services and station.servers == 0.0 and not spec.limits and spec.tier != "external":
            yield (
                path,
                "SP907",
                f"{name} states no capacity",
                "it counts as a pure delay that never queues",
                "state `cores` or `workers`, or a limit such as `limits: {requests: 8k/s}`",
            )


def _whole(design: Design) -> Iterator[Entry]:
    for name in design.scenarios:
        yield (
            ("scenarios", name),
            _CODE,
            f"scenario {name} is not re-solved yet",
            "what it expects is not judged",
            "",
        )
    if design.regions:
        yield (
            ("regions",),
            _CODE,
            "failover between regions is not computed yet",
            "availability is that of the worst region alone",
            "",
        )
    for name, given in design.inputs.items():
        if given.growth is not None:
            yield (
                ("inputs", name, "growth"),
                _CODE,
                f"the growth of {name} is not computed yet",
                "numbers are of the first year",
                "",
            )
