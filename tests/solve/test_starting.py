"""Where a solve starts: from what a design like it has settled on, and without waits that nobody has."""

from __future__ import annotations

import math

import pytest

from sdplan.solve.solution import Solution
from sdplan.solve.solve import solve, solve_alone
from sdplan.source import read_text
from sdplan.spec.validation import validate

_LATE = """\
sdplan: 1
id: late
title: Calls that are late now and then
components:
  web: {kind: service, replicas: 2, workers: 64, service_time: 1ms}
  store: {kind: database, replicas: 2, copies: 2, service_time: 10ms, cores: 4}
flows:
  read: {rate: 100/s, peak: 2x, steps: [web: [store: {timeout: 90ms, retries: 2}]]}
slos:
  fast: {flow: read, latency: {p99: 1s}}
scenarios:
  same: {traffic: 1x}
  busier: {traffic: 1.5x}
  flood: {traffic: 3.8x}
"""


def solved(text: str) -> Solution:
    document, _ = read_text(text, "late.yaml")
    assert document is not None
    design, found = validate(document)
    assert design is not None, found
    solution, found = solve(design)
    assert solution is not None, found
    return solution


@pytest.mark.parametrize("scenario", ["same", "busier", "flood"])
def test_a_scenario_has_the_failures_that_it_has_when_it_is_solved_from_nothing(scenario: str) -> None:
    solution = solved(_LATE)
    outcome = solution.scenarios[scenario].solution
    alone, found = solve_alone(outcome.design)
    assert alone is not None, found

    failures = [path for path in outcome.records if path[-1] in ("attempt_failures", "attempts", "peak_rate")]
    assert any(path[-1] == "attempt_failures" for path in failures)
    for path in failures:
        assert outcome.records[path].value == pytest.approx(alone.records[path].value, rel=1e-7, abs=3e-9)
        assert outcome.records[path].label == alone.records[path].label


def test_a_pool_that_nobody_waits_for_leaves_the_law_of_the_stay_as_it_is() -> None:
    text = _LATE.replace("[web: [store: {timeout: 90ms, retries: 2}]]", "[web: [store]]")
    text = text.replace("workers: 64, service_time: 1ms", "workers: 64, cores: 64, service_time: 1ms")
    solution = solved(text)
    waits, stay = (
        solution.records["components", "web", name] for name in ("worker_wait", "mean_service_time")
    )

    assert 0.0 < waits.value < 1e-30
    for level, share in (("p50", 0.5), ("p90", 0.9), ("p99.99", 0.9999)):
        found = solution.records["components", "web", "latency", level].value
        assert found == pytest.approx(-stay.value * math.log1p(-share), rel=1e-9)
