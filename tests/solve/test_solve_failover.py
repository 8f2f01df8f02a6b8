"""The loss of a region: who serves then, what the others must carry, and failover that works only sometimes."""

import json
from itertools import product
from math import comb
from pathlib import Path

import pytest

from tests.strategies import faults_of_records, number, solved

CASES = json.loads((Path(__file__).parent.parent / "cases" / "reliability_caches_latency.json").read_text())


def two(us="availability: 99%", eu="availability: 98%", flow="rate: 300/s", steps="[api]", **components):
    listed = ", ".join(f"{name}: {{{spec}}}" for name, spec in components.items())
    return solved(f"""
regions: {{us: {{share: 60%, rtt: {{eu: 80ms}}, {us}}}, eu: {{share: 40%, {eu}}}}}
flows: {{f: {{{flow}, steps: {steps}}}}}
components: {{{listed}}}
""")


def test_failover_that_works_sometimes_is_the_reference_case():
    case = next(case for case in CASES if case["model"] == "imperfect_failover")
    given = case["inputs"]
    solution = two(
        us=f"availability: {given['a1']:.1%}, failover: {{coverage: {given['coverage']:.0%}}}",
        eu=f"availability: {given['a2']:.0%}",
        api="kind: service, sla: 100%",
    )
    assert number(solution, "flows.f@us.availability") == pytest.approx(
        case["expected"]["availability"], abs=1e-12
    )
    assert solution.records["flows", "f@us", "availability"].label == "exact"
    perfect = two(us="availability: 99.9%", eu="availability: 99%", api="kind: service, sla: 100%")
    assert number(perfect, "flows.f@us.availability") == pytest.approx(
        case["expected"]["wrong_perfect"], abs=1e-12
    )
    assert faults_of_records(solution) == []


def test_what_all_regions_share_is_the_end_of_all_of_them():
    """The research's wrong shortcut: one minus the product of the regions alone is 820 times too good."""
    solution = two(
        us="availability: 99.965%",
        eu="availability: 99.965%",
        steps="[dns, api]",
        dns="kind: external, sla: 99.99%",
        api="kind: service, sla: 100%",
    )
    down = number(solution, "flows.f.unavailability")
    assert 1 - down == pytest.approx(0.9998999, abs=2e-7)
    assert down / 0.00035**2 == pytest.approx(820, rel=0.01)


def test_the_region_that_is_left_must_carry_both_and_needs_as_many_replicas():
    """Each region has four replicas; alone it needs three of them, with its own share one or two."""
    solution = two(api="kind: service, replicas: 4, service_time: 7.5ms, availability: 95%")

    def down(needed, n=4, u=0.05):
        return sum(comb(n, j) * (1 - u) ** j * u ** (n - j) for j in range(needed))

    assert number(solution, "components.api@us.replicas_required") == 2
    assert number(solution, "components.api@eu.replicas_required") == 1
    from_us = 0.99 * 0.98 * down(2) + 0.99 * 0.02 * down(3) + 0.01 * 0.98 * down(3) + 0.01 * 0.02
    from_eu = 0.99 * 0.98 * down(1) + 0.01 * 0.98 * down(3) + 0.99 * 0.02 * down(3) + 0.01 * 0.02
    assert number(solution, "flows.f@us.unavailability") == pytest.approx(from_us, rel=1e-9)
    assert number(solution, "flows.f@eu.unavailability") == pytest.approx(from_eu, rel=1e-9)
    assert number(solution, "flows.f.unavailability") == pytest.approx(max(from_us, from_eu), rel=1e-9)
    assert solution.downtime_parts["f"] == solution.downtime_parts["f@us"]


def test_a_region_that_cannot_carry_both_goes_down_with_the_other():
    solution = two(api="kind: service, replicas: 2, service_time: 10ms, sla: 100%")
    assert number(solution, "flows.f@us.unavailability") == pytest.approx(1 - 0.99 * 0.98, rel=1e-9)
    nodes = two(api="kind: service, replicas: 2, service_time: 10ms, availability: 100%")
    assert number(nodes, "flows.f@us.unavailability") == pytest.approx(1 - 0.99 * 0.98, rel=1e-9)
    twice = two(api="kind: service, replicas: 4, service_time: 10ms, sla: 100%")
    assert number(twice, "flows.f@us.unavailability") == pytest.approx(0.01 * 0.02, rel=1e-9)


def test_what_stands_in_a_lost_region_only_takes_the_flow_with_it():
    solution = two(
        steps="[api: [ledger]]",
        api="kind: service, sla: 100%",
        ledger="kind: database, regions: [us], sla: 100%",
    )
    for region in ("us", "eu"):
        assert number(solution, f"flows.f@{region}.unavailability") == pytest.approx(0.01, rel=1e-9)


