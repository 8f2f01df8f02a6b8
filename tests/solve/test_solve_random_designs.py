"""Whatever a design says, it is solved or refused: never an exception, never a number that is none.

`SDPLAN_EXAMPLES=10000` makes it try so many designs; usually it tries a few hundred, always the same ones.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, given, settings
from random_designs import designs

from tests.strategies import evaluated_again, faults_of_records, outcome

# Without shrinking: it would take many minutes, and a design of a few lines is small enough to be read.
QUICK = settings(
    max_examples=int(os.environ.get("SDPLAN_EXAMPLES", "120")),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    derandomize=True,
    database=None,
)


@QUICK
@given(designs())
def test_a_random_design_is_solved_or_refused(text):
    solution, findings = outcome(text)
    if solution is None:
        assert any(finding.severity == "error" for finding in findings)
        return
    for one in (solution, *(scenario.solution for scenario in solution.scenarios.values())):
        assert faults_of_records(one) == []
    for record in solution.records.values():
        again = evaluated_again(record, solution)
        assert again is None or abs(again - record.value) <= 1e-9 * abs(record.value), record.path
