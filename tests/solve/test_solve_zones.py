"""Zones as causes that components share, against enumeration of all zone states with exact fractions."""

import json
from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path

import pytest

from sdplan.formulas.redundancy import zoned_unavailability
from tests.strategies import faults_of_records, number, solved

CASES = json.loads((Path(__file__).parent.parent / "cases" / "reliability_caches_latency.json").read_text())
ZONED = [case for case in CASES if case["model"] == "k_of_n_zones"]


def tail(u, n, k):
    """Probability that fewer than k of n work."""
    return sum((comb(n, j) * (1 - u) ** j * u ** (n - j) for j in range(k)), Fraction(0))


@pytest.mark.parametrize("case", ZONED, ids=lambda case: case["id"])
def test_instances_in_zones_are_down_as_often_as_the_reference_says(case):
    given, expected = case["inputs"], case["expected"]
    total = given["zones"] * given["inst_per_zone"]
    busy = (given["need"] - 0.5) / total
    solution = solved(
        f"""
zones: {{availability: {100 * given["a_zone"]}%}}
flows: {{f: {{rate: {1000 * busy * total}/s, steps: [api]}}}}
components:
  api: {{kind: service, replicas: {total}, zones: {given["zones"]}, service_time: 1ms, availability: {100 * given["a_inst"]}%}}
"""
    )
    assert number(solution, "components.api.replicas_required") == given["need"]
    for name in ("components.api.unavailability", "flows.f.unavailability"):
        assert number(solution, name) == pytest.approx(expected["unavailability"], rel=1e-10)
    assert solution.records["flows", "f", "unavailability"].label == "exact"
    shortcut = expected["wrong_independent"]
    assert number(solution, "flows.f.unavailability") > 3000 * shortcut
    assert faults_of_records(solution) == []


def test_components_lose_the_same_zone_at_the_same_time():
    """Two groups that each survive a zone: enumeration of the zone states, in exact fractions."""
    zone, one, two = Fraction(1, 100), Fraction(1, 50), Fraction(1, 20)
    solution = solved("""
zones: {availability: 99%}
flows: {f: {rate: 3.5k/s, steps: [front: [back]]}}
components:
  front: {kind: service, replicas: 6, zones: 3, service_time: 1ms, availability: 98%}
  back: {kind: service, replicas: 8, zones: 2, service_time: 1ms, availability: 95%}
""")
    up = Fraction(0)
    for states in product((0, 1), repeat=3):
        weight = Fraction(1)
        for is_lost in states:
            weight *= zone if is_lost else 1 - zone
        front, back = 6 - 2 * sum(states), 8 - 4 * sum(states[:2])
        up += weight * (1 - tail(one, front, 4)) * (1 - tail(two, back, 4))
    assert number(solution, "flows.f.unavailability") == pytest.approx(float(1 - up), rel=1e-12)
    apart = 1 - (1 - number(solution, "components.front.unavailability")) * (
        1 - number(solution, "components.back.unavailability")
    )
    assert number(solution, "flows.f.unavailability") < apart * 0.99


def test_in_what_zones_and_components_cost_each_zone_is_a_part():
    solution = solved("""
zones: {availability: 99%}
flows: {f: {rate: 1/s, steps: [api]}}
components: {api: {kind: service, replicas: 2, zones: 2, service_time: 1ms, availability: 90%}}
""")
    both = 0.01 * 0.01 + 2 * 0.01 * 0.99 * 0.1 + 0.99**2 * 0.01
    assert number(solution, "flows.f.unavailability") == pytest.approx(both, rel=1e-12)
    assert number(solution, "flows.f.lost_to_zones") == pytest.approx(both - 0.01, rel=1e-12)
    assert solution.downtime_parts["f"][0].value == pytest.approx(both - 1e-4, rel=1e-12)


def test_replicas_that_do_not_divide_are_taken_from_the_fuller_zones_which_is_a_bound():
    solution = solved("""
zones: {availability: 99%}
flows: {f: {rate: 2.5k/s, steps: [api]}}
components: {api: {kind: service, replicas: 7, zones: 3, service_time: 1ms, availability: 99%}}
""")
    record = solution.records["components", "api", "unavailability"]
    u, v = Fraction(1, 100), Fraction(1, 100)
    left = {0: 7, 1: 4, 2: 2, 3: 0}
    expected = sum(comb(3, j) * v**j * (1 - v) ** (3 - j) * tail(u, n, 3) for j, n in left.items())
    assert record.value == pytest.approx(float(expected), rel=1e-12)
    assert record.label == "bound"
    assert solution.records["flows", "f", "availability"].prefix == "at least "
    exact = Fraction(0)
    for states in product((0, 1), repeat=3):
        n = sum(size for size, is_lost in zip((3, 2, 2), states, strict=True) if not is_lost)
        exact += v ** sum(states) * (1 - v) ** (3 - sum(states)) * tail(u, n, 3)
    assert float(exact) < record.value


