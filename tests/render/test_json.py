"""The documents that other programs read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import small_shop
from jsonschema import Draft202012Validator

import sdplan.render
from sdplan.findings import Because, Finding, Span
from sdplan.render.checked import Checked
from sdplan.render.json import check_document, json_text
from sdplan.render.solved import segments, solve_document

SCHEMAS = Path(next(iter(sdplan.render.__path__))) / "schemas"
FOUND = Finding(
    "SP201",
    "error",
    ("flows", "buy", "steps", 0),
    "unknown key `peek`",
    "did you mean `peak`?",
    (Because(("inputs", "peak_factor"), "three times the mean"),),
    Span(12, 5, 12, 9),
)


def faults(name: str, document: object) -> list[str]:
    schema = json.loads((SCHEMAS / name).read_text())
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def test_the_document_of_a_check_fits_its_schema():
    checks = [small_shop.checked(FOUND), Checked("broken.yaml", b"\xff", None, None, None, (FOUND,))]

    assert faults("check-1.json", json.loads(json_text(check_document(checks, version="0.1.0")))) == []


def test_the_document_of_a_solution_fits_its_schema():
    document = solve_document(small_shop.solution(), file="designs/shop.yaml", version="0.1.0")

    assert faults("solve-1.json", json.loads(json_text(document))) == []


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("check-1.json", lambda document: document.pop("summary")),
        ("check-1.json", lambda document: document["designs"][0]["findings"][0].update(severity="fatal")),
        ("solve-1.json", lambda document: document["flows"]["buy"]["rate"].pop("unit")),
        ("solve-1.json", lambda document: document["flows"]["buy"]["latency"]["p99"].update(label="guess")),
        ("solve-1.json", lambda document: document["slos"]["buy-fast"].pop("met")),
    ],
)
def test_the_schemas_refuse_what_the_documents_never_are(name, spoil):
    check = check_document([small_shop.checked(FOUND)], version="0.1.0")
    solved = solve_document(small_shop.solution(), file="designs/shop.yaml", version="0.1.0")
    document = check if name.startswith("check") else solved
    spoil(document)

    assert len(faults(name, document)) > 0


def test_a_finding_keeps_its_path_place_and_causes():
    document = check_document([small_shop.checked(FOUND)], version="0.1.0")

    assert document["summary"] == {"designs": 1, "error": 1, "warning": 0, "advice": 0}
    assert document["designs"][0]["findings"] == [
        {
            "code": "SP201",
            "severity": "error",
            "path": "flows.buy.steps[0]",
            "message": "unknown key `peek`",
            "hint": "did you mean `peak`?",
            "line": 12,
            "column": 5,
            "end_line": 12,
            "end_column": 9,
            "because": [{"path": "inputs.peak_factor", "message": "three times the mean", "line": 7}],
        }
    ]


def test_a_file_that_is_no_design_has_no_id_and_no_slos():
    document = check_document([Checked("broken.yaml", b"\xff", None, None, None, (FOUND,))], version="0.1.0")

    assert (document["designs"][0]["id"], document["designs"][0]["slos"]) == (None, [])


def test_every_number_stands_in_base_units_under_the_keys_of_its_path():
    document = solve_document(small_shop.solution(), file="designs/shop.yaml", version="0.1.0")

    assert document["inputs"]["visitors"] == {"value": 10.0, "unit": "1/s", "label": "stated"}
    assert document["flows"]["buy"]["latency"]["p99.9"] == {
        "value": 0.31,
        "unit": "s",
        "label": "approximation",
    }
    assert document["components"]["orders"]["stored"] == {"value": 63.072e9, "unit": "B", "label": "exact"}
    assert document["flows"]["buy"]["availability"]["qualifier"] == "at most"
    assert document["cost"] == {"value": 0.0001, "unit": "USD/s", "label": "exact"}


def test_a_number_may_have_further_numbers_beside_it():
    solution = small_shop.solution()
    wait = solution.records["components", "api", "wait"]
    deeper = wait._replace(path=("components", "api", "wait", "p99"), value=0.02)

    document = solve_document(
        solution._replace(records={**solution.records, deeper.path: deeper}), file="x", version="0"
    )

    assert document["components"]["api"]["wait"]["value"] == wait.value
    assert document["components"]["api"]["wait"]["p99"]["value"] == 0.02
    assert faults("solve-1.json", document) == []


def test_what_is_not_finite_is_no_number():
    solution = small_shop.solution()
    endless = solution.records["components", "api", "wait"]._replace(value=float("inf"))

    document = solve_document(
        solution._replace(records={**solution.records, endless.path: endless}), file="x", version="0"
    )

    assert "wait" not in document["components"]["api"]
    assert "Infinity" not in json_text(document)


def test_slos_results_and_decisions_say_whether_they_are_met():
    document = solve_document(small_shop.solution(), file="designs/shop.yaml", version="0.1.0")

    assert {name: slo["met"] for name, slo in document["slos"].items()} == {
        "buy-fast": True,
        "buy-available": True,
        "fresh": None,
    }
    assert document["slos"]["buy-fast"]["target"]["value"] == 0.3
    assert document["slos"]["buy-fast"]["margin"] == pytest.approx(0.28466666666666)
    assert document["results"]["orders"]["met"] is True
    assert document["decisions"]["ADR-0001"]["left"]["value"] == 63.072e9


def test_an_slo_with_several_objectives_is_as_good_as_the_worst():
    solution = small_shop.solution()
    missed = solution.slos[0]._replace(met=False, margin=-0.5, measure="latency p99.9")

    document = solve_document(solution._replace(slos=(*solution.slos, missed)), file="x", version="0")

    assert document["slos"]["buy-fast"]["met"] is False
    assert document["slos"]["buy-fast"]["measure"] == "latency p99.9"
    assert len(document["slos"]["buy-fast"]["objectives"]) == 2


def test_an_index_stays_with_its_list():
    assert segments(("steps", 0, "lb", "rate")) == ["steps[0]", "lb", "rate"]


@pytest.mark.parametrize(
    "payload", ["##[error]x", "###vso[a]", "##teamcity[b]", "\x1b[2J", "\u202e", "\ud800", "x\n::error::y"]
)
def test_json_holds_no_command_and_no_control_character_yet_means_the_same(payload: str):
    text = json_text(check_document([small_shop.checked(FOUND._replace(message=payload))], version="0"))

    assert text.isascii()
    assert not re.search(r"##[A-Za-z]*\[|^\s*::", text, re.MULTILINE)
    assert json.loads(text)["designs"][0]["findings"][0]["message"] == payload
