"""The reference cases on the formula pages: what is shipped is what the tests reproduce, and it is true."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from reference_cases import CASES, allowed

from sdplan.formulas import Formula, registry
from sdplan.formulas._cases import FILE, reference_cases

LONGEST = 12  # values of one input; longer tables are left to the tests


def numbers(expected):
    if isinstance(expected, dict):
        expected = list(expected.values())
    if isinstance(expected, list):
        return [number for each in expected for number in numbers(each)]
    return [float(expected)] if isinstance(expected, (int, float)) and not isinstance(expected, bool) else []


def outermost_calls(monkeypatch, compute, inputs):
    """Every formula that the computation of a case calls itself, with its arguments and its number."""
    found, depth, call = [], [0], Formula.__call__

    def noted(self, **arguments):
        depth[0] += 1
        try:
            value = call(self, **arguments)
        finally:
            depth[0] -= 1
        if depth[0] == 0 and isinstance(value, (int, float)):
            found.append((self.name, arguments, float(value)))
        return value

    with monkeypatch.context() as patched:
        patched.setattr(Formula, "__call__", noted)
        compute(**inputs)
    return found


def short(arguments):
    return all(
        isinstance(each, (int, float)) or (isinstance(each, (list, tuple)) and len(each) <= LONGEST)
        for each in arguments.values()
    )


def rows(monkeypatch):
    """For each formula the cases whose expected values are its own numbers."""
    made = {}
    for file in sorted(Path(__file__).parent.glob("test_reference_*.py")):
        module = import_module(file.stem)
        if not any(isinstance(each, Formula) for each in vars(module).values()):
            continue
        for compute, ids in getattr(module, "COVERED", {}).items():
            for identity in ids.split():
                case = CASES[identity]
                tolerance = allowed(case["tolerance"])
                calls = outermost_calls(monkeypatch, compute, case["inputs"])
                for name, arguments, value in calls:
                    close = [
                        x for x in numbers(case["expected"]) if x and value == pytest.approx(x, **tolerance)
                    ]
                    if close and short(arguments):
                        expected = min(close, key=lambda x: abs(x - value))
                        row = {
                            "id": identity,
                            "inputs": arguments,
                            "expected": expected,
                            "relative": tolerance["rel"],
                            "absolute": tolerance["abs"],
                            "source": case["source"],
                        }
                        if row not in made.setdefault(name, []):
                            made[name].append(row)
    return {name: made[name] for name in sorted(made)}


def laid_out(found):
    """One line a case."""
    blocks = []
    for name, cases in found.items():
        lines = ",\n".join(f"  {json.dumps(case, ensure_ascii=False)}" for case in cases)
        blocks.append(f" {json.dumps(name)}: [\n{lines}\n ]")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def test_the_shipped_cases_are_those_that_the_tests_reproduce(monkeypatch, request):
    text = laid_out(rows(monkeypatch))
    if request.config.getoption("--bless"):
        FILE.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(FILE.read_text(encoding="utf-8"))


def test_every_shipped_case_stands_in_the_reference_files_and_is_reproduced():
    shipped = [(name, case) for name, cases in reference_cases().items() for case in cases]
    assert len({name for name, _ in shipped}) > 40
    for name, case in shipped:
        assert case.expected in numbers(CASES[case.id]["expected"])
        assert CASES[case.id]["source"] == case.source
        assert abs(registry()[name](**case.inputs) - case.expected) <= case.allowed, (name, case.id)
