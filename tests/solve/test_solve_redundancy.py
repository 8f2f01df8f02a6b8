"""Groups of replicas: repair, failover of a leader, how often groups fail, and what the load asks for."""

import json
import time
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from sdplan.formulas.redundancy import failure_frequency, repaired_unavailability
from sdplan.solve.decision_diagram import FALSE, TRUE, DecisionDiagram
from tests.strategies import number, solved

CASES = json.loads((Path(__file__).parent.parent / "cases" / "reliability_caches_latency.json").read_text())


def one(spec, flow="rate: 1/s", kind="service"):
    return solved(f"""
flows: {{f: {{{flow}, steps: [api]}}}}
components: {{api: {{kind: {kind}, service_time: 1ms, {spec}}}}}
""")


def test_a_pair_fails_seldom_and_each_time_for_half_a_repair():
    """Research, 1.3: two parallel, 1000 h and 10 h: unavailability 9.80e-5, an outage lasts 5 h and not 10."""
    solution = one("replicas: 2, mtbf: 1000h, mttr: 10h")
    assert number(solution, "flows.f.unavailability") == pytest.approx((10 / 1010) ** 2, rel=1e-12)
    assert number(solution, "flows.f.mean_outage") == pytest.approx(5 * 3600, rel=1e-9)
    assert number(solution, "flows.f.failure_frequency") == pytest.approx(
        (10 / 1010) ** 2 / (5 * 3600), rel=1e-9
    )


def test_one_crew_doubles_the_unavailability_of_a_pair():
    own = number(one("replicas: 2, mtbf: 1000h, mttr: 10h"), "flows.f.unavailability")
    crew = number(one("replicas: 2, mtbf: 1000h, mttr: 10h, repair_crews: 1"), "flows.f.unavailability")
    assert crew / own == pytest.approx(2.0, rel=0.001)


@pytest.mark.parametrize(("n", "k", "crews"), [(2, 1, 1), (3, 2, 1), (5, 2, 2), (6, 6, 3)])
def test_repair_by_crews_is_the_steady_state_of_its_chain(n, k, crews):
    """The generator of the birth and death chain, solved as a linear system."""
    failing, repairing = 1 / 50.0, 1 / 7.0
    generator = np.zeros((n + 1, n + 1))
    for j in range(n):
        generator[j, j + 1] = (n - j) * failing
        generator[j + 1, j] = min(j + 1, crews) * repairing
    np.fill_diagonal(generator, -generator.sum(axis=1))
    system = np.vstack([generator.T, np.ones(n + 1)])
    steady = np.linalg.lstsq(system, np.array([0.0] * (n + 1) + [1.0]), rcond=None)[0]
    value = repaired_unavailability(mtbf=50.0, mttr=7.0, replicas=n, needed=k, crews=crews)
    assert value == pytest.approx(steady[n - k + 1 :].sum(), rel=1e-9)
    solution = one(
        f"replicas: {n}, mtbf: 50h, mttr: 7h, repair_crews: {crews}", flow=f"rate: {k * 1000 - 1}/s"
    )
    assert number(solution, "flows.f.failure_frequency") == pytest.approx(
        steady[n - k] * k * failing / 3600, rel=1e-8
    )


def test_a_group_fails_as_often_as_its_parts_turn_it_over():
    """Enumeration: a state without a part to spare, and one of its working parts fails."""
    u, n, k, mtbf = 0.2, 4, 2, 10.0
    expected = 0.0
    for states in product((0, 1), repeat=n):
        if sum(states) == k:
            weight = np.prod([1 - u if is_up else u for is_up in states])
            expected += weight * k / mtbf
    value = failure_frequency(unavailability=u, replicas=n, needed=k, mtbf=mtbf)
    assert value == pytest.approx(expected, rel=1e-12)


def test_a_series_fails_as_often_as_all_of_its_parts_together():
    solution = solved("""
flows: {f: {rate: 1/s, steps: [a, b]}}
components:
  a: {kind: service, replicas: 1, service_time: 1ms, mtbf: 100h, mttr: 1h}
  b: {kind: service, replicas: 1, service_time: 1ms, mtbf: 50h, mttr: 2h}
""")
    up_a, up_b = 100 / 101, 50 / 52
    expected = up_a * up_b * (1 / 100 + 1 / 50) / 3600
    assert number(solution, "flows.f.failure_frequency") == pytest.approx(expected, rel=1e-9)


def test_how_often_a_flow_fails_is_left_open_where_a_part_does_not_say():
    solution = solved("""
flows: {f: {rate: 1/s, steps: [a, b]}}
components:
  a: {kind: service, replicas: 1, service_time: 1ms, mtbf: 100h, mttr: 1h}
  b: {kind: external, sla: 99%}
""")
    assert solution.value("flows", "f", "failure_frequency") is None