def test_zones_of_which_nothing_is_said_count_as_up_and_the_flow_reads_at_most():
    solution = solved("""
flows: {f: {rate: 1/s, steps: [api]}}
components: {api: {kind: service, replicas: 3, zones: 3, service_time: 1ms, availability: 99%}}
""")
    assert number(solution, "flows.f.unavailability") == pytest.approx(1e-6, rel=1e-9)
    assert solution.records["flows", "f", "availability"].prefix == "at most "
    assert ("SP904", "nothing says how often a zone is up") in {(e.code, e.what) for e in solution.uncounted}


def test_more_zones_than_replicas_are_no_zones_of_theirs():
    solution = solved("""
zones: {availability: 90%}
flows: {f: {rate: 1/s, steps: [api]}}
components: {api: {kind: service, replicas: 2, zones: 5, service_time: 1ms, availability: 100%}}
""")
    assert number(solution, "flows.f.unavailability") == pytest.approx(0.01, rel=1e-9)


def test_a_zone_takes_one_copy_of_every_shard():
    solution = solved("""
zones: {availability: 99%}
flows: {f: {rate: 1/s, steps: [db]}}
components: {db: {kind: database, shards: 4, copies: 3, zones: 3, service_time: 1ms, availability: 100%}}
""")
    assert number(solution, "flows.f.unavailability") == pytest.approx(1e-6, rel=1e-9)


def test_the_availability_of_fifty_services_in_zones_takes_their_order_and_not_their_states():
    names = [f"s{n}" for n in range(50)]
    solution = solved(
        "zones: {availability: 99.95%}\n"
        f"flows: {{f: {{rate: 7.5k/s, steps: [{', '.join(names)}]}}}}\ncomponents: {{"
        + ", ".join(
            f"{name}: {{kind: service, replicas: 12, zones: 3, service_time: 1ms, availability: 99.5%}}"
            for name in names
        )
        + "}\n"
    )
    up = Fraction(0)
    v, u = Fraction(5, 10000), Fraction(5, 1000)
    for lost in range(4):
        up += comb(3, lost) * v**lost * (1 - v) ** (3 - lost) * (1 - tail(u, 12 - 4 * lost, 8)) ** 50
    assert number(solution, "flows.f.unavailability") == pytest.approx(float(1 - up), rel=1e-10)


def test_a_zone_that_is_nearly_always_lost_leaves_a_number():
    for zone in (0.0, 1e-300, 0.5, 1.0 - 1e-12, 1.0):
        value = zoned_unavailability(
            unavailability=0.1, replicas=6, needed=2, zones=3, zone_unavailability=zone
        )
        assert 0.0 <= value <= 1.0


def test_repair_common_cause_and_zones_at_once_are_the_states_of_all_three():
    solution = solved("""
zones: {availability: 99%}
flows: {f: {rate: 1/s, steps: [api]}}
components:
  api: {kind: service, replicas: 4, zones: 2, service_time: 1ms, mtbf: 90h, mttr: 10h, common_cause: 20%, repair_crews: 1}
""")

    def one_crew(n):
        rate = Fraction(10) / (Fraction(90) / (1 - Fraction(1, 5)))
        weights = [Fraction(1)]
        for j in range(n):
            weights.append(weights[-1] * (n - j) * rate)
        return weights[-1] / sum(weights)

    together = Fraction(1, 5) * Fraction(1, 10)
    v = Fraction(1, 100)
    down = sum(
        share * (1 - (1 - alone) * (1 - together))
        for share, alone in (
            ((1 - v) ** 2, one_crew(4)),
            (2 * v * (1 - v), one_crew(2)),
            (v**2, Fraction(1)),
        )
    )
    assert number(solution, "components.api.unavailability") == pytest.approx(float(down), rel=1e-12)
    assert number(solution, "flows.f.unavailability") == pytest.approx(float(down), rel=1e-12)
