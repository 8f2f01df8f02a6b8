"""Caches: the hit ratio of those that state none, from memory, popularity, policy and time to live."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Finding, Path
from sdplan.formulas.cache_variants import fifo_hit_ratio
from sdplan.formulas.caches import che_hit_ratio
from sdplan.solve.bandwidth import entity_size
from sdplan.solve.ledger import Ledger
from sdplan.solve.look_ups import Lookups, as_stated, looked_up, lookups, nodes_of, room_of
from sdplan.solve.runs import Site, place_id
from sdplan.solve.solution import Record
from sdplan.solve.tree import Place
from sdplan.spec.design import Design
from sdplan.units import NUMBER

_HINT = "state `hit: 90%`, or give the cache `memory` and its entity a `count` and a `popularity`"
_CHE = "Che's approximation: independent requests"


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
    design: Design, place: Place, looked: list[Site], sites: Iterable[Site], ledger: Ledger
) -> tuple[Record | None, list[Finding]]:
    """The hit ratio of a cache by Che's approximation, or what is missing to compute it."""
    sites = list(sites)
    everyone = looked_up(sites, place)
    entities = sorted({site.call.entity for site in everyone})
    fault = _fault(design, place[0], entities, looked[0], ledger)
    if fault is not None:
        return None, [fault]
    path: Path = ("components", place_id(place), "hit")
    room = _room(place[0], entities, ledger)
    what = lookups(design, place, sites, ledger)
    if not _by_formula(design, what, path, ledger):
        rates = {f"look_ups{n or ''}": site.rate("mean_rate") for n, site in enumerate(everyone)}
        _by_items(design, what, path, room, rates, ledger)
    return ledger.records.get(path), []


def _room(cache: str, entities: list[str], ledger: Ledger) -> tuple[str, Path]:
    """How much fits into a cache: items where all are of one kind, else bytes."""
    base: Path = ("components", cache)
    inputs: dict[str, Path] = {name: (*base, name) for name in ("memory", nodes_of(cache, ledger))}
    inputs = {name: path for name, path in inputs.items() if ledger.has(path)}
    text = " * ".join(inputs)
    room, items = (*base, "cache_room"), (*base, "cached_items")
    size = entity_size(entities[0], ledger)
    if len(entities) > 1 or size is None or ledger.value(size) == 0.0:
        ledger.follow(room, text, inputs)
        return "room", room
    inputs["size"], text = size, f"{text} / size"
    if ledger.has((*base, "overhead")):
        inputs["overhead"], text = (*base, "overhead"), f"{text} / overhead"
    ledger.follow(items, text, inputs)
    return "cache_items", items


def _by_formula(design: Design, what: Lookups, path: Path, ledger: Ledger) -> bool:
    """One entity with a Zipf popularity and no time to live: a formula of the registry says it."""
    base: Path = ("components", what.place[0])
    name, *others = what.streams
    popularity, policy = (
        design.entities[name].popularity,
        getattr(design.components[what.place[0]], "policy", "lru"),
    )
    assert popularity is not None
    plain = not others and not what.behind and not popularity.tiers and not ledger.has((*base, "ttl"))
    if not plain or not ledger.has((*base, "cached_items")):
        return False
    exponent: Path = ("entities", name, "popularity", "zipf")
    if popularity.uniform:
        ledger.default(exponent, 0.0, NUMBER)
    inputs: dict[str, Path] = {
        "distinct_items": ("entities", name, "count"),
        "zipf_exponent": exponent,
        "cache_items": (*base, "cached_items"),
    }
    formula = che_hit_ratio if policy == "lru" else fifo_hit_ratio
    ledger.apply(path, formula, inputs, is_share=True, note=_CHE)
    return True


def _by_items(
    design: Design,
    what: Lookups,
    path: Path,
    room: tuple[str, Path],
    rates: dict[str, Path],
    ledger: Ledger,
) -> None:
    """Everything else: item by item, over all entities that share the room."""
    from sdplan.formulas.item_streams import hit_ratio as share_of_hits
    from sdplan.formulas.item_streams import hits

    size = room_of(what.place[0], ledger)
    assert size is not None
    cache = as_stated(design, what.place[0], size, ledger)
    inputs = dict([room])
    if ledger.has(ttl := ("components", what.place[0], "ttl")):
        inputs |= {"ttl": ttl, **rates}
    counts: dict[str, Path] = {name: ("entities", name, "count") for name in what.streams}
    note = _note(what, ledger)
    _enter(path, share_of_hits(what.whole, cache), inputs | counts, note, ledger)
    if len(counts) == 1:
        return
    found, start = hits(what.whole, cache), 0
    for name, one in what.streams.items():
        asked = one.items * one.rate
        share = float(asked @ found[start : start + len(asked)]) / one.total_rate
        _enter((*path[:-1], "hits", name), share, inputs | counts, note, ledger)
        start += len(asked)


def _enter(path: Path, share: float, inputs: dict[str, Path], note: str, ledger: Ledger) -> None:
    known = tuple((name, where) for name, where in inputs.items() if ledger.has(where))
    value = min(1.0, max(0.0, share))
    ledger.enter(
        Record(path, value, NUMBER, "approximation", "Che's approximation", known, note, is_share=True)
    )


def _note(what: Lookups, ledger: Ledger) -> str:
    if what.behind:
        return f"{_CHE}; behind another cache, which keeps the most popular items to itself"
    if ledger.has(("components", what.place[0], "ttl")):
        return f"{_CHE}, and a time to live"
    return f"{_CHE}, all entities in one room" if len(what.streams) > 1 else _CHE


def _fault(design: Design, cache: str, entities: list[str], site: Site, ledger: Ledger) -> Finding | None:
    """What keeps the hit ratio from being computed: `miss` with no way to know it is an error."""
    where = site.call.source
    if not entities[0]:
        said = "the calls name no `entity`"
        return Finding("SP405", "error", where, f"no hit ratio for {cache}: {said}", _HINT)
    wanted = [(f"`memory` of {cache}", ledger.has(("components", cache, "memory")))]
    for name in entities:
        wanted.append((f"`popularity` of {name}", design.entities[name].popularity is not None))
        wanted.append((f"items of {name}", ledger.value(("entities", name, "count")) >= 1))
    lacking = [word for word, there in wanted if not there]
    if not lacking:
        return None
    return Finding(
        "SP405", "error", where, f"no hit ratio for {cache}: not stated: {', '.join(lacking)}", _HINT
    )
