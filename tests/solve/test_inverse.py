"""Inverses: closed forms by hand, values that give the wanted result back, and loads that theory gives."""

import math

import pytest

from sdplan.formulas import registry
from sdplan.formulas.availability import k_of_n_unavailability
from sdplan.formulas.queueing import response_time_mm1, wait_mm1, wait_mmc
from sdplan.render.site.formula_examples import typical
from sdplan.solve.inverse import allowed_unavailability, closed_form, highest_traffic, inverted, unknown_of
from sdplan.solve.solution import Record
from sdplan.solve.solve import solve
from sdplan.source import read_text
from sdplan.spec.validation import validate

ONE_QUEUE = """
sdplan: 1
id: one
title: One queue
flows:
  ask: {rate: 10/s, response: 1KB, request: 1KB, steps: [work]}
components:
  work: {kind: worker, replicas: 1, service_time: 10ms, availability: 99.9%}
slos:
  fast: {flow: ask, latency: {p99: TARGET}}
"""


def solved(text):
    document, findings = read_text(text, "one.yaml")
    assert not findings
    design, findings = validate(document)
    assert not [each for each in findings if each.severity == "error"]
    solution, findings = solve(design)
    return solution


def test_the_wait_of_one_server_solved_for_its_rate_is_the_textbook_form():
    found = inverted(wait_mm1, {"arrival_rate": 30.0, "service_time": 0.02}, "arrival_rate", 0.05)

    assert found.value == pytest.approx(0.05 / (0.02 * (0.02 + 0.05)), rel=1e-12)
    assert str(closed_form(wait_mm1, "arrival_rate")) == "target/(service_time*(service_time + target))"


def test_a_formula_without_a_closed_inverse_is_turned_round_by_trial():
    values = {"arrival_rate": 30.0, "service_time": 0.1, "servers": 8.0}
    found = inverted(wait_mmc, values, "arrival_rate", 0.02)

    assert found.closed is None
    assert wait_mmc(**{**values, "arrival_rate": found.value}) == pytest.approx(0.02, rel=1e-9)


def test_two_replicas_of_which_one_is_needed_may_each_be_down_for_the_square_root():
    values = {"unavailability": 0.01, "replicas": 2.0, "needed": 1.0}

    assert inverted(k_of_n_unavailability, values, "unavailability", 1e-8).value == pytest.approx(1e-4)


def test_what_no_rate_can_give_has_no_inverse():
    values = {"arrival_rate": 30.0, "service_time": 0.02}

    assert inverted(response_time_mm1, values, "arrival_rate", 0.01) is None  # less than the service itself


def test_every_closed_inverse_gives_back_what_went_in():
    tried = 0
    for formula in registry().values():
        unknown = unknown_of(formula)
        if unknown is None or closed_form(formula, unknown) is None:
            continue
        values = {name: typical(name, 0.25) for name in formula.parameters}
        result = formula(**values)
        if 0.0 < result < math.inf and (formula.domain is None or formula.domain(**values)):
            found = inverted(formula, values, unknown, result)
            assert found.value == pytest.approx(values[unknown], rel=1e-6), formula.name
            tried += 1
    assert tried > 25


@pytest.mark.parametrize("target", [0.1, 0.2, 0.06])
def test_the_traffic_of_one_queue_may_grow_to_where_its_p99_meets_the_target(target):
    solution = solved(ONE_QUEUE.replace("TARGET", f"{target}s"))
    (verdict,) = solution.slos
    most = (
        100.0 - math.log(100.0) / target
    )  # the sojourn of M/M/1 is exponential: p99 = ln(100) / (mu - lambda)

    assert 10.0 * highest_traffic(solution, verdict).factor == pytest.approx(most, rel=0.011)


def test_a_target_that_even_an_empty_queue_misses_has_no_traffic():
    solution = solved(ONE_QUEUE.replace("TARGET", "40ms"))  # ln(100) times 10 ms is 46 ms

    assert highest_traffic(solution, solution.slos[0]) is None


def test_how_often_a_part_of_a_chain_may_be_down_follows_from_the_rest():
    one, other, wanted = 0.002, 0.001, 0.0025
    whole = Record(("flows", "f", "unavailability"), 1 - (1 - one) * (1 - other))
    part = Record(("components", "a", "unavailability"), one)

    allowed = allowed_unavailability(whole, part, one * (1 - other), wanted)
    assert 1 - (1 - allowed) * (1 - other) == pytest.approx(wanted, rel=1e-12)
    assert allowed_unavailability(whole, part, one * (1 - other), 0.0005) is None
