"""Consumers: how many of those that read a stream can work at once, and what they need to keep up."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Path
from sdplan.formulas.streams import drain_time
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run, place_id
from sdplan.solve.tree import calls
from sdplan.spec.design import Design


def consumers(design: Design, runs: Iterable[Run], ledger: Ledger) -> None:
    """Of every triggered flow: its parallelism, how busy that is, and how fast a backlog drains."""
    for run in runs:
        trigger = design.flows[run.flow].trigger
        first = next((call for call in calls(run.tree) if not call.detached), None)
        if trigger is None or first is None:
            continue
        path: Path = ("components", place_id(first.place))
        _parallelism(run, trigger.stream, first.place[0], path, ledger)
        _draining(run, path, ledger)


def _parallelism(run: Run, stream: str, consumer: str, path: Path, ledger: Ledger) -> None:
    """Consumers beyond the partitions of a stream find none to read."""
    partitions: Path = ("components", stream, "partitions")
    servers, used = ("components", consumer, "servers"), (*path, "utilization")
    if not ledger.has(partitions) or not ledger.has(servers) or not ledger.has(used):
        return
    there, at_work = (*run.path, "consumers"), (*run.path, "parallelism")
    shared = ledger.records[servers].inputs and "replicas" in dict(ledger.records[servers].inputs)
    factor = "" if shared else " * replicas"
    nodes: dict[str, Path] = {} if shared else {"replicas": ("components", consumer, "replicas")}
    ledger.follow(there, f"servers{factor}", {"servers": servers, **nodes})
    ledger.follow(at_work, "min(partitions, consumers)", {"partitions": partitions, "consumers": there})
    busy = (*run.path, "consumer_utilization")
    names = {"utilization": used, "consumers": there, "parallelism": at_work}
    ledger.follow(busy, "utilization * consumers / parallelism", names, is_share=True)
    target = ("components", consumer, "target_utilization")
    if ledger.value(target) > 0:
        names = {"utilization": used, "consumers": there, "target": target}
        ledger.follow((*run.path, "partitions_needed"), "ceil(utilization * consumers / target)", names)
    if ledger.value(there) > ledger.value(partitions):
        idle = ledger.value(there) - ledger.value(partitions)
        what = f"{idle:g} consumers of {stream} have no partition to read"
        effect = f"the waits of {consumer} read at least, its capacity at most"
        hint = f"state `partitions: {ledger.value(there):g}`, or fewer replicas"
        ledger.not_counted(partitions, "SP903", what, effect, hint)


def _draining(run: Run, path: Path, ledger: Ledger) -> None:
    """Seconds of draining at the mean rate for each second at peak, where the peak leaves a backlog."""
    growth, capacity, mean = (*run.path, "backlog_growth"), (*path, "capacity"), (*path, "mean_rate")
    if not ledger.value(growth) > 0 or not ledger.value(capacity) > ledger.value(mean):
        return
    inputs = {"growth": growth, "capacity": capacity, "mean_rate": mean}
    note = "time to drain at the mean rate over the length of the peak"
    ledger.follow((*run.path, "drain_per_peak"), "growth / (capacity - mean_rate)", inputs, note=note)


def after_peak(run: Run, component: str, lasts: Path, ledger: Ledger) -> None:
    """The backlog after a peak of a stated length, and the time until it is gone at the mean rate."""
    path: Path = ("components", component)
    growth, backlog = (*run.path, "backlog_growth"), (*run.path, "backlog")
    if not ledger.has(growth) or not ledger.has((*path, "capacity")):
        return
    ledger.follow(backlog, "growth * lasts", {"growth": growth, "lasts": lasts})
    if ledger.value((*path, "capacity")) > ledger.value((*path, "mean_rate")):
        inputs = {
            "backlog": backlog,
            "arrival_rate": (*path, "mean_rate"),
            "service_rate": (*path, "capacity"),
        }
        ledger.apply((*run.path, "drain_time"), drain_time, inputs)
    elif ledger.value(backlog) > 0:
        ledger.missing[(*run.path, "drain_time")] = (
            f"{component} serves no more than arrives: it never drains"
        )
