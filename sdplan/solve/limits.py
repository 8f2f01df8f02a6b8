"""Limits: how full each resource of a component is, which is the tightest, and how many nodes would do."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Site, place_id
from sdplan.solve.nodes import Nodes
from sdplan.solve.spreading import node_factor, together
from sdplan.solve.tree import Place
from sdplan.spec.components import Component
from sdplan.spec.design import Design
from sdplan.spec.faults import nearest
from sdplan.units import BANDWIDTH, RATE

TARGET = 0.7  # default target utilization


def limit_utilization(
    design: Design, place: Place, sites: Iterable[Site], nodes: Nodes, ledger: Ledger
) -> None:
    """The share of each stated limit that the busiest node uses, at peak and at mean."""
    path: Path = ("components", place_id(place))
    for meter, bucket in design.components[place[0]].limits.items():
        if meter == "stored":  # what is kept does not follow from calls
            continue
        for point, suffix in ledger.points.items():
            burst = point == "peak" and bucket.burst is not None
            limit: Path = ("components", place[0], "limits", meter, "burst" if burst else "sustained")
            used = _used(design, place, sites, nodes, meter, point, ledger)
            if used is None:
                if point == "peak":
                    ledger.not_counted(limit, "SP908", *_unused(place[0], meter))
                continue
            target = (*path, f"utilization{suffix}", meter)
            if ledger.records[used].dimension != ledger.records[limit].dimension:
                continue  # reported by the rule on limits of another dimension
            ledger.follow(target, "used / limit", {"used": used, "limit": limit}, is_share=True)
            if point == "peak":
                _burst(place, meter, used, ledger)


def _burst(place: Place, meter: str, used: Path, ledger: Ledger) -> None:
    """How long the tokens in store last when the use at peak is above what flows in."""
    stated: Path = ("components", place[0], "limits", meter)
    tokens, sustained = (*stated, "tokens"), (*stated, "sustained")
    if ledger.has(tokens) and ledger.value(used) > ledger.value(sustained):
        inputs = {"tokens": tokens, "used": used, "sustained": sustained}
        lasts = (*("components", place_id(place)), "burst_lasts", meter)
        ledger.follow(lasts, "tokens / (used - sustained)", inputs)


def _unused(name: str, meter: str) -> tuple[str, str, str]:
    """What is missing for a limit to be watched, what follows, and what to state."""
    effect = "this limit is not watched"
    if meter == "connections":
        return (
            f"no flow states its connections to {name}",
            effect,
            f"state `connections: {{{name}: 500}}` at a flow",
        )
    said = f"no call of {name} says what it uses of `{meter}`"
    close = nearest(meter, ("requests", "connections", "in", "out"))
    if close:
        return said, effect, f"did you mean `{close}`?"
    return said, effect, f"state `uses: {{{meter}: 1}}` at an operation"


def _used(
    design: Design,
    place: Place,
    sites: Iterable[Site],
    nodes: Nodes,
    meter: str,
    point: str,
    ledger: Ledger,
) -> Path | None:
    """What the busiest node uses of a meter; in one queue for all, an even part."""
    if meter == "connections":
        return _connections(design, place, point, ledger)
    by_op: dict[str, list[Path]] = {}
    for site in sites:
        term = _term(site, meter, point)
        if ledger.has(term):
            by_op.setdefault(site.call.op, []).append(term)
    node: Path = ("components", place_id(place), "used", meter, point)
    parts = []
    for op, terms in by_op.items():
        whole, part = (*node, op, "all"), (*node, op)
        label, note = together(place, f"{point}_rate", ledger)
        ledger.fold(whole, "sum", terms, label=label, note=note)
        factor, inputs = node_factor(place, design.components[place[0]], nodes, op, ledger)
        ledger.follow(part, f"used{factor}", {"used": whole, **inputs})
        parts.append(part)
    if parts:
        ledger.fold(node, "sum", parts)
    elif meter in ("in", "out"):
        ledger.default(node, 0.0, BANDWIDTH)
    return node if ledger.has(node) else None


def _term(site: Site, meter: str, point: str) -> Path:
    """Where the use of a meter by one call stands."""
    if meter == "requests":
        return site.rate(f"{point}_rate")
    return (
        (*site.path, f"{point}_{meter}")
        if meter in ("in", "out")
        else (*site.path, "uses", meter, f"{point}_rate")
    )


def _connections(design: Design, place: Place, point: str, ledger: Ledger) -> Path | None:
    """Open connections of one replica; those of a flow divide over its regions."""
    path: Path = ("components", place_id(place))
    held: list[Path] = []
    for flow in design.flows:
        stated: Path = ("flows", flow, "connections", place[0])
        if not ledger.has(stated):
            continue
        if place[1]:
            inputs: dict[str, Path] = {"connections": stated, "share": ("regions", place[1], "share")}
            stated = (*path, "connections", flow)
            ledger.follow(stated, "connections * share", inputs)
        held.append(stated)
    if not held:
        return None
    total, node = (*path, "connections", point), (*path, "used", "connections", point)
    ledger.fold(total, "sum", held)
    replicas: Path = ("components", place[0], "replicas")
    ledger.follow(node, "connections / replicas", {"connections": total, "replicas": replicas})
    return node


def tightest(place: Place, spec: Component, ledger: Ledger) -> None:
    """The utilization of a component: that of its tightest resource, which its last input names."""
    path: Path = ("components", place_id(place))
    for suffix in ledger.points.values():
        whole = (*path, f"utilization{suffix}")
        resources = ("cores", "workers", "replicas", "iops", "bandwidth", *spec.limits)
        parts = [where for name in resources if ledger.has(where := (*whole, name))]
        if parts:
            ledger.fold(whole, "largest", parts, is_share=True)


def bottleneck(place_name: str, ledger: Ledger) -> str:
    """The tightest resource of a component, such as `cores` or `requests`."""
    whole: Path = ("components", place_name, "utilization")
    parts = [where for where in ledger.records if where[:-1] == whole]
    return str(max(parts, key=lambda where: ledger.records[where].value)[-1]) if parts else ""


def _asked(path: Path, ledger: Ledger) -> Path:
    """The utilization that would be, were nothing refused."""
    utilization, asked = (*path, "utilization"), (*path, "asked_utilization")
    if not ledger.has(asked):
        return utilization
    most = (*path, "most_asked_utilization")
    ledger.fold(most, "largest", [utilization, asked], is_share=True)
    return most


def needs(place: Place, spec: Component, nodes: Nodes, ledger: Ledger) -> None:
    """What would do: calls a second at 100 %, and the fewest nodes and cores that keep the target at peak."""
    path: Path = ("components", place_id(place))
    own: Path = ("components", place[0])
    target = (*own, "target_utilization")
    ledger.default(target, TARGET, is_share=True)
    utilization = _asked(path, ledger)
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
    cores, asked = (*path, "utilization", "cores"), (*path, "asked_utilization")
    if spec.cores is not None and spec.scaling is None and ledger.has(cores) and not ledger.has(asked):
        ledger.follow(
            (*path, "cores_needed"),
            "ceil(cores * utilization / target_utilization)",
            {"cores": (*own, "cores"), "utilization": cores, "target_utilization": target},
        )
