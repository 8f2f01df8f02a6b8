"""Replicas and shards that the design leaves open are the fewest that do."""

from math import ceil

import pytest

from tests.strategies import number, solved

AUTO = [
    ("cores: 2, service_time: 3ms", 0.003 / 2, 0.7),
    ("cores: 2, service_time: 3ms, target_utilization: 55%", 0.003 / 2, 0.55),
    ("limits: {requests: 730/s}", 1 / 730, 0.7),
    ("cores: 7, service_time: 1ms, limits: {requests: 1k/s}", 1 / 1000, 0.7),
]


@pytest.mark.parametrize(("component", "each", "target"), AUTO)
@pytest.mark.parametrize("rate", [1, 99, 700, 2100, 12345, 1_000_000])
def test_replicas_left_open_are_the_fewest_that_keep_the_target(component, each, target, rate):
    solution = solved(f"""
    flows: {{f: {{rate: {rate}/s, steps: [a]}}}}
    components: {{a: {{kind: service, {component}}}}}
    """)
    replicas = number(solution, "components.a.replicas")
    assert number(solution, "components.a.utilization") <= target * (1 + 1e-9)
    assert replicas == 1 or rate * each / (replicas - 1) > target * (1 + 1e-9)


@pytest.mark.parametrize("wanted", range(1, 60))
def test_a_load_that_fills_the_target_to_the_last_digit_needs_no_replica_more(wanted):
    solution = solved(
        f"""
    flows: {{f: {{rate: {wanted} * 70/s, steps: [a]}}}}
    components: {{a: {{kind: worker, service_time: 10ms}}}}
    """.replace(f"{wanted} * 70/s", f"{wanted * 70}/s")
    )
    assert number(solution, "components.a.replicas") == wanted


def test_shards_left_open_are_the_fewest_and_replicas_are_their_copies():
    solution = solved("""
    flows:
      r: {rate: 10k/s, steps: [db]}
      w: {rate: 5k/s, steps: [db: write]}
    components: {db: {kind: database, copies: 3, cores: 4, service_time: 1ms}}
    """)
    assert number(solution, "components.db.shards") == ceil(15_000 * 0.001 / 4 / 0.7) == 6
    assert number(solution, "components.db.replicas") == 18


def test_open_replicas_with_held_workers_are_the_fewest_too():
    text = """
    flows: {{f: {{rate: 900/s, steps: [api: [db]]}}}}
    components:
      api: {{kind: service, {replicas} cores: 2, workers: 8, service_time: 2ms}}
      db: {{kind: external, service_time: 30ms}}
    """
    solution = solved(text.format(replicas=""))
    replicas = int(number(solution, "components.api.replicas"))
    assert number(solution, "components.api.utilization") <= 0.7
    fewer = solved(text.format(replicas=f"replicas: {replicas - 1},"))
    assert number(fewer, "components.api.utilization") > 0.7


def test_open_replicas_behind_a_computed_hit_ratio_are_for_the_settled_load():
    text = """
    flows: {{f: {{rate: 20k/s, steps: [api: [cache: {{entity: item, miss: [db]}}]]}}}}
    entities: {{item: {{size: 1KB, count: 1M, popularity: {{zipf: 1.1}}}}}}
    components:
      api: {{kind: service, replicas: 100, cores: 4, service_time: 1ms}}
      cache: {{kind: cache, memory: 500MB, replicas: 1}}
      db: {{kind: database, {replicas} cores: 4, service_time: 2ms}}
    """
    solution = solved(text.format(replicas=""))
    needed = ceil(number(solution, "components.db.peak_rate") * 0.002 / 4 / 0.7)
    assert number(solution, "components.cache.hit") > 0.8
    assert number(solution, "components.db.replicas") == needed


def test_cores_that_would_do_are_those_of_one_replica():
    solution = solved("""
    flows: {f: {rate: 1000/s, steps: [a]}}
    components: {a: {kind: service, replicas: 2, cores: 2, service_time: 5ms}}
    """)
    assert number(solution, "components.a.cores_needed") == ceil(2.5 / 0.7) == 4
    assert number(solution, "components.a.replicas_needed") == ceil(2.5 / 2 * 2 / 0.7) == 4
