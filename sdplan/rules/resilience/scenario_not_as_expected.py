"""A scenario does not end as it is expected to.

**What it does.** Reports an SLO that a scenario expects to be met and that is missed in it, or expects to
be missed and that is met. The design is solved again as the scenario leaves it.

**Why it matters.** An expectation is what the plan for that day rests on: that the launch is survived, or
that everybody knows it is not. Either way, somebody counts on something that is not so.

**What to do instead.** Follow the chain: it names what breaks first in the scenario. Change the design
until the SLO holds there, or write down what really happens: `expect: {fast: missed}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Because, Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.causes import causes, remedy
from sdplan.rules.verdicts import apart, headline, measured

if TYPE_CHECKING:
    from sdplan.solve.solution import Expectation, Outcome, Solution, Verdict
    from sdplan.spec.design import Design

CODE = "RS101"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 1, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  fast: {flow: order, latency: {p99: 60ms}}
scenarios:
  sale:
    traffic: 3x
    expect: {fast: met}  # <- RS101
""",
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 9, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  fast: {flow: order, latency: {p99: 60ms}}
scenarios:
  slow-disk:
    slow: {api: 2x}
    expect: {fast: missed}  # <- RS101
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, replicas: 6, cores: 1, service_time: 5ms, availability: 99.9%}
slos:
  fast: {flow: order, latency: {p99: 60ms}}
scenarios:
  sale: {traffic: 3x, expect: {fast: met}}
  hit: {traffic: 30x, expect: {fast: missed}}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each SLO that came out otherwise than a scenario expects.

    An SLO that the design misses anyhow has a finding of its own, and is not told again for each scenario.
    """
    missed = {verdict.slo for verdict in solution.slos if verdict.met is False}
    for name, outcome in solution.scenarios.items():
        for expectation in outcome.expectations:
            told = expectation.met is False and expectation.slo in missed
            if expectation.as_expected is False and not told:
                yield _finding(name, expectation, outcome)


def _finding(name: str, expectation: Expectation, outcome: Outcome) -> Finding:
    then = outcome.solution
    if expectation.met:
        tight = min(expectation.verdicts, key=_left)
        message = f"in scenario {name} `{expectation.slo}` is met, and is expected to be missed"
        hint = f"write `{expectation.slo}: met`"
        return Finding(CODE, SEVERITY, expectation.path, message, hint, _value(tight, then))
    missed = [verdict for verdict in expectation.verdicts if verdict.met is False]
    worst = min(missed, key=_left)
    message = f"in scenario {name} {_missed(worst, then)}, and is expected to be met"
    because = (*_emptied(outcome), *causes(worst, then))
    return Finding(CODE, SEVERITY, expectation.path, message, remedy(worst, then), because)


def _missed(verdict: Verdict, solution: Solution) -> str:
    if verdict.path[2] == "holds":
        return f"`{verdict.slo}` does not hold: {verdict.measure}"
    return headline(verdict, solution)


def _left(verdict: Verdict) -> float:
    """How much of its target is left; a number without an end is the worst of all."""
    return float("-inf") if verdict.margin is None else verdict.margin


def _value(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    record = solution.records.get(verdict.solved)
    if record is None or verdict.path[2] == "holds":
        return causes(verdict, solution)
    text = f"{measured(verdict)} is {apart(record, verdict.target)} there, for {verdict.target.shown()}"
    return (Because(verdict.path, text),)


def _emptied(outcome: Outcome) -> tuple[Because, ...]:
    return tuple(
        Because(path, f"the bucket of `{path[3]}` of {path[1]} runs dry before the scenario is over")
        for path in outcome.emptied
    )
