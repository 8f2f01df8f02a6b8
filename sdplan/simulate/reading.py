"""Readings: from what was seen to numbers, under the paths that the solver's own numbers have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sdplan.findings import Path
from sdplan.simulate.measures import (
    Measure,
    counted,
    mean,
    of_batches,
    percentiles,
    ratio,
    seldom_mean,
    share,
)
from sdplan.simulate.observed import NodesSeen, Observed, RunsSeen, Samples
from sdplan.simulate.plan import SUFFIXES, Layout, Plan
from sdplan.solve.runs import place_id

LEVELS = {"p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999, "p99.99": 0.9999}
_LEADS = 1.1
Numbers = Iterator[tuple[Path, Measure | None]]


def numbers(plan: Plan, seen: Observed) -> dict[Path, Measure]:
    """Every number of a simulation; one with too few samples is left out."""
    found: dict[Path, Measure] = {}
    for source in plan.sources:
        path: Path = ("flows", source.name)
        found |= _known(_of_runs(path, seen.flows[source.name], seen.batch, plan.point))
    for place, nodes in seen.places.items():
        found |= _known(_of_nodes(plan.layouts[place], nodes, seen.batch, plan.point))
    return found


def _known(found: Numbers) -> Mapping[Path, Measure]:
    return {path: measure for path, measure in found if measure is not None}


def _of_runs(path: Path, runs: RunsSeen, batch: float, point: str) -> Numbers:
    suffix = SUFFIXES[point]
    count = int(runs.started.sum())
    if count:
        yield (*path, f"{point}_rate"), of_batches(runs.started / batch, count)
    failed = np.isnan(runs.times.values)
    yield (*path, f"timeouts{suffix}"), share(runs.times, failed)
    yield from _times((*path, f"latency{suffix}"), _only(runs.times, ~failed))
    yield from _times((*path, f"freshness{suffix}"), runs.fresh)


def _only(samples: Samples, wanted: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Samples:
    counts = np.concatenate(([0], np.cumsum(wanted)))
    return Samples(samples.values[wanted], tuple(int(counts[edge]) for edge in samples.edges))


def _times(path: Path, samples: Samples) -> Numbers:
    yield (*path, "mean"), mean(samples)
    for name, measure in percentiles(samples, LEVELS).items():
        yield (*path, name), measure


def _load(kind: NodesSeen) -> float:
    """How busy the nodes of a kind are; of nearly equal ones the leaders count, for they answer."""
    load = float((kind.busy + kind.held).sum()) / kind.nodes
    return load if "follower" in kind.name else load * _LEADS


def _of_nodes(layout: Layout, kinds: tuple[NodesSeen, ...], batch: float, point: str) -> Numbers:
    """The whole component's rate, and what was seen at the busiest kind of its nodes."""
    suffix = SUFFIXES[point]
    path: Path = ("components", place_id(layout.place))
    busiest = max(kinds, key=_load)
    calls = int(busiest.calls.sum())
    if not calls:
        return
    stay = float(busiest.stays.values.mean()) if len(busiest.stays.values) else 0.0
    unit = "workers" if layout.works_on_worker else "cores"
    servers = layout.workers if layout.works_on_worker else layout.servers
    if servers > 0.0:
        used = busiest.busy / (batch * busiest.nodes * servers)
        yield (*path, f"utilization{suffix}", unit), of_batches(used, calls)
    if layout.workers > 0.0:
        held = busiest.held / (batch * busiest.nodes)
        yield (*path, f"held_workers{suffix}"), of_batches(held, calls)
        yield (*path, f"residence{suffix}"), ratio(busiest.held, busiest.calls - busiest.refused, calls)
        yield (*path, f"worker_wait{suffix}"), seldom_mean(busiest.worker_waits, stay)
    wait = seldom_mean(busiest.waits, stay)
    yield (*path, f"wait{suffix}"), wait
    for name, measure in percentiles(busiest.waits, LEVELS).items():
        yield (*path, f"wait{suffix}", name), measure._replace(scale=wait.scale if wait is not None else 0.0)
    yield (*path, f"refused{suffix}"), counted(busiest.refused, busiest.calls)
    yield from _times((*path, f"latency{suffix}"), busiest.stays)
