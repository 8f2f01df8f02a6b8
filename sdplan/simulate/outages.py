"""Outages: components up or down by chance, and the share of runs that could succeed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sdplan.findings import Path
from sdplan.simulate.measures import Flags, Measure, share
from sdplan.simulate.observed import even
from sdplan.simulate.plan import SUFFIXES
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import hit_path, place_id
from sdplan.solve.solution import Solution
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, calls, needed
from sdplan.spec.components import Store

_MOST_COPIES = 64
_MOST_ZONES = 64


class TooMany(Exception):
    """More calls that draw each for themselves than can be simulated."""


def outages(
    solution: Solution, count: int, seed: int, point: str = "peak"
) -> tuple[dict[Path, Measure], list[str]]:
    """The unavailability of every flow over so many independent moments, and what could not be simulated."""
    if any(("regions", region, "unavailability") in solution.records for region in solution.design.regions):
        return {}, ["availability: the failover between regions"]
    rng, suffix = np.random.default_rng(seed), SUFFIXES[point]
    zones = _zones(solution, count, rng)
    ledger = Ledger(solution.records, solution.design.clock)
    found: dict[Path, Measure] = {}
    left_out: list[str] = []
    for name, tree in solution.trees.items():
        states: dict[Place, Flags] = {}
        for place in dict.fromkeys(call.place for call in calls(tree)):
            states[place] = _up(place, solution, suffix, zones, count, rng)
        for record, undegraded in (("unavailability", False), ("lost_quality", True)):
            try:
                good = _Reading(states, ledger, undegraded, count, rng).of(tree)
            except TooMany:
                left_out.append(f"the availability of {name}: its calls are more than can be simulated")
                break
            measure = share(even(good.astype(np.float64)), ~good)
            if measure is not None:
                found["flows", name, f"{record}{suffix}"] = measure
    return found, left_out


def _zones(solution: Solution, count: int, rng: np.random.Generator) -> list[Flags]:
    """Whether each zone is up, moment by moment; they are the same for all components."""
    down = solution.records.get(("zones", "unavailability"))
    most = max((_zone_count(name, solution) for name in solution.design.components), default=0)
    return [] if down is None else [rng.random(count) >= down.value for _ in range(min(most, _MOST_ZONES))]


def _zone_count(name: str, solution: Solution) -> int:
    return int(solution.value("components", name, "zones") or 0.0)


def _up(
    place: Place, solution: Solution, suffix: str, zones: list[Flags], count: int, rng: np.random.Generator
) -> Flags:
    """Whether a component can serve its load, moment by moment."""
    path: Path = ("components", place[0])
    spec, records = solution.design.components[place[0]], solution.records
    if getattr(spec, "down", False):
        return np.zeros(count, dtype=np.bool_)
    if (*path, "sla") in records:
        return rng.random(count) < records[*path, "sla"].value
    down = records.get((*path, "replica_unavailability"))
    needs = records.get(("components", place_id(place), f"replicas_required{suffix}"))
    if down is None or needs is None:
        return np.ones(count, dtype=np.bool_)
    replicas = round(records[*path, "copies" if isinstance(spec, Store) else "replicas"].value)
    common = records[*path, "common_cause"].value if spec.common_cause is not None else 0.0
    up = 1.0 - (1.0 - common) * down.value
    used = zones[: _zone_count(place[0], solution)]
    if not used:
        alone = rng.binomial(replicas, up, count)
    else:
        parts = [replicas // len(used) + (number < replicas % len(used)) for number in range(len(used))]
        alone = np.sum(
            [rng.binomial(part, up, count) * zone for part, zone in zip(parts, used, strict=True)], axis=0
        )
    return (alone >= needs.value) & (rng.random(count) >= common * down.value)


class _Reading:
    """One reading of a tree: which moments let a run succeed."""

    def __init__(
        self,
        states: dict[Place, Flags],
        ledger: Ledger,
        undegraded: bool,
        count: int,
        rng: np.random.Generator,
    ) -> None:
        self.states = states
        self.ledger = ledger
        self.undegraded = undegraded
        self.count = count
        self.rng = rng
        self.drawn: dict[object, Flags] = {}

    def of(self, node: Node) -> Flags:
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Choice):
            return self._choice(node)
        parts = [self.of(item) for item in node.items]
        if isinstance(node, Parallel):
            return self._at_least(needed(node.need, len(parts)), parts)
        good = np.ones(self.count, dtype=np.bool_)
        for part in parts:
            good &= part
        return good

    def _at_least(self, need: int, parts: list[Flags]) -> Flags:
        return np.sum(parts, axis=0) >= need if parts else np.ones(self.count, dtype=np.bool_)

    def _choice(self, node: Choice) -> Flags:
        draw = self.rng.random(self.count) * sum(way.share for way in node.branches)
        good = np.ones(self.count, dtype=np.bool_)
        passed = 0.0
        for way in node.branches:
            chosen = (draw >= passed) & (draw < passed + way.share)
            passed += way.share
            good = np.where(chosen, self.of(way.node), good)
        return good

    def _call(self, call: Call) -> Flags:
        if call.detached or call.is_fill:
            return np.ones(self.count, dtype=np.bool_)
        if call.optional and not self.undegraded and call.miss is None:
            return np.ones(self.count, dtype=np.bool_)
        return self._several(
            call.times, "all", lambda: self._several(call.fan_out, call.need, lambda: self._once(call))
        )

    def _several(self, mean: float, need: str, once: Callable[[], Flags]) -> Flags:
        """The same call so often, each with draws of its own; a fraction mixes its two neighbours."""
        if mean > _MOST_COPIES:
            raise TooMany
        parts = [once() for _ in range(math.ceil(mean))]
        least = int(mean)
        fewer = self._at_least(needed(need, least), parts[:least])
        if least == mean:
            return fewer
        more = self._at_least(needed(need, least + 1), parts)
        return np.where(self.rng.random(self.count) < mean - least, more, fewer)

    def _once(self, call: Call) -> Flags:
        good = self.states[call.place] & self.of(call.body)
        if call.miss is not None:
            good = self._missed(call, good)
        if call.fallback is not None and not self.undegraded:
            good = good | self.of(call.fallback)
        return good

    def _missed(self, call: Call, look: Flags) -> Flags:
        assert call.miss is not None
        hit = self._found(call)
        missed = self.of(call.miss)
        if call.miss_inside or self.undegraded:
            return look & (hit | missed)
        return (look & hit) | missed

    def _found(self, call: Call) -> Flags:
        """Looks for one entity in one run are one draw."""
        hit = self.ledger.value(hit_path(call, self.ledger))
        key = (call.place, call.entity, hit) if call.entity else object()
        if key not in self.drawn:
            self.drawn[key] = self.rng.random(self.count) < hit
        return self.drawn[key]
