"""Scenarios: what each key does to the design, what is made of what is expected, and what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_designs import designs

from sdplan.findings import Finding
from sdplan.pipeline import Outcome as Checked
from sdplan.pipeline import run
from sdplan.solve.solution import Outcome, Solution
from tests.strategies import faults_of_records
from tests.strategies import outcome as solved_text

DESIGN = """\
sdplan: 1
id: shop
inputs:
  evening: 3x
  orders: {value: 60/s, growth: 50%/year}
flows:
  order:
    rate: = orders
    peak: = evening
    request: 2KB
    steps:
      - api:
          - db: {timeout: 500ms}
          - events: {op: write, async: true}
  browse: {rate: 10/s, peak: 40/s, steps: [api]}
  ship: {trigger: events, steps: [worker]}
components:
  api: {kind: service, replicas: 2, cores: 4, service_time: 5ms, availability: 99.9%}
  db:
    kind: database
    replicas: 1
    cores: 8
    service_time: {p50: 2ms, p99: 8ms}
    ops: {scan: {service_time: 20ms}}
    availability: 99.9%
    limits: {requests: {sustained: 200/s, burst: 2k/s, tokens: 36k}}
  events: {kind: queue, replicas: 1, service_time: 1ms, availability: 99.99%}
  worker: {kind: worker, replicas: 1, cores: 4, service_time: 20ms, availability: 99.9%}
slos:
  fast: {flow: order, latency: {p99: 40ms}}
  up: {flow: order, availability: 99%}
