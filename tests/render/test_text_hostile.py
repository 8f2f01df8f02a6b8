"""Every report of every hostile file: no control character and no command of a CI runner gets through."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sdplan.findings import dotted
from sdplan.pipeline import run
from sdplan.render.checked import Checked
from sdplan.render.explain import explain
from sdplan.render.github import github_commands, github_summary
from sdplan.render.json import check_document, json_text
from sdplan.render.solved import solve_document
from sdplan.render.tables import solve_text
from sdplan.render.text import check_text

HOSTILE = Path(__file__).parents[1] / "cases" / "hostile"
FILES = sorted(HOSTILE.glob("*.yaml"))
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
RUNNER = re.compile(r"##[A-Za-z]*\[")
OURS = re.compile(r"::(error|warning|notice) file=[^:]*,line=\d+,[^:]*title=sdplan [A-Z]{2}\d{3}::")


def checked(path: Path) -> Checked:
    raw = path.read_bytes()
    return Checked(path.name, raw, *run(path.name, raw)[1:])


def reports(one: Checked) -> dict[str, str]:
    """Every report but the commands of GitHub, which begin as only they may."""
    found = {
        "text": check_text([one], verbose=True),
        "summary": github_summary([one]),
        "json": json_text(check_document([one], version="0")),
    }
    if one.document is not None and one.solution is not None:
        found["tables"] = solve_text(one.solution)
        found["solved"] = json_text(solve_document(one.solution, file=one.name, version="0"))
        for path in one.solution.records:
            found[dotted(path)] = str(explain(one.document, one.solution, dotted(path)))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_report_of_a_hostile_file_carries_its_payload(path: Path):
    for kind, text in reports(checked(path)).items():
        assert UNSAFE.search(text) is None, kind
        assert RUNNER.search(text) is None, kind
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")], kind


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_commands_for_github_are_ours_alone(path: Path):
    report = github_commands([checked(path)])

    assert UNSAFE.search(report) is None
    assert RUNNER.search(report) is None
    assert [line for line in report.split("\n") if line and not OURS.match(line)] == []
    assert len(report.splitlines()) <= 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_finding_of_a_hostile_file_has_a_place_in_it(path: Path):
    one = checked(path)
    lines = len(one.text.split("\n"))

    document = json.loads(json_text(check_document([one], version="0")))
    for finding in document["designs"][0]["findings"]:
        assert 1 <= finding["line"] <= lines
        assert finding["column"] >= 1


def test_there_are_hostile_files_to_read():
    assert len(FILES) > 30
