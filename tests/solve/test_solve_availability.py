"""Availability against exact enumeration, and against textbook values for groups of replicas."""

import json
from fractions import Fraction

import pytest
from call_trees import COMPONENTS, UP, availability, percent, step_lists, written
from hypothesis import HealthCheck, example, given, settings

from tests.strategies import number, solved


def tree_design(items):
    components = {name: {**spec, "sla": percent(UP[name])} for name, spec in COMPONENTS.items()}
    components |= {
        name: {**spec, "hit": "50%"} for name, spec in components.items() if spec["kind"] != "service"
    }
    flows = {"f": {"rate": "1/s", "steps": written(items)}}
    entities = {"item": {"size": "1KB"}}
    return "".join(
        f"{block}: {json.dumps(value)}\n"
        for block, value in (("flows", flows), ("entities", entities), ("components", components))
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(step_lists(2))
@example([("call", "s0", {"times": Fraction(1, 10)})])
@example(
    [
        (
            "call",
            "s0",
            {
                "fan_out": Fraction(3),
                "need": "2",
                "calls": [
                    (
                        "choose",
                        [(Fraction(1, 2), [("call", "s1", {})]), (Fraction(1, 2), [("call", "s2", {})])],
                    )
                ],
            },
        )
    ]
)
@example([("call", "c0", {"hit": Fraction(9, 10), "times": Fraction(3), "miss": [("call", "s0", {})]})])
@example([("parallel", "2", [("call", "s0", {}), ("call", "s0", {}), ("call", "s1", {})])])
def test_a_call_tree_is_as_available_as_enumerating_all_states_and_draws_says(items):
    solution = solved(tree_design(items))
    expected = availability(items)
    assert number(solution, "flows.f.unavailability") == pytest.approx(
        float(1 - expected), rel=1e-9, abs=1e-14
    )
    assert number(solution, "flows.f.availability") == pytest.approx(float(expected), rel=1e-12, abs=1e-14)
    whole = availability(items, undegraded=True)
    assert number(solution, "flows.f.degradation") == pytest.approx(float(1 - whole), rel=1e-9, abs=1e-14)


def tree(steps, **states):
    components = ", ".join(f"{name}: {{{spec}}}" for name, spec in states.items())
    return solved(f"flows: {{f: {{rate: 1/s, steps: {steps}}}}}\ncomponents: {{{components}}}\n")


def test_what_two_paths_share_counts_once():
    """The auth case of the research: multiplying path availabilities would say 0.9998792."""
    solution = tree(
        "[parallel: {need: any, calls: [web1 > auth, web2 > auth]}]",
        auth="kind: service, sla: 99.9%",
        web1="kind: service, sla: 99%",
        web2="kind: service, sla: 99%",
    )
    assert number(solution, "flows.f.availability") == pytest.approx(0.999 * (1 - 0.01**2), rel=1e-15)
    assert number(solution, "flows.f.availability") == pytest.approx(0.9989001, rel=1e-12)


def test_thirteen_nines_in_parallel_keep_their_digits():
    solution = tree(
        "[parallel: {need: any, calls: [a, b]}]",
        a="kind: service, sla: 99.99999999999%",
        b="kind: service, sla: 99.99999999999%",
    )
    assert number(solution, "flows.f.unavailability") == pytest.approx(1e-26, rel=0.01)


def test_an_optional_call_is_missed_in_the_undegraded_share_only():
    solution = tree(
        "[a, recs: {optional: true}]", a="kind: service, sla: 99.99%", recs="kind: service, sla: 99%"
    )
    assert number(solution, "flows.f.availability") == pytest.approx(0.9999, rel=1e-12)
    assert number(solution, "flows.f.undegraded") == pytest.approx(0.9999 * 0.99, rel=1e-12)


def test_a_dead_cache_is_a_miss_and_a_dead_edge_is_the_end():
    aside = tree(
        "[api: [cache: {hit: 90%, miss: [db]}]]",
        api="kind: service, sla: 100%",
        cache="kind: cache, sla: 99%",
        db="kind: database, sla: 99.9%",
    )
    assert number(aside, "flows.f.unavailability") == pytest.approx(0.001 * (0.1 + 0.9 * 0.01), rel=1e-12)
    edge = tree(
        "[cache: {hit: 90%, miss: [db]}]", cache="kind: cdn, sla: 99%", db="kind: database, sla: 99.9%"
    )
    assert number(edge, "flows.f.unavailability") == pytest.approx(0.01 + 0.99 * 0.1 * 0.001, rel=1e-12)


def test_two_looks_at_one_cache_are_two_draws_unless_they_name_one_entity():
    steps = "[api: [cache: {hit: 90%, ENTITY miss: [db]}, cache: {hit: 90%, ENTITY miss: [db]}]]"
    components = {
        "api": "kind: service, sla: 100%",
        "cache": "kind: cache, sla: 100%",
        "db": "kind: database, sla: 90%",
    }
    apart = tree(steps.replace("ENTITY", ""), **components)
    assert number(apart, "flows.f.unavailability") == pytest.approx(0.1 * (1 - 0.81), rel=1e-12)
    text = f"flows: {{f: {{rate: 1/s, steps: {steps.replace('ENTITY', 'entity: item,')}}}}}\n"
    text += "entities: {item: {size: 1KB}}\ncomponents: {"
    text += ", ".join(f"{name}: {{{spec}}}" for name, spec in components.items()) + "}\n"
    assert number(solved(text), "flows.f.unavailability") == pytest.approx(0.1 * 0.1, rel=1e-12)


def test_many_calls_that_may_each_miss_will_hardly_all_hit():
    solution = tree(
        "[api: [cache: {hit: 90%, times: 20, miss: [db]}]]",
        api="kind: service, sla: 100%",
        cache="kind: cache, sla: 100%",
        db="kind: database, sla: 99%",
    )
    assert number(solution, "flows.f.unavailability") == pytest.approx(0.01 * (1 - 0.9**20), rel=1e-9)


def test_more_draws_than_can_be_told_apart_give_a_bound_on_the_safe_side():
    solution = tree(
        "[api: [cache: {hit: 90%, fan_out: 5000, miss: [db]}]]",
        api="kind: service, sla: 100%",
        cache="kind: cache, sla: 100%",
        db="kind: database, sla: 99%",
    )
    assert number(solution, "flows.f.unavailability") == pytest.approx(0.01, rel=1e-9)
    assert solution.records["flows", "f", "availability"].label == "bound"


def test_a_run_through_thousands_of_components_is_as_available_as_their_product():
    names = [f"c{n}" for n in range(1200)]
    solution = solved(
        f"flows: {{f: {{rate: 1/s, steps: [{', '.join(names)}]}}}}\ncomponents: {{"
        + ", ".join(f"{name}: {{kind: external, sla: 99.999%}}" for name in names)
        + "}\n"
    )
    assert number(solution, "flows.f.availability") == pytest.approx(0.99999**1200, rel=1e-12)


def test_what_states_no_availability_counts_as_up_and_the_flow_reads_at_most():
    solution = tree("[a, b]", a="kind: service, sla: 99.9%", b="kind: service")
    assert number(solution, "flows.f.availability") == pytest.approx(0.999, rel=1e-12)
    assert solution.records["flows", "f", "availability"].prefix == "at most "
    assert solution.records["flows", "f", "availability"].label == "bound"
    assert solution.records["flows", "f", "unavailability"].prefix == "at least "
    stated = tree("[a]", a="kind: service, sla: 99.9%").records["flows", "f", "availability"]
    assert (stated.prefix, stated.label) == ("", "exact")


def test_what_is_only_written_to_beside_a_run_costs_it_nothing():
    solution = tree("[a: [b: {async: true}]]", a="kind: service, sla: 99.9%", b="kind: stream, sla: 50%")
    assert number(solution, "flows.f.availability") == pytest.approx(0.999, rel=1e-12)
    assert number(solution, "flows.f.undegraded") == pytest.approx(0.999, rel=1e-12)


def test_the_parts_of_downtime_are_each_components_own():
    """Birnbaum: what a component costs is its unavailability times what it decides."""
    solution = tree(
        "[a, parallel: {need: any, calls: [b, c]}]",
        a="kind: service, sla: 99%",
        b="kind: service, sla: 90%",
        c="kind: service, sla: 80%",
    )
    parts = {part.component[1]: part.value for part in solution.downtime_parts["f"]}
    assert parts == pytest.approx({"a": 0.01 * (1 - 0.02), "b": 0.1 * 0.99 * 0.2, "c": 0.2 * 0.99 * 0.1})


def test_errors_are_what_times_out_and_what_is_down():
    solution = tree("[a: {timeout: 10ms}]", a="kind: external, service_time: 5ms, sla: 99%")
    timeouts = 2.718281828459045 ** (-2)
    assert number(solution, "flows.f.timeouts") == pytest.approx(timeouts, rel=1e-6)
    assert number(solution, "flows.f.errors") == pytest.approx(1 - 0.99 * (1 - timeouts), rel=1e-6)
