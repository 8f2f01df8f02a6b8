"""The report of a check, as text."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import small_shop

from sdplan.findings import Because, Finding, Span
from sdplan.render.checked import Checked
from sdplan.render.frames import WIDTH, columns, frame, mark, source_lines
from sdplan.render.text import check_text, percent

ERROR = Finding(
    "SP201",
    "error",
    ("components", "api", "replicas"),
    "unknown key `replcas`",
    "did you mean `replicas`?",
    on_key=True,
)
WARNING = Finding(
    "LT101",
    "warning",
    ("slos", "buy-fast", "latency", "p99"),
    "p99 of buy is 412 ms, its target is 300 ms",
    "`cores: 2` would give 180 ms",
    (
        Because(("components", "api", "cores"), "api is busy 98 % of the time"),
        Because((), "nothing else adds more than 1 ms"),
    ),
)
ADVICE = Finding(
    "CP101", "advice", ("components", "orders"), "orders states no capacity", "add `limits`", on_key=True
)
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")


def bare(text: str, *findings: Finding, name: str = "designs/shop.yaml") -> Checked:
    """A file that never became a document."""
    return Checked(name, text.encode(), None, None, None, findings)


def test_a_design_in_order_is_one_line_with_its_tightest_slo():
    report = check_text([small_shop.checked()])

    assert report == (
        "ok  designs/shop.yaml  tightest: buy-available availability at most 99.85 % against 99.8 % "
        "(25 % of the error budget left); 1 not judged\n"
    )


def test_a_design_without_solved_numbers_and_without_findings_is_still_one_line():
    assert check_text([bare("sdplan: 1\n")]) == "ok  designs/shop.yaml  no SLO stated\n"


def test_findings_are_shown_as_frames_with_help_and_causes(golden):
    golden("check-findings.txt", check_text([small_shop.checked(ADVICE, WARNING, ERROR)]))


def test_advice_is_counted_and_listed_only_when_asked_for(golden):
    folded = check_text([small_shop.checked(ADVICE)])

    assert folded.splitlines()[0].startswith("ok  designs/shop.yaml  tightest:")
    assert folded.splitlines()[1:] == ["1 piece of advice in 1 design; --verbose lists the advice"]
    golden("check-advice-verbose.txt", check_text([small_shop.checked(ADVICE)], verbose=True))


def test_the_summary_counts_the_designs_that_have_findings():
    report = check_text(
        [small_shop.checked(ERROR, ERROR, WARNING), small_shop.checked(name="designs/other.yaml")]
    )

    assert report.splitlines()[-1] == "2 errors, 1 warning in 1 of 2 designs"


def test_errors_come_before_warnings_whatever_their_order():
    assert check_text([small_shop.checked(WARNING, ERROR)]) == check_text(
        [small_shop.checked(ERROR, WARNING)]
    )


def test_colour_appears_only_when_asked_for():
    plain = check_text([small_shop.checked(ERROR)])
    painted = check_text([small_shop.checked(ERROR)], colour=True)

    assert "\x1b" not in plain
    assert "\x1b[1;31merror SP201\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


@pytest.mark.parametrize(
    ("line", "span", "expected"),
    [
        ("  replcas: 3", Span(1, 3, 1, 10), ("  replcas: 3", "replcas")),
        ("\treplcas: 3", Span(1, 2, 1, 9), (" replcas: 3", "replcas")),
        ("  名前: 値段", Span(1, 7, 1, 9), ("  名前: 値段", "値段")),
        ("  a: \x1b[2Jbad", Span(1, 10, 1, 13), ("  a: \\x1b[2Jbad", "bad")),
        ("x: " + "a" * 300 + "HERE" + "b" * 300, Span(1, 304, 1, 308), (None, "HERE")),
        ("short", Span(1, 40, 1, 44), ("short", "")),
    ],
)
def test_the_caret_stands_under_what_is_meant(line: str, span: Span, expected: tuple[str | None, str]):
    marked = mark(line, span)
    text, below = expected
    position = 0
    under = ""
    for character in marked.text:
        if marked.offset <= position < marked.offset + marked.length:
            under += character
        position += columns(character)

    assert text is None or marked.text == text
    assert under == below
    assert len(marked.text) <= WIDTH + 20


def test_a_span_over_several_lines_is_marked_to_the_end_of_its_first():
    marked = mark("  api: {kind: service,   ", Span(3, 8, 5, 2))

    assert (marked.offset, marked.length) == (7, len("{kind: service,"))


def test_a_line_that_is_not_in_the_file_is_left_out():
    finding = Finding("SP101", "error", (), "the text ends in the middle of a list", span=Span(9, 1, 9, 1))

    text = frame(bare("a: [1\n", finding), source_lines("a: [1\n"), finding.span, finding)

    assert text == "designs/shop.yaml:9:1: error SP101 the text ends in the middle of a list"


def test_lines_are_counted_as_the_yaml_reader_counts_them():
    assert source_lines("a\r\nb\rc\nd\x0be") == ["a", "b", "c", "d\x0be"]


@pytest.mark.parametrize(
    "payload", ["\x1b[2J\x1b[1;1Hok", "\x9b2J", "\u202egnp.exe", "\b\b\bOK", "a\rb", "\u200b", "x\x85y"]
)
def test_no_control_character_of_a_file_reaches_the_report(payload: str):
    finding = Finding(
        "SP201",
        "error",
        (payload,),
        f"unknown key `{payload}`",
        f"did you mean `{payload}`?",
        (Because((), payload),),
        Span(1, 1, 1, 3),
    )

    report = check_text([bare(f"{payload}: 1", finding, name=f"{payload}.yaml")], verbose=True)

    assert UNSAFE.search(report) is None


@pytest.mark.parametrize(
    "payload",
    ["::error::x", "  ::add-mask::a", "##[error]x", "###[add-mask]e", "##vso[task.a]b", "##teamcity[b]"],
)
def test_no_text_of_a_file_becomes_a_command_of_a_ci_runner(payload: str):
    finding = Finding(
        "SP201", "error", (payload,), payload, payload, (Because((), payload),), Span(1, 1, 1, 3)
    )

    report = check_text([bare(payload, finding, name=payload)])

    assert not [line for line in report.splitlines() if line.lstrip().startswith("::")]
    assert re.search(r"##[A-Za-z]*\[", report) is None


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.62, "62 %"), (1.0, "100 %"), (0.0, "0 %"), (0.004, "0.4 %"), (45.0, "4500 %"), (0.0149, "1 %")],
)
def test_a_margin_is_a_rough_percentage(share: float, expected: str):
    assert percent(share) == expected


def test_reports_are_written_without_loading_anything_large():
    modules = "text github json tables explain explain_markdown"
    code = (
        "import importlib, sys\n"
        f"for name in {modules!r}.split(): importlib.import_module('sdplan.render.' + name)\n"
        "print(*sorted(set(sys.modules) & set(sys.argv[1].split())))"
    )
    heavy = "numpy scipy sympy jinja2 graphviz mkdocs rich networkx pydantic yaml latex2mathml"

    found = subprocess.run([sys.executable, "-c", code, heavy], capture_output=True, text=True, check=True)

    assert found.stdout == "\n"
