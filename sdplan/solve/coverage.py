"""What the language can say and this solver does not compute yet: listed, never a silent wrong number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sdplan.findings import Path
from sdplan.solve.stations import Station
from sdplan.solve.tree import Place
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
    yield from _components(design)
    yield from _whole(design)


def _call(call: CallStep) -> Iterator[Entry]:
    options, where, name = call.options, call.source, call.component
    if options.hedge is not None and options.shared_slowness is None:
        yield (
            (*where, "hedge"),
            "SP910",
            f"how much of a slow answer of {name} both calls share is not stated",
            "it counts as none: latency reads at least",
            "state `shared_slowness: 20%`: the share of slow answers that a second call does not avoid",
        )
    if options.timeout is not None and options.cancel:
        yield (
            (*where, "cancel"),
            _CODE,
            f"what {name} has done of calls that are cancelled is not known",
            "each call counts once, however often it is cancelled and made again",
            "",
        )


def _components(design: Design) -> Iterator[Entry]:
    for name, component in design.components.items():
        path: Path = ("components", name)
        cold = getattr(component, "cold_start", None) is not None
        if cold and getattr(component, "cold_share", None) is None:
            yield (
                (*path, "cold_start"),
                _CODE,
                f"how many calls of {name} start it cold is not stated",
                "none of them counts as cold: latency reads at least",
                "state `cold_share: 2%`, the share of calls that find no instance running",
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
    for name, given in design.inputs.items():
        if given.growth is not None:
            yield (
                ("inputs", name, "growth"),
                _CODE,
                f"{name} grows, and these are the numbers of today",
                "what is kept until the horizon reads at least",
                "state a scenario with `years: 3` for the numbers of that year",
            )
