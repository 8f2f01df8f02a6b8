"""Look-ups: what is asked of each cache, item by item, behind the caches that stand in front of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import Path
from sdplan.solve.bandwidth import entity_size
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Site, hit_path
from sdplan.solve.tree import Call, Choice, Node, Place
from sdplan.spec.design import Design

if TYPE_CHECKING:
    from sdplan.formulas.item_streams import Cache, ItemStream

_NEVER = 1e-12  # 1/s; stands for a flow that never runs, whose hit ratio is that of the rarest look-ups


class Lookups(NamedTuple):
    """What is asked of a cache by entity; `behind` names the entities that other caches missed first."""

    place: Place
    streams: Mapping[str, ItemStream]
    behind: frozenset[str]

    @property
    def whole(self) -> ItemStream:
        """The look-ups of all entities together."""
        from sdplan.formulas.item_streams import joined

        return joined(list(self.streams.values()))


def looked_up(sites: Iterable[Site], place: Place) -> list[Site]:
    """The calls that look something up in a cache and know what to do on a miss."""
    return [site for site in sites if site.call.place == place and site.call.miss is not None]


def in_front(node: Node, wanted: Call, fronts: tuple[Call, ...] = ()) -> tuple[Call, ...] | None:
    """The look-ups whose misses lead to a call, the nearest last; nothing where the call is not here."""
    if isinstance(node, Call):
        if node is wanted:
            return fronts
        inside: Iterator[tuple[Node | None, tuple[Call, ...]]] = iter(
            ((node.body, fronts), (node.miss, (*fronts, node)), (node.fallback, fronts))
        )
    elif isinstance(node, Choice):
        inside = ((way.node, fronts) for way in node.branches)
    else:
        inside = ((item, fronts) for item in node.items)
    ways = (in_front(inner, wanted, above) for inner, above in inside if inner is not None)
    return next((way for way in ways if way is not None), None)


def is_known(design: Design, entity: str, ledger: Ledger) -> bool:
    """Whether it is said how often each item of an entity is asked for."""
    there = bool(entity) and design.entities[entity].popularity is not None
    return there and ledger.value(("entities", entity, "count")) >= 1


def lookups(
    design: Design, place: Place, sites: Iterable[Site], ledger: Ledger, seen: frozenset[Place] = frozenset()
) -> Lookups:
    """What is asked of a cache, over the entities whose items and popularity are known."""
    sites = list(sites)
    found: dict[str, list[ItemStream]] = {}
    behind = set()
    for site in looked_up(sites, place):
        entity = site.call.entity
        if is_known(design, entity, ledger):
            stream, is_behind = _of_site(design, site, sites, ledger, seen)
            found.setdefault(entity, []).append(stream)
            behind |= {entity} if is_behind else set()
    return Lookups(place, {name: _together(one) for name, one in found.items()}, frozenset(behind))


def _together(streams: list[ItemStream]) -> ItemStream:
    """The same items asked for in several ways, which fall into each other's silence."""
    if len(streams) == 1:
        return streams[0]
    rate = sum((one.rate for one in streams[1:]), streams[0].rate)
    return streams[0]._replace(rate=rate, silence=0.0 * rate)


def _of_site(
    design: Design, site: Site, sites: list[Site], ledger: Ledger, seen: frozenset[Place]
) -> tuple[ItemStream, bool]:
    """The look-ups of one call, and whether another cache missed them first."""
    entity, place = site.call.entity, site.call.place
    stream = _stream(design, site, ledger)
    fronts = [call for call in in_front(site.run.tree, site.call) or () if call.entity == entity]
    if not fronts or fronts[-1].place in seen | {place}:
        return stream, False
    from sdplan.formulas.item_streams import miss_stream

    front = lookups(design, fronts[-1].place, sites, ledger, seen | {place})
    cache = as_it_hits(design, front, fronts[-1], ledger)
    if cache is None:
        return stream, False
    missed = miss_stream(front.whole, cache)
    start = 0
    for name, one in front.streams.items():
        if name == entity:
            missed = missed._replace(**_part(missed, start, len(one.rate)))
            break
        start += len(one.rate)
    share = stream.total_rate / missed.total_rate if missed.total_rate > 0 else 0.0
    return missed._replace(rate=missed.rate * share, size=stream.size), True


def _part(stream: ItemStream, start: int, length: int) -> dict[str, object]:
    return {name: column[start : start + length] for name, column in stream._asdict().items()}


def _stream(design: Design, site: Site, ledger: Ledger) -> ItemStream:
    """The look-ups of one call as the popularity of its entity says."""
    from sdplan.formulas.item_streams import tiered_stream, zipf_stream

    entity = site.call.entity
    popularity = design.entities[entity].popularity
    assert popularity is not None
    base: Path = ("entities", entity, "popularity")
    rate = max(ledger.value(site.rate("mean_rate")), _NEVER)
    size = item_room(entity, site.call.place[0], ledger)
    if popularity.tiers:
        tiers = [(*base, "tiers", n) for n in range(len(popularity.tiers))]
        items = [ledger.value((*tier, 0)) for tier in tiers]
        shares = [ledger.value((*tier, 1)) for tier in tiers]
        return tiered_stream(arrival_rate=rate, tier_items=items, tier_shares=shares, item_size=size)
    exponent = 0.0 if popularity.uniform else ledger.value((*base, "zipf"))
    count = ledger.value(("entities", entity, "count"))
    return zipf_stream(arrival_rate=rate, distinct_items=count, zipf_exponent=exponent, item_size=size)


def item_room(entity: str, cache: str, ledger: Ledger) -> float:
    """Bytes that one item takes in a cache."""
    path = entity_size(entity, ledger)
    size = ledger.value(path) if path is not None else 0.0
    return size * ledger.value(("components", cache, "overhead"), 1.0)


def as_stated(design: Design, cache: str, room: float, ledger: Ledger) -> Cache:
    """A cache of this room [B] by the policy and the time to live that its component states."""
    from sdplan.formulas.item_streams import Cache

    spec = design.components[cache]
    ttl = ledger.value(("components", cache, "ttl"), math.inf)
    return Cache(room, getattr(spec, "policy", "lru"), ttl, bool(getattr(spec, "sliding", False)))


def as_it_hits(design: Design, what: Lookups, call: Call, ledger: Ledger) -> Cache | None:
    """A cache with its room, or with the room that would give the hit ratio that is stated for it."""
    from sdplan.formulas.item_streams import room_for

    cache = as_stated(design, what.place[0], math.inf, ledger)
    stated = hit_path(call, ledger)
    if ledger.has(stated) and is_stated(stated, ledger):
        room = room_for(what.whole, cache, ledger.value(stated))
        return cache._replace(room=room)
    found = room_of(what.place[0], ledger)
    return None if found is None else cache._replace(room=found)


def is_stated(hit: Path, ledger: Ledger) -> bool:
    """Whether a hit ratio is what the design says, and not what was computed."""
    return ledger.records[hit].label in ("stated", "exact")


def room_of(cache: str, ledger: Ledger) -> float | None:
    """The memory of all shards of a cache [B]."""
    base: Path = ("components", cache)
    if not ledger.has((*base, "memory")):
        return None
    return ledger.value((*base, "memory")) * ledger.value((*base, nodes_of(cache, ledger)), 1.0)


def nodes_of(cache: str, ledger: Ledger) -> str:
    """What multiplies the memory of a node: shards of a store, replicas of an edge."""
    return "shards" if ledger.has(("components", cache, "shards")) else "replicas"
