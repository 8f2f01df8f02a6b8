"""Retries, hedges and fallbacks: what they add to the load, and the overload that they can keep up."""

import pytest

from tests.strategies import number, solved

DESIGN = """
flows:
  f: {{rate: {rate}/s, steps: [{step}]}}
components:
  api: {{kind: service, replicas: 1, cores: 64, service_time: {{fixed: 1us}}}}
  db: {{kind: {kind}, service_time: {time}{more}}}
  spare: {{kind: external, service_time: 1ms}}
"""
LATE = 0.01831563888873418  # exp(-4): an exponential time of mean 5 ms is longer than 20 ms


def design(step, rate=100, kind="external", time="5ms", more=""):
    return solved(DESIGN.format(rate=rate, step=step, kind=kind, time=time, more=more))


def test_the_calls_that_are_late_are_made_again():
    solution = design("{db: {timeout: 20ms, retries: 2}}")

    assert number(solution, "components.db.rate") == pytest.approx(100 * (1 + LATE + LATE**2), rel=1e-9)
    assert number(solution, "flows.f.timeouts") == pytest.approx(LATE**3, rel=1e-6)


def test_retries_of_two_layers_multiply():
    inner = "{db: {timeout: 1ms, retries: 2}}"
    solution = design(f"{{api: {{timeout: 1ms, retries: 3, calls: [{inner}]}}}}", time="{fixed: 10ms}")

    assert number(solution, "components.api.rate") == 100 * 4
    assert number(solution, "components.db.rate") == 100 * 4 * 3


def test_a_fallback_is_called_as_often_as_every_attempt_has_failed():
    solution = design("{db: {timeout: 20ms, retries: 1, fallback: [spare]}}")

    assert number(solution, "components.spare.rate") == pytest.approx(100 * LATE**2, rel=1e-9)


def test_what_follows_a_failed_step_is_not_called():
    solution = design("{db: {timeout: 20ms}}, spare")

    assert number(solution, "components.spare.rate") == pytest.approx(100 * (1 - LATE), rel=1e-9)


def test_a_hedge_calls_again_where_the_first_is_not_back():
    solution = design("{db: {hedge: 20ms, shared_slowness: 0%}}")

    assert number(solution, "components.db.rate") == pytest.approx(100 * (1 + LATE), rel=1e-9)


def test_a_look_that_is_late_is_a_miss():
    step = "{hot: {timeout: 20ms, hit: 90%, fill: false, miss: [spare]}}"
    solution = solved(
        DESIGN.format(rate=100, step=step, kind="external", time="5ms", more="")
        + "  hot: {kind: cache, service_time: 5ms}\n"
    )

    assert number(solution, "components.spare.rate") == pytest.approx(100 * (1 - 0.9 * (1 - LATE)), rel=1e-9)


QUEUE = ", replicas: 1, cores: 8, balance: random"
RETRIED = "{db: {timeout: 50ms, retries: 3}}"


@pytest.mark.parametrize(("rate", "has_second"), [(399, False), (401, True), (1400, True)])
def test_a_second_overloaded_solution_exists_above_the_capacity_divided_by_the_attempts(rate, has_second):
    # 8 cores at 5 ms carry 1,600 calls a second; four attempts of each call fill them from 400 on.
    solution = design(RETRIED, rate, "service", "5ms", QUEUE)

    assert number(solution, "components.db.utilization") < 1
    path = ("components", "db", "overloaded_utilization")
    assert (path in solution.records) is has_second
    if has_second:
        assert solution.records[path].value == pytest.approx(4 * rate / 1600)


def test_calls_that_are_cancelled_at_their_timeout_keep_no_overload_up():
    solution = design("{db: {timeout: 50ms, retries: 3, cancel: true}}", 1400, "service", "5ms", QUEUE)

    assert ("components", "db", "overloaded_utilization") not in solution.records


def test_near_saturation_no_stable_solution_is_found_and_the_reason_names_the_retries():
    solution = design(RETRIED, 1500, "service", "5ms", QUEUE)

    assert "without the attempts that its late calls add" in solution.missing["components", "db", "wait"]
    assert ("components", "db", "wait") not in solution.records


def test_retries_make_a_load_at_which_the_published_example_is_vulnerable():
    # Site Reliability Engineering, ch. 22, as worked in the methods: 300/s with one retry holds 560 once tipped.
    text = ", replicas: 1, cores: 3, balance: random"
    below = design("{db: {timeout: 1s, retries: 1}}", 149, "service", "10ms", text)
    above = design("{db: {timeout: 1s, retries: 1}}", 280, "service", "10ms", text)

    assert ("components", "db", "overloaded_utilization") not in below.records
    assert above.records["components", "db", "overloaded_utilization"].value == pytest.approx(560 / 300)


def test_cancelled_attempts_report_no_overload_of_their_own():
    # A simulation of this queue keeps its servers 62 % busy; without `cancel` the same retries overload it.
    step = "{db: {timeout: 16ms, retries: 1, cancel: true}}"
    more = ", replicas: 1, cores: 1, balance: random"
    solution = design(step, 160, "service", "{mean: 4ms, scv: 2}", more)

    assert number(solution, "components.db.utilization") == pytest.approx(0.64)
    assert solution.records["components", "db", "wait"].prefix == "at most "


def test_what_an_earlier_pass_said_of_a_call_is_taken_back_when_it_no_longer_fails():
    """`door` turns nearly all of the flood away, so `inner` is flooded in the first pass and in no later one."""
    solution = solved(
        """
flows:
  flood: {rate: 1M/s, steps: [door > inner]}
  f: {rate: 1/s, steps: [{inner: {timeout: 1s}}]}
components:
  door: {kind: service, replicas: 1, cores: 1, service_time: {fixed: 100s}, queue: {room: 0}}
  inner: {kind: service, replicas: 1, cores: 64, service_time: {fixed: 1ms}, queue: {room: 1000}}
"""
    )

    call = ("flows", "f", "steps", 0, "inner")
    assert (*call, "rate") in solution.records
    assert not {(*call, name) for name in ("calls", "refused", "failing")} & solution.records.keys()


def test_the_wait_for_a_worker_is_taken_back_when_calls_no_longer_hold_one():
    """`inner` is flooded in the first pass and asked for nothing once `door` turns everything away."""
    solution = solved(
        """
flows:
  flood: {rate: 2/s, steps: [{door: {timeout: 1us}}, inner > leaf]}
components:
  door: {kind: external, service_time: {fixed: 1s}}
  inner: {kind: service, replicas: 1, workers: 4, service_time: 1ms}
  leaf: {kind: external, service_time: {fixed: 1s}}
"""
    )

    assert number(solution, "components.inner.held_workers") == 0.0
    assert ("components", "inner", "worker_wait") not in solution.records
