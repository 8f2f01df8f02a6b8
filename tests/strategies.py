"""Small designs for tests: YAML in, solution or findings out, and a generator of random designs."""

from __future__ import annotations

from textwrap import dedent

from sdplan.findings import Finding
from sdplan.solve.judge import path_of
from sdplan.solve.solution import Solution
from sdplan.solve.solve import solve
from sdplan.source.reading import read_text
from sdplan.spec.design import Design, validate

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
