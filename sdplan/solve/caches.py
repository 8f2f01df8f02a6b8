"""Caches: the hit ratio of those that state none, from memory, popularity and time to live."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Finding, Path
from sdplan.formulas.cache_variants import che_hit_ratio_tiers
from sdplan.formulas.caches import che_hit_ratio, che_ttl_hit_ratio
from sdplan.solve.bandwidth import entity_size
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Site, place_id
from sdplan.solve.solution import Record
from sdplan.solve.tree import Place
from sdplan.spec.design import Design
from sdplan.units import NUMBER

_HINT = "state `hit: 90%`, or give the cache `memory` and its entity a `count` and a `popularity`"


def needs_hit_ratio(sites: Iterable[Site], ledger: Ledger) -> list[Site]:
    """The look-ups of a cache that depend on a computed hit ratio."""
    looked = [site for site in sites if site.call.miss is not None]
    return [
        site
        for site in looked
        if not ledger.has((*site.call.source, "hit"))
        and not ledger.has(("components", site.call.place[0], "hit"))
    ]


def hit_ratio(
    design: Design, place: Place, looked: list[Site], ledger: Ledger
) -> tuple[Record | None, list[Finding]]:
    """The hit ratio of a cache by Che's approximation, or what is missing to compute it."""
    base: Path = ("components", place[0])
    path: Path = ("components", place_id(place), "hit")
    entities = sorted({site.call.entity for site in looked})
    fault = _fault(design, place[0], entities, looked[0], ledger)
    if fault is not None:
        return None, [fault]
    name = entities[0]
    popularity = design.entities[name].popularity
    size = entity_size(name, ledger)
    assert popularity is not None
    assert size is not None
    inputs: dict[str, Path] = {"memory": (*base, "memory"), "shards": (*base, "shards"), "size": size}
    overhead = " / overhead" if ledger.has((*base, "overhead")) else ""
    if overhead:
        inputs["overhead"] = (*base, "overhead")
    items = (*base, "cached_items")
    ledger.follow(items, f"memory * shards / size{overhead}", inputs)
    if popularity.tiers:
        return _tiers(name, len(popularity.tiers), items, path, ledger), []
    exponent: Path = ("entities", name, "popularity", "zipf")
    if popularity.uniform:
        ledger.default(exponent, 0.0, NUMBER)
    common = {"distinct_items": ("entities", name, "count"), "zipf_exponent": exponent, "cache_items": items}
    if ledger.has((*base, "ttl")):
        rate = (*path[:-1], "look_ups")
        ledger.fold(rate, "sum", [site.rate("mean_rate") for site in looked])
        ledger.apply(
            path,
            che_ttl_hit_ratio,
            {"arrival_rate": rate, "ttl": (*base, "ttl"), **common},
            is_share=True,
            note="at most: the smaller of LRU and time to live for each item",
        )
    else:
        ledger.apply(
            path, che_hit_ratio, common, is_share=True, note="Che's approximation: independent requests"
        )
    _behind_another(path, looked, ledger)
    return ledger.records.get(path), []


def _behind_another(path: Path, looked: list[Site], ledger: Ledger) -> None:
    """What another cache has missed is asked for more evenly than the popularity says."""
    if ledger.has(path) and any("miss" in site.call.path for site in looked):
        note = "popularity as stated, though another cache in front takes the most popular: at most"
        ledger.records[path] = ledger.records[path]._replace(label="bound", prefix="at most ", note=note)


def _tiers(name: str, count: int, items: Path, path: Path, ledger: Ledger) -> Record | None:
    base: Path = ("entities", name, "popularity", "tiers")
    sizes = tuple(ledger.value((*base, n, 0)) for n in range(count))
    shares = tuple(ledger.value((*base, n, 1)) for n in range(count))
    value = che_hit_ratio_tiers(tier_items=sizes, tier_shares=shares, cache_items=ledger.value(items))
    inputs = (("cache_items", items), *((f"tier{n}", (*base, n, 0)) for n in range(count)))
    ledger.write(
        Record(
            path,
            value,
            NUMBER,
            "approximation",
            che_hit_ratio_tiers.name,
            inputs,
            "items of one tier are equally popular",
            is_share=True,
        )
    )
    return ledger.records.get(path)


def _fault(design: Design, cache: str, entities: list[str], site: Site, ledger: Ledger) -> Finding | None:
    """What keeps the hit ratio from being computed: `miss` with no way to know it is an error."""
    where = site.call.source
    if entities != [entities[0]] or not entities[0]:
        said = (
            "the calls name no `entity`"
            if not entities[0]
            else f"several entities share it: {', '.join(entities)}"
        )
        return Finding("SP405", "error", where, f"no hit ratio for {cache}: {said}", _HINT)
    entity = design.entities[entities[0]]
    lacking = [
        word
        for word, there in (
            (f"`memory` of {cache}", ledger.has(("components", cache, "memory"))),
            (f"`popularity` of {entities[0]}", entity.popularity is not None),
            (f"items of {entities[0]}", ledger.value(("entities", entities[0], "count")) > 0),
        )
        if not there
    ]
    if not lacking:
        return None
    return Finding(
        "SP405", "error", where, f"no hit ratio for {cache}: not stated: {', '.join(lacking)}", _HINT
    )
