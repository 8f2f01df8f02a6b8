"""Whatever a design says, it is solved or refused: never an exception, never a number that is none."""

from hypothesis import HealthCheck, given, settings
from random_designs import designs

from tests.strategies import evaluated_again, faults_of_records, outcome

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@QUICK
@given(designs())
def test_a_random_design_is_solved_or_refused(text):
    solution, findings = outcome(text)
    if solution is None:
        assert any(finding.severity == "error" for finding in findings)
        return
    assert faults_of_records(solution) == []
    for record in solution.records.values():
        again = evaluated_again(record, solution)
        assert again is None or abs(again - record.value) <= 1e-9 * abs(record.value), record.path
