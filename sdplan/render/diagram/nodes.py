"""How many nodes a component has and what each of them brings, in one line."""

from __future__ import annotations

from collections.abc import Mapping

from sdplan.solve.solution import Record, Solution

_COUNTED = ("replicas", "shards", "copies")
_STATED = ("cores", "workers", "partitions", "zones")


def nodes_line(solution: Solution, name: str) -> str:
    """`60 × 4 cores, 3 zones`, `6 shards × 2 copies`; what nobody stated and nothing needs is not shown."""
    spec = solution.design.components[name]
    left_open = spec.replicas is None and getattr(spec, "shards", None) is None
    unlimited = ("components", name, "utilization") not in solution.records
    fields = [field for field in _STATED if getattr(spec, field, None) is not None]
    fields += [] if left_open and unlimited else _COUNTED
    records = {field: solution.records.get(("components", name, field)) for field in fields}
    known = {field: record for field, record in records.items() if record is not None}
    parts = [" × ".join(part for part in (_count(known), _each(known)) if part)]
    parts += [_several(known[unit], unit) for unit in ("partitions", "zones") if unit in known]
    parts += ["auto"] if left_open and "replicas" in known else []
    return ", ".join(part for part in parts if part)


def _count(known: Mapping[str, Record]) -> str:
    if "shards" in known and "copies" in known and known["shards"].value * known["copies"].value > 1:
        return " × ".join(
            _several(known[unit], unit) for unit in ("shards", "copies") if known[unit].value > 1
        )
    if "replicas" not in known:
        return ""
    return known["replicas"].shown() if _each(known) else _several(known["replicas"], "replicas")


def _each(known: Mapping[str, Record]) -> str:
    return next((_several(known[unit], unit) for unit in ("cores", "workers") if unit in known), "")


def _several(record: Record, unit: str) -> str:
    word = {"copies": "copy"}.get(unit, unit.removesuffix("s")) if record.value == 1 else unit
    return f"{record.shown()} {word}"
