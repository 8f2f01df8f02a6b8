"""Load: how often each call is made.  It flows down the tree, from the rate of a flow to its last call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sdplan.findings import Finding, Path
from sdplan.formulas.traffic import peak_rate
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Record
from sdplan.solve.tree import Call, Choice, Node, Place, calls
from sdplan.spec.design import Design
from sdplan.spec.flows import Flow, Trigger
from sdplan.spec.references import walk
from sdplan.units import NUMBER, RATE

RATES = ("rate", "mean_rate", "peak_rate")
"""Calendar mean, mean over the active time, and peak."""


class Run(NamedTuple):
    """A flow as it runs in one region."""

    flow: str
    region: str
    tree: Node

    @property
    def path(self) -> Path:
        return ("flows", f"{self.flow}@{self.region}" if self.region else self.flow)


class Site(NamedTuple):
    """One call of one run, with the records of how often it happens at `path`."""

    call: Call
    run: Run
    path: Path

    def rate(self, which: str) -> Path:
        return (*self.path, which)


def site_path(run: Run, call: Call) -> Path:
    """Where the numbers of a call stand: under its flow, and its region where there are some."""
    return (*run.path, *call.path[2:])


def hit_path(call: Call, ledger: Ledger) -> Path:
    """Where the hit ratio of a call stands: at the call, else at the cache, stated or computed."""
    own = (*call.source, "hit")
    if ledger.has(own):
        return own
    place = ("components", place_id(call.place), "hit")
    return place if ledger.has(place) else ("components", call.place[0], "hit")


def place_id(place: Place) -> str:
    """`api`, or `api@eu` where the design has regions."""
    return "@".join(part for part in place if part)


def load(design: Design, runs: Iterable[Run], ledger: Ledger) -> tuple[list[Site], list[Finding]]:
    """The rates of all flows and calls; flows that a stream triggers come after those that write to it."""
    waiting = list(runs)
    sites: list[Site] = []
    while waiting:
        ready = [run for run in waiting if not _feeders(design, run, waiting)]
        if not ready:
            return sites, [_circle(design, waiting)]
        for run in ready:
            _flow_rates(design, run, sites, ledger)
            sites += _Visits(run, ledger).of(run.tree)
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
    note = "so many clients can ask no faster than once a think time; their waiting is not counted yet"
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


class _Visits:
    """How often each call of one run is made, from the top down."""

    def __init__(self, run: Run, ledger: Ledger) -> None:
        self.run = run
        self.ledger = ledger
        self.sites: list[Site] = []

    def of(self, node: Node) -> list[Site]:
        self._visit(node, "", {})
        return self.sites

    def _visit(self, node: Node, text: str, inputs: dict[str, Path]) -> None:
        """`text` says in terms of `inputs` how often a run comes by here; nothing said is once."""
        if isinstance(node, Call):
            self._call(node, text, inputs)
        elif isinstance(node, Choice):
            name = "share" if "share" not in inputs else f"share{len(inputs) + 1}"
            for way in node.branches:
                self._visit(way.node, _times(text, name), {**inputs, name: way.share_path})
        else:
            for item in node.items:
                self._visit(item, text, inputs)

    def _call(self, call: Call, text: str, inputs: dict[str, Path]) -> None:
        path = site_path(self.run, call)
        inputs = dict(inputs)
        for option in ("times", "fan_out"):
            if getattr(call, option) != 1.0:
                text, inputs[option] = _times(text, option), (*call.source, option)
        visits = (*path, "visits")
        if text:
            self.ledger.follow(visits, text, inputs)
        else:
            self.ledger.default(visits, 1.0, NUMBER)
        site = Site(call, self.run, path)
        for which in RATES:
            self.ledger.follow(
                site.rate(which), f"{which} * visits", {which: (*self.run.path, which), "visits": visits}
            )
        self.sites.append(site)
        below = {"visits": visits}
        self._visit(call.body, "visits", below)
        if call.miss is not None:
            hit = hit_path(call, self.ledger)
            self._visit(call.miss, "visits * (1 - hit)", {**below, "hit": hit})
        if call.fallback is not None:
            failing = (*path, "failing")
            note = "the load of a fallback is not computed yet"
            self.ledger.write(
                Record(failing, 0.0, NUMBER, "bound", note=note, is_share=True, prefix="at least ")
            )
            self._visit(call.fallback, "visits * failing", {**below, "failing": failing})


def _times(text: str, factor: str) -> str:
    return f"{text} * {factor}" if text else factor


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
