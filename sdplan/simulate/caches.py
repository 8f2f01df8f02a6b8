"""Caches: real ones with real keys, for the hit ratios that the solver computed from a popularity."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from sdplan.distributions.normal import Array
from sdplan.findings import Path
from sdplan.simulate.lanes import Indices
from sdplan.simulate.measures import Measure, mean
from sdplan.simulate.observed import even
from sdplan.solve.solution import Solution
from sdplan.solve.tree import calls
from sdplan.spec.entities import Popularity

_MOST_KEYS = 5_000_000
_MOST_ROOM = 200_000
_FILLS = 10  # of the cache, before looks count


class Cache(NamedTuple):
    """A cache of so many equal items, as it is simulated."""

    room: int
    policy: str  # lru, fifo or random
    ttl: float  # s; 0: nothing expires
    sliding: bool  # a look starts the time to live again
    rate: float  # looks a second


def weights(
    popularity: Popularity, count: int, exponent: float, tiers: tuple[tuple[float, float], ...]
) -> Array:
    """How often each item is asked for; the weights are not normed."""
    if tiers:
        parts = [np.full(max(1, round(items)), share / max(1, round(items))) for items, share in tiers]
        return np.concatenate(parts)
    if popularity.uniform:
        return np.ones(count)
    return np.arange(1, count + 1, dtype=np.float64) ** -exponent


def keys(popular: Array, count: int, rng: np.random.Generator) -> Indices:
    """So many independent looks at items of these weights."""
    sums = np.cumsum(popular)
    chosen: Indices = np.searchsorted(sums, rng.random(count) * sums[-1], side="right")
    return chosen


def looks(cache: Cache, asked: Indices, rng: np.random.Generator) -> Array:
    """Which of the looks are hits: 1 or 0; what has expired is dropped when it is looked at."""
    hits = np.zeros(len(asked))
    times = (
        np.cumsum(rng.exponential(1.0 / cache.rate, len(asked))) if cache.ttl > 0 else np.zeros(len(asked))
    )
    ends: OrderedDict[int, float] = OrderedDict()
    slots: list[int] = []  # the items in no order, for a policy that drops any
    where: dict[int, int] = {}
    share = iter(rng.random(len(asked)).tolist())
    ttl, lru, room = cache.ttl, cache.policy == "lru", cache.room
    for number, (key, now) in enumerate(zip(asked.tolist(), times.tolist(), strict=True)):
        end = ends.get(key)
        if end is not None and (not ttl or now < end):
            hits[number] = 1.0
            if lru:
                ends.move_to_end(key)
            if cache.sliding:
                ends[key] = now + ttl
            continue
        if end is not None:
            ends[key] = now + ttl
            ends.move_to_end(key)
            continue
        if len(ends) >= room:
            if cache.policy == "random":
                slot = int(next(share) * room)
                gone = slots[slot]
                del ends[gone], where[gone]
                slots[slot], where[key] = key, slot
            else:
                ends.popitem(last=False)
        elif cache.policy == "random":
            where[key] = len(slots)
            slots.append(key)
        ends[key] = now + ttl
    return hits


def hit_ratio(cache: Cache, popular: Array, count: int, seed: int) -> Measure | None:
    """The simulated hit ratio, after so many looks that the cache has filled several times."""
    rng = np.random.default_rng(seed)
    if cache.room < 1:
        return mean(even(np.zeros(count)))
    if cache.room >= len(popular) and not cache.ttl:
        return mean(even(np.ones(count)))
    warm = _FILLS * min(cache.room, len(popular))
    hits = looks(cache, keys(popular, warm + count, rng), rng)
    return mean(even(hits[warm:]))


def computed_hits(solution: Solution, count: int, seed: int) -> tuple[dict[Path, Measure], list[str]]:
    """The hit ratio of every cache for which the solver computed one, and which could not be simulated."""
    found: dict[Path, Measure] = {}
    left_out: list[str] = []
    asked: dict[str, set[str]] = {}
    for tree in solution.trees.values():
        for call in calls(tree):
            if call.miss is not None:
                asked.setdefault(call.place[0], set()).add(call.entity)
                if "miss" in call.path:
                    asked[call.place[0]].add("what another cache misses")
    for name, entities in asked.items():
        path: Path = ("components", name, "hit")
        record = solution.records.get(path)
        if record is None or ("components", name, "look_ups") not in solution.records:
            continue
        if getattr(solution.design.components[name], "jitter", None) is not None:
            left_out.append(f"the hit ratio of {name}: times to live that differ from item to item")
            continue
        if solution.design.regions or len(entities) != 1:
            left_out.append(
                f"the hit ratio of {name}: it is not asked for one entity alone, by the same callers"
            )
            continue
        measure = _simulated(name, entities.pop(), solution, count, seed)
        if measure is None:
            left_out.append(f"the hit ratio of {name}: its keys are more than can be simulated")
        else:
            found[path] = measure
    return found, left_out


def _simulated(name: str, entity: str, solution: Solution, count: int, seed: int) -> Measure | None:
    spec = solution.design.components[name]
    stated = solution.design.entities[entity].popularity
    room = solution.value("components", name, "cached_items")
    assert stated is not None
    tiers = tuple(
        (
            solution.records["entities", entity, "popularity", "tiers", number, 0].value,
            solution.records["entities", entity, "popularity", "tiers", number, 1].value,
        )
        for number in range(len(stated.tiers))
    )
    items = solution.value("entities", entity, "count") or sum(items for items, _ in tiers)
    if room is None or not 1 <= items <= _MOST_KEYS or room > _MOST_ROOM:
        return None
    exponent = solution.value("entities", entity, "popularity", "zipf") or 0.0
    cache = Cache(
        int(room),
        getattr(spec, "policy", "lru"),
        solution.value("components", name, "ttl") or 0.0,
        bool(getattr(spec, "sliding", False)),
        solution.value("components", name, "look_ups") or 1.0,
    )
    return hit_ratio(cache, weights(stated, int(items), exponent, tiers), count, seed)