def test_a_call_into_a_lost_region_goes_to_the_nearest_that_is_left():
    named = two(steps="[api: [db@eu]]", api="kind: service, sla: 100%", db="kind: database, sla: 100%")
    assert number(named, "flows.f@us.unavailability") == pytest.approx(0.01 * 0.02, rel=1e-9)
    copied = two(
        steps="[api: [db@others: {op: write}]]",
        api="kind: service, sla: 100%",
        db="kind: database, sla: 100%",
    )
    assert number(copied, "flows.f@us.unavailability") == pytest.approx(0.01 * 0.02, rel=1e-9)


def test_three_regions_with_their_own_stacks_against_enumeration():
    up = {"us": 0.9, "eu": 0.8, "ap": 0.7}
    share = {"us": 0.5, "eu": 0.3, "ap": 0.2}
    cover = {"us": 1.0, "eu": 0.5, "ap": 0.0}
    regions = ", ".join(
        f"{name}: {{share: {share[name]:.0%}, availability: {up[name]:.0%}, failover: {{coverage: {cover[name]:.0%}}}}}"
        for name in up
    )
    solution = solved(f"""
regions: {{{regions}}}
flows: {{f: {{rate: 10/s, steps: [api]}}}}
components: {{api: {{kind: service, sla: 90%}}}}
""")
    for origin in up:
        expected = 0.0
        for states in product((True, False), repeat=3):
            alive = dict(zip(up, states, strict=True))
            weight = 1.0
            for name, is_up in alive.items():
                weight *= up[name] if is_up else 1 - up[name]
            if alive[origin]:
                expected += weight * 0.9
            elif any(states):
                expected += weight * cover[origin] * 0.9
        assert number(solution, f"flows.f@{origin}.availability") == pytest.approx(expected, rel=1e-12)


def test_the_time_to_fail_over_is_down_time_of_each_loss():
    solution = two(
        us="mtbf: 99h, mttr: 1h, failover: {takes: 6min}",
        eu="availability: 100%",
        api="kind: service, sla: 100%",
    )
    assert number(solution, "flows.f@us.unavailability") == pytest.approx(0.01 * 0.1, rel=1e-9)
    longer = two(
        us="mtbf: 99h, mttr: 1h, failover: {takes: 2h}",
        eu="availability: 100%",
        api="kind: service, sla: 100%",
    )
    assert number(longer, "flows.f@us.unavailability") == pytest.approx(0.01, rel=1e-9)
    unknown = two(us="availability: 99%, failover: {takes: 6min}", api="kind: service, sla: 100%")
    assert "nothing says how long a failure of us lasts" in {entry.what for entry in unknown.uncounted}


def test_regions_of_which_nothing_is_said_count_as_up_and_the_flow_reads_at_most():
    solution = two(us="", eu="", api="kind: service, sla: 99.9%")
    assert number(solution, "flows.f.availability") == pytest.approx(0.999, rel=1e-12)
    assert solution.records["flows", "f@us", "availability"].prefix == "at most "
    assert {entry.path for entry in solution.uncounted} >= {("regions", "us"), ("regions", "eu")}


def test_zones_are_each_regions_own():
    solution = solved("""
zones: {availability: 99%}
regions: {us: {share: 50%, availability: 90%}, eu: {share: 50%, availability: 90%}}
flows: {f: {rate: 1/s, steps: [api]}}
components: {api: {kind: service, replicas: 1, zones: 1, service_time: 1ms, availability: 100%}}
""")
    assert number(solution, "flows.f@us.unavailability") == pytest.approx(
        0.9 * 0.01 + 0.1 * (0.1 + 0.9 * 0.01), rel=1e-9
    )


def test_forty_regions_are_looked_at_one_loss_at_a_time_and_the_number_is_on_the_safe_side():
    regions = ", ".join(f"r{n}: {{share: 2.5%, availability: 99.9%}}" for n in range(40))
    solution = solved(f"""
regions: {{{regions}}}
flows: {{f: {{rate: 1/s, steps: [api]}}}}
components: {{api: {{kind: service, sla: 100%}}}}
""")
    record = solution.records["flows", "f@r0", "unavailability"]
    several = 1 - 0.999**40 - 40 * 0.001 * 0.999**39
    assert record.value == pytest.approx(several, rel=1e-9)
    assert record.label == "bound"
    assert solution.records["flows", "f@r0", "availability"].prefix == "at least "
