"""Every rule is tested by its own examples: what is marked is found, and what passes is not."""

import ast
import re
from pathlib import Path

import pytest

import sdplan
from sdplan.findings import SEVERITIES, Finding
from sdplan.pipeline import Outcome, run
from sdplan.rules import Rule, registry

_FOLDER = Path(sdplan.__file__).parent
_RULES = list(registry().values())
_EXAMPLES = [
    pytest.param(rule, text, id=f"{rule.code}-{number}")
    for rule in _RULES
    for number, text in enumerate(rule.fail, 1)
]
_PASSING = [
    pytest.param(rule, text, id=f"{rule.code}-{number}")
    for rule in _RULES
    for number, text in enumerate(rule.passes, 1)
]
_AREAS = {
    "capacity": "CP",
    "latency": "LT",
    "availability": "AV",
    "streams": "ST",
    "governance": "GV",
    "cost": "CO",
    "data": "DA",
    "resilience": "RS",
    "topology": "TP",
    "specification": "SP",
}


def _run(text: str) -> Outcome:
    return run("example.yaml", text.encode())


def _line(finding: Finding, outcome: Outcome) -> int:
    if finding.span is not None:
        return finding.span.line
    assert outcome.document is not None
    return outcome.document.locate(finding.path, on_key=finding.on_key).line


def _marked(rule: Rule, text: str) -> set[int]:
    return {n for n, line in enumerate(text.split("\n"), 1) if line.endswith(f"# <- {rule.code}")}


@pytest.mark.parametrize(("rule", "text"), _EXAMPLES)
def test_a_failing_example_is_found_on_the_marked_lines_and_nowhere_else(rule: Rule, text: str) -> None:
    outcome = _run(text)

    found = [finding for finding in outcome.findings if finding.code == rule.code]
    assert {_line(finding, outcome) for finding in found} == _marked(rule, text) != set()
    assert len(found) == len(_marked(rule, text))
    assert {finding.severity for finding in found} == {rule.severity}


@pytest.mark.parametrize(("rule", "text"), _PASSING)
def test_a_passing_example_has_neither_the_fault_nor_any_error(rule: Rule, text: str) -> None:
    outcome = _run(text)

    assert outcome.solution is not None
    assert rule.code not in {finding.code for finding in outcome.findings}
    assert [finding for finding in outcome.findings if finding.severity == "error"] == []


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.code)
def test_a_rule_has_a_page_and_stands_where_its_code_says(rule: Rule) -> None:
    title, _, body = rule.page.partition("\n\n")

    assert title.endswith(".")
    assert "\n" not in title
    assert rule.title == title.removesuffix(".")
    assert re.findall(r"^\*\*(.+?)\.\*\*", body, re.MULTILINE) == [
        "What it does",
        "Why it matters",
        "What to do instead",
    ]
    assert re.fullmatch(rf"{_AREAS[rule.area]}[1-9][0-9]{{2}}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.severity in SEVERITIES
    assert rule.confidence in ("high", "medium", "low")
    assert rule.fail
    assert rule.passes


def test_every_file_of_an_area_is_a_rule_with_a_code_of_its_own() -> None:
    files = [file for file in (_FOLDER / "rules").glob("*/*.py") if file.stem != "__init__"]

    assert sorted((rule.area, rule.name) for rule in _RULES) == sorted(
        (file.parent.name, file.stem.replace("_", "-")) for file in files
    )
    assert list(registry()) == sorted(registry())


def test_every_code_that_the_program_gives_has_a_rule() -> None:
    """Codes are text constants of the form XX000 somewhere in the source."""
    given = {
        node.value
        for file in _FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"[A-Z]{2}[0-9]{3}", node.value)
    }

    assert given == set(registry())


def test_a_rule_without_a_check_is_found_before_there_is_a_solution() -> None:
    for rule in _RULES:
        if rule.check is None:
            assert rule.area == "specification"
            assert rule.code < "SP900"
