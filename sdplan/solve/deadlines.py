"""Deadlines: the work of a batch job, the workers that end it in time, and how long those there are take."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run, Site, place_id
from sdplan.solve.tree import Place
from sdplan.spec.design import Design

_EVEN = "all servers work on this run alone and to its very end: at least"


def deadlines(design: Design, runs: Iterable[Run], sites: Iterable[Site], ledger: Ledger) -> None:
    """Of every flow with a deadline: the work of a run by component, and the workers that it takes."""
    sites = list(sites)
    for run in runs:
        deadline: Path = ("flows", run.flow, "deadline")
        if not ledger.has(deadline):
            continue
        times = []
        for place, here in _places(run, sites).items():
            time = _work(run, place, here, deadline, ledger)
            times += [time] if time is not None else []
        if times:
            path = (*run.path, "batch_time")
            ledger.fold(path, "largest", times, note=_EVEN, label="bound")
            ledger.records[path] = ledger.records[path]._replace(prefix="at least ")


def _places(run: Run, sites: Iterable[Site]) -> dict[Place, list[Site]]:
    found: dict[Place, list[Site]] = {}
    for site in sites:
        if site.run.path == run.path:
            found.setdefault(site.call.place, []).append(site)
    return found


def _work(run: Run, place: Place, sites: list[Site], deadline: Path, ledger: Ledger) -> Path | None:
    """Server seconds of one run at a component; where it stands how long its servers take for them."""
    name = place_id(place)
    own: Path = ("components", place[0])
    terms = []
    for site in sites:
        by_op = (*own, "ops", site.call.op, "service_time")
        time = by_op if ledger.has(by_op) else (*own, "service_time")
        if ledger.has(time) and ledger.has((*site.path, "visits")):
            terms.append((*site.path, "work"))
            inputs = {"visits": (*site.path, "visits"), "service_time": time}
            ledger.follow(terms[-1], "visits * service_time", inputs)
    servers = (*own, "servers")
    if not terms or not ledger.value(servers) > 0:
        return None
    work = (*run.path, "work", name)
    ledger.fold(work, "sum", terms)
    if ledger.value(deadline) > 0:
        names = {"work": work, "deadline": deadline}
        ledger.follow((*run.path, "workers_needed", name), "ceil(work / deadline)", names)
    path = (*run.path, "work_time", name)
    shared = "replicas" in dict(ledger.records[servers].inputs)
    inputs = {"work": work, "servers": servers}
    if not shared:
        inputs["replicas"] = (*own, "replicas")
    ledger.follow(path, "work / servers" if shared else "work / (servers * replicas)", inputs)
    return path
