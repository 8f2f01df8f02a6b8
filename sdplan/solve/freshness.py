"""Freshness and backlog: how long after a message was published the run that it triggers ends."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sdplan.distributions import Deterministic, from_mean_and_scv, trees, uniform
from sdplan.findings import Path
from sdplan.formulas.streams import backlog_growth
from sdplan.solve.bounds import BOTH
from sdplan.solve.journey import Journey, Unstable
from sdplan.solve.latency import Trust, enter_percentiles
from sdplan.solve.ledger import Ledger
from sdplan.solve.network import longest_way
from sdplan.solve.runs import Run, Site, place_id
from sdplan.solve.service_times import service_law
from sdplan.solve.solution import Record
from sdplan.solve.tree import Call, Choice, Node, Parallel, calls, needed
from sdplan.spec.components import Store
from sdplan.spec.design import Design
from sdplan.units import DURATION

_NOTE = "the whole publishing run is counted: at most; messages come evenly over a batch cycle"


def freshnesses(
    design: Design, runs: Iterable[Run], sites: Iterable[Site], journey: Journey, ledger: Ledger
) -> None:
    """Freshness of every flow that messages trigger; of a chain, also from its very start."""
    sites = list(sites)
    for run in runs:
        if design.flows[run.flow].trigger is None:
            continue
        published = _publisher(design, run, sites, ledger)
        freshness(design, run, published, journey, ledger)
        if published is not None and design.flows[published.flow].trigger is not None:
            chain = _chain(design, run, sites, ledger)
            _age(design, run, chain, "freshness_from_source", journey, ledger)


def backlogs(design: Design, runs: Iterable[Run], ledger: Ledger) -> None:
    """The growth of the backlog of every flow that messages trigger."""
    for run in runs:
        if design.flows[run.flow].trigger is not None:
            backlog(run, ledger)


def _publisher(design: Design, run: Run, sites: Iterable[Site], ledger: Ledger) -> Run | None:
    """The run that publishes what triggers this one; the slowest, where there are several."""
    trigger = design.flows[run.flow].trigger
    assert trigger is not None
    writers = [
        site.run
        for site in sites
        if site.call.place[0] == trigger.stream and site.call.op != "read"
        if site.run.region in ("", run.region)
    ]
    return max(writers, key=lambda one: ledger.value((*one.path, "latency", "mean")), default=None)


def _chain(design: Design, run: Run, sites: Iterable[Site], ledger: Ledger) -> list[Run]:
    """The runs that lead to this one, the first one first."""
    sites = list(sites)
    chain = [run]
    while design.flows[chain[0].flow].trigger is not None:
        before = _publisher(design, chain[0], sites, ledger)
        if before is None:
            break
        chain.insert(0, before)
    return chain


def freshness(design: Design, run: Run, published: Run | None, journey: Journey, ledger: Ledger) -> None:
    """From the start of the run that published to the end of this one; `max` is lag, batch cycle and run."""
    chain = [run] if published is None else [published, run]
    if not _age(design, run, chain, "freshness", journey, ledger):
        return
    trigger = design.flows[run.flow].trigger
    assert trigger is not None
    stream = design.components[trigger.stream]
    lag = stream.lag if isinstance(stream, Store) else None
    lag_path: Path = ("components", trigger.stream, "lag")
    every: Path = ("flows", run.flow, "trigger", "every")
    if _gathering(run, ledger) is not None:
        why = "a batch without `every` waits for as long as it takes to fill: ask for a percentile"
        ledger.missing[(*run.path, "freshness", "max")] = why
        return
    _longest(run, lag is None or lag.fixed is not None, lag_path, every, journey, ledger)


def _age(design: Design, run: Run, chain: list[Run], name: str, journey: Journey, ledger: Ledger) -> bool:
    """The percentiles of the time from the start of a chain of runs to its end, if they exist."""
    law: list[trees.Node] = []
    inputs: list[tuple[str, Path]] = []
    for number, one in enumerate(chain):
        part = journey.law(one.tree)
        if isinstance(part, Unstable):
            why = f"{place_id(part.place)} is overloaded, so its backlog grows without bound"
            ledger.missing[(*run.path, name)] = why
            return False
        if number > 0:
            law += _before(design, one, inputs, ledger)
        law.append(part)
        inputs.append(("run" if one is run else "published", (*one.path, "latency", "mean")))
    if len(chain) == 1 and design.flows[run.flow].trigger is not None:
        law += _before(design, run, inputs, ledger)
    known = tuple(dict.fromkeys((word, path) for word, path in inputs if ledger.has(path)))
    trust = Trust("bound", _NOTE, "composition", known)
    if any(ledger.records[path].prefix == "at least " for _, path in known):
        trust = Trust("approximation", BOTH, "composition", known)
    enter_percentiles(run.path, name, trees.Series(tuple(law)), trust, ledger)
    return True


def _before(design: Design, run: Run, inputs: list[tuple[str, Path]], ledger: Ledger) -> list[trees.Node]:
    """What a message waits for before a run starts: the lag of its stream and the rest of its batch."""
    trigger = design.flows[run.flow].trigger
    assert trigger is not None
    stream = design.components[trigger.stream]
    lag: Path = ("components", trigger.stream, "lag")
    every: Path = ("flows", run.flow, "trigger", "every")
    law: list[trees.Node] = []
    if isinstance(stream, Store) and stream.lag is not None:
        law.append(trees.Hop(service_law(stream.lag, lag, ledger)))
        inputs += [("lag", (*lag, "fixed")), ("lag", (*lag, "mean"))]
    if ledger.has(every):
        law.append(trees.Hop(uniform(0.0, ledger.value(every))))
        inputs.append(("every", every))
    elif (path := _gathering(run, ledger)) is not None:
        others = ledger.value((*path[:-1], "batch_others"))
        if others > 0 and ledger.value(path) > 0:
            law.append(trees.Hop(from_mean_and_scv(mean=ledger.value(path), scv=1.0 / others)))
            inputs.append(("gathering", path))
    return law


def _gathering(run: Run, ledger: Ledger) -> Path | None:
    """Where it stands how long the first message of a batch waits for the others, at peak."""
    batch: Path = ("flows", run.flow, "trigger", "batch")
    every: Path = ("flows", run.flow, "trigger", "every")
    path = (*run.path, "batch_gathering")
    if not ledger.has(batch) or ledger.has(every) or ledger.value((*run.path, "peak_rate")) <= 0:
        return None
    if not ledger.has(path):
        others = (*run.path, "batch_others")
        ledger.follow(others, "max(0, batch - 1)", {"batch": batch})
        inputs = {"others": others, "batch": batch, "rate": (*run.path, "peak_rate")}
        note = "the first message of a batch waits for all the others"
        ledger.follow(path, "others / (rate * batch)", inputs, note=note)
    return path if ledger.has(path) else None


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
    there = longest_way(call, journey.ledger)
    answer = there + (law.mean if law is not None else 0.0) + sum(known)
    answer = answer if call.timeout is None else min(answer, call.timeout)
    return (answer + sum(followed)) * math.ceil(call.times)


def backlog(run: Run, ledger: Ledger) -> None:
    """What a triggered flow leaves unread each second, where the stations that run it cannot keep up.

    An overloaded station serves all that comes to it alike, so that each flow gets its part of the capacity.
    """
    growth, messages = (*run.path, "backlog_growth"), (*run.path, "messages", "peak_rate")
    busiest = max(
        (("components", place_id(call.place)) for call in calls(run.tree)),
        key=lambda path: ledger.value((*path, "utilization")) if ledger.has((*path, "capacity")) else 0.0,
        default=None,
    )
    if busiest is None or not ledger.has((*busiest, "capacity")) or not ledger.has(messages):
        ledger.default(growth, 0.0, ledger.records[(*run.path, "rate")].dimension)
        return
    served = (*run.path, "served_rate")
    inputs = {"messages": messages, "capacity": (*busiest, "capacity"), "calls": (*busiest, "peak_rate")}
    ledger.follow(served, "messages * capacity / calls", inputs)
    ledger.apply(growth, backlog_growth, {"arrival_rate": messages, "service_rate": served})
