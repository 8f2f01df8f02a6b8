"""How a number follows from others, in one line and as equations."""

from __future__ import annotations

import small_shop

from sdplan.render.equations import derivation, in_one_line
from sdplan.solve.solution import Record, Solution
from sdplan.units import RATE

SOLUTION = small_shop.solution()


def with_record(formula: str, *values: float, names: tuple[str, ...] = ()) -> tuple[Solution, Record]:
    names = names or tuple(f"term{n}" for n in range(len(values)))
    parts = {
        ("x", name): Record(("x", name), value, RATE, "stated")
        for name, value in zip(names, values, strict=True)
    }
    record = Record(("x", "y"), 1.0, RATE, "exact", formula, tuple((name, ("x", name)) for name in names))
    return SOLUTION._replace(records={**parts, record.path: record}), record


def line(formula: str, *values: float, names: tuple[str, ...] = ()) -> str:
    solution, record = with_record(formula, *values, names=names)
    return in_one_line(solution, record.path)


def test_a_formula_shows_its_numbers() -> None:
    mean = SOLUTION.records["flows", "buy", "mean_rate"].shown()

    assert in_one_line(SOLUTION, ("flows", "buy", "peak_rate")) == f"{mean} × 3"


def test_an_expression_shows_its_numbers() -> None:
    assert line("= a * 2 + b", 3.0, 5.0, names=("a", "b")) == "3/s × 2 + 5/s"


def test_a_sum_shows_its_terms_until_they_are_many() -> None:
    assert line("sum", 1.0, 2.0) == "1/s + 2/s"
    assert line("sum", *range(1, 8)) == "the sum of 7 numbers"
    assert line("largest", 1.0, 2.0) == "the largest of 1/s, 2/s"


def test_a_number_that_repeats_another_says_which() -> None:
    solution, record = with_record("= a", 3.0, names=("a",))
    found = derivation(solution, record)

    assert found is not None
    assert (found.lead, str(found.equation), [given.path for given in found.inputs]) == (
        "The same number as",
        "",
        ["x.a"],
    )


def test_a_stated_number_has_no_derivation() -> None:
    assert derivation(SOLUTION, SOLUTION.records["inputs", "peak_factor"]) is None


def test_a_derivation_has_the_equation_twice_and_its_source() -> None:
    found = derivation(SOLUTION, SOLUTION.records["flows", "buy", "peak_rate"])

    assert found is not None
    assert found.equation.startswith("<math")
    assert "<mtext>3</mtext>" in found.with_numbers
    assert found.formula == "peak_rate"
    assert found.family == "traffic"
    assert found.source != ""


def test_an_expression_that_does_not_parse_is_shown_as_it_is() -> None:
    solution, record = with_record("= …", 3.0)
    found = derivation(solution, record)

    assert found is not None
    assert found.equation == "= …"


def test_long_lists_of_inputs_say_how_many_more_there_are() -> None:
    solution, record = with_record("sum", *range(1, 15))
    found = derivation(solution, record)

    assert found is not None
    assert (len(found.inputs), found.more) == (6, 8)
