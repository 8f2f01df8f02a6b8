"""Verdicts as people read them: a sign, a word, and how much is left."""

from __future__ import annotations

import pytest
import small_shop

from sdplan.findings import Finding
from sdplan.render.judgement import margin_text, objectives, premise_text, promises, shown, standing
from sdplan.solve.solution import Verdict


def verdict(**changes: object) -> Verdict:
    return small_shop.solution().slos[0]._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measure", "margin", "text"),
    [
        ("latency p99", 0.62, "62 % left"),
        ("latency p99", 0.0, "0 % left"),
        ("latency p99", -0.23, "23 % over"),
        ("latency p99", -12.0, "12 times over"),
        ("availability", 0.371, "37 % of the error budget left"),
        ("availability", -3.04, "4.0× the error budget"),
        ("availability", -99.0, "100× the error budget"),
        ("cost", None, ""),
    ],
)
def test_a_margin_says_what_is_left_or_overdrawn(measure: str, margin: float | None, text: str) -> None:
    assert margin_text(verdict(measure=measure, margin=margin)) == text


def test_each_objective_has_a_sign_and_a_word() -> None:
    rows = {row.name: row for row in objectives(small_shop.solution())}
    verdicts = {each.slo: each for each in small_shop.solution().slos}

    for name, row in rows.items():
        expected = {True: "✓ met", False: "✗ missed", None: "? not judged"}[verdicts[name].met]
        assert f"{row.sign.mark} {row.sign.word}" == expected
    assert rows["buy-fast"].target == "≤ 300 ms"
    assert rows["buy-available"].target == "≥ 99.8 %"
    assert rows["fresh"].reason == verdicts["fresh"].reason != ""


def test_a_promised_number_stands_beside_what_is_solved() -> None:
    (row,) = promises(small_shop.solution())

    assert (row.name, row.sign.word, row.value.text, row.expected, row.tolerance) == (
        "orders", "agrees", "1/s", "1/s", "±0.1 %",
    )  # fmt: skip


def test_a_number_that_is_missing_is_a_dash_with_its_reason() -> None:
    solution = small_shop.solution()._replace(
        missing={("flows", "buy", "freshness", "max"): "nothing triggers it"}
    )

    missing = shown(solution, ("flows", "buy", "freshness", "max"))
    assert (missing.path, missing.text, missing.title) == ("", "–", "nothing triggers it")


@pytest.mark.parametrize(
    ("changes", "mark", "text"),
    [
        ({"label": "exact"}, "", "3/s"),
        ({"label": "stated"}, "", "3/s"),
        ({"label": "approximation"}, "≈", "3/s"),
        ({"label": "bound"}, "≤", "3/s"),
        ({"label": "exact", "prefix": "at least "}, "≥", "3/s"),
        ({"label": "approximation", "prefix": "at most "}, "≤", "3/s"),
        ({"label": "bound", "prefix": "at least ", "value": 0.0}, "", "–"),
    ],
)
def test_a_number_has_a_mark_for_how_far_to_trust_it(
    changes: dict[str, object], mark: str, text: str
) -> None:
    solution, path = small_shop.solution(), ("flows", "buy", "peak_rate")
    record = solution.records[path]._replace(**changes)  # type: ignore[arg-type]

    told = shown(solution._replace(records={path: record}), path)
    assert (told.mark, told.text) == (mark, text)


def test_a_premise_tells_its_numbers() -> None:
    (premise,) = small_shop.solution().decisions
    assert premise.left is not None
    assert premise.right is not None

    left, right = premise.left.shown(), premise.right.shown()
    assert premise_text(premise, "<") == f"holds: {left} < {right}"
    assert premise_text(premise._replace(met=False), "<") == f"no longer holds: {left} is not < {right}"
    assert premise_text(premise, "<=") == f"holds: {left} ≤ {right}"


def test_a_design_with_a_missed_objective_does_not_hold() -> None:
    solution = small_shop.solution()
    met = solution._replace(slos=tuple(each._replace(met=True) for each in solution.slos))
    missed = met._replace(slos=(met.slos[0]._replace(met=False), *met.slos[1:]))

    assert standing(small_shop.checked()._replace(solution=met)).sign.word == "holds"
    assert standing(small_shop.checked()._replace(solution=missed)).sign.word == "does not hold"


def test_warnings_and_errors_weigh_on_the_verdict() -> None:
    solution = small_shop.solution()
    solution = solution._replace(slos=tuple(each._replace(met=True) for each in solution.slos))
    checked = small_shop.checked()._replace(solution=solution)
    warning = Finding("CP102", "warning", (), "above target")

    assert standing(checked._replace(findings=(warning,))).sign.word == "holds, with warnings"
    assert (
        standing(checked._replace(findings=(warning._replace(severity="error"),))).sign.word
        == "does not hold"
    )
    assert standing(checked._replace(solution=None)).sign.word == "does not solve"
