"""Entities and storage: how many items there are, and the bytes that stores keep of them."""

from __future__ import annotations

from collections.abc import Mapping

from sdplan.findings import Path
from sdplan.formulas.storage import items_kept
from sdplan.solve.bandwidth import entity_size
from sdplan.solve.devices import node_bytes
from sdplan.solve.ledger import Ledger
from sdplan.solve.nodes import Nodes
from sdplan.solve.solution import Record
from sdplan.spec.design import Design
from sdplan.spec.entities import Entity
from sdplan.units import NUMBER


def entities(design: Design, ledger: Ledger) -> None:
    """Items and bytes of every entity: created, ingested, there at the horizon."""
    for name, entity in design.entities.items():
        path: Path = ("entities", name)
        size = entity_size(name, ledger)
        created = _created(name, entity, ledger)
        _count(name, entity, created, ledger)
        if size is not None and created is not None:
            ledger.follow((*path, "ingest"), "created * size", {"created": created, "size": size})


def _created(name: str, entity: Entity, ledger: Ledger) -> Path | None:
    """Items created a second: what each creating flow makes in a run, times its runs."""
    terms = []
    for flow in entity.created_by:
        each: Path = ("entities", name, "created_by", flow)
        terms.append(("entities", name, "created", flow))
        ledger.follow(terms[-1], "rate * each", {"rate": ("flows", flow, "rate"), "each": each})
    if not terms:
        return None
    created: Path = ("entities", name, "created")
    ledger.fold(created, "sum", terms)
    return created


def _count(name: str, entity: Entity, created: Path | None, ledger: Ledger) -> None:
    """Items at the horizon in each store that keeps them; the entity's own count is the largest of these."""
    stated: Path = ("entities", name, "count")
    start = ("entities", name, "items_at_start")
    if ledger.has(stated):
        ledger.follow(start, "count", {"count": stated})
    kept = []
    for store in entity.keep:
        kept.append(_kept(name, entity, store, created, start, ledger))
    if created is not None and kept:
        if ledger.has(stated):
            del ledger.records[
                stated
            ]  # what the design states is where the count starts; it lives on at the start
            ledger.records[start] = ledger.records[start]._replace(label="stated", formula="", inputs=())
        ledger.fold(stated, "largest", kept)
    elif not ledger.has(stated):
        ledger.default(stated, 0.0)


def _kept(name: str, entity: Entity, store: str, created: Path | None, start: Path, ledger: Ledger) -> Path:
    items: Path = ("entities", name, "items", store)
    keep: Path = ("entities", name, "keep", store)
    retention = ("horizon",) if entity.keep[store] == "forever" else keep
    if created is None:
        if ledger.has(start):
            ledger.follow(items, "count", {"count": start})
        else:
            ledger.default(items, 0.0)
        return items
    grown = (*items, "grown") if ledger.has(start) else items
    ledger.apply(grown, items_kept, {"arrival_rate": created, "retention": retention})
    if ledger.has(start):
        ledger.follow(items, "grown + count", {"grown": grown, "count": start})
    return items


def storage(design: Design, nodes: Mapping[str, Nodes], ledger: Ledger) -> None:
    """Bytes that each store keeps, copies and overhead included, and so each entity over all its stores."""
    by_store: dict[str, list[Path]] = {}
    for name, entity in design.entities.items():
        stored = []
        for store in entity.keep:
            path: Path = ("entities", name, "stored", store)
            if _stored(name, store, nodes[store], path, ledger):
                stored.append(path)
                by_store.setdefault(store, []).append(path)
        if stored:
            ledger.fold(("entities", name, "stored"), "sum", stored)
    _streams(design, nodes, by_store, ledger)
    for store, terms in by_store.items():
        ledger.fold(("components", store, "stored"), "sum", terms)
        if design.regions and design.components[store].regional:
            regions = design.components[store].regions or tuple(design.regions)
            ledger.default(("components", store, "sites"), float(len(regions)))
            _by_region(store, regions, ledger)
        node_bytes(store, ledger)


def _by_region(store: str, regions: tuple[str, ...], ledger: Ledger) -> None:
    """What a store keeps in each region: its part by traffic, for every byte is kept once."""
    shares: Path = ("components", store, "region_shares")
    ledger.fold(shares, "sum", [("regions", region, "share") for region in regions])
    for region in regions:
        inputs: dict[str, Path] = {
            "stored": ("components", store, "stored"),
            "share": ("regions", region, "share"),
            "shares": shares,
        }
        if ledger.value(shares) > 0:
            path = ("components", f"{store}@{region}", "stored")
            ledger.follow(path, "stored * share / shares", inputs)


def _stored(name: str, store: str, nodes: Nodes, path: Path, ledger: Ledger) -> bool:
    size = entity_size(name, ledger)
    if size is None:
        return False
    inputs: dict[str, Path] = {"items": ("entities", name, "items", store), "size": size}
    text = "items * size" + _factors(store, nodes, inputs, ledger)
    ledger.follow(path, text, inputs)
    return True


def _factors(store: str, nodes: Nodes, inputs: dict[str, Path], ledger: Ledger) -> str:
    """Copies and overhead, where the store has them."""
    text = ""
    base: Path = ("components", store)
    if nodes.storage_factor != 1.0:
        factor = (*base, "storage_factor")
        ledger.write(
            Record(
                factor, nodes.storage_factor, NUMBER, "stated", note="copies, or chunks of the erasure code"
            )
        )
        text, inputs["storage_factor"] = " * storage_factor", factor
    if ledger.has((*base, "overhead")):
        text, inputs["overhead"] = f"{text} * overhead", (*base, "overhead")
    return text


def _streams(
    design: Design, nodes: Mapping[str, Nodes], by_store: dict[str, list[Path]], ledger: Ledger
) -> None:
    """What a stream keeps: its messages for its retention."""
    for name, spec in design.components.items():
        base: Path = ("components", name)
        retention, rate = (*base, "retention"), _bytes_in(design, name, ledger)
        if not spec.delivers or not ledger.has(retention) or rate is None:
            continue
        inputs: dict[str, Path] = {"in_rate": rate, "retention": retention}
        path = (*base, "log")
        ledger.follow(path, "in_rate * retention" + _factors(name, nodes[name], inputs, ledger), inputs)
        by_store.setdefault(name, []).append(path)


def _bytes_in(design: Design, name: str, ledger: Ledger) -> Path | None:
    """Where the bytes stand that come into a component in all its regions."""
    path: Path = ("components", name, "in")
    regions = [where for one in design.regions if ledger.has(where := ("components", f"{name}@{one}", "in"))]
    if regions and not ledger.has(path):
        ledger.fold(path, "sum", regions)
    return path if ledger.has(path) else None
