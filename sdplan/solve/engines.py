"""Storage engines: how many bytes go to the device for each byte that is written to a store."""

from __future__ import annotations

import math

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Record
from sdplan.spec.components import Component
from sdplan.units import NUMBER

_CODE = "SP909"
_LSM = "leveled compaction under uniform updates: within 5 % of simulated trees"


def write_amplification(name: str, spec: Component, ledger: Ledger) -> Path | None:
    """Where it stands how many bytes reach the device for each byte written, if that can be known."""
    path: Path = ("components", name)
    factor = (*path, "write_amplification")
    engine = getattr(spec, "engine", "")
    if ledger.has(factor) or not engine:
        return factor if ledger.has(factor) else None
    lacking = _lsm(path, factor, ledger) if engine == "lsm" else _b_tree(path, factor, ledger)
    if lacking:
        what = f"the write amplification of {name} is not known: {', '.join(lacking)} not stated"
        effect = "the bytes that its disks write read at least"
        ledger.not_counted(path, _CODE, what, effect, f"state {', '.join(lacking)}, or `write_amplification`")
    return factor if ledger.has(factor) else None


def _lacking(names: dict[str, Path], ledger: Ledger) -> list[str]:
    said = {"written": "the size of its writes", "kept": "what it keeps"}
    return [said.get(name, f"`{name}`") for name, where in names.items() if not ledger.value(where) > 0.0]


def _lsm(path: Path, factor: Path, ledger: Ledger) -> list[str]:
    """Log, flush, and each level: a file merges with half of `level_ratio` files below it, and itself."""
    inputs = {
        "memtable": (*path, "memtable"),
        "level_ratio": (*path, "level_ratio"),
        "kept": (*path, "node_bytes"),
    }
    lacking = _lacking(inputs, ledger)
    if lacking:
        return lacking
    ratio = ledger.value(inputs["level_ratio"])
    if ratio <= 1.0:
        return ["a `level_ratio` above 1"]
    levels = (*path, "levels")
    depth = ledger.value(inputs["kept"]) / ledger.value(inputs["memtable"])
    count = max(1.0, math.ceil(math.log(depth) / math.log(ratio) - 1e-9)) if depth > 1 else 1.0
    record = Record(levels, count, NUMBER, "exact", "levels of level_ratio over the memtable")
    ledger.enter(record._replace(inputs=tuple(inputs.items())))
    text = "2 + 2 + (levels - 1) * (level_ratio / 2 + 1)"
    names = {"levels": levels, "level_ratio": inputs["level_ratio"]}
    ledger.follow(factor, text, names, label="approximation", note=_LSM)
    return []


def _b_tree(path: Path, factor: Path, ledger: Ledger) -> list[str]:
    """A page for each row written, at worst, and the write-ahead log."""
    inputs = {"page": (*path, "page"), "written": (*path, "written_bytes")}
    lacking = _lacking(inputs, ledger)
    if lacking:
        return lacking
    note = "a page for every write: at most, where no two writes share one"
    text = "max(1, page / written) + 1"
    ledger.follow(factor, text, inputs, label="bound", note=note)
    record = ledger.records[factor]
    ledger.records[factor] = record._replace(prefix="at most ")
    return []
