"""Cold caches: the load when no look-up hits, and what one popular item's expiry sends to its origin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from sdplan.findings import Path
from sdplan.solve.journey import Journey, Unstable, composed
from sdplan.solve.ledger import Ledger
from sdplan.solve.look_ups import as_it_hits, as_stated, is_stated, looked_up, lookups
from sdplan.solve.runs import Run, Site, hit_path, place_id, site_path
from sdplan.solve.solution import Record
from sdplan.solve.tree import Call, Choice, Node, Place, calls
from sdplan.spec.design import Design
from sdplan.units import DURATION, RATE, SIZE

_EMPTY = "every cache is empty, and nothing but misses changes"
_NEVER_MISSES = 1e-9


def cold_loads(runs: Iterable[Run], places: Mapping[Place, list[Site]], ledger: Ledger) -> None:
    """The peak rate of every component while no look-up hits, and how full that makes it."""
    cold: dict[Path, float] = {}
    behind: dict[Path, Path] = {}
    for run in runs:
        if any(call.miss is not None for call in calls(run.tree)):
            _warm_up(run, run.tree, 1.0, cold, behind, ledger)
    for place, sites in places.items():
        path: Path = ("components", place_id(place))
        rates = [cold.get(site.path, ledger.value(site.rate("peak_rate"))) for site in sites]
        hits = dict.fromkeys(behind[site.path] for site in sites if site.path in behind)
        if hits and math.fsum(rates) > ledger.value((*path, "peak_rate")) * (1 + 1e-9):
            _enter_cold(path, math.fsum(rates), tuple(hits), ledger)


def _enter_cold(path: Path, cold: float, hits: tuple[Path, ...], ledger: Ledger) -> None:
    warm, target = (*path, "peak_rate"), (*path, "cold_rate")
    inputs = (("peak_rate", warm), *((f"hit{n or ''}", hit) for n, hit in enumerate(hits)))
    ledger.enter(Record(target, cold, RATE, "exact", "no look-up hits", inputs, _EMPTY))
    used = (*path, "utilization")
    if ledger.has(used) and ledger.has(target) and ledger.value(warm) > 0:
        text = "utilization * cold_rate / peak_rate"
        names: dict[str, Path] = {"utilization": used, "cold_rate": target, "peak_rate": warm}
        note = "the mix of calls is taken to stay as it is"
        ledger.follow(
            (*path, "cold_utilization"), text, names, is_share=True, note=note, label="approximation"
        )


def _warm_up(
    run: Run, node: Node, more: float, cold: dict[Path, float], behind: dict[Path, Path], ledger: Ledger
) -> None:
    """The rate of every call when no look-up hits; `more` is how many times its usual rate."""
    if isinstance(node, Choice):
        for way in node.branches:
            _warm_up(run, way.node, more, cold, behind, ledger)
        return
    if not isinstance(node, Call):
        for item in node.items:
            _warm_up(run, item, more, cold, behind, ledger)
        return
    path = site_path(run, node)
    cold[path] = ledger.value((*path, "peak_rate")) * more
    for inner in (node.body, node.fallback):
        if inner is not None:
            _warm_up(run, inner, more, cold, behind, ledger)
    if node.miss is None:
        return
    hit = hit_path(node, ledger)
    misses = 1.0 - ledger.value(hit)
    behind |= {site_path(run, call): hit for call in calls(node.miss)}
    if misses > _NEVER_MISSES:
        _warm_up(run, node.miss, more / misses, cold, behind, ledger)
    else:
        _never_called(run, node.miss, cold[path], cold)


def _never_called(run: Run, node: Node, rate: float, cold: dict[Path, float]) -> None:
    """The rates behind a cache that never misses, which no number of the warm design tells."""
    if isinstance(node, Call):
        rate *= node.times * node.fan_out
        cold[site_path(run, node)] = rate
        for inner in (node.body, node.miss):
            if inner is not None:
                _never_called(run, inner, rate, cold)
    elif isinstance(node, Choice):
        for way in node.branches:
            _never_called(run, way.node, rate * way.share, cold)
    else:
        for item in node.items:
            _never_called(run, item, rate, cold)


def cache_sizes(design: Design, sites: Iterable[Site], ledger: Ledger) -> None:
    """Of each cache: the bytes that its hit ratio takes, and what half the misses would take."""
    from sdplan.formulas.item_streams import held_size, room_for

    sites = list(sites)
    for place in dict.fromkeys(site.call.place for site in sites if site.call.miss is not None):
        what = lookups(design, place, sites, ledger)
        looked = looked_up(sites, place)
        call = looked[0].call
        hit = hit_path(call, ledger)
        if ledger.has(hit) and not is_stated(hit, ledger):
            rates = [site.rate("mean_rate") for site in looked]
            ledger.fold(("components", place_id(place), "look_ups"), "sum", rates)
        if not what.streams or not ledger.has(hit):
            continue
        path: Path = ("components", place_id(place))
        asked, share = what.whole, ledger.value(hit)
        inputs = (("hit", hit), *((name, ("entities", name, "count")) for name in what.streams))
        cache = as_stated(design, place[0], math.inf, ledger)
        stated = is_stated(hit, ledger)
        needed = {"memory_needed": share} if stated else {"memory_for_half_the_misses": (1 + share) / 2}
        for name, wanted in needed.items():
            room = room_for(asked, cache, wanted)
            if math.isfinite(room):
                _size((*path, name), room, inputs, ledger)
            else:
                ledger.missing.setdefault((*path, name), "its time to live alone misses more than that")
        held = as_it_hits(design, what, call, ledger)
        if held is not None:
            _size((*path, "working_set"), held_size(asked, held), inputs, ledger)


def _size(path: Path, value: float, inputs: tuple[tuple[str, Path], ...], ledger: Ledger) -> None:
    note = "Che's approximation: independent requests"
    ledger.enter(Record(path, value, SIZE, "approximation", "Che's approximation", inputs, note))


def stampedes(design: Design, sites: Iterable[Site], journey: Journey, ledger: Ledger) -> None:
    """Of each cache: how many misses of its most popular item are under way at once after it has expired."""
    sites = list(sites)
    for site in sites:
        path: Path = ("components", place_id(site.call.place))
        if site.call.miss is None or ledger.has((*path, "miss_time")):
            continue
        law = journey.law(site.call.miss)
        result = None if isinstance(law, Unstable) else composed(law, ())
        if result is None or result.mean is None or not _hottest(design, site, sites, path, ledger):
            continue
        note = "mean of the steps after a miss while the caches are warm; waits are taken as independent"
        time = (*path, "miss_time")
        ledger.write(Record(time, result.mean, DURATION, "approximation", "composition", (), note))
        names = {"rate": (*path, "hottest_rate"), "time": time}
        if ledger.has(time):
            ledger.follow((*path, "stampede"), "rate * time", names)


def _hottest(design: Design, site: Site, sites: list[Site], path: Path, ledger: Ledger) -> bool:
    """The rate at peak at which the most popular item of a look-up is asked for, if it is known."""
    what = lookups(design, site.call.place, sites, ledger)
    mean = ledger.value(site.rate("mean_rate"))
    if site.call.entity not in what.streams or not mean > 0:
        return False
    stream = what.streams[site.call.entity]
    peak = ledger.value(site.rate("peak_rate"))
    rate = float(stream.rate[stream.items > 0].max()) * peak / mean
    note = f"the most popular {site.call.entity}, as its popularity says"
    inputs = (("peak_rate", site.rate("peak_rate")), ("items", ("entities", site.call.entity, "count")))
    ledger.enter(
        Record((*path, "hottest_rate"), rate, RATE, "exact", "share of the most popular", inputs, note)
    )
    return ledger.has((*path, "hottest_rate"))
