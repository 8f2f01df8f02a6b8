"""Every number of real designs says where it came from, and saying it again gives the same number."""

import math
from pathlib import Path

import pytest

from sdplan.pipeline import run
from tests.strategies import evaluated_again, faults_of_records

ROOT = Path(__file__).parents[2]
DESIGNS = sorted((ROOT / "designs").glob("*.yaml"))


@pytest.fixture(scope="module", params=DESIGNS, ids=lambda file: file.stem)
def solution(request):
    outcome = run(request.param.name, request.param.read_bytes())
    assert outcome.solution is not None, [finding.message for finding in outcome.findings]
    return outcome.solution


def test_there_are_designs_to_look_at():
    assert DESIGNS


def test_no_number_of_a_design_is_broken(solution):
    assert faults_of_records(solution) == []


def test_every_number_that_follows_can_be_followed_again(solution):
    checked = 0
    for record in solution.records.values():
        again = evaluated_again(record, solution)
        if again is not None:
            checked += 1
            assert again == pytest.approx(record.value, rel=1e-9, abs=1e-300), (record.path, record.formula)
    assert checked > 50


def test_what_is_missing_says_why(solution):
    assert all(reason for reason in solution.missing.values())


def test_percentiles_rise_with_their_level(solution):
    levels = ("p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99")
    for path in {path[:-1] for path in solution.records if path[-1] in levels}:
        values = [
            solution.records[(*path, level)].value for level in levels if (*path, level) in solution.records
        ]
        assert values == sorted(values), path


def test_availability_and_unavailability_are_one_whole(solution):
    for path, record in solution.records.items():
        if path[0] == "flows" and path[-1] == "availability":
            assert math.isclose(record.value + solution.records[(*path[:-1], "unavailability")].value, 1.0)
            assert solution.records[(*path[:-1], "undegraded")].value <= record.value * (1 + 1e-12)
