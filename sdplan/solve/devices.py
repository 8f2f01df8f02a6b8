"""Devices: how full the disks of a store are, and how busy with operations and bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sdplan.findings import Path
from sdplan.solve.bandwidth import Sizes
from sdplan.solve.compile import WRITES
from sdplan.solve.engines import write_amplification
from sdplan.solve.ledger import Ledger
from sdplan.solve.limits import TARGET
from sdplan.solve.nodes import Nodes
from sdplan.solve.runs import Site, place_id
from sdplan.solve.solution import Label
from sdplan.solve.spreading import node_factor
from sdplan.solve.tree import Place
from sdplan.spec.components import Component, Store
from sdplan.units import SIZE

_EACH = "one operation of the disk a call: index pages and compaction add to it, cached pages take from it"


def node_bytes(name: str, ledger: Ledger) -> None:
    """Bytes that one node keeps, and how full that makes its disk."""
    path: Path = ("components", name)
    stored, nodes = (*path, "stored"), (*path, "replicas")
    if not ledger.has(stored) or not ledger.value(nodes) > 0:
        return
    inputs: dict[str, Path] = {"stored": stored, "replicas": nodes}
    regions = (*path, "sites")
    text = "stored / replicas"
    if ledger.has(regions):
        inputs["sites"], text = regions, "stored / (replicas * sites)"
    ledger.follow((*path, "node_bytes"), text, inputs, note="an even split; the fullest shard has more")
    for limit in ((*path, "disk"), (*path, "limits", "stored", "sustained")):
        if ledger.value(limit) > 0 and ledger.records[limit].dimension == SIZE:
            _disk(path, limit, ledger)
            return


def _disk(path: Path, limit: Path, ledger: Ledger) -> None:
    """How full the disk of a node is, and with how many shards it would keep to the target."""
    used, target = (*path, "disk_utilization"), (*path, "target_utilization")
    names: dict[str, Path] = {"kept": (*path, "node_bytes"), "disk": limit}
    ledger.follow(used, "kept / disk", names, is_share=True)
    ledger.default(target, TARGET, is_share=True)
    if ledger.has((*path, "shards")):
        names = {"used": used, "target": target, "shards": (*path, "shards")}
        ledger.follow((*path, "shards_for_disk"), "ceil(shards * used / target)", names)


def device_utilization(
    place: Place,
    spec: Component,
    sites: Iterable[Site],
    sizes: Mapping[Path, Sizes],
    nodes: Nodes,
    ledger: Ledger,
) -> None:
    """The share of a node's disk operations and disk bandwidth that its calls use, at peak and at mean."""
    if not isinstance(spec, Store):
        return
    sites = list(sites)
    for point, suffix in ledger.points.items():
        if spec.iops is not None:
            _operations(place, spec, sites, nodes, point, suffix, ledger)
        if spec.bandwidth is not None:
            _bytes(place, spec, sites, sizes, nodes, point, suffix, ledger)


def _operations(
    place: Place, spec: Store, sites: list[Site], nodes: Nodes, point: str, suffix: str, ledger: Ledger
) -> None:
    path: Path = ("components", place_id(place))
    terms, note = [], ""
    for op, here in _by_op(sites).items():
        term = (*path, "disk_operations", op, point)
        rates = [where for site in here if ledger.has(where := (*site.path, "uses", "iops", f"{point}_rate"))]
        note = note or ("" if rates else _EACH)
        rates = rates or [site.rate(f"{point}_rate") for site in here]
        _part(term, rates, place, spec, nodes, op, ledger)
        terms.append(term)
    if terms:
        _used(path, "iops", terms, place, point, suffix, ledger, note=note)


def _bytes(
    place: Place,
    spec: Store,
    sites: list[Site],
    sizes: Mapping[Path, Sizes],
    nodes: Nodes,
    point: str,
    suffix: str,
    ledger: Ledger,
) -> None:
    """Bytes read, and bytes written with what the engine makes of them."""
    path: Path = ("components", place_id(place))
    _written(place[0], sites, sizes, ledger)
    amplified = write_amplification(place[0], spec, ledger)
    terms = []
    for op, here in _by_op(sites).items():
        side = "in" if op in WRITES else "out"
        moved = [where for site in here if ledger.has(where := (*site.path, f"{point}_{side}"))]
        if not moved:
            continue
        term = (*path, "disk_bytes", op, point)
        extra = {"write_amplification": amplified} if amplified and side == "in" else {}
        _part(term, moved, place, spec, nodes, op, ledger, extra)
        terms.append(term)
    if terms:
        _used(path, "bandwidth", terms, place, point, suffix, ledger)


def _by_op(sites: Iterable[Site]) -> dict[str, list[Site]]:
    found: dict[str, list[Site]] = {}
    for site in sites:
        found.setdefault(site.call.op, []).append(site)
    return found


def _part(
    term: Path,
    rates: list[Path],
    place: Place,
    spec: Store,
    nodes: Nodes,
    op: str,
    ledger: Ledger,
    extra: Mapping[str, Path] | None = None,
) -> None:
    """What one operation asks of the busiest node."""
    whole = (*term, "all")
    ledger.fold(whole, "sum", rates)
    factor, inputs = node_factor(place, spec, nodes, op, ledger)
    text = "".join((f"asked{factor}", *(f" * {name}" for name in extra or ())))
    ledger.follow(term, text, {"asked": whole, **inputs, **(extra or {})})


def _used(
    path: Path,
    device: str,
    terms: list[Path],
    place: Place,
    point: str,
    suffix: str,
    ledger: Ledger,
    *,
    note: str = "",
) -> None:
    used = (*path, "used", device, point)
    ledger.fold(used, "sum", terms)
    label: Label = "approximation" if note else "exact"
    limit: Path = ("components", place[0], device)
    if ledger.value(limit) > 0:
        names = {"used": used, device: limit}
        text = f"used / {device}"
        ledger.follow(
            (*path, f"utilization{suffix}", device), text, names, is_share=True, note=note, label=label
        )


def _written(name: str, sites: list[Site], sizes: Mapping[Path, Sizes], ledger: Ledger) -> None:
    """Mean size of a write."""
    path: Path = ("components", name, "written_bytes")
    if ledger.has(path):
        return
    here = [site for site in sites if site.call.op in WRITES and sizes[site.path].request is not None]
    if not here or not any(ledger.value(site.rate("rate")) > 0 for site in here):
        return
    moved, calls = (*path, "moved"), (*path, "calls")
    ledger.fold(moved, "sum", [(*site.path, "in") for site in here])
    ledger.fold(calls, "sum", [site.rate("rate") for site in here])
    ledger.follow(path, "moved / calls", {"moved": moved, "calls": calls})
