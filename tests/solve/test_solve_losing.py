"""Designs with something lost: they are solved like any other, and what is left carries what there was."""

import pytest

from sdplan.solve.losing import (
    pinned,
    with_fewer_replicas,
    without_components,
    without_regions,
    without_zones,
)
from sdplan.solve.solve import solve
from tests.strategies import number, solved

SHOP = """
zones: {availability: 99.99%}
regions: {us: {share: 50%, rtt: {eu: 80ms, ap: 150ms}}, eu: {share: 30%, rtt: {ap: 90ms}}, ap: {share: 20%}}
flows: {f: {rate: 1000/s, peak: 2x, steps: [api: [db, recs: {optional: true}, ledger@eu]]}}
components:
  api: {kind: service, replicas: 10, zones: 3, service_time: 2ms, availability: 99.9%}
  db: {kind: database, shards: 2, copies: 3, zones: 3, service_time: 1ms, cores: 4, availability: 99.9%}
  recs: {kind: service, service_time: 1ms, sla: 99%}
  ledger: {kind: database, service_time: 1ms, cores: 8, sla: 99.9%}
"""


def changed(design):
    solution, findings = solve(design)
    assert solution is not None, findings
    return solution


def test_a_lost_zone_takes_its_share_rounded_up():
    solution = changed(without_zones(solved(SHOP).design, 1))
    assert number(solution, "components.api.replicas") == 6
    assert number(solution, "components.api.zones") == 2
    assert number(solution, "components.db.copies") == 2
    assert number(solution, "components.db.replicas") == 4
    two = without_zones(solved(SHOP).design, 2)
    assert number(changed(two), "components.api.replicas") == 3
    one_by_one = without_zones(without_zones(solved(SHOP).design, 1), 1)
    assert number(changed(one_by_one), "components.api.replicas") == 3


def test_without_any_zone_nothing_that_lies_in_zones_answers():
    design = without_zones(solved(SHOP).design, 3)
    assert design.lost == {"api", "db"}
    assert number(changed(design), "flows.f.availability") == 0.0


def test_the_traffic_of_a_lost_region_goes_to_the_others_by_share():
    solution = changed(without_regions(solved(SHOP).design, ["us"]))
    assert number(solution, "components.api@eu.peak_rate") == pytest.approx(1200, rel=1e-12)
    assert number(solution, "components.api@ap.peak_rate") == pytest.approx(800, rel=1e-12)
    assert number(solution, "flows.f.peak_rate") == pytest.approx(2000, rel=1e-12)


def test_a_call_into_a_lost_region_is_served_by_the_callers_nearest():
    solution = changed(without_regions(solved(SHOP).design, ["eu"]))
    assert number(solution, "components.ledger@us.rate") == pytest.approx(1000 * 5 / 7, rel=1e-12)
    assert number(solution, "components.ledger@ap.rate") == pytest.approx(1000 * 2 / 7, rel=1e-12)


def test_what_stood_in_lost_regions_only_is_lost():
    text = SHOP.replace("ledger: {kind: database,", "ledger: {kind: database, regions: [eu],")
    design = without_regions(solved(text).design, ["eu"])
    assert design.lost == {"ledger"}
    assert number(changed(design), "flows.f.availability") == 0.0


def test_with_no_region_left_nothing_regional_answers():
    design = without_regions(solved(SHOP).design, ["us", "eu", "ap"])
    assert design.lost == {"api", "db", "recs", "ledger"}
    assert number(changed(design), "flows.f.availability") == 0.0


def test_a_lost_component_fails_its_calls_and_an_optional_one_costs_quality_only():
    solution = changed(without_components(solved(SHOP).design, ["recs"]))
    before = solved(SHOP)
    assert number(solution, "flows.f.availability") == number(before, "flows.f.availability")
    assert number(solution, "flows.f.undegraded") == 0.0


def test_lost_replicas_are_gone_in_each_region_and_a_shard_is_short_of_a_copy():
    design = with_fewer_replicas(solved(SHOP).design, {"api": 4, "db": 1})
    solution = changed(design)
    assert number(solution, "components.api.replicas") == 6
    assert number(solution, "components.db.copies") == 2
    assert with_fewer_replicas(design, {"api": 6}).lost == {"api"}


def test_an_erasure_code_loses_its_parity_first_and_is_lost_without_its_data():
    text = """
flows: {f: {rate: 10/s, steps: [store]}}
components: {store: {kind: object-store, copies: 8+4, zones: 3, service_time: 1ms, availability: 99%}}
"""
    one = without_zones(solved(text).design, 1)
    assert one.components["store"].copies == "8+0"
    assert number(changed(one), "flows.f.unavailability") == pytest.approx(1 - 0.99**8, rel=1e-9)
    assert without_zones(one, 1).lost == {"store"}


def test_counts_that_were_left_open_are_pinned_before_anything_is_lost():
    text = """
flows: {f: {rate: 1000/s, steps: [api]}}
components: {api: {kind: service, zones: 3, service_time: 5ms, availability: 99%}}
"""
    solution = solved(text)
    count = number(solution, "components.api.replicas")
    design = without_zones(pinned(solution), 1)
    assert number(changed(design), "components.api.replicas") == count - -(-count // 3)


def test_the_design_itself_is_left_as_it_was():
    solution = solved(SHOP)
    for lose in (lambda d: without_zones(d, 1), lambda d: without_regions(d, ["us"])):
        lose(solution.design)
    assert number(changed(solution.design), "flows.f.unavailability") == number(
        solution, "flows.f.unavailability"
    )