def test_a_leader_whose_failover_works_sometimes_is_the_reference_case():
    case = next(case for case in CASES if case["model"] == "imperfect_failover")
    given = case["inputs"]
    solution = one("copies: 2, availability: 99%, replication: {failover: {coverage: 95%}}", kind="database")
    u = 0.01
    same = 1 - ((1 - u) + u * given["coverage"] * (1 - u))
    assert number(solution, "components.api.unavailability") == pytest.approx(same, rel=1e-12)
    perfect = one("copies: 2, availability: 99%", kind="database")
    assert number(perfect, "components.api.unavailability") == pytest.approx(1e-4, rel=1e-12)


def test_the_time_to_fail_over_is_time_without_a_leader():
    solution = one("copies: 2, mtbf: 99h, mttr: 1h, replication: {failover: {takes: 6min}}", kind="database")
    u, covered = 0.01, 0.9
    assert number(solution, "components.api.unavailability") == pytest.approx(
        u * (1 - covered * (1 - u)), rel=1e-12
    )


def test_two_that_are_both_needed_at_peak_are_no_pair_then():
    """Research, 1.1: both needed 6 h a day: 0.9994995, where one of two would say 0.999999."""
    solution = one("replicas: 2, availability: 99.9%", flow="rate: 600/s, peak: 2x, peak_time: 6h/day")
    assert number(solution, "components.api.replicas_required") == 2
    assert number(solution, "components.api.replicas_required_at_mean") == 1
    assert number(solution, "flows.f.availability_over_time") == pytest.approx(0.9994995, abs=1e-9)
    assert number(solution, "flows.f.availability_at_mean") == pytest.approx(0.999999, abs=1e-9)
    assert number(solution, "flows.f.availability") == pytest.approx(0.998001, abs=1e-9)


def test_an_slo_at_the_mean_is_held_against_the_mean():
    text = """
flows: {f: {rate: 600/s, peak: 2x, steps: [api]}}
components: {api: {kind: service, replicas: 2, service_time: 1ms, availability: 99.9%}}
slos: {up: {flow: f, availability: 99.99%, at: AT}}
"""
    assert [verdict.met for verdict in solved(text.replace("AT", "mean")).slos] == [True]
    assert [verdict.met for verdict in solved(text.replace("AT", "peak")).slos] == [False]


def test_at_the_next_step_of_the_load_one_replica_more_is_needed():
    spec = "replicas: 24, availability: 99.9%"
    first = one(spec, flow="rate: 15.4k/s")
    k, step = (number(first, f"components.api.{name}") for name in ("replicas_required", "next_step_load"))
    assert (k, step) == (16, pytest.approx(16000, rel=1e-12))
    below, above = (one(spec, flow=f"rate: {step * factor}/s") for factor in (0.9999, 1.0001))
    assert number(below, "components.api.replicas_required") == 16
    assert number(above, "components.api.replicas_required") == 17
    assert number(above, "flows.f.unavailability") > 10 * number(below, "flows.f.unavailability")


def ladder(links, chance):
    """Whether the far end of a ladder of two rails is reached, built from that end."""
    diagram = DecisionDiagram()
    steps = [[diagram.variable(f"{rail}{n}", chance) for rail in "abr"] for n in range(links)]
    top, bottom = TRUE, FALSE
    for upper, lower, rung in reversed(steps):
        above = diagram.disjunction((top, diagram.conjunction((rung, bottom))))
        below = diagram.disjunction((bottom, diagram.conjunction((rung, top))))
        top, bottom = diagram.conjunction((upper, above)), diagram.conjunction((lower, below))
    return diagram, diagram.disjunction((top, bottom))


def walked(links, chance):
    """The same by walking the ladder with the four states of its two rails."""
    states = {(1, 1): 1.0}
    for _ in range(links):
        following = {}
        for (top, bottom), weight in states.items():
            for a, b, r in product((1, 0), repeat=3):
                share = weight * np.prod([1 - chance if x else chance for x in (a, b, r)])
                up, down = top & a, bottom & b
                joined = (up | (down & r), down | (up & r))
                following[joined] = following.get(joined, 0.0) + share
        states = following
    return 1 - sum(weight for (top, _), weight in states.items() if top)


def test_six_hundred_variables_are_counted_exactly_and_at_once():
    began = time.perf_counter()
    diagram, function = ladder(200, 0.01)
    value = diagram.unavailability(function)
    diagram.importances(function)
    assert time.perf_counter() - began < 1.0  # 0.011 s where nothing else runs
    assert value == pytest.approx(walked(200, 0.01), rel=1e-10)


def test_a_choice_among_thirty_components_stays_small():
    ways = ", ".join(f"w{n}: {{share: {'rest' if n == 29 else '3%'}, calls: [c{n}]}}" for n in range(30))
    components = ", ".join(f"c{n}: {{kind: external, sla: {99 - n}%}}" for n in range(30))
    solution = solved(
        f"flows: {{f: {{rate: 1/s, steps: [choose: {{{ways}}}]}}}}\ncomponents: {{{components}}}\n"
    )
    shares = [0.03] * 29 + [0.13]
    expected = sum(share * (n + 1) / 100 for n, share in enumerate(shares))
    assert number(solution, "flows.f.unavailability") == pytest.approx(expected, rel=1e-9)
