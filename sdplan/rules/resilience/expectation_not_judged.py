"""What a scenario expects cannot be judged.

**What it does.** Lists SLOs that a scenario expects something of, and whose number the design does not
have in that scenario.

**Why it matters.** An expectation that nobody can judge proves nothing: the scenario may end either way.

**What to do instead.** State what the message names, or expect something of an SLO that has a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

CODE = "RS102"
SEVERITY: Severity = "advice"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  budget: {cost: 1k USD/month}
scenarios:
  sale:
    traffic: 3x
    expect: {budget: met}  # <- RS102
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%, price: {hour: 0.5 USD/h}}
slos:
  budget: {cost: 10k USD/month}
scenarios:
  sale: {traffic: 3x, expect: {budget: met}}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each SLO that a scenario could not judge."""
    for name, outcome in solution.scenarios.items():
        for expectation in outcome.expectations:
            if expectation.expected and expectation.met is None:
                open_ = [verdict.reason for verdict in expectation.verdicts if verdict.met is None]
                reason = f": {open_[0]}" if open_ else ""
                message = f"in scenario {name} `{expectation.slo}` is not judged{reason}"
                yield Finding(CODE, SEVERITY, expectation.path, message)
