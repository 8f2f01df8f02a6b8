"""Hot keys: the most popular key of an entity lives on one shard, which gets all the calls for it."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Path
from sdplan.formulas.caches import zipf_share
from sdplan.solve.compile import WRITES
from sdplan.solve.ledger import Ledger
from sdplan.solve.nodes import Nodes
from sdplan.solve.runs import Site, place_id
from sdplan.solve.tree import Place
from sdplan.spec.components import Component, Store


def hot_keys(place: Place, spec: Component, nodes: Nodes, sites: Iterable[Site], ledger: Ledger) -> None:
    """Enter the share of each operation's calls that goes to one key, where a popularity is stated.

    What is asked for behind a cache is left out: the cache has its most popular keys.
    """
    if not isinstance(spec, Store) or nodes.shards <= 1.0:
        return
    by_op: dict[str, dict[str, list[Path]]] = {}
    for site in sites:
        if site.call.op not in WRITES and "miss" not in site.call.path:
            by_entity = by_op.setdefault(site.call.op, {})
            by_entity.setdefault(site.call.entity, []).append(site.rate("peak_rate"))
    for op, by_entity in by_op.items():
        _of_operation(place, op, by_entity, ledger)


def _of_operation(place: Place, op: str, by_entity: dict[str, list[Path]], ledger: Ledger) -> None:
    """The hottest key of the entities that an operation asks for, by its share of all these calls."""
    path: Path = ("components", place_id(place), "hot_key", op)
    total = (*path, "all")
    ledger.fold(total, "sum", [rate for rates in by_entity.values() for rate in rates])
    if ledger.value(total) <= 0.0:
        return
    shares = []
    for entity, rates in by_entity.items():
        top = _top_share(entity, ledger)
        if top is None:
            continue
        asked, share = (*path, entity, "asked"), (*path, entity)
        ledger.fold(asked, "sum", rates)
        inputs = {"top": top, "asked": asked, "all_calls": total}
        ledger.follow(share, "top * asked / all_calls", inputs, is_share=True)
        shares.append(share)
    if shares:
        ledger.fold(("components", place_id(place), "hot_key_share", op), "largest", shares, is_share=True)


def _top_share(entity: str, ledger: Ledger) -> Path | None:
    """Where the share of an entity's most popular item stands."""
    base: Path = ("entities", entity)
    exponent, count, top = (*base, "popularity", "zipf"), (*base, "count"), (*base, "top_share")
    if ledger.has(top):
        return top
    if not (ledger.has(exponent) and ledger.value(count) >= 1.0):
        return None
    rank, start = (*base, "top_rank"), (*base, "items_at_start")
    ledger.default(rank, 1.0)
    ledger.follow(start, "count", {"count": count})  # the count itself may grow later in the round
    inputs = {"rank": rank, "distinct_items": start, "zipf_exponent": exponent}
    ledger.apply(top, zipf_share, inputs, is_share=True)
    return top
