"""SLOs, results and conditions against the numbers that were solved."""

import pytest

from tests.strategies import errors, number, solved

BASE = """
flows:
  f: {{rate: 100/s, peak: 3x, request: 1KB, steps: [a]}}
  g: {{rate: 10/s, steps: [b: {{timeout: 20ms}}]}}
entities: {{row: {{size: 1KB, count: 5M, keep: {{b: forever}}}}}}
components:
  a: {{kind: worker, replicas: 2, service_time: 5ms, availability: 99%}}
  b: {{kind: database, service_time: {{fixed: 10ms}}, sla: 99.9%, price: {{month: 100 USD/month}}}}
{more}
"""


def judged(more):
    return solved(BASE.format(more=more))


def verdicts(more):
    return {".".join(map(str, one.path[1:])): one for one in judged(more).slos}


@pytest.mark.parametrize(
    ("slo", "met"),
    [
        ("{flow: g, latency: {p99: 10ms}}", True),
        ("{flow: g, latency: {p99: 9.99ms}}", False),
        ("{flow: f, latency: {p50: 1s}, at: mean}", True),
        ("{flow: g, availability: 99.9%}", True),
        ("{flow: g, availability: 99.91%}", False),
        ("{flow: g, undegraded: 99.9%}", True),
        ("{flow: g, errors: 0.1%}", True),
        ("{flow: g, errors: 0.09%}", False),
        ("{component: a, availability: 98%}", True),
        ("{component: a, availability: 98.02%}", False),
        ("{component: a, wait: {p99: 1s}}", True),
        ("{component: a, wait: {p99: 1us}}", False),
        ("{component: b, latency: {p99: 10ms}}", True),
        ("{component: b, cost: 101 USD/month}", True),
        ("{component: b, cost: 99 USD/month}", False),
        ("{cost: 101 USD/month}", True),
        ("{cost: 99 USD/month}", False),
        ("{holds: entities.row.stored <= 5GB}", True),
        ("{holds: entities.row.stored < 5GB}", False),
        ("{holds: components.a.utilization < 80%}", True),
        ("{holds: components.a.utilization < 70%}", False),
    ],
)
def test_an_objective_is_met_or_missed(slo, met):
    found = verdicts(f"slos: {{x: {slo}}}")
    assert [verdict.met for verdict in found.values()] == [met]


def test_a_component_without_errors_of_its_own_is_not_judged_by_another_number():
    for verdict in verdicts("slos: {x: {component: a, errors: 1%}}").values():
        assert verdict.met is None or verdict.solved[-1] in ("errors", "unavailability")


def test_margins_are_shares_of_the_target_and_of_the_error_budget():
    found = verdicts("slos: {l: {flow: g, latency: {p99: 40ms}}, a: {flow: g, availability: 99.8%}}")
    assert found["l.latency.p99"].margin == pytest.approx(0.75, rel=1e-6)
    assert found["a.availability"].margin == pytest.approx(0.5, rel=1e-9)


def test_an_objective_on_all_flows_is_judged_for_each():
    found = judged("slos: {x: {flow: all, availability: 90%}}").slos
    assert [verdict.subject for verdict in found] == ["flow f", "flow g"]


def test_the_load_point_of_an_objective_is_the_peak_unless_it_says_mean():
    peak = judged("slos: {x: {flow: f, latency: {p99: 1s}}}")
    mean = judged("slos: {x: {flow: f, latency: {p99: 1s}, at: mean}}")
    assert peak.slos[0].solved == ("flows", "f", "latency", "p99")
    assert mean.slos[0].solved == ("flows", "f", "latency_at_mean", "p99")
    assert number(peak, "flows.f.latency.p99") > number(mean, "flows.f.latency_at_mean.p99")


def test_an_overloaded_flow_misses_its_latency():
    solution = solved("""
    flows: {f: {rate: 1000/s, steps: [a]}}
    components: {a: {kind: service, replicas: 1, service_time: 1ms}}
    slos: {x: {flow: f, latency: {p99: 10y}}}
    """)
    assert solution.slos[0].met is False
    assert "overloaded" in solution.slos[0].reason


def test_thirteen_nines_are_told_from_twelve():
    solution = solved("""
    flows: {f: {rate: 1/s, steps: [parallel: {need: any, calls: [a, b]}]}}
    components: {a: {kind: service, sla: 99.9999%}, b: {kind: service, sla: 99.9999%}}
    slos: {ok: {flow: f, availability: 99.9999999999%}, no: {flow: f, availability: 99.99999999991%}}
    """)
    assert [verdict.met for verdict in solution.slos] == [True, False]


@pytest.mark.parametrize(
    ("result", "met"),
    [
        ("{value: = flows.f.rate, expect: 100/s}", True),
        ("{value: = flows.f.rate, expect: 100.09/s}", True),
        ("{value: = flows.f.rate, expect: 101/s}", False),
        ("{value: = flows.f.rate, expect: 101/s, tolerance: 1%}", True),
        ("{value: = flows.f.rate * 60s, expect: 6000}", True),
        ("{value: = flows.f.peak_rate}", None),
        ("{value: = flows.f.latency.p99.9, expect: 1s, tolerance: 100%}", True),
        ("{value: = entities.row.size * entities.row.count, expect: 5GB}", True),
    ],
)
def test_a_result_is_held_against_what_was_promised(result, met):
    assert judged(f"results: {{r: {result}}}").results[0].met is met


def test_a_result_and_its_expectation_are_of_one_kind():
    found = errors(BASE.format(more="results: {r: {value: = flows.f.rate, expect: 100KB}}"))
    assert [finding.code for finding in found] == ["SP302"]


def test_a_result_of_a_number_that_does_not_exist_is_an_error():
    found = errors(BASE.format(more="results: {r: {value: = flows.f.ratte}}"))
    assert [finding.code for finding in found] == ["SP305"]


def test_a_result_over_an_overloaded_station_has_a_reason_and_no_number():
    solution = solved("""
    flows: {f: {rate: 1000/s, steps: [a]}}
    components: {a: {kind: service, replicas: 1, service_time: 2ms}}
    results: {r: {value: = flows.f.latency.p99 * 2, expect: 1s}}
    """)
    assert solution.results[0].met is None
    assert "overloaded" in solution.results[0].reason


def test_the_ground_of_a_decision_holds_or_not():
    solution = judged("""
decisions:
  D1: {title: One, holds_while: entities.row.stored > 1GB}
  D2: {title: Two, holds_while: entities.row.stored > 10GB}
""")
    assert [premise.met for premise in solution.decisions] == [True, False]
