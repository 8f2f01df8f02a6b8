"""Revisits: a run that comes to one queue several times finds it as it left it.

Waits at one queue that follow each other closely are nearly the same wait: to take them as independent is
too good in the tail.  The other reading draws one wait for all visits of a run.  Simulated waits lie between
the two, nearer to the one or the other by the time between the visits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sdplan.distributions import trees
from sdplan.distributions.spread_waits import stretched
from sdplan.solve.journey import Journey, Unstable
from sdplan.solve.load import hit_path
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, calls
from sdplan.solve.trials import lost

_RARE = 1e-3  # share of runs that fail; of more, the times that are cut off matter
_MOST = 100  # visits of one run that are counted
Counts = dict[int, float]
"""How often a run comes by, with the probability of each number."""


def with_one_wait(tree: Node, journey: Journey) -> trees.Node | None:
    """The law of a run with one wait for all visits of a queue; nothing where no queue is visited twice."""
    waited = [call for call in calls(tree) if not call.detached]
    if any(call.hedge is not None for call in waited):
        return None
    counted: dict[Place, Counts] = {}
    for place in _visited_again(waited):
        station = journey.stations.get(place)
        if station is None or station.wait is None or not station.stable:
            continue
        counts = _visits(tree, place, journey)
        if any(count > 1 and share > 0.0 for count, share in counts.items()):
            counted[place] = counts
    if not counted:
        return None
    rest = journey.unqueued(counted).law(tree)
    if isinstance(rest, Unstable) or lost(rest) > _RARE:
        return None  # a wait in front of the run does not count against its timeouts
    return trees.Series((*(_wait(place, counts, journey) for place, counts in counted.items()), rest))


def _visited_again(waited: list[Call]) -> list[Place]:
    """The places that a run may come to more than once."""
    named = Counter(call.place for call in waited)
    again = any(call.times > 1.0 for call in waited)
    return [place for place, times in named.items() if again or times > 1]


def _wait(place: Place, counts: Counts, journey: Journey) -> trees.Node:
    """One wait, as often as the queue is visited."""
    law = journey.stations[place].wait
    assert law is not None
    return trees.Branch(
        tuple(
            (share, trees.Hop(stretched(law, float(count)))) for count, share in counts.items() if count > 0
        )
    )


def _visits(node: Node, place: Place, journey: Journey) -> Counts:
    """How often one passage through a node visits a place, one visit after another."""
    if isinstance(node, Call):
        return _call_visits(node, place, journey)
    if isinstance(node, Choice):
        return _mixed([(way.share, _visits(way.node, place, journey)) for way in node.branches])
    each = [_visits(item, place, journey) for item in node.items]
    counts: Counts = {0: 1.0}
    for one in each:
        counts = _combined(counts, one, largest=isinstance(node, Parallel))
    return counts


def _call_visits(call: Call, place: Place, journey: Journey) -> Counts:
    if call.detached:
        return {0: 1.0}
    counts = _visits(call.body, place, journey)
    if call.place == place:
        counts = {count + 1: share for count, share in counts.items()}
    if call.miss is not None:
        hit = journey.ledger.value(hit_path(call, journey.ledger))
        missed = _combined(counts, _visits(call.miss, place, journey), largest=False)
        counts = _mixed([(hit, counts), (1.0 - hit, missed)])
    whole = int(call.times)
    repeated: Counts = {0: 1.0}
    for _ in range(min(whole, _MOST)):
        repeated = _combined(repeated, counts, largest=False)
    once_more = _combined(repeated, counts, largest=False)
    return _mixed([(1.0 - call.times % 1.0, repeated), (call.times % 1.0, once_more)])


def _combined(one: Counts, other: Counts, *, largest: bool) -> Counts:
    found: Counts = {}
    for a, p in one.items():
        for b, q in other.items():
            count = min(max(a, b) if largest else a + b, _MOST)
            found[count] = found.get(count, 0.0) + p * q
    return found


def _mixed(options: list[tuple[float, Mapping[int, float]]]) -> Counts:
    found: Counts = {}
    for share, counts in options:
        for count, probability in counts.items():
            if share > 0.0:
                found[count] = found.get(count, 0.0) + share * probability
    return found
