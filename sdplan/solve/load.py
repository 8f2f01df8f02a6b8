"""Load: how often each call is made.  It flows down the tree, from the rate of a flow to its last call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sdplan.findings import Finding, Path
from sdplan.formulas.traffic import peak_rate
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run as Run
from sdplan.solve.runs import Site as Site
from sdplan.solve.runs import Trial, Trials
from sdplan.solve.runs import hit_path as hit_path
from sdplan.solve.runs import place_id as place_id
from sdplan.solve.runs import site_path as site_path
from sdplan.solve.tree import Call, Place, calls
from sdplan.solve.visits import Visits
from sdplan.spec.design import Design
from sdplan.spec.flows import Flow, Trigger
from sdplan.spec.references import walk
from sdplan.units import RATE

RATES = ("rate", "mean_rate", "peak_rate")
"""Calendar mean, mean over the active time, and peak."""


Tried = Mapping[str, Mapping[Path, Trial]]
"""By load point, what becomes of the calls of a run."""


class Loaded(NamedTuple):
    """The calls of a run whose rates stand in the ledger, and the trials that they follow from."""

    tried: Tried
    sites: list[Site]


def load(
    design: Design, runs: Iterable[Run], trials: Trials, ledger: Ledger, before: dict[Path, Loaded]
) -> tuple[list[Site], list[Finding]]:
    """The rates of all flows and calls; flows that a stream triggers come after those that write to it.

    `trials` says at each load point what becomes of the calls of the runs that may fail.  What was found
    `before` on this ledger stays where neither the trials of a run nor its rate can have changed.
    """
    waiting = list(runs)
    sites: list[Site] = []
    while waiting:
        ready = [run for run in waiting if not _feeders(design, run, waiting)]
        if not ready:
            return sites, [_circle(design, waiting)]
        for run in ready:
            tried = {point: of_run for point in trials if (of_run := trials[point].get(run.path))}
            known = before.get(run.path)
            if known is None or known.tried != tried or design.flows[run.flow].trigger is not None:
                _flow_rates(design, run, sites, ledger)
                known = before[run.path] = Loaded(tried, _sites(run, tried, ledger))
            sites += known.sites
        waiting = [run for run in waiting if run not in ready]
    return sites, []


def _feeders(design: Design, run: Run, waiting: Iterable[Run]) -> list[Run]:
    """The runs not yet solved that write to the stream which triggers this one."""
    trigger = design.flows[run.flow].trigger
    if trigger is None:
        return []
    return [other for other in waiting if any(_publishes(call, trigger.stream) for call in calls(other.tree))]


def _publishes(call: Call, stream: str) -> bool:
    return call.place[0] == stream and call.op != "read"


def _circle(design: Design, waiting: list[Run]) -> Finding:
    names = ", ".join(sorted({run.flow for run in waiting}))
    path = ("flows", waiting[0].flow, "trigger")
    hint = "let one of them write to another stream, or give it a `rate`"
    return Finding("SP404", "error", path, f"flows trigger each other in a circle: {names}", hint)


def _flow_rates(design: Design, run: Run, sites: list[Site], ledger: Ledger) -> None:
    flow = design.flows[run.flow]
    base: Path = ("flows", run.flow)
    if flow.trigger is not None:
        _triggered_rates(design, run, flow.trigger, sites, ledger)
        return
    if flow.clients is not None:
        _closed_rate(run, ledger)
    if run.region:
        share = ("regions", run.region, "share")
        ledger.follow((*run.path, "rate"), "rate * share", {"rate": (*base, "rate"), "share": share})
    _mean_and_peak(flow, run, ledger)


def _closed_rate(run: Run, ledger: Ledger) -> None:
    base: Path = ("flows", run.flow)
    note = "so many clients can ask no faster than once a think time"
    if not ledger.has((*base, "rate")):
        ledger.follow(
            (*base, "rate"),
            "count / think",
            {"count": (*base, "clients", "count"), "think": (*base, "clients", "think")},
            label="bound",
            note=note,
        )


def _mean_and_peak(flow: Flow, run: Run, ledger: Ledger) -> None:
    base: Path = ("flows", run.flow)
    rate, mean, peak = ((*run.path, which) for which in RATES)
    if flow.active is not None:
        ledger.follow(mean, "rate / active", {"rate": rate, "active": (*base, "active")})
    else:
        ledger.follow(mean, "rate", {"rate": rate})
    if flow.peak is None:
        ledger.default((*base, "peak"), 1.0)
    if ledger.records[(*base, "peak")].dimension == RATE:
        text, more = (
            ("peak * share", {"share": ("regions", run.region, "share")}) if run.region else ("peak", {})
        )
        ledger.follow(peak, text, {"peak": (*base, "peak"), **more})
    else:
        ledger.apply(peak, peak_rate, {"mean_rate": mean, "peak_factor": (*base, "peak")})


def _triggered_rates(design: Design, run: Run, trigger: Trigger, sites: list[Site], ledger: Ledger) -> None:
    """A run for each message, or for each batch; the peak of the writers is the peak of the readers."""
    writers = [
        site
        for site in sites
        if _publishes(site.call, trigger.stream) and site.call.place[1] in ("", run.region)
    ]
    where: Path = ("flows", run.flow, "trigger")
    readers = {
        name: flow.trigger
        for name, flow in design.flows.items()
        if flow.trigger and flow.trigger.stream == trigger.stream
    }
    unstated = [name for name, reader in readers.items() if reader.share is None]
    if design.components[trigger.stream].delivers == "one" and trigger.share is None and len(readers) > 1:
        stated = [("flows", name, "trigger", "share") for name in readers if name not in unstated]
        left = max(0.0, 1.0 - sum(ledger.value(share) for share in stated))
        ledger.default((*where, "share"), left / len(unstated), is_share=True)
    for which in RATES:
        messages = (*run.path, "messages", which)
        if writers:
            ledger.fold(messages, "sum", [site.rate(which) for site in writers])
        else:
            ledger.default(messages, 0.0, RATE)
        _runs_of_messages((*run.path, which), messages, where, ledger)


def _runs_of_messages(path: Path, messages: Path, where: Path, ledger: Ledger) -> None:
    share, batch, every = ((*where, name) for name in ("share", "batch", "every"))
    inputs: dict[str, Path] = {"messages": messages}
    text = "messages"
    if ledger.has(share):
        text, inputs["share"] = f"{text} * share", share
    if ledger.has(batch):
        text, inputs["batch"] = f"{text} / batch", batch
    if ledger.has(every):
        inputs["every"] = every
        text = f"max({text}, 1 / every)" if ledger.has(batch) else "1 / every"
        if not ledger.has(batch):
            inputs = {"every": every}
    ledger.follow(path, text, inputs)


def _sites(run: Run, tried: Tried, ledger: Ledger) -> list[Site]:
    """The rates of every call of a run; where some fail, those at peak and mean are not in proportion."""
    found = Visits(run, tried.get("peak", {}), "", ledger).of(run.tree)
    at_mean = "_at_mean" if tried else ""
    if tried:
        Visits(run, tried.get("mean", {}), at_mean, ledger).of(run.tree)
    sites = [Site(call, run, site_path(run, call)) for call in found]
    for site in sites:
        for which in RATES:
            visits = (*site.path, "visits" if which == "peak_rate" else f"visits{at_mean}")
            ledger.follow(
                site.rate(which), f"{which} * visits", {which: (*run.path, which), "visits": visits}
            )
    return sites


def arrivals(sites: Iterable[Site]) -> dict[Place, list[Site]]:
    """The call sites of each station."""
    found: dict[Place, list[Site]] = {}
    for site in sites:
        found.setdefault(site.call.place, []).append(site)
    return found


def peak_sum(design: Design, path: Path, sites: Iterable[Site], ledger: Ledger) -> float:
    """The peaks of several calls added up, as if all flows peaked together: a bound where they need not."""
    sites = list(sites)
    roots = {root for site in sites for root in _roots(design, site.run.flow, frozenset())}
    peaking = [flow for flow in roots if ledger.value(("flows", flow, "peak_rate")) > _mean(flow, ledger)]
    terms = [site.rate("peak_rate") for site in sites]
    if len(peaking) < 2:
        return ledger.fold(path, "sum", terms)
    return ledger.fold(path, "sum", terms, label="bound", note="all flows peak together: at most")


def _mean(flow: str, ledger: Ledger) -> float:
    return ledger.value(("flows", flow, "mean_rate")) * (1 + 1e-12)


def _roots(design: Design, flow: str, seen: frozenset[str]) -> set[str]:
    """The flows whose peak a flow shares: itself, or those that write to the stream which triggers it."""
    trigger = design.flows[flow].trigger
    if trigger is None or flow in seen:
        return {flow}
    writers = [
        name
        for name, other in design.flows.items()
        if any(call.component == trigger.stream and call.options.op != "read" for call in walk(other.steps))
    ]
    return {root for writer in writers for root in _roots(design, writer, seen | {flow})}
