"""Journeys: how long each part of a run takes, as a tree of laws that is built from its tree of calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from sdplan.distributions import percentiles, trees
from sdplan.distributions.grids import GridError
from sdplan.distributions.laws import Deterministic
from sdplan.distributions.percentile import Result
from sdplan.solve.law_trees import NOTHING, asked_for, in_a_row, never, stay, waited_for
from sdplan.solve.law_trees import Law as Law
from sdplan.solve.law_trees import Unstable as Unstable
from sdplan.solve.law_trees import together as together
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import hit_path
from sdplan.solve.network import ways
from sdplan.solve.quorums import answered
from sdplan.solve.stations import Station
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, needed
from sdplan.spec.design import Design

LEVELS: Mapping[str, float] = {
    "p50": 0.5,
    "p75": 0.75,
    "p90": 0.9,
    "p95": 0.95,
    "p99": 0.99,
    "p99.9": 0.999,
    "p99.99": 0.9999,
}
Pools = Mapping[Place, trees.Node | Unstable]
"""The wait for a free worker of each place that has workers to wait for."""
_Asked = TypeVar("_Asked", bound=Node)


def composed(law: trees.Node, levels: tuple[float, ...]) -> Result | None:
    """The percentiles of a law, or nothing where its times lie too far apart for any grid."""
    try:
        return percentiles(law, levels)
    except GridError:
        return None


class Journey:
    """Builds the law of a run from the stations that it visits."""

    def __init__(
        self, design: Design, stations: Mapping[Place, Station], pools: Pools, ledger: Ledger
    ) -> None:
        self.design = design
        self.stations = stations
        self.pools = pools
        self.ledger = ledger
        self._known: dict[tuple[str, int], tuple[Node, Law]] = {}
        self._stays: dict[tuple[Place, str], Law] = {}

    def without(self, place: Place) -> Journey:
        """The same journey with one station that takes no time."""
        others = {other: station for other, station in self.stations.items() if other != place}
        pools = {other: pool for other, pool in self.pools.items() if other != place}
        return Journey(self.design, others, pools, self.ledger)

    def unqueued(self, places: Collection[Place]) -> Journey:
        """The same journey with nothing to wait for at some stations."""
        free = {
            place: station._replace(wait=None) if place in places else station
            for place, station in self.stations.items()
        }
        return Journey(self.design, free, self.pools, self.ledger)

    def forget(self) -> None:
        """Build every law anew: a wait that went into some of them has changed."""
        self._known.clear()

    def _once_built(self, kind: str, node: _Asked, build: Callable[[_Asked], Law]) -> Law:
        """A law that several ask for, built for the first of them; nodes are told apart by identity."""
        found = self._known.get((kind, id(node)))
        if found is None:
            found = node, build(node)
            self._known[kind, id(node)] = found
        return found[1]

    def law(self, node: Node) -> Law:
        """How long a node takes, from when it starts to when its caller goes on."""
        return self._once_built("law", node, self._law)

    def _law(self, node: Node) -> Law:
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Choice):
            return together([(way.share, self.law(way.node)) for way in node.branches])
        laws = [self.law(item) for item in node.items]
        unstable = next((law for law in laws if isinstance(law, Unstable)), None)
        if unstable is not None:
            ends = node.timeout if isinstance(node, Parallel) else None
            return unstable if ends is None else never(ends)
        parts = tuple(law for law in laws if not isinstance(law, Unstable))
        if not isinstance(node, Parallel):
            return trees.Series(parts)
        joined: trees.Node = trees.ForkJoin(parts, needed(node.need, len(parts))) if parts else NOTHING
        return trees.Timeout(joined, node.timeout) if node.timeout is not None else joined

    def call(self, call: Call) -> Law:
        """One call with all its options, as its caller sees it."""
        if call.detached:
            return NOTHING
        law = self.tried(call)
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
            law = trees.FanOut(law, call.fan_out, asked_for(call.need))
        return trees.Repeat(law, call.times) if call.times != 1.0 else law

    def tried(self, call: Call) -> Law:
        """The attempts of a call, one after another until one succeeds."""
        law = self.attempt(call)
        if isinstance(law, Unstable) or not call.retries:
            return law
        return trees.retried(law, call.retries, call.backoff, call.jitter)

    def attempt(self, call: Call) -> Law:
        """One attempt, with the second call that hedges it, up to its timeout."""
        return self._once_built("attempt", call, self._attempt)

    def _attempt(self, call: Call) -> Law:
        law = self.once(call)
        if isinstance(law, Unstable):
            return law if call.timeout is None else never(call.timeout)
        delay = self.hedge_delay(call, law)
        if delay is not None:
            law = trees.hedged(law, delay, call.shared_slowness or 0.0)
        return trees.Timeout(law, call.timeout) if call.timeout is not None else law

    def hedge_delay(self, call: Call, law: trees.Node) -> float | None:
        """After how many seconds the second call starts; nothing where there is none."""
        if not isinstance(call.hedge, str):
            return call.hedge
        result = composed(law, (LEVELS[call.hedge],))
        return None if result is None else result.quantiles.get(LEVELS[call.hedge])

    def once(self, call: Call) -> Law:
        """The call itself: the way there, the wait for a worker, the stay and what it calls in turn."""
        return self._once_built("once", call, self._once)

    def _once(self, call: Call) -> Law:
        held = self.held(call)
        if isinstance(held, Unstable):
            return held
        pool = NOTHING if call.place[0] in self.design.lost else self.pool(call.place)
        if isinstance(pool, Unstable):
            return pool
        return in_a_row([self.way(call), pool, held])

    def pool(self, place: Place) -> Law:
        """The wait for a worker of a place."""
        return waited_for(self.pools.get(place, NOTHING))

    def way(self, call: Call) -> trees.Node:
        """The round trips to a callee and back."""
        trips = ways(call, self.ledger)
        if len(trips) == 1:
            return trees.Hop(Deterministic(trips[0][1])) if trips[0][1] else NOTHING
        return trees.Branch(tuple((share, trees.Hop(Deterministic(time))) for share, time in trips))

    def held(self, call: Call) -> Law:
        """The time for which a call keeps its worker: its own, and that of what it calls."""
        return self._once_built("held", call, self._held)

    def _held(self, call: Call) -> Law:
        own, body = self.own(call.place, call.op), self.law(call.body)
        if isinstance(own, Unstable):
            return own
        if isinstance(body, Unstable):
            return body
        parts = [answered(self.design, call, own, self.followed(call.place, call.op, own), self.ledger), body]
        if call.miss is not None and call.miss_inside:
            missed = self.law(call.miss)
            if isinstance(missed, Unstable):
                return missed
            hit = self.ledger.value(hit_path(call, self.ledger))
            parts.append(trees.Branch(((hit, NOTHING), (1.0 - hit, missed))))
        return in_a_row(parts)

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
        found = self._stays.get((place, op))
        if found is None:
            found = self._stays[place, op] = self._own(place, op)
        return found

    def _own(self, place: Place, op: str) -> Law:
        if place[0] in self.design.lost:
            return trees.Hop(Deterministic(0.0), 1.0)
        station = self.stations.get(place)
        if station is None:
            return NOTHING
        if not station.stable:
            return Unstable(place)
        return stay(station, op)

    def followed(self, place: Place, op: str, own: trees.Node) -> trees.Node:
        """The stay at a copy that is not the leader."""
        station = self.stations.get(place)
        followers = None if station is None else station.followers
        return own if followers is None else stay(followers, op)