scenarios:
"""


def checked(*scenarios: str, design: str = DESIGN) -> Checked:
    return run("shop.yaml", (design + "".join(f"  {line}\n" for line in scenarios)).encode())


def solved(*scenarios: str) -> Solution:
    solution = checked(*scenarios).solution
    assert solution is not None
    return solution


def outcome(scenario: str) -> Outcome:
    """What becomes of a scenario `s`."""
    return solved(f"s: {scenario}").scenarios["s"]


def value(scenario: str, *path: str) -> float:
    found = outcome(scenario).solution.value(*path)
    assert found is not None
    return found


def faults(scenario: str) -> list[Finding]:
    return [one for one in checked(f"s: {scenario}").findings if one.severity == "error"]


def test_traffic_multiplies_mean_and_peak_of_all_flows() -> None:
    then = outcome("{traffic: 2x}").solution

    assert then.value("flows", "order", "rate") == pytest.approx(120)
    assert then.value("flows", "order", "peak_rate") == pytest.approx(360)
    assert then.value("flows", "browse", "peak_rate") == pytest.approx(80)
    assert then.value("flows", "ship", "peak_rate") == pytest.approx(360)


def test_a_flow_s_own_factor_stands_above_that_of_all() -> None:
    then = outcome("{traffic: {all: 2x, browse: 5x}}").solution

    assert then.value("flows", "order", "rate") == pytest.approx(120)
    assert then.value("flows", "browse", "rate") == pytest.approx(50)


def test_a_scenario_leaves_the_design_s_own_numbers_and_slos_alone() -> None:
    plain = solved("idle: {}")
    busy = solved("busy: {traffic: 100x, expect: {fast: missed}}")

    assert (
        busy.records[("flows", "order", "latency", "p99")]
        == plain.records[("flows", "order", "latency", "p99")]
    )
    assert busy.slos == plain.slos
    assert busy.scenarios["busy"].expectations[0].met is False


def test_slow_scales_the_service_times_of_a_component() -> None:
    then = outcome("{slow: {db: 3x}}").solution

    assert then.value("components", "db", "service_time", "p50") == pytest.approx(0.006)
    assert then.value("components", "db", "service_time", "p99") == pytest.approx(0.024)
    assert then.value("components", "db", "ops", "scan", "service_time", "mean") == pytest.approx(0.06)


def test_slow_scales_one_operation_and_no_other() -> None:
    then = outcome("{slow: {db.scan: 3x}}").solution

    assert then.value("components", "db", "ops", "scan", "service_time", "mean") == pytest.approx(0.06)
    assert then.value("components", "db", "service_time", "p50") == pytest.approx(0.002)


def test_a_delay_is_added_to_every_percentile_and_occupies_no_core() -> None:
    before, then = solved("s: {slow: {db: +30ms}}"), outcome("{slow: {db: +30ms}}").solution
    latency = ("flows", "order", "latency", "p50")

    assert then.records[latency].value - before.records[latency].value == pytest.approx(0.03, rel=1e-3)
    assert then.value("components", "db", "utilization", "cores") == before.value(
        "components", "db", "utilization", "cores"
    )


def test_set_changes_an_input_and_everything_that_follows_from_it() -> None:
    assert value("{set: {inputs.evening: 10x}}", "flows", "order", "peak_rate") == pytest.approx(600)
    assert value("{set: {inputs.evening: 10x}}", "flows", "order", "rate") == pytest.approx(60)


def test_set_reads_a_value_by_the_type_of_its_field() -> None:
    text = "{set: {components.api.replicas: 5, components.worker.service_time: {fixed: 10ms}}}"
    then = outcome(text).solution

    assert then.value("components", "api", "replicas") == 5
    assert then.value("components", "worker", "service_time", "fixed") == pytest.approx(0.01)


def test_set_reaches_the_options_of_a_call() -> None:
    then = outcome('{set: {"flows.order.steps[0].api[0].db.timeout": 3ms}}').solution

    assert then.value("flows", "order", "timeouts") == pytest.approx(0.25, abs=0.1)
    assert value("{}", "flows", "order", "timeouts") < 1e-6


def test_years_let_the_inputs_grow() -> None:
    assert value("{years: 2}", "flows", "order", "rate") == pytest.approx(60 * 1.5**2)


def test_a_bucket_runs_dry_when_the_scenario_lasts_longer_than_its_tokens() -> None:
    """At twice the traffic 360/s come and 200/s are filled in: 36k tokens are gone after 225 s."""
    short, long = outcome("{traffic: 2x, lasts: 220s}"), outcome("{traffic: 2x, lasts: 230s}")

    assert short.emptied == ()
    assert short.solution.value("components", "db", "utilization", "requests") == pytest.approx(0.18)
    assert long.emptied == (("components", "db", "limits", "requests"),)
    assert long.solution.value("components", "db", "utilization", "requests") == pytest.approx(1.8)


def test_a_backlog_grows_as_long_as_the_scenario_lasts_and_then_drains() -> None:
    """240 orders a second come to a worker that does 200: 144,000 wait after an hour, and at 180/s
    20 a second are caught up."""
    (backlog,) = outcome("{set: {flows.order.peak: 4x}, lasts: 1h}").backlogs

    assert backlog.flow == ("flows", "ship")
    assert backlog.size.value == pytest.approx(40 * 3600)
    assert backlog.drain is not None
    assert backlog.drain.value == pytest.approx(40 * 3600 / 20)


def test_a_scenario_without_an_end_has_no_backlog() -> None:
    assert outcome("{set: {flows.order.peak: 4x}}").backlogs == ()


def test_what_is_not_expected_is_shown_and_not_judged() -> None:
    expectations = outcome("{traffic: 20x}").expectations

    assert [one.slo for one in expectations] == ["fast", "up"]
    assert [one.as_expected for one in expectations] == [None, None]
    assert checked("s: {traffic: 20x}").findings == checked("s: {traffic: 19x}").findings


def test_an_expectation_that_fails_is_an_error_at_its_own_line() -> None:
    (finding,) = faults("{traffic: 20x, expect: {fast: met}}")

    assert finding.code == "RS101"
    assert finding.path == ("scenarios", "s", "expect", "fast")
    assert "in scenario s the p99 latency of flow order has no value" in finding.message
    assert "api is overloaded" in finding.because[0].message


def test_a_calm_that_was_not_expected_is_an_error_too() -> None:
    (finding,) = faults("{traffic: 1.01x, expect: {fast: missed}}")

    assert finding.code == "RS101"
    assert "is met, and is expected to be missed" in finding.message
    assert finding.hint == "write `fast: met`"


def test_an_expectation_that_comes_true_is_no_finding() -> None:
    assert faults("{traffic: 20x, expect: {fast: missed, up: missed}}") == []


@pytest.mark.parametrize(
    ("scenario", "code", "path"),
    [
        ("{set: {components.ap.replicas: 3}}", "SP401", ("set", "components.ap.replicas")),
        ("{set: {components.api.replica: 3}}", "SP201", ("set", "components.api.replica")),
        ("{set: {components.api.replicas: x}}", "SP301", ("set", "components.api.replicas")),
        ("{set: {components.api.replicas: 3s}}", "SP302", ("set", "components.api.replicas")),
        ("{set: {components.api.sla: 99%}}", "SP205", ("set", "components.api.sla")),
        ("{set: {components.api: 3}}", "SP202", ("set", "components.api")),
        ("{set: {decisions.x.title: y}}", "SP201", ("set", "decisions.x.title")),
        ("{set: {flows.order.steps.api.hit: 3}}", "SP401", ("set", "flows.order.steps.api.hit")),
        ("{set: {flows.ship.trigger: evnts}}", "SP401", ("set", "flows.ship.trigger")),
        ("{set: {inputs.orders: = 1 / 0}}", "SP305", ("set", "inputs.orders")),
        ("{set: {'': 3}}", "SP201", ("set", "")),
        ("{set: {inputs.evening: = orders / 1s}}", "SP302", ()),
        ("{traffic: {ship: 2x}}", "SP205", ("traffic", "ship")),
        ("{traffic: 1e300}", "SP304", ("traffic", "all")),
        ("{slow: {db: fast}}", "SP301", ("slow", "db")),
        ("{slow: {db: 200ms}}", "SP302", ("slow", "db")),
        ("{slow: {db: +3x}}", "SP302", ("slow", "db")),
        ("{slow: {db: 0x}}", "SP302", ("slow", "db")),
        ("{slow: {db.scan: +3ms}}", "SP205", ("slow", "db.scan")),
        ("{slow: {dbs: 3x}}", "SP401", ("slow", "dbs")),
        ("{lose: {components: [dbs]}}", "SP401", ("lose",)),
    ],
)
def test_what_a_scenario_cannot_do_is_a_finding_at_its_line(
    scenario: str, code: str, path: tuple[str, ...]
) -> None:
    (finding,) = faults(scenario)

    assert finding.code == code
    assert finding.path[: 2 + len(path)] == ("scenarios", "s", *path)
    assert checked(f"s: {scenario}").document.locate(finding.path).line == DESIGN.count("\n") + 1  # type: ignore[union-attr]


def test_a_fault_in_one_scenario_keeps_no_other_from_its_verdict() -> None:
    found = checked("bad: {slow: {db: fast}}", "good: {traffic: 2x, expect: {up: met}}")

    assert found.solution is not None
    assert list(found.solution.scenarios) == ["good"]


def test_a_design_without_scenarios_does_not_load_what_solves_them() -> None:
    import subprocess
    import sys

    text = DESIGN.removesuffix("scenarios:\n")
    code = (
        "import sys; from sdplan.pipeline import run; "
        f"assert run('x', {text.encode()!r}).solution is not None; "
        "sys.exit('sdplan.solve.scenarios' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


LOSSES = """\
sdplan: 1
id: shop
flows:
  order:
    rate: 100/s
    steps:
      - api:
          - db: {timeout: 500ms}
          - tips: {optional: true, timeout: 50ms}
