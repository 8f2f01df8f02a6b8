"""The schedule: how long to simulate, how much of that is warm-up, and what is too slow to settle."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sdplan.simulate.nodes import kind_counts
from sdplan.simulate.observed import BATCHES, Observed, Samples
from sdplan.simulate.plan import Layout, Plan
from sdplan.solve.compile import WRITES
from sdplan.solve.tree import Call, Choice, Node, Place

_VISITS_A_RUN = 20.0  # that a run may make on average before fewer runs are simulated
_MOST_VISITS = 3e5  # of one run
_WARM_SHARE = 0.02
_MOST_WARM = 5.0  # windows
_STAYS = 4.0  # of the longest way through a tree, as warm-up
_RELAXATIONS = 20.0  # of a queue, as warm-up
_GROWTH = 1.3
_SETTLED = 100.0  # of a queue, for it to be measured


class Schedule(NamedTuple):
    """Simulated time: a warm-up and then the window that is measured [s]."""

    warm: float
    window: float
    short: bool = False  # calls take so long that no warm-up is long enough


class Visited(NamedTuple):
    """How many visits a run makes at the nodes of a place, and how much work they are [s]."""

    place: Place
    visits: float
    work: float


def visited(node: Node, plan: Plan, tree: str, times: float = 1.0) -> Iterator[Visited]:
    """The visits of one run, when nothing fails."""
    if isinstance(node, Choice):
        for way in node.branches:
            yield from visited(way.node, plan, tree, times * way.share)
    elif not isinstance(node, Call):
        for item in node.items:
            yield from visited(item, plan, tree, times)
    else:
        times *= node.times * node.fan_out
        layout = plan.layouts[node.place]
        law = layout.law(node.op)
        visits = times * _nodes(layout, node.op)
        yield Visited(node.place, visits, visits * law.mean if law is not None else 0.0)
        yield from visited(node.body, plan, tree, times)
        if node.miss is not None:
            yield from visited(node.miss, plan, tree, times * (1.0 - plan.hits[tree, node.path]))


def _nodes(layout: Layout, op: str) -> float:
    spread = layout.spread
    if spread is None:
        return 1.0
    return float(spread.copies if op in WRITES else spread.read_answers)


def longest(node: Node, plan: Plan) -> float:
    """A time that a run hardly exceeds when nobody waits: the mean times of all its calls [s]."""
    if isinstance(node, Choice):
        return max((longest(way.node, plan) for way in node.branches if way.share > 0), default=0.0)
    if not isinstance(node, Call):
        return math.fsum(longest(item, plan) for item in node.items)
    layout = plan.layouts[node.place]
    law = layout.law(node.op)
    once = (law.mean if law is not None else 0.0) + layout.way(node).mean + longest(node.body, plan)
    if node.miss is not None:
        once += longest(node.miss, plan)
    return max(1.0, node.times) * once


def relaxations(plan: Plan) -> Mapping[Place, float]:
    """The time in which the queues of each place forget [s]; infinite where they never drain.

    The relaxation time of M/M/c in heavy traffic, E[S] / (c (1 - sqrt(rho))²).
    """
    work: dict[Place, float] = {}
    for source in plan.sources:
        if source.clients:  # who waits does not ask
            continue
        for place, _, seconds in visited(source.tree, plan, source.name):
            work[place] = work.get(place, 0.0) + source.rate * seconds
    return {place: _relaxation(plan.layouts[place], load) for place, load in work.items()}


def _relaxation(layout: Layout, load: float) -> float:
    servers = layout.workers if layout.works_on_worker else layout.servers
    slowest = max((law.mean for law in layout.laws.values()), default=0.0)
    if servers <= 0.0 or slowest <= 0.0:
        return slowest
    hot = 1.0
    if layout.spread is not None and layout.queues > 1:
        hot = min(layout.spread.skew, layout.spread.shards)
    busy = hot * load / (servers * sum(kind_counts(layout).values()))
    return slowest / (servers * (1.0 - math.sqrt(busy)) ** 2) if busy < 1.0 else math.inf


def schedule(plan: Plan, runs: int) -> Schedule:
    """So long that about `runs` runs begin in the window, or fewer where each makes many calls."""
    rate = sum(source.rate for source in plan.sources)
    if rate <= 0.0:
        return Schedule(0.0, 0.0)
    visits = math.fsum(
        source.rate * one.visits for source in plan.sources for one in visited(source.tree, plan, source.name)
    )
    window = min(runs / rate, _VISITS_A_RUN * runs / visits if visits > 0 else math.inf)
    stays = max(longest(source.tree, plan) for source in plan.sources)
    slowest = max((time for time in relaxations(plan).values() if time < window), default=0.0)
    warm = _WARM_SHARE * window + _STAYS * stays + _RELAXATIONS * slowest
    most = _MOST_WARM * window
    return Schedule(min(warm, most), window, short=warm > most)


def unsettled(plan: Plan, time: Schedule, seen: Observed) -> list[Place]:
    """Places whose queues need longer to settle than was simulated; those with a bound settle at once.

    More work than servers can do need not pile up, where callers give up: there it is seen whether it does.
    """
    return [
        place
        for place, relaxation in relaxations(plan).items()
        if _SETTLED * relaxation > time.window
        and plan.layouts[place].room == math.inf
        and not plan.layouts[place].patience
        and (relaxation < math.inf or any(_grows(kind.waits) for kind in seen.places[place]))
    ]


def _grows(waits: Samples) -> bool:
    """Whether the waits of the last quarter are much longer than those of the first."""
    quarter = BATCHES // 4
    first = waits.values[: waits.edges[quarter]]
    last = waits.values[waits.edges[-1 - quarter] :]
    return not len(first) or not len(last) or float(last.mean()) > _GROWTH * float(first.mean())


def too_many(plan: Plan) -> list[str]:
    """The flows of which one run makes more calls than can be simulated."""
    return [
        source.name
        for source in plan.sources
        if math.fsum(one.visits for one in visited(source.tree, plan, source.name)) > _MOST_VISITS
    ]
