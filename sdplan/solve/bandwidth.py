"""Bandwidth: the bytes that calls carry into a component and out of it, and the meters that they use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sdplan.expressions import ExpressionError, evaluate
from sdplan.findings import Finding, Path
from sdplan.formulas.bandwidth import message_bandwidth
from sdplan.solve.compile import WRITES
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import RATES, Run, Site, place_id, site_path
from sdplan.solve.solution import Label, Record
from sdplan.solve.tree import Call, Choice, Node, Place
from sdplan.spec.base import Amount
from sdplan.spec.design import Design
from sdplan.units import BANDWIDTH, NUMBER, RATE, SIZE, Quantity


class Sizes(NamedTuple):
    """Where the sizes of a call stand; nothing where none was stated."""

    request: Path | None = None
    response: Path | None = None


def call_sizes(design: Design, run: Run, ledger: Ledger) -> dict[Path, Sizes]:
    """The sizes of every call of a run: its own, its entity's, or the flow's that pass through to it."""
    base: Path = ("flows", run.flow)
    flow = Sizes(*(path if ledger.has(path) else None for path in ((*base, "request"), (*base, "response"))))
    found: dict[Path, Sizes] = {}
    _descend(design, run, run.tree, flow, found, ledger)
    return found


def _descend(
    design: Design, run: Run, node: Node, passed: Sizes, found: dict[Path, Sizes], ledger: Ledger
) -> None:
    if isinstance(node, Choice):
        for way in node.branches:
            _descend(design, run, way.node, passed, found, ledger)
    elif isinstance(node, Call):
        sizes = _own(design, node, ledger)
        sizes = Sizes(sizes.request or passed.request, sizes.response or passed.response)
        found[site_path(run, node)] = sizes
        below = sizes if design.components[node.place[0]].passes_sizes else Sizes()
        _descend(design, run, node.body, below, found, ledger)
        for other in (node.miss, node.fallback):
            if other is not None:
                _descend(design, run, other, below if node.miss_inside else Sizes(), found, ledger)
    else:
        for item in node.items:
            _descend(design, run, item, passed, found, ledger)


def _own(design: Design, call: Call, ledger: Ledger) -> Sizes:
    request, response = call.request, call.response
    if call.entity:
        size = entity_size(call.entity, ledger)
        if call.op in WRITES:
            request = request or size
        else:
            response = response or size
    message: Path = ("components", call.place[0], "message")
    if design.components[call.place[0]].delivers and ledger.has(message):
        request = request or message
    return Sizes(request, response)


def entity_size(entity: str, ledger: Ledger) -> Path | None:
    """Where the size of one item stands; a size in parts is summed up first."""
    path: Path = ("entities", entity, "size")
    if not ledger.has(path):
        parts = [where for where in ledger.records if where[:3] == path and len(where) == 4]
        if not parts:
            return None
        ledger.fold(path, "sum", parts)
    return path


def flow_bandwidth(run: Run, ledger: Ledger) -> None:
    """Bytes a second into and out of a flow: over calendar time and at peak."""
    for side, size in (("in", "request"), ("out", "response")):
        stated: Path = ("flows", run.flow, size)
        if not ledger.has(stated):
            continue
        for name, rate in ((side, "rate"), (f"peak_{side}", "peak_rate")):
            ledger.apply(
                (*run.path, name),
                message_bandwidth,
                {"arrival_rate": (*run.path, rate), "message_size": stated},
            )


def place_bandwidth(place: Place, sites: Iterable[Site], sizes: Mapping[Path, Sizes], ledger: Ledger) -> None:
    """Bytes a second into and out of a component, from the calls that it answers."""
    path: Path = ("components", place_id(place))
    for side in ("in", "out"):
        for rate in RATES:
            name = rate.replace("rate", side)
            terms = []
            for site in sites:
                size = sizes[site.path].request if side == "in" else sizes[site.path].response
                if size is not None:
                    terms.append((*site.path, name))
                    ledger.apply(
                        terms[-1], message_bandwidth, {"arrival_rate": site.rate(rate), "message_size": size}
                    )
            if terms:
                whole = ledger.records[(*path, rate)]
                label: Label = "bound" if whole.label == "bound" else "exact"
                ledger.fold((*path, name), "sum", terms, label=label, note=whole.note)
            else:
                ledger.default((*path, name), 0.0, BANDWIDTH)
    bare = {
        site.call.source: site.call.place[0]
        for site in sites
        if sizes[site.path] == Sizes() and not site.call.is_fill
    }
    if bare:
        _list_bare(place[0], tuple(bare), ledger)


def _list_bare(name: str, sources: tuple[Path, ...], ledger: Ledger) -> None:
    calls = "one call" if len(sources) == 1 else f"{len(sources)} calls"
    ledger.not_counted(
        sources[0],
        "SP901",
        f"{calls} of {name} without a size",
        f"the bytes into and out of {name} read too low",
        "state `request` and `response`, or name the `entity` that is moved",
    )


def meters(
    design: Design, place: Place, sites: Iterable[Site], sizes: Mapping[Path, Sizes], ledger: Ledger
) -> list[Finding]:
    """What the calls of a component use of its own meters: over calendar time, at the mean and at peak."""
    spec = design.components[place[0]]
    terms: dict[str, list[Path]] = {}
    findings: list[Finding] = []
    for site in sites:
        operation = spec.ops.get(site.call.op)
        for meter, amount in (operation.uses if operation is not None else {}).items():
            where: Path = ("components", place[0], "ops", site.call.op, "uses", meter)
            used = (*site.path, "uses", meter)
            try:
                _use(amount, used, sizes[site.path], ledger)
            except ExpressionError as wrong:
                findings.append(Finding("SP305", "error", where, wrong.message, wrong.hint))
                continue
            terms.setdefault(meter, []).append(used)
            for which in RATES:
                ledger.follow((*used, which), f"{which} * used", {which: site.rate(which), "used": used})
    for meter, paths in terms.items():
        for name, which in (("uses", "peak_rate"), ("uses_over_time", "rate")):
            ledger.fold(
                ("components", place_id(place), name, meter), "sum", [(*path, which) for path in paths]
            )
    return list(dict.fromkeys(findings))


def _use(amount: Amount, path: Path, sizes: Sizes, ledger: Ledger) -> None:
    if amount.quantity is not None:
        ledger.write(Record(path, amount.quantity.value, amount.quantity.dimension, "stated"))
        return
    assert amount.expression is not None
    inputs: dict[str, Path] = {}

    def lookup(name: str) -> Quantity:
        if name in Sizes._fields:
            where = sizes.request if name == "request" else sizes.response
            if where is None:  # not stated, and listed as not counted: no bytes
                where = (*path[:-2], f"{name}_not_stated")
                ledger.default(where, 0.0, SIZE)
        else:
            where = ("inputs", name)
            if not ledger.has(where):
                raise ExpressionError(f"`{name}` is not known here", "define it under `inputs`", 0)
        inputs[name] = where
        return ledger.quantity(where)

    used = evaluate(amount.expression, lookup, ledger.calendar)
    if used.dimension not in (NUMBER, RATE):
        raise ExpressionError(
            "a use of a meter is a plain number", "divide by the unit, for example `/ 4KB`", 0
        )
    ledger.write(Record(path, used.value, used.dimension, "exact", amount.text, tuple(inputs.items())))