components:
  api: {kind: service, replicas: 5, zones: 3, cores: 1, service_time: 5ms, availability: 99.9%}
  db: {kind: database, copies: 3, zones: 3, cores: 8, service_time: 2ms, availability: 99.9%}
  tips: {kind: service, cores: 1, service_time: 2ms, availability: 99.9%}
slos:
  up: {flow: order, availability: 99%}
  whole: {flow: order, undegraded: 99%}
scenarios:
"""


def lost(scenario: str) -> Outcome:
    solution = checked(f"s: {scenario}", design=LOSSES).solution
    assert solution is not None
    return solution.scenarios["s"]


def test_a_lost_zone_takes_its_share_of_the_replicas_rounded_up() -> None:
    then = lost("{lose: {zones: 1}}").solution

    assert then.value("components", "api", "replicas") == 3
    assert then.value("components", "db", "copies") == 2


def test_lost_replicas_are_counted() -> None:
    assert lost("{lose: {replicas: {api: 4}}}").solution.value("components", "api", "replicas") == 1


def test_what_needs_a_lost_component_is_down_and_what_does_not_goes_on() -> None:
    without_db, without_tips = (
        {one.slo: one.met for one in lost(f"{{lose: {{components: [{name}]}}}}").expectations}
        for name in ("db", "tips")
    )

    assert without_db == {"up": False, "whole": False}
    assert without_tips == {"up": True, "whole": False}


def test_a_loss_meets_the_nodes_that_were_there_before() -> None:
    """tips needs one replica and has one; a count that is left open does not grow to make up for a loss."""
    before, then = lost("{}").solution, lost("{lose: {zones: 1}, traffic: 3x}").solution

    assert before.value("components", "tips", "replicas") == 1
    assert then.value("components", "tips", "replicas") == 1
    assert lost("{traffic: 5x}").solution.value("components", "tips", "replicas") == 2


def test_losing_everything_is_an_outcome_and_no_fault() -> None:
    everything = "{lose: {zones: 9, components: [api, db, tips]}, expect: {up: missed}}"

    assert checked(f"s: {everything}", design=LOSSES).solution is not None
    assert [one.as_expected for one in lost(everything).expectations] == [True]


_ANYTHING = st.sampled_from(
    ["0", "1", "3x", "1M", "1us", "+1s", "+1y", "50%", "0/s", "1k/s", "fast", "= 1 / 0"]
)
_PATHS = st.sampled_from(
    [f"components.{name}.{key}" for name in "ab" for key in ("replicas", "cores", "service_time", "hit", "x")]
    + [
        "flows.f.rate",
        "flows.g.peak",
        "entities.item.count",
        "horizon",
        "regions.us.share",
        "slos.s.latency.p99",
    ]
)
_SCENARIOS = st.fixed_dictionaries(
    {},
    optional={
        "traffic": st.one_of(st.sampled_from(["10x", "1e-9", "1M"]), st.just({"f": "3x", "all": "2x"})),
        "slow": st.dictionaries(st.sampled_from("abcd"), _ANYTHING, min_size=1, max_size=2),
        "set": st.dictionaries(_PATHS, _ANYTHING, max_size=2),
        "lose": st.sampled_from(
            [{"zones": "1"}, {"components": ["a", "log"]}, {"replicas": {"b": "2", "log": "1"}}]
        ),
        "years": st.sampled_from(["0", "3", "1M"]),
        "lasts": st.sampled_from(["0s", "2h", "100y"]),
        "expect": st.sampled_from([{"s": "met"}, {"c": "missed", "s": "missed"}]),
    },
)


_QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)


@_QUICK
@given(designs(), _SCENARIOS)
def test_a_random_scenario_is_solved_or_refused(text: str, scenario: dict[str, object]) -> None:
    solution, findings = solved_text(f"{text}scenarios: {json.dumps({'s': scenario})}\n")
    if solution is None or "s" not in solution.scenarios:
        assert any(finding.severity == "error" for finding in findings)
        return
    assert faults_of_records(solution.scenarios["s"].solution) == []
