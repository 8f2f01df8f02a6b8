"""`verify`: designs held against a simulation of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sdplan.cli.bar import bar
from sdplan.cli.checking import CLEAN, FINDINGS, examine, verdict
from sdplan.cli.ending import Unsolved
from sdplan.cli.output import show
from sdplan.cli.showing import tell_findings
from sdplan.findings import Finding, dotted
from sdplan.simulate import Verification, verified
from sdplan.simulate.comparing import Compared, disagreements
from sdplan.solve.solution import Solution

_HEAD = ("number", "computed", "simulated", "±", "verdict")
_RESULTS = {"agrees": "✓", "differs": "✗ differs"}


class Verified(NamedTuple):
    """One design and what its simulation says."""

    name: str
    verification: Verification
    findings: list[Finding]


def verify(files: Sequence[str], form: str, *, runs: int, seed: int, point: str) -> int:
    """Simulate every design, show computed beside simulated numbers; 1 where some differ."""
    checks = examine(list(files))
    unsolved = [one for one in checks if one.solution is None]
    if unsolved:
        tell_findings(unsolved)
        raise Unsolved(verdict(unsolved, "error") or FINDINGS)
    found = [
        _verified(one.name, one.solution, runs, seed, point) for one in checks if one.solution is not None
    ]
    if form == "json":
        from sdplan.cli.version import version
        from sdplan.render.json import json_text

        show(json_text(document(found, runs=runs, seed=seed, point=point, version=version())))
    else:
        show("\n".join(text(one) for one in found))
    return FINDINGS if any(one.findings for one in found) else CLEAN


def _verified(name: str, solution: Solution, runs: int, seed: int, point: str) -> Verified:
    with bar(name) as progress:
        verification = verified(solution, runs, seed, point, progress)
    return Verified(name, verification, disagreements(verification.compared))


def text(one: Verified) -> str:
    """A table of all numbers, what could not be simulated, and a sentence for each that differs."""
    from sdplan.render.escaping import inert

    lines = [f"{one.name}: {len(one.verification.compared)} numbers, {len(one.findings)} differ"]
    if one.verification.compared:
        rows = [_HEAD, *(_row(each) for each in one.verification.compared)]
        lines += ["", *_aligned(rows)]
    lines += [f"not simulated: {inert(reason)}" for reason in one.verification.left_out]
    for finding in one.findings:
        lines += ["", f"error: {inert(finding.message)}", f"  help: {inert(finding.hint)}"]
    return "\n".join(lines) + "\n"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _row(one: Compared) -> tuple[str, ...]:
    record, measure = one.record, one.measure
    value, width = (
        record._replace(value=number, prefix="").shown() for number in (measure.value, measure.half_width)
    )
    shown = width if measure.half_width < float("inf") else "?"
    return dotted(record.path), record.shown(), value, shown, _RESULTS[one.verdict]


def document(found: Sequence[Verified], *, runs: int, seed: int, point: str, version: str) -> dict[str, Any]:
    """The same for other programs; intervals in base units, an open end is null."""
    return {
        "schema_version": "1",
        "tool": {"name": "sdplan", "version": version},
        "runs": runs,
        "seed": seed,
        "point": point,
        "designs": [
            {
                "file": one.name,
                "numbers": [_entry(each) for each in one.verification.compared],
                "not_simulated": list(one.verification.left_out),
                "findings": [
                    {"path": dotted(finding.path), "message": finding.message} for finding in one.findings
                ],
            }
            for one in found
        ],
    }


def _entry(one: Compared) -> dict[str, Any]:
    low, high = one.measure.shown
    return {
        "path": dotted(one.record.path),
        "computed": one.record.value,
        "label": one.record.label,
        "unit": one.record.unit,
        "simulated": one.measure.value,
        "interval": [low, high if high < float("inf") else None],
        "samples": one.measure.samples,
        "verdict": one.verdict,
    }
