"""Small designs for tests: YAML in, solution or findings out, and a generator of random designs."""

from __future__ import annotations

import math
from textwrap import dedent

from sdplan.expressions import evaluate, parse_expression
from sdplan.findings import Finding
from sdplan.formulas import registry
from sdplan.solve.lookup import path_of
from sdplan.solve.solution import Record, Solution
from sdplan.solve.solve import solve
from sdplan.source.reading import read_text
from sdplan.spec.design import Design
from sdplan.spec.validation import validate
from sdplan.units import Quantity

HEAD = "sdplan: 1\nid: sample\ntitle: A sample\n"


def validated(text: str) -> tuple[Design | None, list[Finding]]:
    """The design that a text says, under the head that every design has, and what was found."""
    document, findings = read_text(HEAD + dedent(text), "sample.yaml")
    if document is None:
        return None, findings
    design, found = validate(document)
    return design, [*findings, *found]


def outcome(text: str) -> tuple[Solution | None, list[Finding]]:
    """The solution of a design, or nothing, and all that was found on the way."""
    design, findings = validated(text)
    if design is None:
        return None, findings
    solution, found = solve(design)
    return solution, [*findings, *found]


def solved(text: str) -> Solution:
    """The solution of a design in which nothing is wrong."""
    solution, findings = outcome(text)
    assert solution is not None, [(finding.code, finding.path, finding.message) for finding in findings]
    return solution


def number(solution: Solution, name: str) -> float:
    """The value at a dotted path."""
    path = path_of(name)
    assert path in solution.records, (name, reason(solution, name))
    return solution.records[path].value


def reason(solution: Solution, name: str) -> str:
    """Why a number is missing; empty where it is not known to be."""
    path = path_of(name)
    return next((why for n in range(len(path), 0, -1) if (why := solution.missing.get(path[:n]))), "")


def errors(text: str) -> list[Finding]:
    """The errors of a design that must not be solved."""
    solution, findings = outcome(text)
    found = [finding for finding in findings if finding.severity == "error"]
    assert solution is None
    assert found
    return found


_RANK = {"stated": 0, "exact": 0, "bound": 1, "simulated": 2, "approximation": 3}
_MAY_BE_NEGATIVE = ("results", "slos", "decisions", "inputs")


def faults_of_records(solution: Solution) -> list[tuple[object, str]]:
    """What is wrong with the records of a solution: values, labels, and inputs that lead nowhere."""
    found: list[tuple[object, str]] = []
    for path, record in solution.records.items():
        if record.path != path:
            found.append((path, "stands at another path than it says"))
        if not math.isfinite(record.value):
            found.append((path, "is not finite"))
        if record.value < 0 and path[0] not in _MAY_BE_NEGATIVE:
            found.append((path, "is negative"))
        for name, where in record.inputs:
            if where not in solution.records:
                found.append((path, f"follows from {name} at {where}, which is not there"))
            elif record.label != "stated" and _RANK[record.label] < _RANK[solution.records[where].label]:
                found.append((path, f"is {record.label} and {name} is {solution.records[where].label}"))
        if path in solution.missing:
            found.append((path, "has a value and a reason why it has none"))
        if record.label in ("approximation", "bound") and not record.note:
            found.append((path, f"is {record.label} and does not say why"))
    return found


def evaluated_again(record: Record, solution: Solution) -> float | None:
    """The value that a record's own formula gives for its inputs; None where it is no such formula."""
    values = {name: solution.records[where] for name, where in record.inputs}
    if record.formula.startswith("= ") and "…" not in record.formula:
        known = {name: Quantity(one.value, one.dimension, one.currency) for name, one in values.items()}
        return evaluate(parse_expression(record.formula[2:]), known.__getitem__, solution.design.clock).value
    folds = {"sum": math.fsum, "largest": max, "smallest": min}
    if record.formula in folds and record.inputs:
        return float(folds[record.formula](one.value for one in values.values()))
    formula = registry().get(record.formula)
    if formula is not None and set(values) == set(formula.parameters):
        return float(formula(**{name: one.value for name, one in values.items()}))
    return None
