"""Designs at the edge of sense: each has the finding that says what to write, or the limit that is right."""

from __future__ import annotations

import math
import time

import pytest

from sdplan.findings import dotted
from sdplan.pipeline import run
from tests.strategies import HEAD, errors, faults_of_records, number, outcome, reason, solved

DB = "kind: database, cores: 1, service_time: 1ms, sla: 99.9%"
API = "kind: service, replicas: 2, service_time: 5ms, availability: 99.9%"


def flow(step, *, api=API, rate="100/s", more="", rest=""):
    """A design of one flow with one step, a service, a database of three copies and a log."""
    return f"""
flows:
  f: {{rate: {rate}, steps: [{step}]{more}}}
  g: {{rate: 1/s, steps: [db, log, api]}}
components:
  api: {{{api}}}
  db: {{{DB}, copies: 3}}
  log: {{kind: stream, sla: 99.9%, retention: 1d, message: 1KB}}
{rest}"""


WRONG = {
    "shares above 100 %": (
        flow("{choose: {x: {share: 60%, calls: [api]}, y: {share: 50%, calls: [api]}}}"),
        ("SP304", "flows.f.steps[0].choose", "the shares come to 110 %", "share: rest"),
    ),
    "a write quorum of more copies than there are": (
        flow("db").replace("copies: 3", "copies: 3, replication: {write_quorum: 5}"),
        ("SP304", "components.db.replication.write_quorum", "a quorum of 5 of 3 copies", "1 to 3"),
    ),
    "a read quorum of no copy": (
        flow("db").replace("copies: 3", "copies: 3, replication: {mode: leaderless, read_quorum: 0}"),
        ("SP304", "components.db.replication.read_quorum", "a quorum of 0 of 3 copies", "1 to 3"),
    ),
    "a misspelt operation": (
        flow("{db: {op: scna}}").replace("copies: 3", "copies: 3, ops: {scan: {service_time: 9ms}}"),
        ("SP401", "flows.f.steps[0].db.op", "db has no operation `scna`", "did you mean `scan`?"),
    ),
    "a peak factor below one": (
        flow("api", more=", peak: 0.5x"),
        ("SP304", "flows.f.peak", "the peak is less than one time the mean", "1x or more"),
    ),
    "a peak rate below the mean of the active hours": (
        flow("api", more=", peak: 150/s, active: 12h/day"),
        ("SP304", "flows.f.peak", "the peak is below the mean of 200/s", "the highest rate"),
    ),
    "retries without end": (
        flow("{api: {timeout: 1s, retries: 1M}}"),
        ("SP304", "flows.f.steps[0].api.retries", "expected at most 100 retries, got 1e+06", "retries: 2"),
    ),
    "retries that nothing sets off": (
        flow("{api: {retries: 2}}"),
        ("SP205", "flows.f.steps[0].api.retries", "`retries` needs a `timeout`", "timeout: 200ms"),
    ),
    "a hedge beyond the timeout": (
        flow("{api: {timeout: 10ms, hedge: 20ms}}"),
        (
            "SP205",
            "flows.f.steps[0].api.hedge",
            "starts after 20 ms, when the timeout of 10 ms",
            "hedge: p95",
        ),
    ),
    "jitter of no pause": (
        flow("{api: {timeout: 10ms, retries: 1, jitter: 50%}}"),
        ("SP205", "flows.f.steps[0].api.jitter", "means nothing without `backoff`", "backoff: 50ms"),
    ),
    "a pause before no retry": (
        flow("{api: {timeout: 10ms, backoff: 5ms}}"),
        ("SP205", "flows.f.steps[0].api.backoff", "means nothing without `retries`", "retries: 2"),
    ),
    "slowness shared with no second call": (
        flow("{api: {shared_slowness: 5%}}"),
        ("SP205", "flows.f.steps[0].api.shared_slowness", "means nothing without `hedge`", "hedge: p95"),
    ),
    "more answers needed than branches": (
        flow("{parallel: {need: 3, calls: [api, db]}}"),
        ("SP304", "flows.f.steps[0].parallel.need", "`need: 3` of 2 calls at once", "need: 2"),
    ),
    "more answers needed than calls": (
        flow("{api: {fan_out: 1.5, need: 3}}"),
        ("SP304", "flows.f.steps[0].api.need", "`need: 3` of 2 calls at once", "need: 2"),
    ),
    "a negative time": (
        flow("api", api=API.replace("5ms", "-5ms")),
        ("SP301", "components.api.service_time.mean", "a quantity is not negative", "without the minus"),
    ),
    "a time that follows and is negative": (
        flow("api", api=API.replace("5ms", "= budget - 8ms"), rest="inputs: {budget: 5ms}"),
        ("SP304", "components.api.service_time.mean", "expected zero or more", "check the subtraction"),
    ),
    "a timeout of nothing": (
        flow("{api: {timeout: 0s}}"),
        ("SP304", "flows.f.steps[0].api.timeout", "expected more than zero, got `0s`", "leave it out"),
    ),
    "patience of nothing": (
        flow("api", api=f"{API}, queue: {{patience: 0s}}"),
        ("SP304", "components.api.queue.patience", "expected more than zero, got `0s`", "leave it out"),
    ),
    "a batch of no time": (
        flow("api", rest="").replace("g: {rate: 1/s,", "g: {trigger: {stream: log, every: 0s},"),
        ("SP304", "flows.g.trigger.every", "expected more than zero, got `0s`", "leave it out"),
    ),
    "a scenario that takes no time": (
        flow("api", rest="scenarios: {rush: {traffic: 2x, lasts: 0s}}"),
        ("SP304", "scenarios.rush.lasts", "expected more than zero, got `0s`", "leave it out"),
    ),
    "no time between failures": (
        flow("api", api="kind: service, service_time: 5ms, mtbf: 0s, mttr: 1h"),
        ("SP304", "components.api.mtbf", "expected more than zero, got `0s`", "leave it out"),
    ),
    "regions that are not the whole world": (
        flow("api", rest="regions: {us: {share: 60%}, eu: {share: 30%}}"),
        ("SP304", "regions", "the shares come to 90 %", "let them come to 100 %"),
    ),
    "a busiest shard with less than its share": (
        flow("db").replace("copies: 3", "shards: 4, skew: 0.5"),
        ("SP304", "components.db.skew", "gets 0.5 times an even share", "skew: 1"),
    ),
    "a lag that no law has": (
        flow("db").replace("message: 1KB", "message: 1KB, lag: {mean: 1ms, p99: 1s}"),
        ("SP304", "components.log.lag", "no lognormal law has a p99 of 1 s beside 1 ms", "14 times"),
    ),
    "more replicas than can be meant": (
        flow("api", api=API.replace("replicas: 2", "replicas: 1T")),
        ("SP304", "components.api.replicas", "expected at most 1,000,000", "check this number"),
    ),
    "more cores than a node has": (
        flow("api", api=f"{API}, cores: 2M"),
        ("SP304", "components.api.cores", "expected at most 1,000,000", "check this number"),
    ),
    "a hit ratio of a cache of nothing": (
        flow(
            "{mem: {entity: row, miss: [db]}}", rest="entities: {row: {size: 1KB, popularity: {zipf: 0.9}}}"
        ).replace("  log:", "  mem: {kind: cache, memory: 1GB, sla: 99.9%}\n  log:"),
        ("SP405", "flows.f.steps[0].mem", "no hit ratio for mem", "hit: 90%"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_contradiction_is_a_finding_at_its_line_that_says_what_to_write(name):
    text, (code, path, message, hint) = WRONG[name]
    found = {dotted(finding.path): finding for finding in errors(text)}
    assert path in found, [(finding.code, where, finding.message) for where, finding in found.items()]
    finding = found[path]
    assert finding.code == code
    assert message in finding.message
    assert hint in finding.hint


@pytest.mark.parametrize("name", WRONG)
def test_such_a_finding_points_into_the_file(name):
    text, (code, *_) = WRONG[name]
    result = run("design.yaml", (HEAD + text).encode())
    finding = next(one for one in result.findings if one.code == code)
    assert result.document is not None
    span = finding.span or result.document.locate(finding.path, on_key=finding.on_key)
    line = (HEAD + text).splitlines()[span.line - 1]
    assert any(str(part) in line for part in finding.path[-2:])


def test_at_a_utilization_of_one_there_is_no_wait_but_a_reason():
    solution = solved(flow("api", rate="400/s").replace("log, api]", "log]"))
    assert number(solution, "components.api.utilization") == pytest.approx(1.0, rel=1e-12)
    assert "overloaded" in reason(solution, "components.api.wait")
    assert "flows.f.latency.p99" not in {dotted(path) for path in solution.records}


def test_a_server_just_below_full_use_waits_as_long_as_theory_says():
    solution = solved(
        """
flows: {f: {rate: = (1 - 1 / 1M) * 200 / s, steps: [api]}}
components: {api: {kind: service, replicas: 1, service_time: 5ms, availability: 99%}}
"""
    )
    # M/M/1: rho / (mu - lambda), with mu 200/s and a spare of one call in a million
    assert number(solution, "components.api.wait") == pytest.approx((1 - 1e-6) / (200 * 1e-6), rel=1e-9)


def test_a_flow_that_never_runs_loads_nothing_and_is_as_fast_as_one_call():
    solution = solved(flow("api", rate="0/s").replace("log, api]", "log]"))
    assert number(solution, "components.api.rate") == 0.0
    assert number(solution, "components.api.utilization") == 0.0
    assert number(solution, "flows.f.latency.p99") == pytest.approx(0.005 * math.log(100), rel=1e-6)


def test_a_flow_without_steps_takes_no_time_and_never_fails():
    solution = solved("flows: {f: {rate: 5/s, steps: []}}")
    assert number(solution, "flows.f.availability") == 1.0
    assert faults_of_records(solution) == []


def test_a_call_that_is_made_no_times_is_none():
    solution = solved(flow("{api: {times: 0}}").replace("log, api]", "log]"))
    assert number(solution, "components.api.rate") == 0.0


def test_a_cache_larger_than_its_data_always_hits():
    text = flow(
        "{mem: {entity: row, miss: [api]}}",
        rest="entities: {row: {size: 1KB, count: 10, popularity: {zipf: 0.9}}}",
    ).replace("  log:", "  mem: {kind: cache, memory: 1GB, sla: 99.9%}\n  log:")
    solution = solved(text)
    assert number(solution, "components.mem.hit") == 1.0
    assert number(solution, "components.api.rate") == pytest.approx(1.0, rel=1e-12)  # only what g asks for


@pytest.mark.parametrize(("servers", "refused"), [(1, 0.5), (2, 0.2), (3, 1 / 16)])
def test_a_queue_without_room_refuses_what_erlang_b_says(servers, refused):
    solution = solved(
        f"""
flows: {{f: {{rate: 200/s, steps: [api]}}}}
components:
  api: {{kind: worker, replicas: 1, cores: {servers}, service_time: 5ms, sla: 99%, queue: {{room: 0}}}}
"""
    )
    assert number(solution, "components.api.refused") == pytest.approx(refused, rel=1e-12)


@pytest.mark.parametrize("zones", [2, 3, 12])
def test_two_replicas_stand_in_no_more_than_two_zones(zones):
    def text(count):
        return flow("api", api=f"{API}, zones: {count}", rest="zones: {availability: 99.9%}")

    there = number(solved(text(zones)), "flows.f.availability")
    assert there == pytest.approx(number(solved(text(2)), "flows.f.availability"), rel=1e-12)


def test_the_busiest_shard_never_gets_more_than_all_calls():
    skewed = solved(flow("db").replace("copies: 3", "shards: 4, skew: 9"))
    single = solved(flow("db").replace("copies: 3", "shards: 1"))
    name = "components.db.offered_load"
    assert number(skewed, name) == pytest.approx(number(single, name), rel=1e-12)


def test_a_million_handshakes_take_a_million_round_trips():
    text = flow("api", api=f"{API}, rtt: 1ms, handshakes: 1M")
    assert number(solved(text), "flows.f.latency.p50") >= 1000.0


def test_a_common_cause_of_every_failure_makes_two_replicas_as_good_as_one():
    solution = solved(flow("api", api=f"{API}, common_cause: 100%"))
    assert number(solution, "components.api.group_availability") == pytest.approx(0.999, rel=1e-12)


def test_a_billion_calls_at_once_end_as_an_overload_in_little_time():
    began = time.process_time()
    solution = solved(flow("{api: {fan_out: 1bn}}"))
    assert time.process_time() - began < 5.0
    assert "overloaded" in reason(solution, "components.api.wait")


@pytest.mark.parametrize("replicas", ["1k", "100k", "1M"])
def test_ever_more_replicas_make_no_one_wait(replicas):
    solution = solved(flow("api", api=API.replace("replicas: 2", f"replicas: {replicas}")))
    assert number(solution, "components.api.wait") <= 1e-6
    assert number(solution, "components.api.group_availability") == 1.0


def test_a_million_components_are_refused_in_little_time():
    began = time.process_time()
    body = "".join(f"  c{n}: {{kind: service}}\n" for n in range(1_000_000))
    result = run("design.yaml", f"{HEAD}components:\n{body}".encode())
    assert time.process_time() - began < 5.0
    assert result.solution is None
    assert [finding.code for finding in result.findings] == ["SP107"]


def test_thirty_thousand_components_are_refused_for_their_number_of_nodes_or_read_in_bounded_time():
    began = time.process_time()
    body = "".join(f" c{n}: {{kind: cdn, sla: 1, why: a}}\n" for n in range(30_000))
    result = run("design.yaml", f"{HEAD}components:\n{body}".encode())
    assert time.process_time() - began < 20.0
    assert result.findings


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("components.db.wait < 3s", ""),
        ("components.log.utilization < 70%", "nothing that is stated of log gives it"),
        ("flows.f.rate / flows.h.rate < 3", "divides by zero"),
    ],
)
def test_a_condition_on_a_number_that_this_design_lacks_is_not_judged(condition, said):
    text = flow("api", rest=f"slos: {{s: {{holds: {condition}}}}}")
    solution = solved(text.replace("  g: {rate", "  h: {rate: 0/s, steps: [db]}\n  g: {rate"))
    (verdict,) = solution.slos
    assert said in verdict.reason
    assert (verdict.met is None) == bool(said)


def test_a_condition_on_a_number_that_no_design_has_is_an_error():
    (finding,) = errors(flow("api", rest="slos: {s: {holds: components.api.utilisation < 70%}}"))
    assert (finding.code, dotted(finding.path)) == ("SP305", "slos.s.holds")


def test_a_result_over_nothing_has_no_value_and_a_reason():
    text = flow("api", rest="results: {r: {value: = flows.f.rate / flows.h.rate}}")
    solution = solved(text.replace("  g: {rate", "  h: {rate: 0/s, steps: [db]}\n  g: {rate"))
    (comparison,) = solution.results
    assert comparison.met is None
    assert "divides by zero" in comparison.reason


def test_a_closed_group_at_servers_that_slow_each_other_down_has_a_wait():
    text = """
flows: {f: {clients: {count: 500, think: 1us}, steps: [api]}}
components:
  api: {kind: service, replicas: 1, cores: 24, service_time: 5ms, sla: 99%, scaling: {contention: 99%}}
"""
    solution, _ = outcome(text)
    assert solution is not None
    assert faults_of_records(solution) == []
    assert number(solution, "components.api.waiting") <= 1.0


def test_wild_services_dealt_out_in_turn_to_idle_replicas_hardly_wait():
    text = """
flows: {f: {rate: 2/s, steps: [api]}}
components:
  api: {kind: service, replicas: 100, service_time: {mean: 500ms, scv: 10}, sla: 99%}
"""
    # Random arrivals at one replica at 1 %: Pollaczek-Khinchine; dealt out in turn it is less.
    assert number(solved(text), "components.api.wait") <= 0.01 / 0.99 * 0.5 * 5.5
