"""One design as a check leaves it: what every report of findings starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import SEVERITIES, Finding, Severity, Span

if TYPE_CHECKING:
    from sdplan.findings import Path
    from sdplan.solve.solution import Solution, Verdict
    from sdplan.source import Document
    from sdplan.spec.design import Design

START = Span(1, 1, 1, 1)


class Checked(NamedTuple):
    """A file, how far the pipeline came with it, and what was found."""

    name: str
    raw: bytes
    document: Document | None
    design: Design | None
    solution: Solution | None
    findings: Sequence[Finding]

    @property
    def text(self) -> str:
        """The text that positions refer to, even of a file that could not be read as a design."""
        if self.document is not None:
            return self.document.text
        decoded = self.raw.decode("utf-8", "replace").removeprefix("\ufeff")
        return decoded.replace("\r\n", "\n").replace("\r", "\n")

    def place(self, path: Path, *, on_key: bool = False) -> Span:
        """Where a path stands in the file; its first character when there is no document to look in."""
        return START if self.document is None else self.document.locate(path, on_key=on_key)

    def span(self, finding: Finding) -> Span:
        """Where a finding stands: its own span, else the place of its path."""
        return finding.span or self.place(finding.path, on_key=finding.on_key)


class Located(NamedTuple):
    """A finding of one design with its place."""

    checked: Checked
    span: Span
    finding: Finding


def worst_first(checks: Iterable[Checked], severities: Iterable[Severity] = SEVERITIES) -> list[Located]:
    """The findings of these severities: errors before warnings before advice, then by design and place."""
    found = [Located(one, one.span(finding), finding) for one in checks for finding in one.findings]
    return [each for wanted in severities for each in sorted(_of(found, wanted), key=_position)]


def _of(found: Iterable[Located], severity: Severity) -> Iterable[Located]:
    return (each for each in found if each.finding.severity == severity)


def _position(each: Located) -> tuple[str, Span, str]:
    return each.checked.name, each.span, each.finding.code


def counts(checks: Iterable[Checked]) -> Mapping[Severity, int]:
    """How many findings there are of each severity, worst first."""
    found = [finding.severity for one in checks for finding in one.findings]
    return {severity: found.count(severity) for severity in SEVERITIES}


def counted(numbers: Mapping[Severity, int]) -> str:
    """`2 errors, 3 pieces of advice`, without what there is none of; nothing at all when all are zero."""
    return ", ".join(_plural(number, severity) for severity, number in numbers.items() if number)


def _plural(number: int, severity: Severity) -> str:
    noun = "piece" if severity == "advice" else severity
    return f"{number} {noun}" + ("s" if number > 1 else "") + (" of advice" if severity == "advice" else "")


def tightest(solution: Solution | None) -> Verdict | None:
    """The SLO with the least margin, of those that could be judged."""
    judged = [] if solution is None else [each for each in solution.slos if each.met is not None]
    return min(judged, key=_margin, default=None)


def _margin(verdict: Verdict) -> float:
    if verdict.margin is not None:
        return verdict.margin
    return float("inf") if verdict.met else float("-inf")
