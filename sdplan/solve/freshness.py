"""Freshness and backlog: how long after a message was published the run that it triggers ends."""

from __future__ import annotations

import math

from sdplan.distributions import Deterministic, trees
from sdplan.findings import Path
from sdplan.formulas.streams import backlog_growth
from sdplan.solve.bounds import BOTH
from sdplan.solve.latency import Journey, Trust, Unstable, enter_percentiles
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Run, place_id
from sdplan.solve.solution import Record
from sdplan.solve.stations import service_law
from sdplan.solve.tree import Call, Choice, Node, Parallel, calls, needed
from sdplan.spec.components import Store
from sdplan.spec.design import Design
from sdplan.units import DURATION

_NOTE = "the whole publishing run is counted, and a whole batch cycle: at most"


def freshness(design: Design, run: Run, published: Run | None, journey: Journey, ledger: Ledger) -> None:
    """From the start of the run that published to the end of this one; `max` is lag, batch cycle and run."""
    trigger = design.flows[run.flow].trigger
    assert trigger is not None
    stream = design.components[trigger.stream]
    lag = stream.lag if isinstance(stream, Store) else None
    lag_path: Path = ("components", trigger.stream, "lag")
    every: Path = ("flows", run.flow, "trigger", "every")
    parts = [
        journey.law(published.tree) if published is not None else trees.Series(()),
        journey.law(run.tree),
    ]
    unstable = next((part for part in parts if isinstance(part, Unstable)), None)
    inputs = _inputs(run, published, lag_path, every, ledger)
    if unstable is not None:
        ledger.missing[(*run.path, "freshness")] = (
            f"{place_id(unstable.place)} is overloaded, so its backlog grows without bound"
        )
        return
    law = [part for part in parts if not isinstance(part, Unstable)]
    if lag is not None:
        law.append(trees.Hop(service_law(lag, lag_path, ledger)))
    if ledger.has(every):
        law.append(trees.Hop(Deterministic(ledger.value(every))))
    trust = Trust("bound", _NOTE, "composition", inputs)
    if any(ledger.records[path].prefix == "at least " for _, path in inputs):
        trust = Trust("approximation", BOTH, "composition", inputs, "at least ")
    enter_percentiles(run.path, "freshness", trees.Series(tuple(law)), trust, ledger)
    _longest(run, lag is None or lag.fixed is not None, lag_path, every, journey, ledger)


def _inputs(
    run: Run, published: Run | None, lag: Path, every: Path, ledger: Ledger
) -> tuple[tuple[str, Path], ...]:
    found = [
        ("run", (*run.path, "latency", "mean")),
        ("lag", (*lag, "fixed")),
        ("lag", (*lag, "mean")),
        ("every", every),
    ]
    if published is not None:
        found.append(("published", (*published.path, "latency", "mean")))
    return tuple((name, path) for name, path in found if ledger.has(path))


def _longest(run: Run, lag_is_fixed: bool, lag: Path, every: Path, journey: Journey, ledger: Ledger) -> None:
    """The longest time there can be, which exists only where every part of it is fixed."""
    path = (*run.path, "freshness", "max")
    longest = longest_run(run.tree, journey)
    if longest is None or not lag_is_fixed:
        what = "a service time of the run" if longest is None else "the lag of the stream"
        ledger.missing[path] = f"{what} has no upper end: state it as `{{fixed: …}}`, or ask for a percentile"
        return
    whole = (*run.path, "longest_run")
    ledger.write(
        Record(
            whole,
            longest,
            DURATION,
            "exact",
            "longest way",
            (),
            "fixed times along the longest way; batches do not queue",
        )
    )
    inputs: dict[str, Path] = {"run": whole}
    for name, where in (("lag", (*lag, "fixed")), ("every", every)):
        if ledger.has(where):
            inputs[name] = where
    ledger.follow(path, " + ".join(name for name in ("lag", "every", "run") if name in inputs), inputs)


def longest_run(node: Node, journey: Journey) -> float | None:
    """The longest time that a run can take where all service times are fixed; nothing where one is not."""
    if isinstance(node, Call):
        return _longest_call(node, journey)
    if isinstance(node, Choice):
        times = [longest_run(way.node, journey) for way in node.branches if way.share > 0.0]
    else:
        times = [longest_run(item, journey) for item in node.items]
    known = [time for time in times if time is not None]
    if len(known) < len(times):
        return None
    if isinstance(node, Parallel):
        last = sorted(known)[needed(node.need, len(known)) - 1] if known else 0.0
        return last if node.timeout is None else min(last, node.timeout)
    return max(known, default=0.0) if isinstance(node, Choice) else sum(known)


def _longest_call(call: Call, journey: Journey) -> float | None:
    if call.detached:
        return 0.0
    station = journey.stations.get(call.place)
    law = station.services.get(call.op) if station is not None else None
    if law is not None and not isinstance(law, Deterministic):
        return None
    inside = (call.body, call.miss if call.miss_inside else None)
    after = (None if call.miss_inside else call.miss, call.fallback)
    held, later = (
        [longest_run(node, journey) for node in part if node is not None] for part in (inside, after)
    )
    known, followed = ([time for time in times if time is not None] for times in (held, later))
    if len(known) < len(held) or len(followed) < len(later):
        return None
    there = journey.rtts.get(call.place[0], 0.0) + call.distance
    answer = there + (law.mean if law is not None else 0.0) + sum(known)
    answer = answer if call.timeout is None else min(answer, call.timeout)
    return (answer + sum(followed)) * math.ceil(call.times)


def backlog(run: Run, ledger: Ledger) -> None:
    """What a triggered flow leaves unread each second, where the stations that run it cannot keep up."""
    growth = (*run.path, "backlog_growth")
    tightest: Path | None = None
    for call in calls(run.tree):
        capacity = ("components", place_id(call.place), "capacity")
        utilization = ("components", place_id(call.place), "utilization")
        if ledger.has(capacity) and ledger.value(utilization) > (
            ledger.value((*tightest[:-1], "utilization")) if tightest else 1.0
        ):
            tightest = capacity
    if tightest is None:
        ledger.default(growth, 0.0, ledger.records[(*run.path, "rate")].dimension)
        return
    ledger.apply(
        growth, backlog_growth, {"arrival_rate": (*tightest[:-1], "peak_rate"), "service_rate": tightest}
    )
