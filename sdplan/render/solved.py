"""A solved design as a versioned document: every number as value, base unit and label, by id."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sdplan.findings import Path, dotted
from sdplan.solve.measured import error_of

if TYPE_CHECKING:
    from sdplan.solve.solution import Comparison, Outcome, Premise, Record, Solution, Uncounted, Verdict

SCHEMA_VERSION = "1"
BLOCKS = ("inputs", "flows", "components", "entities")


def solve_document(solution: Solution, *, file: str, version: str) -> dict[str, Any]:
    """Every number of a design under the path that it has, and what was judged by them."""
    design = solution.design
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "sdplan", "version": version},
        "file": file,
        "id": design.id,
        "title": design.title,
        **{block: _block(getattr(design, block), block, solution.records) for block in BLOCKS},
        "cost": number(solution.records.get(("cost",))),
        "slos": _slos(solution),
        "scenarios": {name: _scenario(each) for name, each in solution.scenarios.items()},
        "results": {str(each.path[-1]): _result(each, solution) for each in solution.results},
        "decisions": {str(each.path[1]): _decision(each, solution) for each in solution.decisions},
        "not_counted": [_uncounted(each) for each in solution.uncounted],
        "missing": {dotted(path): reason for path, reason in solution.missing.items()},
    }


def number(record: Record | None) -> dict[str, Any] | None:
    """A number in base units; nothing where there is none that is finite."""
    if record is None or not math.isfinite(record.value):
        return None
    entry: dict[str, Any] = {"value": record.value, "unit": record.unit, "label": record.label}
    if record.prefix:
        entry["qualifier"] = record.prefix.strip()
    error = error_of(record)
    return entry if error is None else entry | {"measured_error": error._asdict()}


def _block(ids: Iterable[str], block: str, records: Mapping[Path, Record]) -> dict[str, Any]:
    """The numbers of a block as nested maps, ids in the order of the design; `api@eu` stands beside `api`."""
    tree: dict[str, Any] = {name: {} for name in ids}
    for path, record in records.items():
        entry = number(record)
        if path[0] == block and len(path) > 1 and entry is not None:
            _at(tree, path[1:]).update(entry)
    return tree


def _at(tree: dict[str, Any], path: Path) -> dict[str, Any]:
    for key in segments(path):
        tree = tree.setdefault(key, {})
    return tree


def segments(path: Path) -> list[str]:
    """The keys that lead to a number: an index stays with its list, as in `steps[0]`."""
    keys: list[str] = []
    for part in path:
        if isinstance(part, int) and keys:
            keys[-1] += f"[{part}]"
        else:
            keys.append(str(part))
    return keys


def verdict_entry(verdict: Verdict, solution: Solution) -> dict[str, Any]:
    """One objective of an SLO: the target, what the design gives, and whether that is enough."""
    return {
        "slo": verdict.slo,
        "path": dotted(verdict.path),
        "subject": verdict.subject,
        "measure": verdict.measure,
        "solved": dotted(verdict.solved),
        "value": number(solution.records.get(verdict.solved)),
        "target": number(verdict.target),
        "margin": verdict.margin,
        "met": verdict.met,
        "reason": verdict.reason,
    }


def _slos(solution: Solution) -> dict[str, Any]:
    grouped: dict[str, list[Verdict]] = {name: [] for name in solution.design.slos}
    for verdict in solution.slos:
        grouped.setdefault(verdict.slo, []).append(verdict)
    return {name: _slo(verdicts, solution) for name, verdicts in grouped.items()}


def _slo(verdicts: Sequence[Verdict], solution: Solution) -> dict[str, Any]:
    """An SLO as a whole: missed or open when one objective is, with the numbers of the tightest."""
    objectives = [verdict_entry(each, solution) for each in verdicts]
    met = [each.met for each in verdicts]
    known = [each for each in objectives if each["margin"] is not None] or objectives[:1]
    tight = min(known, key=lambda each: float(each["margin"] or 0.0), default=None)
    return {
        "met": False if False in met else None if None in met or not met else True,
        **{key: None if tight is None else tight[key] for key in ("measure", "value", "target", "margin")},
        "objectives": objectives,
    }


def _scenario(outcome: Outcome) -> dict[str, Any]:
    return {
        "slos": {
            each.slo: {
                "expected": each.expected or None,
                "met": each.met,
                "as_expected": each.as_expected,
                "objectives": [verdict_entry(one, outcome.solution) for one in each.verdicts],
            }
            for each in outcome.expectations
        },
        "emptied": [dotted(path) for path in outcome.emptied],
        "backlogs": {
            str(each.flow[1]): {"size": number(each.size), "drain_time": number(each.drain)}
            for each in outcome.backlogs
        },
    }


def _result(each: Comparison, solution: Solution) -> dict[str, Any]:
    return {
        "value": number(solution.records.get(each.solved)),
        "expected": number(each.expected),
        "tolerance": each.tolerance,
        "met": each.met,
        "reason": each.reason,
    }


def _decision(each: Premise, solution: Solution) -> dict[str, Any]:
    decision = solution.design.decisions.get(str(each.path[1]))
    return {
        "title": "" if decision is None else decision.title,
        "status": "" if decision is None else decision.status,
        "holds_while": each.text,
        "left": number(each.left),
        "right": number(each.right),
        "met": each.met,
        "reason": each.reason,
    }


def _uncounted(each: Uncounted) -> dict[str, Any]:
    return {"path": dotted(each.path), "code": each.code, "what": each.what, "effect": each.effect}
