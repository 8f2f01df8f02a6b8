"""Contradictions: numbers that are each within their range and cannot be true together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from sdplan.findings import Finding, Path
from sdplan.solve.compile import WRITES
from sdplan.solve.nodes import read_copies
from sdplan.solve.solution import Record
from sdplan.spec.components import Component, Store
from sdplan.spec.design import Design
from sdplan.spec.flows import Flow
from sdplan.spec.steps import CallStep, ParallelStep, Step
from sdplan.units import RATE
from sdplan.units.spelling import one_edit_apart

_MOST_RETRIES = 100.0
_ROUNDING = 1e-9
_MOST_P99 = 14.9  # times the mean: the largest p99 of a lognormal law, exp(2.326² / 2)
_USUAL = ("read", *sorted(WRITES))
_PARTNERS = (
    ("backoff", "retries", "add `retries: 2`, or leave it out"),
    ("jitter", "backoff", "add `backoff: 50ms`, or leave it out"),
    ("shared_slowness", "hedge", "add `hedge: p95`, or leave it out"),
)
Records = Mapping[Path, Record]


def contradictions(design: Design, records: Records) -> Iterator[Finding]:
    """A finding for each number that another one of the design contradicts."""
    for name, flow in design.flows.items():
        yield from _peak(("flows", name), flow, records)
        for step in _every(flow.steps):
            if isinstance(step, CallStep):
                yield from _call(step, design, records)
            elif isinstance(step, ParallelStep):
                yield from _need(step.source, step.options.need, float(len(step.calls)), "calls at once")
    for name, component in design.components.items():
        if isinstance(component, Store) and name not in design.short:
            yield from _store(("components", name), component, design, records)


def _every(steps: Iterable[Step]) -> Iterator[Step]:
    """Every step, at any depth."""
    for step in steps:
        yield step
        if isinstance(step, CallStep):
            yield from _every((*step.calls, *step.miss, *step.fallback))
        elif isinstance(step, ParallelStep):
            yield from _every(step.calls)
        else:
            for branch in step.branches:
                yield from _every(branch.calls)


def _fault(path: Path, message: str, hint: str, code: str = "SP304") -> Finding:
    return Finding(code, "error", path, message, hint)


def _peak(path: Path, flow: Flow, records: Records) -> Iterator[Finding]:
    """A peak is no lower than the mean."""
    peak, rate, active = (records.get((*path, name)) for name in ("peak", "rate", "active"))
    if peak is None:
        return
    mean = 1.0
    if peak.dimension == RATE:
        if rate is None:
            return
        mean = rate.value / (active.value if active is not None else 1.0)
    if peak.value < mean * (1 - _ROUNDING):
        said = "less than one time the mean" if peak.dimension != RATE else f"below the mean of {mean:.6g}/s"
        hint = "write a factor of 1x or more, or the highest rate that is planned for"
        yield _fault((*path, "peak"), f"the peak is {said}: {peak.shown()}", hint)


def _call(step: CallStep, design: Design, records: Records) -> Iterator[Finding]:
    options, source = step.options, step.source
    for name, partner, hint in _PARTNERS:
        if getattr(options, name) is not None and getattr(options, partner) is None:
            yield _fault((*source, name), f"`{name}` means nothing without `{partner}`", hint, "SP205")
    retries = records.get((*source, "retries"))
    if retries is not None and retries.value > _MOST_RETRIES:
        hint = "write `retries: 2`; a call that has failed so often will not succeed at the next attempt"
        yield _fault((*source, "retries"), f"expected at most 100 retries, got {retries.value:.6g}", hint)
    timeout, after = records.get((*source, "timeout")), records.get((*source, "hedge", "after"))
    if timeout is not None and after is not None and after.value >= timeout.value:
        message = (
            f"the second call starts after {after.shown()}, when the timeout of {timeout.shown()} is over"
        )
        yield _fault((*source, "hedge"), message, "write a time below the timeout, or `hedge: p95`", "SP205")
    calls = records.get((*source, "fan_out"))
    if options.need != "all":
        count = math.ceil(calls.value) if calls is not None else 1
        yield from _need(source, options.need, float(count), "calls at once: `fan_out` says how many")
    yield from _operation(step, design.components[step.component])


def _need(source: Path, need: str, count: float, what: str) -> Iterator[Finding]:
    """No more answers can be needed than there are calls."""
    if need.isdigit() and float(need) > max(count, 1.0):
        message = f"`need: {need}` of {count:.6g} {what}"
        yield _fault((*source, "need"), message, f"write `need: {max(1, int(count))}`, or `need: all`")


def _operation(step: CallStep, component: Component) -> Iterator[Finding]:
    """An operation that is one letter away from one that there is, and is none itself."""
    op, known = step.options.op, (*component.ops, *_USUAL)
    if not op or op in known:
        return
    near = next((one for one in known if len(one) > 2 and one_edit_apart(op, one)), "")
    if near:
        path = (*step.source, "op")
        message = f"{step.component} has no operation `{op}`"
        yield _fault(path, message, f"did you mean `{near}`?", "SP401")


def _lag(path: Path, records: Records) -> Iterator[Finding]:
    """A lag that two numbers give: some lognormal law has both."""
    mean, p50, p99 = (records.get((*path, "lag", name)) for name in ("mean", "p50", "p99"))
    low = mean or p50
    if low is None or p99 is None:
        return
    if not low.value < p99.value or low.value <= 0 or (low is mean and p99.value > _MOST_P99 * mean.value):
        message = f"no lognormal law has a p99 of {p99.shown()} beside {low.shown()}"
        yield _fault((*path, "lag"), message, "check the two: a p99 lies above the mean, at most 14 times")


def _store(path: Path, spec: Store, design: Design, records: Records) -> Iterator[Finding]:
    yield from _lag(path, records)
    skew = records.get((*path, "skew"))
    if skew is not None and skew.value < 1:
        message = f"the busiest shard gets {skew.value:.6g} times an even share of the calls"
        yield _fault((*path, "skew"), message, "write `skew: 1` where all shards are alike, or more")
    copies = read_copies(spec.copies or "1")
    if copies is None or (spec.copies is None and spec.replicas is not None):
        return
    regions = max(1, len(spec.regions or design.regions)) if spec.regional else 1
    most = copies[0] * regions
    for name in ("write_quorum", "read_quorum"):
        quorum = records.get((*path, "replication", name))
        if quorum is not None and not (1 <= quorum.value <= most and quorum.value == int(quorum.value)):
            message = f"a quorum of {quorum.value:.6g} of {most} {'copy' if most == 1 else 'copies'}"
            hint = f"write a whole number from 1 to {most}, or `quorum`"
            yield _fault((*path, "replication", name), message, hint)
