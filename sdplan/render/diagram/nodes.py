"""How many nodes a component has and what each of them brings, in one line."""

from __future__ import annotations

from collections.abc import Mapping

from sdplan.solve.solution import Record, Solution

_FIELDS = ("replicas", "shards", "copies", "cores", "workers", "partitions", "zones")
_FEWEST = "fewest"  # the solver's word where the design leaves a number open


def nodes_line(solution: Solution, name: str) -> str:
    """`60 × 4 cores, 3 zones`, `6 shards × 2 copies`; what nobody stated and nothing needs is not shown."""
    records = {field: solution.records.get(("components", name, field)) for field in _FIELDS}
    known = {field: record for field, record in records.items() if record is not None}
    left_open = any(record.formula == _FEWEST for record in known.values())
    unlimited = ("components", name, "utilization") not in solution.records
    count = "" if left_open and unlimited else _count(known)
    each = next((_several(known[unit], unit) for unit in ("cores", "workers") if unit in known), "")
    parts = [" × ".join(part for part in (count, each) if part)]
    parts += [_several(known[unit], unit) for unit in ("partitions", "zones") if unit in known]
    parts += ["auto"] if count and left_open else []
    return ", ".join(part for part in parts if part)


def _count(known: Mapping[str, Record]) -> str:
    if "shards" in known and "copies" in known and known["shards"].value * known["copies"].value > 1:
        return " × ".join(
            _several(known[unit], unit) for unit in ("shards", "copies") if known[unit].value > 1
        )
    if "replicas" not in known:
        return ""
    alone = "cores" not in known and "workers" not in known
    return _several(known["replicas"], "replicas") if alone else known["replicas"].shown()


def _several(record: Record, unit: str) -> str:
    word = {"copies": "copy"}.get(unit, unit.removesuffix("s")) if record.value == 1 else unit
    return f"{record.shown()} {word}"
