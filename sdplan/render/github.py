"""Findings as GitHub sees them: workflow commands that annotate lines, and a table for the step's summary.

GitHub keeps ten errors, ten warnings and ten notices of a step, so the worst come first and the last one
says how many more there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sdplan.findings import SEVERITIES, Severity, dotted
from sdplan.render.checked import Checked, Located, counted, counts, worst_first
from sdplan.render.escaping import inert, markdown
from sdplan.render.text import tightest_text

LIMIT = 10  # annotations of a kind that GitHub shows for one step
ROWS = 50  # findings in the summary's table

_COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "advice": "notice"}


def github_commands(checks: Sequence[Checked]) -> str:
    """One workflow command a line for each finding that GitHub will show, the worst first."""
    lines = [line for severity in SEVERITIES for line in _commands(worst_first(checks, [severity]))]
    return "".join(f"{line}\n" for line in lines)


def _commands(found: Sequence[Located]) -> list[str]:
    more = len(found) - LIMIT
    lines = [_command(each) for each in found[:LIMIT]]
    if more > 0:
        lines[-1] += _data(f"\nand {more} more {_kind(found[0].finding.severity, more)}")
    return lines


def _kind(severity: Severity, number: int) -> str:
    return severity if severity == "advice" or number == 1 else f"{severity}s"


def _command(each: Located) -> str:
    finding, span = each.finding, each.span
    place = {"file": _file(each.checked.name), "line": span.line, "endLine": span.end_line}
    if span.end_line == span.line:  # GitHub takes columns only within one line
        place |= {"col": span.column, "endColumn": span.end_column}
    place["title"] = f"sdplan {finding.code}"
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in place.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(_message(each))}"


def _file(name: str) -> str:
    return name.removeprefix("./")


def _message(each: Located) -> str:
    finding = each.finding
    causes = [_cause(each, link.message, each.checked.place(link.path).line) for link in finding.because]
    helps = [f"help: {inert(finding.hint)}"] if finding.hint else []
    return "\n".join([inert(finding.message), *causes, *helps])


def _cause(each: Located, message: str, line: int) -> str:
    return f"because {inert(message)} (line {line})"


def _data(text: str) -> str:
    """The message of a command; the line breaks in it are ours."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(inert(text)).replace(":", "%3A").replace(",", "%2C")


def github_summary(checks: Sequence[Checked]) -> str:
    """Markdown for the page of a workflow run: a row for each design, and the worst findings."""
    total = counted(counts(checks)) or "nothing to report"
    lines = ["## sdplan", "", f"{len(checks)} design{'s' if len(checks) != 1 else ''}: {total}.", ""]
    lines += ["| design | verdict | tightest SLO | findings |", "| --- | --- | --- | --- |"]
    lines += [_design_row(one) for one in checks]
    found = worst_first(checks)
    if found:
        lines += ["", "| finding | where | what | help |", "| --- | --- | --- | --- |"]
        lines += [_finding_row(each) for each in found[:ROWS]]
    if len(found) > ROWS:
        lines += ["", f"and {len(found) - ROWS} more"]
    return "\n".join(lines) + "\n"


def _design_row(checked: Checked) -> str:
    numbers = counts([checked])
    verdict = "❌ errors" if numbers["error"] else "⚠️ warnings" if numbers["warning"] else "✅ in order"
    slo = tightest_text(checked.solution).removeprefix("tightest: ")
    return f"| {markdown(checked.name)} | {verdict} | {markdown(slo)} | {counted(numbers) or 'none'} |"


def _finding_row(each: Located) -> str:
    finding = each.finding
    where = f"{markdown(each.checked.name)}:{each.span.line}"
    path = f" {markdown(dotted(finding.path))}" if finding.path else ""
    return (
        f"| {finding.severity} {finding.code} | {where}{path} | {markdown(finding.message)} "
        f"| {markdown(finding.hint)} |"
    )
