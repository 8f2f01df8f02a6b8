"""The map of the program: read, validate, solve, review.  Faults are findings all the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import SEVERITIES, Finding
from sdplan.source import Document, read_bytes

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design


class Outcome(NamedTuple):
    """What became of one file; a stage that failed leaves what comes after it empty."""

    name: str
    document: Document | None
    design: Design | None
    solution: Solution | None
    findings: tuple[Finding, ...]


def run(name: str, raw: bytes) -> Outcome:
    """One design, all the way; what a stage needs is imported when the stage before it went well."""
    document, findings = read_bytes(raw, name)
    if document is None or any(finding.severity == "error" for finding in findings):
        return Outcome(name, document, None, None, _sorted(findings))
    from sdplan.spec.validation import validate

    design, found = validate(document)
    findings = [*findings, *found]
    if design is None:
        return Outcome(name, document, None, None, _sorted(findings))
    if b"measured:" in raw:
        from sdplan.spec.measured import with_measurements

        design, found = with_measurements(design, name)
        findings = [*findings, *found]
        if found:
            return Outcome(name, document, design, None, _sorted(findings))
    from sdplan.solve.solve import solve

    solution, found = solve(design)
    findings = [*findings, *found]
    if solution is None:
        return Outcome(name, document, design, None, _sorted(findings))
    from sdplan.review import review

    return Outcome(name, document, design, solution, _sorted([*findings, *review(design, solution)]))


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    """Worst first, otherwise in the order in which they were found."""
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))
