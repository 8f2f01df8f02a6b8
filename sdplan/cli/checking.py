"""`check`: which files, how far each came, in which formats it is reported, and the exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from sdplan.cli.answers import in_colour
from sdplan.cli.output import STDOUT, Refusal, save, show, tell, unwritable
from sdplan.findings import SEVERITIES, Severity
from sdplan.pipeline import run
from sdplan.render.checked import Checked
from sdplan.source import UNREADABLE_CODES, Unreadable, find_designs, load
from sdplan.source.files import shown_name

CLEAN, FINDINGS, REFUSED = 0, 1, 2


class Report(NamedTuple):
    """Where one report of a check goes."""

    format: str
    place: str


def check(files: list[str], reports: Sequence[Report], fail_on: Severity, *, verbose: bool) -> int:
    """Check the designs and write every report; the exit code."""
    checks = examine(files)
    for report in reports:
        colour = report.place == STDOUT and in_colour()
        save(report.place, render(checks, report.format, verbose=verbose, colour=colour))
    if any(report.format == "github" for report in reports):
        _append_summary(checks)
    return verdict(checks, fail_on)


def check_plainly(files: list[str], *, keep: bool) -> int:
    """The check that has no options; unless told otherwise, its answer is kept for the next one."""
    from sdplan.cli import answers

    colour = in_colour()
    looks = answers.look_at(files) if keep else []
    paths, notes = find(files)
    checks = [_examined(path) for path in paths]
    text = render(checks, "text", verbose=False, colour=colour)
    code = verdict(checks, "error")
    show(text)
    if not notes and not any(_names_files(one) for one in checks):  # notes are told anew each time
        answers.remember(files, looks, code, text.encode("utf-8", "backslashreplace"), colour=colour)
    return code


def _names_files(one: Checked) -> bool:
    """Whether a design was solved with files beside it, which no answer knows of."""
    if one.design is None or b"measured:" not in one.raw:
        return False
    from sdplan.spec.measured import named_files

    return any(True for _ in named_files(one.design))


def reports(formats: Sequence[str], outputs: Sequence[str]) -> list[Report]:
    """Each format with its output; a single one goes to the standard output."""
    formats = formats or ["text"]
    outputs = outputs or [STDOUT]
    if len(formats) != len(outputs):
        message = f"{len(formats)} formats and {len(outputs)} outputs do not pair up"
        raise Refusal(message, "give each --format its --output; `-` is the standard output")
    return [Report(form, place) for form, place in zip(formats, outputs, strict=True)]


def examine(files: list[str]) -> list[Checked]:
    """Every design that the arguments name, taken as far as it goes."""
    paths, _ = find(files)
    return [_examined(path) for path in paths]


def find(files: list[str]) -> tuple[list[str], list[str]]:
    """The files that hold designs, and notes on what was passed over, which are told."""
    try:
        paths, notes = find_designs(files)
    except Unreadable as wrong:
        raise Refusal(wrong.message) from None
    for note in notes:
        tell(f"note: {note}")
    return paths, notes


def _examined(path: str) -> Checked:
    try:
        raw = load(path)
    except Unreadable as wrong:
        raise Refusal(wrong.message) from None
    outcome = run(shown_name(path), raw)
    return Checked(outcome.name, raw, *outcome[1:])


def render(checks: Sequence[Checked], form: str, *, verbose: bool, colour: bool) -> str:
    """The report of a check in one format."""
    if form == "json":
        from sdplan.cli.version import version
        from sdplan.render.json import check_document, json_text

        return json_text(check_document(checks, version=version()))
    if form == "github":
        from sdplan.render.github import github_commands

        return github_commands(checks)
    from sdplan.render.text import check_text

    return check_text(checks, verbose=verbose, colour=colour)


def verdict(checks: Sequence[Checked], fail_on: Severity) -> int:
    """The exit code: whether something could not be read, or something bad enough was found."""
    found = [finding for one in checks for finding in one.findings]
    if any(finding.code in UNREADABLE_CODES for finding in found):
        return REFUSED
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return FINDINGS if any(finding.severity in failing for finding in found) else CLEAN


def _append_summary(checks: Sequence[Checked]) -> None:
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        from sdplan.render.github import github_summary

        try:
            with open(place, "ab") as file:
                file.write(github_summary(checks).encode("utf-8", "backslashreplace"))
        except (OSError, ValueError) as wrong:
            raise unwritable(place, wrong) from None
