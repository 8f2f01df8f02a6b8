"""Measured errors: which figures a label shows, and for which numbers."""

import json

import pytest

from sdplan.render.given import label_text
from sdplan.render.judgement import trust_note
from sdplan.render.solved import number
from sdplan.solve import measured
from sdplan.solve.measured import Measured, error_of, figures, kinds
from sdplan.solve.solution import Record

NOTE = "calls dealt out in turn over 96 replicas"
ROWS = {
    "calls dealt out in turn over # replicas": [
        {"of": "p99", "median": 0.004, "p95": 0.03, "designs": 210, "range": "utilization 30–90 %"},
        {"of": "wait", "median": 0.01, "p95": 0.08, "designs": 200, "range": ""},
    ],
    "queues": {"of": "p50", "median": 0.02, "p95": 0.05, "designs": 40, "range": ""},
}


@pytest.fixture
def some_figures(tmp_path, monkeypatch):
    file = tmp_path / "measured.json"
    file.write_text(json.dumps(ROWS), encoding="utf-8")
    monkeypatch.setattr(measured, "FIGURES", file)
    figures.cache_clear()
    yield
    figures.cache_clear()


def record(*path, note=NOTE, label="approximation"):
    return Record(("flows", "f", *path), 0.1, label=label, note=note)


@pytest.mark.usefixtures("some_figures")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("latency", "p99"), 0.03),
        (("latency_at_mean", "p99"), 0.03),
        (("wait_at_mean",), 0.08),
        (("latency", "p95"), 0.03),  # told by the p99, as the text says
        (("wait", "p99"), 0.03),
    ],
)
def test_the_row_of_the_number_itself_is_found(path, expected):
    assert error_of(record(*path)).p95 == expected


@pytest.mark.usefixtures("some_figures")
@pytest.mark.parametrize(
    "other",
    [
        record("latency", "p99", label="exact"),
        record("latency", "p99", note=""),
        record("latency", "p99", note="something else"),
        record("cost"),
    ],
)
def test_what_was_not_measured_has_no_figures(other):
    assert error_of(other) is None


@pytest.mark.usefixtures("some_figures")
def test_of_several_reasons_the_one_that_was_measured_is_told():
    assert error_of(record("latency", "p50", note="first; queues")).designs == 40


@pytest.mark.usefixtures("some_figures")
def test_the_label_the_page_and_the_document_show_the_figures():
    one = record("latency", "p99")
    said = (
        "within 0.4 % (median) and 3 % (95th percentile) of simulation over 210 designs, utilization 30–90 %"
    )

    assert label_text(one) == f"An approximation: {NOTE}. Its p99 was {said}."
    assert trust_note(one) == f"{NOTE}; its p99 was {said}"
    assert number(one)["measured_error"]["p95"] == 0.03


def test_the_kind_of_a_note_leaves_its_counts_out():
    assert list(kinds("of 3 and 4,000; two")) == ["of # and #; two", "of # and #", "two"]


def test_the_shipped_figures_are_errors():
    for rows in figures().values():
        for row in rows:
            assert isinstance(row, Measured)
            assert 0 <= row.median <= row.p95
            assert row.designs > 0
