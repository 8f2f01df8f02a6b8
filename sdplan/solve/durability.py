"""Durability: the chance that a piece of data is still there after a year.

Copies fail and are rebuilt one by one; that number means little without the floor beside it: what strikes
all copies at once, which no further copy helps against.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from sdplan.findings import Path
from sdplan.formulas.durability import time_to_data_loss_parallel
from sdplan.solve.bounds import worst_label
from sdplan.solve.ledger import Ledger
from sdplan.solve.nodes import read_copies
from sdplan.solve.solution import Record
from sdplan.spec.components import Store
from sdplan.spec.design import Design
from sdplan.units import NUMBER, RATE

_ALONE = "copies fail independently: at most; `site_loss` states what strikes all of them"
_WORST: Mapping[str, Literal["largest", "smallest"]] = MappingProxyType(
    {"yearly_loss": "largest", "durability": "smallest"}
)
_HINT = "state `disk_failures: 1.4%/year` and `rebuild: 24h`, or a promised `durability`"


def keepers(design: Design) -> dict[str, Store]:
    """The stores that keep entities; a cache keeps copies of what stands elsewhere."""
    names = dict.fromkeys(store for entity in design.entities.values() for store in entity.keep)
    specs = {name: design.components[name] for name in names}
    return {
        name: spec
        for name, spec in specs.items()
        if isinstance(spec, Store) and "hit" not in type(spec).model_fields
    }


def durabilities(design: Design, ledger: Ledger) -> None:
    """Durability of every store that keeps entities, and of the design: that of the worst."""
    stores = keepers(design)
    for name, spec in stores.items():
        _store(name, spec, ledger)
    unknown = [name for name in stores if not ledger.has(("components", name, "durability"))]
    for name in unknown:
        path: Path = ("components", name)
        why = f"{name} does not say how often its disks fail"
        ledger.missing.setdefault((*path, "durability"), why)
        ledger.missing.setdefault(("durability",), why)
        asked = (slo for slo in design.slos.values() if slo.durability is not None)
        if any(slo.component in ("", name) for slo in asked):
            ledger.not_counted(path, "SP909", why, "its durability is not known", _HINT)
    if stores and not unknown:
        for measure, word in _WORST.items():
            terms = [("components", name, measure) for name in stores]
            ledger.fold((measure,), word, terms, is_share=True)


def _store(name: str, spec: Store, ledger: Ledger) -> None:
    path: Path = ("components", name)
    if spec.durability is not None:
        ledger.follow(
            (*path, "yearly_loss"), "1 - promise", {"promise": (*path, "durability")}, is_share=True
        )
        return
    rates = [rate for rate in (_independent(name, spec, ledger), (*path, "site_loss")) if ledger.has(rate)]
    if not ledger.has((*path, "independent_loss")):
        return
    loss = (*path, "loss_rate")
    ledger.fold(loss, "sum", rates)
    if spec.site_loss is None:
        record = ledger.records[loss]
        ledger.records[loss] = record._replace(label="bound", prefix="at least ", note=_ALONE)
        what = f"{name} does not say what may strike all its copies at once"
        hint = "state `site_loss: 1/10000y`: a site, an operator, a fault of the software"
        ledger.not_counted(path, "SP909", what, "its durability reads at most", hint)
    _year(path, loss, ledger)


def _year(path: Path, loss: Path, ledger: Ledger) -> None:
    """The probability of a loss within a year, and its complement."""
    year = ledger.calendar.year
    value = -math.expm1(-ledger.value(loss) * year)
    whole = Record((*path, "yearly_loss"), value, NUMBER, "exact", "1 - exp(-loss rate * 1 y)", is_share=True)
    trust = ledger.records[loss]
    ledger.enter(whole._replace(inputs=(("loss_rate", loss),), note=trust.note, prefix=trust.prefix))
    ledger.follow((*path, "durability"), "1 - loss", {"loss": (*path, "yearly_loss")}, is_share=True)
    if trust.prefix:  # a loss too rare to change the digits of its complement bounds it all the same
        record = ledger.records[(*path, "durability")]
        label = worst_label("bound", {"loss": trust})
        ledger.records[(*path, "durability")] = record._replace(
            label=label, note=trust.note, prefix="at most "
        )


def _independent(name: str, spec: Store, ledger: Ledger) -> Path:
    """The rate at which all copies, or too many chunks, are lost before one is rebuilt."""
    path: Path = ("components", name)
    rate = (*path, "independent_loss")
    failures, rebuild = (*path, "disk_failures"), (*path, "rebuild")
    copies = read_copies(spec.copies or "1")
    if copies is None or not ledger.has(failures):
        return rate
    needed = round(copies[0] / copies[1])
    if ledger.value(failures) == 0.0:
        ledger.default(rate, 0.0, RATE)
        return rate
    mtbf, parts, time = (*path, "disk_mtbf"), (*path, "chunks_needed"), (*path, "mean_time_to_loss")
    ledger.follow(mtbf, "1 / disk_failures", {"disk_failures": failures})
    if not ledger.has(mtbf):  # failures so rare that there is no number for the time between them
        ledger.missing.pop(mtbf, None)
        ledger.default(rate, 0.0, RATE)
        return rate
    if copies[0] == needed:
        ledger.follow(time, "mtbf / copies", {"mtbf": mtbf, "copies": (*path, "copies")})
    elif not ledger.has(rebuild):
        return rate
    else:
        ledger.write(Record(parts, float(needed), label="stated", note=f"of copies: {spec.copies}"))
        inputs = {"mtbf": mtbf, "mttr": rebuild, "fragments": (*path, "copies"), "fragments_needed": parts}
        ledger.apply(time, time_to_data_loss_parallel, inputs, note="all missing copies are rebuilt at once")
    if ledger.has(time):
        ledger.follow(rate, "1 / time", {"time": time})
    else:
        ledger.missing.pop(time, None)
        ledger.default(rate, 0.0, RATE)
    return rate
