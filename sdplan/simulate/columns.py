"""Columns: a whole flow as arrays with one entry a run, worked out when they are asked for.

It works where calls only feed forward: no station is asked again after its own answer, no worker is held
over a nested call, nothing is retried.  Where that is not so, `Feedback` is raised.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sdplan.distributions.laws import Deterministic
from sdplan.distributions.normal import Array
from sdplan.simulate.draws import sample
from sdplan.simulate.later import Later
from sdplan.simulate.measures import Flags
from sdplan.simulate.stations import Station
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, needed


class Outcome(NamedTuple):
    """When each run's part ended [s], and whether it is good; nothing said is all good."""

    end: Array
    good: Flags | None = None


Begin = Later[Array]
End = Later[Outcome]


class Columns:
    """Lays the tree of one flow out as columns; every call is entered at its station."""

    def __init__(
        self,
        stations: dict[Place, Station],
        hits: dict[tuple[str | int, ...], float],
        rng: np.random.Generator,
    ) -> None:
        self.stations = stations
        self.hits = hits
        self.rng = rng
        self.detached: list[End] = []

    def of(self, node: Node, begin: Begin) -> End:
        """When a node ends that begins at these times."""
        if isinstance(node, Call):
            return self._call(node, begin)
        if isinstance(node, Choice):
            return self._choice(node, begin)
        if isinstance(node, Parallel):
            ends = [self.of(item, begin) for item in node.items]
            joined = _joined(ends, begin, needed(node.need, len(ends)))
            return joined if node.timeout is None else _bounded(joined, begin, node.timeout)
        end = Later(lambda: Outcome(begin()))
        for item in node.items:
            end = self._then(end, item)
        return end

    def _then(self, first: End, node: Node) -> End:
        """What follows where the first part was good."""
        second = self.of(node, Later(lambda: _picked(first().end, first().good)))
        return Later(lambda: _merged(first(), first().good, second()))

    def _choice(self, node: Choice, begin: Begin) -> End:
        shares = np.cumsum([way.share for way in node.branches])
        way = Later(lambda: np.searchsorted(shares, self.rng.random(len(begin())), side="right"))
        ends = [
            (number, self.of(branch.node, Later(lambda n=number: begin()[way() == n])))  # type: ignore[misc]
            for number, branch in enumerate(node.branches)
        ]

        def join() -> Outcome:
            end = Outcome(begin())
            for number, branch in ends:
                end = _merged(end, way() == number, branch())
            return end

        return Later(join)

    def _call(self, call: Call, begin: Begin) -> End:
        end = self._made(call, begin)
        if call.miss is not None and not call.miss_inside:
            end = self._looked(call, end)
        if call.fallback is not None:
            end = self._after_failure(end, call.fallback)
        if call.optional and call.miss is None:
            forgiven = end
            end = Later(lambda: Outcome(forgiven().end))
        if not call.detached:
            return end
        self.detached.append(end)
        return Later(lambda: Outcome(begin()))

    def _made(self, call: Call, begin: Begin) -> End:
        station = self.stations[call.place]
        there = station.layout.way(call)
        arrival = begin
        if there != Deterministic(0.0):
            arrival = Later(lambda: (start := begin()) + sample(there, len(start), self.rng))
        served = station.enter(call.op, arrival)
        end = self._then(Later(lambda: Outcome(served())), call.body)
        if call.miss is not None and call.miss_inside:
            end = self._missed(end, Later(lambda: self._draws(call, end().end)), call.miss)
        return end if call.timeout is None else _bounded(end, begin, call.timeout)

    def _draws(self, call: Call, times: Array) -> Flags:
        return self.rng.random(len(times)) < self.hits[call.path]

    def _looked(self, call: Call, look: End) -> End:
        """Cache-aside: what is not found, and what failed, the caller reads itself."""

        def found() -> Flags:
            hit = self._draws(call, look().end)
            good = look().good
            return hit if good is None else hit & good

        return self._missed(Later(lambda: Outcome(look().end)), Later(found), call.miss)

    def _missed(self, look: End, found: Later[Flags], node: Node | None) -> End:
        assert node is not None
        missing = Later(lambda: _and(look().good, ~found()))
        below = self.of(node, Later(lambda: look().end[missing()]))
        return Later(lambda: _merged(look(), missing(), below()))

    def _after_failure(self, first: End, node: Node) -> End:
        def failed() -> Flags:
            good = first().good
            return np.zeros(len(first().end), dtype=np.bool_) if good is None else ~good

        missing = Later(failed)
        other = self.of(node, Later(lambda: first().end[missing()]))
        return Later(lambda: _merged(first(), missing(), other()))


def _and(good: Flags | None, other: Flags) -> Flags:
    return other if good is None else good & other


def _picked(values: Array, chosen: Flags | None) -> Array:
    return values if chosen is None else values[chosen]


def _merged(whole: Outcome, chosen: Flags | None, part: Outcome) -> Outcome:
    """An outcome in which the chosen entries are those of a part."""
    if chosen is None:
        return part
    end = whole.end.copy()
    end[chosen] = part.end
    if whole.good is None and part.good is None:
        return Outcome(end)
    good = np.ones(len(end), dtype=np.bool_) if whole.good is None else whole.good.copy()
    good[chosen] = True if part.good is None else part.good
    return Outcome(end, good)


def _bounded(end: End, begin: Begin, timeout: float) -> End:
    def bound() -> Outcome:
        latest = begin() + timeout
        late = end().end > latest
        return Outcome(np.minimum(end().end, latest), _and(end().good, ~late))

    return Later(bound)


def _joined(ends: list[End], begin: Begin, need: int) -> End:
    """All at once: good at the end of the `need`-th good one, failed when the last has answered."""

    def join() -> Outcome:
        if not ends or need <= 0:
            return Outcome(begin())
        all_ends = np.stack([end().end for end in ends])
        good_ends = np.stack(
            [
                one.end if one.good is None else np.where(one.good, one.end, np.inf)
                for one in (e() for e in ends)
            ]
        )
        wanted = np.sort(good_ends, axis=0)[need - 1]
        good = np.isfinite(wanted)
        return Outcome(np.where(good, wanted, all_ends.max(axis=0)), None if good.all() else good)

    return Later(join)
