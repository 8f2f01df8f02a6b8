"""Simulated outages against availabilities that can be worked out by hand."""

import pytest

from sdplan.simulate.outages import outages
from tests.strategies import solved


def down(text, count=200_000):
    found, left_out = outages(solved(text), count, 1)
    assert left_out == []
    return {path[1:]: measure for path, measure in found.items()}


def holds(measure, truth):
    return measure.judged.low <= truth <= measure.judged.high


def test_calls_in_a_row_need_all_and_calls_at_once_as_many_as_are_asked_for():
    found = down(
        """
        flows:
          row: {rate: 1/s, steps: [a > b]}
          any: {rate: 1/s, steps: [parallel: {need: any, calls: [a, b]}]}
          spare: {rate: 1/s, steps: [a: {fallback: [b]}]}
          extra: {rate: 1/s, steps: [b, a: {optional: true}]}
        components: {a: {kind: external, sla: 90%}, b: {kind: external, sla: 80%}}
        """
    )
    assert holds(found["row", "unavailability"], 1 - 0.72)
    assert holds(found["any", "unavailability"], 0.02)
    assert holds(found["spare", "unavailability"], 0.02)
    assert holds(found["spare", "lost_quality"], 0.1)
    assert holds(found["extra", "unavailability"], 0.2)
    assert holds(found["extra", "lost_quality"], 0.28)


def test_a_component_is_up_while_enough_replicas_are_and_a_miss_needs_the_origin():
    found = down(
        """
        flows: {f: {rate: 150/s, steps: [a]}, g: {rate: 1/s, steps: [c: {hit: 75%, miss: [o]}]}}
        components:
          a: {kind: service, replicas: 3, cores: 1, service_time: 10ms, availability: 90%}
          c: {kind: cache, shards: 1, copies: 1, availability: 90%}
          o: {kind: external, sla: 80%}
        """
    )
    assert holds(found["f", "unavailability"], 1 - 0.9**3 - 3 * 0.9**2 * 0.1)
    assert holds(found["g", "unavailability"], (1 - 0.9 * 0.75) * 0.2)


@pytest.mark.parametrize("zones", ["", "zones: {availability: 95%}\n"])
def test_the_solver_and_its_simulation_agree_with_and_without_zones(zones):
    design = (
        zones
        + """
flows: {f: {rate: 150/s, steps: [a > b > d]}}
components:
  a: {kind: service, replicas: 6, cores: 1, service_time: 10ms, availability: 90%, zones: 3}
  b: {kind: service, replicas: 3, cores: 4, service_time: 1ms, availability: 95%, zones: 3, common_cause: 20%}
  d: {kind: database, shards: 1, copies: 3, service_time: 1ms, availability: 90%, zones: 3}
"""
    )
    solution = solved(design)
    found, _ = outages(solution, 200_000, 1)
    for path, measure in found.items():
        assert holds(measure, solution.records[path].value), path
    assert found["flows", "f", "unavailability"].value > 0.005
