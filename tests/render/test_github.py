"""Findings as workflow commands of GitHub and as a Markdown summary."""

from __future__ import annotations

import re

import pytest
import small_shop

from sdplan.findings import Because, Finding, Span
from sdplan.render.checked import Checked
from sdplan.render.escaping import markdown
from sdplan.render.github import github_commands, github_summary

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:]*,?)*)::(.*)")


def unescaped(text: str) -> str:
    """What the runner makes of the text of a command (actions/runner, ActionCommand.Unescape)."""
    return (
        text.replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%3A", ":")
        .replace("%2C", ",")
        .replace("%25", "%")
    )


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as the runner reads it."""
    found = COMMAND.fullmatch(line)
    assert found, line
    properties = dict(pair.split("=", 1) for pair in found[2].split(","))
    return found[1], {key: unescaped(value) for key, value in properties.items()}, unescaped(found[3])


def finding(number: int, severity: str = "error", message: str = "wrong") -> Finding:
    return Finding("SP201", severity, (), f"{message} {number}", span=Span(number, 3, number, 9))


def bare(*findings: Finding, name: str = "designs/shop.yaml") -> Checked:
    return Checked(name, b"", None, None, None, findings)


def test_a_finding_becomes_an_annotation_of_its_line():
    found = Finding(
        "SP201",
        "error",
        ("flows", "buy", "peak"),
        "unknown key `peek`",
        "did you mean `peak`?",
        (Because(("inputs", "peak_factor"), "three times the mean"),),
        Span(12, 5, 12, 9),
    )

    kind, properties, message = read(github_commands([small_shop.checked(found)]).rstrip("\n"))

    assert kind == "error"
    assert properties == {
        "file": "designs/shop.yaml",
        "line": "12",
        "endLine": "12",
        "col": "5",
        "endColumn": "9",
        "title": "sdplan SP201",
    }
    assert message == "unknown key `peek`\nbecause three times the mean (line 7)\nhelp: did you mean `peak`?"


def test_columns_are_left_out_where_a_finding_spans_lines():
    several = finding(1)._replace(span=Span(2, 3, 5, 1))

    _, properties, _ = read(github_commands([bare(several)]).rstrip("\n"))

    assert properties == {"file": "designs/shop.yaml", "line": "2", "endLine": "5", "title": "sdplan SP201"}


def test_the_worst_come_first_and_advice_is_a_notice():
    report = github_commands([bare(finding(1, "advice"), finding(2, "warning"), finding(3, "error"))])

    assert [read(line)[0] for line in report.splitlines()] == ["error", "warning", "notice"]


def test_of_many_findings_ten_of_a_kind_are_shown_and_the_last_says_how_many_more():
    many = [finding(n) for n in range(1, 5001)] + [finding(n, "warning") for n in range(1, 13)]

    lines = github_commands([bare(*many)]).splitlines()

    assert [read(line)[0] for line in lines] == ["error"] * 10 + ["warning"] * 10
    assert read(lines[9])[2] == "wrong 10\nand 4990 more errors"
    assert read(lines[19])[2] == "wrong 10\nand 2 more warnings"


def test_the_limit_holds_over_all_designs_of_a_run():
    checks = [bare(*(finding(n) for n in range(1, 8)), name=f"designs/{name}.yaml") for name in ("a", "b")]

    lines = github_commands(checks).splitlines()

    assert len(lines) == 10
    assert lines[-1].endswith("%0Aand 4 more errors")


def test_percent_signs_and_line_breaks_survive_the_escaping():
    assert read(github_commands([bare(finding(1, message="100% of a,b:c"))]).rstrip())[2] == "100% of a,b:c 1"


@pytest.mark.parametrize(
    "payload",
    [
        "x\n::set-output name=pass::true",
        "x\n  ::stop-commands::tok",
        "mid-line ##[add-mask]e and ##[error]fake",
        "x\n::error file=README.md,line=1::fake finding",
        "pct%0A::warning::x%25",
        "x\r::debug::cr",
        "a,line=999,title=b::c",
        "x\n##vso[task.setvariable variable=a]b",
        "x\n##teamcity[buildProblem description='x']",
        "x\nEOF\nPATH=/evil",
        "x\x85::warning::nel \u2028::warning::ls",
    ],
)
def test_no_text_of_a_file_forges_a_command(payload: str):
    found = Finding(payload[:9], "error", (), payload, payload, (Because((), payload),), Span(1, 1, 1, 2))

    report = github_commands([bare(found, name=payload)])

    assert len(report.splitlines()) == 1
    kind, properties, _ = read(report.rstrip("\n"))
    assert kind == "error"
    assert set(properties) == {"file", "line", "endLine", "col", "endColumn", "title"}
    assert properties["line"] == "1"
    assert re.search(r"##[A-Za-z]*\[", report) is None


def test_a_check_without_findings_prints_no_command():
    assert github_commands([small_shop.checked()]) == ""


def test_the_summary_is_a_table_of_designs_and_findings(golden):
    found = Finding(
        "LT101", "warning", ("slos", "buy-fast"), "p99 of buy is 412 ms", "`cores: 2` would give 180 ms"
    )

    golden(
        "github-summary.md",
        github_summary([small_shop.checked(found), small_shop.checked(name="designs/other.yaml")]),
    )


def test_the_summary_ends_a_long_list_with_how_many_more():
    report = github_summary([bare(*(finding(n) for n in range(1, 71)))])

    assert report.count("| error SP201 |") == 50
    assert report.endswith("and 20 more\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", "a &#124; b"),
        ("@team", "@<!-- -->team"),
        ("see #12", "see #<!-- -->12"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("[x](javascript:1)", r"\[x\](javascript:1)"),
        ("![x](http://a)", r"!\[x\](http://a)"),
        ("use `a|b`!", r"use `a\|b`!"),
        ("a ` b", r"a \` b"),
        ("a\nb", "a\\\\nb"),
    ],
)
def test_text_of_a_file_is_plain_words_in_markdown(text: str, shown: str):
    assert markdown(text) == shown
