"""Forward: the quick simulation of plans whose calls only feed forward."""

from __future__ import annotations

import numpy as np

from sdplan.distributions.normal import Array
from sdplan.simulate.columns import Columns, End, Outcome
from sdplan.simulate.later import Feedback, Later
from sdplan.simulate.observed import BATCHES, Observed, RunsSeen, Samples, even
from sdplan.simulate.plan import Layout, Plan, Source
from sdplan.simulate.schedule import Schedule
from sdplan.simulate.stations import Station
from sdplan.solve.compile import WRITES
from sdplan.solve.tree import Call, calls


def feeds_forward(plan: Plan) -> bool:
    """Whether a plan can be simulated by columns: tried out with no runs at all."""
    if not all(_is_simple(source, plan) for source in plan.sources):
        return False
    try:
        simulate_columns(plan, Schedule(0.0, 0.0), 0)
    except Feedback:
        return False
    return True


def _is_simple(source: Source, plan: Plan) -> bool:
    if source.trigger is not None or source.clients:
        return False
    made = list(calls(source.tree))
    looks = [(call.place, call.entity) for call in made if call.miss is not None and call.entity]
    return len(looks) == len(set(looks)) and all(_is_plain(call, plan.layouts[call.place]) for call in made)


def _is_plain(call: Call, layout: Layout) -> bool:
    """One attempt at one node that keeps nobody else's worker waiting."""
    spread = layout.spread
    nests = call.miss_inside or any(True for _ in calls(call.body))
    return (
        call.times == call.fan_out == 1.0
        and not call.retries
        and call.hedge is None
        and not call.cancel
        and layout.room == float("inf")
        and not layout.patience
        and not layout.down
        and layout.balance != "least-requests"
        and (not layout.workers or (layout.works_on_worker and not nests))
        and (spread is None or spread.copies == 1 or _asks_one(call, layout))
    )


def _asks_one(call: Call, layout: Layout) -> bool:
    assert layout.spread is not None
    return call.op not in WRITES and layout.spread.read_answers == 1 and layout.queues > 1


def simulate_columns(plan: Plan, time: Schedule, seed: int) -> Observed:
    """Station by station, all runs at once: a million calls a second and more."""
    rng = np.random.default_rng(seed)
    stations = {place: Station(layout, rng) for place, layout in plan.layouts.items()}
    end = time.warm + time.window + time.warm
    begun: dict[str, Later[Array]] = {}
    ends: dict[str, End] = {}
    extra: list[End] = []
    for source in plan.sources:
        hits = {path: hit for (tree, path), hit in plan.hits.items() if tree == source.name}
        columns = Columns(stations, hits, rng)
        begun[source.name] = Later(lambda rate=source.rate: _arrivals(rate, end, rng))  # type: ignore[misc]
        ends[source.name] = columns.of(source.tree, begun[source.name])
        extra += columns.detached
    for later in extra:
        later()
    batch = time.window / BATCHES
    flows = {name: _runs(begun[name](), ends[name](), time.warm, batch) for name in ends}
    places = {place: station.seen(time.warm, batch) for place, station in stations.items()}
    return Observed(batch, flows, places, whole=True)


def _arrivals(rate: float, end: float, rng: np.random.Generator) -> Array:
    """A Poisson stream from 0 to `end`."""
    count = rng.poisson(rate * end)
    gaps = rng.exponential(1.0, count + 1)
    sums = np.cumsum(gaps)
    begun: Array = sums[:-1] * (end / sums[-1])
    return begun  # given how many there are, they lie evenly


def _runs(begun: Array, outcome: Outcome, warm: float, batch: float) -> RunsSeen:
    edges = np.searchsorted(begun, warm + batch * np.arange(BATCHES + 1))
    window = slice(int(edges[0]), int(edges[-1]))
    times = (outcome.end - begun)[window]
    if outcome.good is not None:
        times = np.where(outcome.good[window], times, np.nan)
    marks = tuple(int(edge - edges[0]) for edge in edges)
    return RunsSeen(np.diff(edges).astype(np.float64), Samples(times, marks), even(np.zeros(0)), 0)
