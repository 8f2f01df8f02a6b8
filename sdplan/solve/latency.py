"""Latency: what a flow waits for, as a tree of laws, and its percentiles.

Distributions are composed, percentiles are never added.  Hops are taken as independent of each other;
where that is known to fall short the number is labelled a bound or an approximation and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from sdplan.distributions import Result, percentiles, trees
from sdplan.distributions.grids import GridError
from sdplan.distributions.laws import Deterministic, Exponential
from sdplan.distributions.queue_laws import Sojourn, Wait
from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Run, hit_path, place_id
from sdplan.solve.solution import Label, Record
from sdplan.solve.stations import Station
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, calls, needed
from sdplan.units import DURATION, NUMBER

LEVELS: Mapping[str, float] = {
    "p50": 0.5,
    "p75": 0.75,
    "p90": 0.9,
    "p95": 0.95,
    "p99": 0.99,
    "p99.9": 0.999,
    "p99.99": 0.9999,
}
NOTHING = trees.Series(())
_NOISE = 1e-12  # failures rarer than this are noise of the grid, not a result


class Unstable(NamedTuple):
    """A queue that grows without bound, and so a latency that does not exist."""

    place: Place


Law = trees.Node | Unstable


class Journey:
    """Builds the law of a run from the stations that it visits."""

    def __init__(self, stations: Mapping[Place, Station], rtts: Mapping[str, float], ledger: Ledger) -> None:
        self.stations = stations
        self.rtts = rtts
        self.ledger = ledger

    def without(self, place: Place) -> Journey:
        """The same journey with one station that takes no time."""
        others = {other: station for other, station in self.stations.items() if other != place}
        return Journey(others, self.rtts, self.ledger)

    def law(self, node: Node) -> Law:
        """How long a node takes, from when it starts to when its caller goes on."""
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Choice):
            return _together([(way.share, self.law(way.node)) for way in node.branches])
        laws = [self.law(item) for item in node.items]
        unstable = next((law for law in laws if isinstance(law, Unstable)), None)
        if unstable is not None:
            return unstable
        parts = tuple(law for law in laws if not isinstance(law, Unstable))
        if not isinstance(node, Parallel):
            return trees.Series(parts)
        joined: trees.Node = trees.ForkJoin(parts, needed(node.need, len(parts))) if parts else NOTHING
        return trees.Timeout(joined, node.timeout) if node.timeout is not None else joined

    def call(self, call: Call) -> Law:
        """One call with all its options, as its caller sees it."""
        if call.detached:
            return NOTHING
        law = self.attempt(call)
        if isinstance(law, Unstable):
            return law
        if call.miss is not None and not call.miss_inside:
            law = self.missed(call, law)
            if isinstance(law, Unstable):
                return law
        if call.fallback is not None:
            other = self.law(call.fallback)
            if isinstance(other, Unstable):
                return other
            law = trees.Fallback(law, other)
        if call.optional and call.miss is None:
            law = trees.Optional(law)
        if call.fan_out != 1.0:
            law = trees.FanOut(law, call.fan_out, _need(call.need))
        return trees.Repeat(law, call.times) if call.times != 1.0 else law

    def attempt(self, call: Call) -> Law:
        """The call itself: the way there, the stay, what it calls in turn, up to its timeout."""
        held = self.held(call)
        if isinstance(held, Unstable):
            return held
        there = self.rtts.get(call.place[0], 0.0) + call.distance
        law = trees.Series((trees.Hop(Deterministic(there)), held)) if there else held
        return trees.Timeout(law, call.timeout) if call.timeout is not None else law

    def held(self, call: Call) -> Law:
        """The time for which a call keeps its worker: its own, and that of what it calls."""
        own, body = self.own(call.place, call.op), self.law(call.body)
        for law in (own, body):
            if isinstance(law, Unstable):
                return law
        parts = [law for law in (own, body) if not isinstance(law, Unstable) and law != NOTHING]
        if call.miss is not None and call.miss_inside:
            missed = self.law(call.miss)
            if isinstance(missed, Unstable):
                return missed
            hit = self.ledger.value(hit_path(call, self.ledger))
            parts.append(trees.Branch(((hit, NOTHING), (1.0 - hit, missed))))
        return parts[0] if len(parts) == 1 else trees.Series(tuple(parts))

    def missed(self, call: Call, look: trees.Node) -> Law:
        """Cache-aside: the caller looks, and on a miss goes on itself; a look that fails is a miss too."""
        assert call.miss is not None
        missed = self.law(call.miss)
        if isinstance(missed, Unstable):
            return missed
        hit = self.ledger.value(hit_path(call, self.ledger))
        hits, misses = look, trees.Series((trees.Optional(look), missed))
        return trees.Branch(((hit, trees.Fallback(hits, missed)), (1.0 - hit, misses)))

    def own(self, place: Place, op: str) -> Law:
        """The stay at a station: its wait and the own time of the operation."""
        station = self.stations.get(place)
        if station is None:
            return NOTHING
        if not station.stable:
            return Unstable(place)
        service = station.services.get(op)
        if service is None:
            return NOTHING
        if station.wait is None:
            return trees.Hop(service, station.refused)
        if isinstance(service, Exponential) and isinstance(station.wait, Wait):
            wait = station.wait
            stay = Sojourn(service_time=service.mean, waiting=wait.waiting, rate=wait.rate)
            return trees.Hop(stay, station.refused)
        return trees.Series((trees.Hop(station.wait, station.refused), trees.Hop(service)))


def _need(need: str) -> trees.Need:
    return "all" if need == "all" else "any" if need == "any" else int(need)


def _together(options: list[tuple[float, Law]]) -> Law:
    stable = []
    for share, law in options:
        if isinstance(law, Unstable):
            if share > 0:
                return law
            continue
        stable.append((share, law))
    return trees.Branch(tuple(stable))


class Trust(NamedTuple):
    """How far a composed number may be trusted, and what it was composed of."""

    label: Label
    note: str
    word: str
    inputs: tuple[tuple[str, Path], ...]
    prefix: Literal["", "at least "] = ""

    def record(self, path: Path, value: float) -> Record:
        return Record(
            path, value, DURATION, self.label, self.word, self.inputs, self.note, prefix=self.prefix
        )


def composed(law: trees.Node, levels: Iterable[float]) -> Result | None:
    """The percentiles of a law, or nothing where its times lie too far apart for any grid."""
    try:
        return percentiles(law, levels)
    except GridError:
        return None


def enter_percentiles(path: Path, name: str, law: Law, trust: Trust, ledger: Ledger) -> None:
    """The mean and the percentiles of a law, or the reason why there are none."""
    if isinstance(law, Unstable):
        reason = f"{place_id(law.place)} is overloaded, so its queue grows without bound"
        ledger.missing[(*path, name)] = reason
        return
    result = composed(law, LEVELS.values())
    if result is None:
        ledger.missing[(*path, name)] = "its parts take times too far apart to be composed"
        return
    if result.mean is None:
        ledger.missing[(*path, name)] = "no run succeeds"
        return
    ledger.enter(trust.record((*path, name, "mean"), result.mean))
    for level, share in LEVELS.items():
        ledger.enter(trust.record((*path, name, level), result.quantiles[share]))
    if path[0] == "flows" and name.startswith("latency"):
        failed = trust.record((*path, f"timeouts{name.removeprefix('latency')}"), _seen(result.failed))
        ledger.enter(failed._replace(dimension=NUMBER, formula="failed share", is_share=True, prefix=""))


def _seen(failed: float) -> float:
    return failed if failed > _NOISE else 0.0


def enter_lateness(run: Run, law: Law, ledger: Ledger) -> None:
    """The share of runs in which some call was too late, those that the run does without included."""
    if isinstance(law, Unstable):
        return
    result = composed(_hard(law), ())
    if result is not None:
        failed = _seen(result.failed)
        label: Label = "approximation" if failed else "exact"
        note = "times of different calls are taken as independent" if failed else ""
        ledger.write(
            Record((*run.path, "late"), failed, NUMBER, label, "failed share", note=note, is_share=True)
        )


def _hard(node: trees.Node) -> trees.Node:
    """The same calls with none of them optional and no fallback: every failure counts."""
    match node:
        case trees.Optional(inner) | trees.Fallback(inner, _):
            return _hard(inner)
        case trees.Series(items):
            return trees.Series(tuple(_hard(item) for item in items))
        case trees.Branch(options):
            return trees.Branch(tuple((share, _hard(item)) for share, item in options))
        case trees.ForkJoin(items, need):
            return trees.ForkJoin(tuple(_hard(item) for item in items), need)
        case trees.FanOut(inner, count, need):
            return trees.FanOut(_hard(inner), count, need)
        case trees.Repeat(inner, times):
            return trees.Repeat(_hard(inner), times)
        case trees.Timeout(inner, time):
            return trees.Timeout(_hard(inner), time)
        case _:
            return node


def flow_label(run: Run, stations: Mapping[Place, Station], ledger: Ledger, suffix: str) -> tuple[Label, str]:
    """How far the latency of a flow may be trusted, and why."""
    waited = [call for call in calls(run.tree) if call.place in stations and not call.detached]
    queues = [call.place for call in waited if stations[call.place].wait is not None]
    labels = {
        ledger.records[path].label
        for place in queues
        if (path := ("components", place_id(place), f"wait{suffix}")) in ledger.records
    }
    if _forks(run.tree):
        return "bound", "branches that run at once are taken as independent: at most"
    if len(queues) != len(set(queues)):
        return "approximation", "one queue is visited more than once; its waits are taken as independent"
    if len(queues) > 1:
        return "approximation", "waits of different queues are taken as independent"
    if "bound" in labels:
        return "bound", "arrivals at each replica as random: at most"
    return (
        ("approximation", "spread of service times by Allen and Cunneen")
        if "approximation" in labels
        else ("exact", "")
    )


def _forks(node: Node) -> bool:
    if isinstance(node, Call):
        forked = node.fan_out > 1.0 and not node.detached
        return forked or any(
            _forks(inner) for inner in (node.body, node.miss, node.fallback) if inner is not None
        )
    if isinstance(node, Choice):
        return any(_forks(way.node) for way in node.branches)
    return (isinstance(node, Parallel) and len(node.items) > 1) or any(_forks(item) for item in node.items)


def station_tree(station: Station, journey: Journey) -> Law:
    """The stay at a station, over the mix of what visits it."""
    if len(station.shares) == 1:
        return journey.own(station.place, next(iter(station.shares)))
    return _together([(share, journey.own(station.place, op)) for op, share in station.shares.items()])
