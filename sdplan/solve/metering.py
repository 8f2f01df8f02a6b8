"""Metering: what is charged for and no call states: memory over time, connections, bytes across a border."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Site, place_id
from sdplan.solve.tree import Place
from sdplan.spec.components import Component
from sdplan.spec.design import Design
from sdplan.units import BANDWIDTH

_EVEN = "callers and nodes are spread evenly over the zones"


def metered(design: Design, place: Place, sites: Iterable[Site], ledger: Ledger) -> None:
    """What a component uses of the meters that it has a price for."""
    spec = design.components[place[0]]
    sites = list(sites)
    if "memory_time" in spec.price:
        _memory_time(place, spec, sites, ledger)
    if "connections" in spec.price:
        _connections(design, place, ledger)
    if "cross_zone" in spec.price:
        _cross_zone(place, ledger)
    if "cross_region" in spec.price:
        _cross_region(place, sites, ledger)


def _memory_time(place: Place, spec: Component, sites: list[Site], ledger: Ledger) -> None:
    """Memory held while calls run: bytes on average, charged for by the byte and second."""
    path: Path = ("components", place_id(place))
    own: Path = ("components", place[0])
    terms = []
    for site in sites:
        by_op = (*own, "ops", site.call.op, "service_time")
        time = by_op if ledger.has(by_op) else (*own, "service_time")
        if ledger.has(time) and ledger.has((*own, "memory")):
            terms.append((*site.path, "memory_time"))
            names = {"rate": site.rate("rate"), "time": time, "memory": (*own, "memory")}
            ledger.follow(terms[-1], "rate * time * memory", names)
    if terms:
        ledger.fold((*path, "uses_over_time", "memory_time"), "sum", terms)


def _connections(design: Design, place: Place, ledger: Ledger) -> None:
    held: list[Path] = [("flows", flow, "connections", place[0]) for flow in design.flows]
    held = [path for path in held if ledger.has(path)]
    if not held:
        return
    path: Path = ("components", place_id(place), "uses_over_time", "connections")
    ledger.fold((*path, "all"), "sum", held)
    if place[1]:
        names: dict[str, Path] = {"all": (*path, "all"), "share": ("regions", place[1], "share")}
        ledger.follow(path, "all * share", names)
    else:
        ledger.fold(path, "sum", held)


def _cross_zone(place: Place, ledger: Ledger) -> None:
    """Bytes between a component and callers in another zone."""
    path: Path = ("components", place_id(place))
    zones: Path = ("components", place[0], "zones")
    if not ledger.value(zones) > 0 or not ledger.has((*path, "in")) or not ledger.has((*path, "out")):
        return
    names = {"in_rate": (*path, "in"), "out_rate": (*path, "out"), "zones": zones}
    target = (*path, "uses_over_time", "cross_zone")
    ledger.follow(target, "(in_rate + out_rate) * (1 - 1 / zones)", names, note=_EVEN)


def _cross_region(place: Place, sites: list[Site], ledger: Ledger) -> None:
    """Bytes between a component and callers in another region."""
    far = [site for site in sites if site.run.region and place[1] and site.run.region != place[1]]
    terms = [where for site in far for side in ("in", "out") if ledger.has(where := (*site.path, side))]
    path: Path = ("components", place_id(place), "uses_over_time", "cross_region")
    if terms:
        ledger.fold(path, "sum", terms)
    else:
        ledger.default(path, 0.0, BANDWIDTH)
