"""What a composed number is made of, part by part: the hops of a latency, the parts of an availability."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import Path
from sdplan.units import DURATION, NUMBER, Quantity, format_quantity

if TYPE_CHECKING:
    from sdplan.solve.solution import Part, Record, Solution
    from sdplan.spec.service_time import ServiceTime

WORDS = frozenset({"hop", "part", "own time", "why so"})
"""The columns that hold words, not numbers alone."""

_SMALLEST = 0.0005  # a smaller share is shown as none


class Breakdown(NamedTuple):
    """A small table of what went into a number, with a sentence before it and one after."""

    lead: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    after: str


def breakdown(solution: Solution, record: Record) -> Breakdown | None:
    """The parts of a flow's latency or availability; nothing for other numbers."""
    if record.path[0] != "flows" or len(record.path) < 3 or not record.inputs:
        return None
    of_stays = all(str(path[2]).startswith("latency") for _, path in record.inputs if len(path) > 2)
    if record.formula == "composition" and str(record.path[2]).startswith("latency") and of_stays:
        return _hops(solution, record)
    return _parts(solution, record) if record.formula == "structure function" else None


def _hops(solution: Solution, record: Record) -> Breakdown:
    flow, level = str(record.path[1]), str(record.path[-1])
    suffix = str(record.path[2]).removeprefix("latency")
    owned = _shares(solution.latency_parts.get(flow, ()) if level == "p99" and not suffix else ())
    heads = ["hop", "calls a run", "own time", "wait", f"{level} alone", *(["of the tail"] if owned else [])]
    rows = []
    for name, path in record.inputs:
        base = path[:2]
        row = [
            name,
            _visits(solution, flow, base, suffix),
            _own_time(solution, base),
            _waits(solution, base, suffix),
            _at(solution, (*base, f"latency{suffix}", level)),
        ]
        rows.append([*row, owned.get(base, "-")] if owned else row)
    lead = (
        "The times of these calls are composed as distributions, in the order and with the branches of the "
        "steps; percentiles are not added."
    )
    return Breakdown(lead, heads, rows, _adding(solution, flow, record, suffix))


def _adding(solution: Solution, flow: str, record: Record, suffix: str) -> str:
    added = solution.records.get(("flows", flow, "adding", "p99"))
    if added is None or record.path[-1] != "p99" or suffix or record.value <= 0.0:
        return ""
    off = added.value / record.value - 1.0
    said = f"{abs(off):.0%} too {'much' if off > 0 else 'little'}" if abs(off) >= 0.005 else "nearly the same"
    return f"Adding the p99s of all waits and calls would have said {_plain(added)}: {said}.".replace(
        "%", " %"
    )


def _visits(solution: Solution, flow: str, base: Path, suffix: str) -> str:
    """How often a run calls a component, over all steps that do."""
    name = str(base[1]).partition("@")[0]
    found = [
        record.value
        for path, record in solution.records.items()
        if path[:2] == ("flows", flow) and path[-2:] == (name, f"visits{suffix}")
    ]
    return _number(math.fsum(found)) if found else "-"


def _own_time(solution: Solution, base: Path) -> str:
    """The mean of a component's own work, and the law that it follows where all operations share one."""
    record = solution.records.get((*base, "mean_service_time")) or solution.records.get(
        (*base, "service_time")
    )
    component = solution.design.components.get(str(base[1]).partition("@")[0])
    if component is None:
        return "-"
    laws = {
        _law(time) for time in (component.service_time, *(op.service_time for op in component.ops.values()))
    }
    laws.discard("")
    if record is None:
        return f"by operation, {laws.pop() if len(laws) == 1 else 'mixed'}" if laws else "-"
    return f"{_plain(record)}, {laws.pop() if len(laws) == 1 else 'mixed'}" if laws else _plain(record)


def _law(time: ServiceTime | None) -> str:
    if time is None:
        return ""
    if time.fixed is not None:
        return "fixed"
    if time.measured:
        return "as measured"
    if time.law is not None or time.p99 is not None:
        return time.law or "lognormal"
    return "exponential" if time.scv is None else "gamma"


def _waits(solution: Solution, base: Path, suffix: str) -> str:
    """The mean wait in the queue of a component and for one of its workers."""
    waits = [solution.records.get((*base, f"{name}{suffix}")) for name in ("wait", "worker_wait")]
    known = [record.value for record in waits if record is not None]
    return _time(math.fsum(known)) if known else "-"


def _at(solution: Solution, path: Path) -> str:
    record = solution.records.get(path)
    return "-" if record is None else _plain(record)


def _parts(solution: Solution, record: Record) -> Breakdown:
    owned = _shares(solution.downtime_parts.get(str(record.path[1]), ()) if _is_peak(record) else ())
    heads = ["part", "unavailability", "why so", *(["of the downtime"] if owned else [])]
    rows, ups = [], []
    for name, path in record.inputs:
        part = solution.records.get(path)
        if part is not None:
            row = [name, _number(part.value), _redundancy(solution, path)]
            rows.append([*row, owned.get(path[:2], "-")] if owned else row)
            ups.append(part.value)
    lead = (
        "Exact over all states of these parts; a part counts once, however many calls use it. Which failures "
        "stop a run follows from its steps: a hit, a fallback or an optional call lets it go on."
    )
    chain = -math.expm1(math.fsum(math.log1p(-min(value, 1.0 - 1e-16)) for value in ups))
    after = f"Were every part needed by every run, it would be {_number(chain)}." if rows else ""
    return Breakdown(lead, heads, rows, after)


def _is_peak(record: Record) -> bool:
    return record.path[-1] == "unavailability"


def _redundancy(solution: Solution, path: Path) -> str:
    """What the chance that a part is down rests on: what was stated, and how many are needed."""
    if path[0] != "components":
        return "stated"
    suffix = str(path[-1]).removeprefix("unavailability")
    needed = solution.records.get((*path[:2], f"replicas_required{suffix}"))
    each = solution.records.get((*path[:2], "replica_unavailability"))
    names = dict(solution.records[path].inputs)
    count = solution.records.get(names["replicas"]) if "replicas" in names else None
    zones = solution.records.get((*path[:2], "zones"))
    spread = f" in {_number(zones.value)} zones" if zones is not None and zones.value > 1.0 else ""
    if count is not None and needed is not None and each is not None:
        few = f"{_number(needed.value)} of {_number(count.value)} needed"
        return f"{few}{spread}, each down {_number(each.value)}"
    sla = solution.records.get((*path[:2], "sla"))
    return (
        f"sla {sla.shown()}"
        if sla is not None
        else f"several that fail together{spread}"
        if each
        else "stated"
    )


def _shares(parts: Sequence[Part]) -> Mapping[Path, str]:
    """The share of each component in what all of them make, where any makes something."""
    finite = [part for part in parts if math.isfinite(part.value)]
    whole = math.fsum(part.value for part in finite)
    return dict(_shared(finite, whole)) if whole > 0.0 else {}


def _shared(parts: Sequence[Part], whole: float) -> Iterator[tuple[Path, str]]:
    for part in parts:
        share = part.value / whole
        yield part.component, f"{100.0 * share:.1f} %" if share >= _SMALLEST else "none"


def _plain(record: Record) -> str:
    return record._replace(prefix="").shown()


def _number(value: float) -> str:
    return format_quantity(Quantity(value, NUMBER))


def _time(value: float) -> str:
    return format_quantity(Quantity(0.0 if value < 1e-12 else value, DURATION))
