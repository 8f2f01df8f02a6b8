"""Limits: how full each resource of a component is, which is the tightest, and how many nodes would do."""

from __future__ import annotations

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import place_id
from sdplan.solve.nodes import Nodes
from sdplan.solve.stations import POINTS, shares_queue
from sdplan.solve.tree import Place
from sdplan.spec.components import Component
from sdplan.spec.design import Design
from sdplan.units import RATE

TARGET = 0.7  # default target utilization


def limit_utilization(design: Design, place: Place, spec: Component, ledger: Ledger) -> None:
    """The share of each stated limit that the busiest node uses, at peak and at mean."""
    path: Path = ("components", place_id(place))
    for meter, bucket in spec.limits.items():
        for point, suffix in POINTS.items():
            burst = point == "peak" and bucket.burst is not None
            limit: Path = ("components", place[0], "limits", meter, "burst" if burst else "sustained")
            used = _used(design, place, spec, meter, point, ledger)
            if used is None:
                if point == "peak":
                    ledger.not_counted(
                        limit,
                        "SP903",
                        f"the limit `{meter}` of {place[0]} is not computed yet",
                        "it is not among the limits that are watched",
                    )
                continue
            target = (*path, f"utilization{suffix}", meter)
            if ledger.records[used].dimension != ledger.records[limit].dimension:
                continue  # reported by the rule on limits of another dimension
            ledger.follow(target, "used / limit", {"used": used, "limit": limit}, is_share=True)


def _used(
    design: Design, place: Place, spec: Component, meter: str, point: str, ledger: Ledger
) -> Path | None:
    """What one node uses of a meter; in one queue for all, an even part."""
    path: Path = ("components", place_id(place))
    replicas: Path = ("components", place[0], "replicas")
    node: Path = (*path, "used", meter, point)
    if meter == "requests":
        rate: Path = (*path, "node_rate", point)
        if not shares_queue(spec):
            return rate if ledger.has(rate) else None
        ledger.follow(node, "node_rate / replicas", {"node_rate": rate, "replicas": replicas})
        return node
    if meter == "connections":
        open_: list[Path] = [("flows", flow, "connections", place[0]) for flow in design.flows]
        held = [one for one in open_ if ledger.has(one)]
        if not held:
            return None
        total: Path = (*path, "connections", point)
        ledger.fold(total, "sum", held)
        ledger.follow(node, "connections / replicas", {"connections": total, "replicas": replicas})
        return node
    if meter in ("in", "out"):
        flow = (*path, meter if point == "mean" else f"peak_{meter}")
        ledger.follow(node, "bytes / replicas", {"bytes": flow, "replicas": replicas})
        return node
    uses = (*path, "uses", meter)
    if ledger.has(uses) and point == "peak":
        ledger.follow(node, "uses / replicas", {"uses": uses, "replicas": replicas})
        return node
    return None


def tightest(place: Place, ledger: Ledger) -> None:
    """The utilization of a component: that of its tightest resource, which its last input names."""
    path: Path = ("components", place_id(place))
    for suffix in POINTS.values():
        whole = (*path, f"utilization{suffix}")
        parts = [where for where in ledger.records if where[:-1] == whole]
        if parts:
            ledger.fold(whole, "largest", parts, is_share=True)


def bottleneck(place_name: str, ledger: Ledger) -> str:
    """The tightest resource of a component, such as `cores` or `requests`."""
    whole: Path = ("components", place_name, "utilization")
    parts = [where for where in ledger.records if where[:-1] == whole]
    return str(max(parts, key=lambda where: ledger.records[where].value)[-1]) if parts else ""


def needs(place: Place, spec: Component, nodes: Nodes, ledger: Ledger) -> None:
    """What would do: calls a second at 100 %, and the fewest nodes and cores that keep the target at peak."""
    path: Path = ("components", place_id(place))
    own: Path = ("components", place[0])
    target = (*own, "target_utilization")
    ledger.default(target, TARGET, is_share=True)
    utilization = (*path, "utilization")
    if ledger.value(utilization) <= 0:
        return
    rate = (*path, "peak_rate")
    if ledger.value(rate) > 0 and ledger.records[rate].dimension == RATE:
        ledger.follow(
            (*path, "capacity"), "peak_rate / utilization", {"peak_rate": rate, "utilization": utilization}
        )
    unit = "shards" if spec.is_store else "replicas"
    needed = f"ceil({unit} * utilization / target_utilization)"
    ledger.follow(
        (*path, f"{unit}_needed"),
        needed,
        {"utilization": utilization, "target_utilization": target, unit: (*own, unit)},
    )
    cores = (*path, "utilization", "cores")
    if spec.cores is not None and ledger.has(cores):
        ledger.follow(
            (*path, "cores_needed"),
            "ceil(cores * utilization / target_utilization)",
            {"cores": (*own, "cores"), "utilization": cores, "target_utilization": target},
        )
