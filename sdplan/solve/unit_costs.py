"""Unit costs: what a million requests cost, and what one run of each flow costs with all it triggers.

The cost of a component is divided over the flows by the calls that each makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sdplan.findings import Path
from sdplan.solve.bounds import worst_label
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run, Site, place_id
from sdplan.spec.design import Design

_BY_CALLS = "the cost of a component divided by the calls of each flow"


def unit_costs(design: Design, runs: Iterable[Run], sites: Iterable[Site], ledger: Ledger) -> None:
    """Cost per million requests of the design, and per run of each flow."""
    if not ledger.has(("cost",)):
        return
    runs, sites = list(runs), list(sites)
    own = {run.path: _own(run, sites, ledger) for run in runs}
    whole: dict[Path, Path | None] = {}
    for run in runs:
        _with_triggered(design, run, runs, sites, own, whole, ledger)
    for flow in design.flows:
        _per_run(flow, [run for run in runs if run.flow == flow], whole, ledger)
    _per_million(design, ledger)


def _own(run: Run, sites: Iterable[Site], ledger: Ledger) -> Path | None:
    """What the calls of a run cost over time; nothing where nothing that it calls has a price."""
    by_place: dict[str, list[Path]] = {}
    for site in sites:
        if site.run.path == run.path:
            by_place.setdefault(place_id(site.call.place), []).append(site.rate("rate"))
    terms = []
    for name, rates in by_place.items():
        cost, total = ("components", name, "cost"), ("components", name, "rate")
        if ledger.has(cost) and ledger.value(total) > 0:
            calls, term = (*run.path, "calls_of", name), (*run.path, "cost_of", name)
            ledger.fold(calls, "sum", rates)
            ledger.follow(term, "cost * calls / all", {"cost": cost, "calls": calls, "all": total})
            terms.append(term)
    if not terms:
        return None
    ledger.fold((*run.path, "own_cost"), "sum", terms, note=_BY_CALLS)
    return (*run.path, "own_cost")


def _with_triggered(
    design: Design,
    run: Run,
    runs: list[Run],
    sites: list[Site],
    own: Mapping[Path, Path | None],
    whole: dict[Path, Path | None],
    ledger: Ledger,
) -> Path | None:
    """What a run costs over time together with its part of the runs that its messages start."""
    if run.path in whole:
        return whole[run.path]
    whole[run.path] = own[run.path]
    terms = [path for path in (own[run.path],) if path is not None]
    for other in runs:
        trigger = design.flows[other.flow].trigger
        if trigger is None or other.path == run.path:
            continue
        sent = [
            site.rate("rate")
            for site in sites
            if site.run.path == run.path and site.call.place[0] == trigger.stream and site.call.op != "read"
            if run.region in ("", other.region)
        ]
        messages = (*other.path, "messages", "rate")
        if not sent or not ledger.value(messages) > 0:
            continue
        cost = _with_triggered(design, other, runs, sites, own, whole, ledger)
        if cost is not None:
            term, part = (*run.path, "triggered_cost", other.path[1]), (*run.path, "sent", other.path[1])
            ledger.fold(part, "sum", sent)
            ledger.follow(term, "cost * sent / all", {"cost": cost, "sent": part, "all": messages})
            terms.append(term)
    if terms:
        whole[run.path] = (*run.path, "cost")
        ledger.fold((*run.path, "cost"), "sum", terms, note=_BY_CALLS)
    return whole[run.path]


def _per_run(flow: str, runs: list[Run], whole: Mapping[Path, Path | None], ledger: Ledger) -> None:
    terms = [cost for run in runs if (cost := whole[run.path]) is not None]
    path, rate = ("flows", flow, "unit_cost"), ("flows", flow, "rate")
    if not terms or not ledger.value(rate) > 0:
        return
    total: Path = ("flows", flow, "cost")
    if not ledger.has(total):
        ledger.fold(total, "sum", terms, note=_BY_CALLS)
    ledger.follow(path, "cost / rate", {"cost": total, "rate": rate}, note=_BY_CALLS)
    _as_whole(path, ledger)


def _per_million(design: Design, ledger: Ledger) -> None:
    """Over all flows that do not follow from others."""
    rates: list[Path] = [
        ("flows", name, "rate") for name, flow in design.flows.items() if flow.trigger is None
    ]
    rates = [rate for rate in rates if ledger.value(rate) > 0]
    if rates:
        ledger.fold(("requests",), "sum", rates)
        names: dict[str, Path] = {"cost": ("cost",), "requests": ("requests",)}
        ledger.follow(("cost_per_million",), "1000000 * cost / requests", names)


def _as_whole(path: Path, ledger: Ledger) -> None:
    """Where some components state no price, what a run costs reads at least, as the whole does."""
    whole = ledger.records["cost",]
    if whole.prefix and ledger.has(path):
        record = ledger.records[path]
        label = worst_label(record.label, {"cost": whole})
        ledger.records[path] = record._replace(prefix=whole.prefix, label=label, note=whole.note)
