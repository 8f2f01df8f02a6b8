"""Disks: how full, how busy, and what an engine writes for each byte; growth; worked out by hand."""

import math

import pytest

from sdplan.solve.growth import grown, months_to_limits
from sdplan.solve.solve import solve
from tests.strategies import number, outcome, solved, validated

YEAR = 365 * 86400


def design(fields, size="1KB", count="2bn"):
    return f"""
    flows:
      put: {{rate: 2000/s, peak: 2x, steps: [db: {{op: write, request: {size}}}]}}
      get: {{rate: 500/s, steps: [db: {{response: 8KB}}]}}
    entities: {{row: {{size: 1KB, count: {count}, keep: {{db: forever}}}}}}
    components: {{db: {{kind: database, cores: 64, service_time: 1us, {fields}}}}}
    """


def test_a_disk_fills_with_what_each_node_keeps():
    solution = solved(design("shards: 4, copies: 2, disk: 1TB"))
    assert number(solution, "components.db.node_bytes") == pytest.approx(2e12 / 4, rel=1e-12)
    assert number(solution, "components.db.disk_utilization") == pytest.approx(0.5, rel=1e-12)
    assert number(solution, "components.db.shards_for_disk") == math.ceil(4 * 0.5 / 0.7)


def test_open_shards_are_as_many_as_the_disks_ask_for():
    solution = solved(design("copies: 2, disk: 100GB"))
    assert number(solution, "components.db.shards") == math.ceil(2e12 / 100e9 / 0.7)
    assert number(solution, "components.db.disk_utilization") <= 0.7


def test_a_full_disk_is_an_error():
    _, findings = outcome(design("shards: 1, disk: 1TB"))
    assert not findings  # the solver finds nothing; the rule does
    solution = solved(design("shards: 1, disk: 1TB"))
    assert number(solution, "components.db.disk_utilization") == pytest.approx(2.0)


def test_operations_and_bytes_of_a_disk_are_limits_of_their_own():
    solution = solved(design("shards: 2, iops: 10k/s, bandwidth: 10MB/s"))
    assert number(solution, "components.db.utilization.iops") == pytest.approx(
        (4000 + 500) / 2 / 10e3, rel=1e-12
    )
    peak = (4000 * 1000 + 500 * 8000) / 2
    assert number(solution, "components.db.utilization.bandwidth") == pytest.approx(peak / 10e6, rel=1e-12)
    assert number(solution, "components.db.utilization") == pytest.approx(peak / 10e6, rel=1e-12)


def test_operations_that_a_call_states_are_counted_as_stated():
    solution = solved(
        design("shards: 2, iops: 10k/s, ops: {read: {uses: {iops: 3}}, write: {uses: {iops: 2}}}")
    )
    expected = (4000 * 2 + 500 * 3) / 2 / 10e3
    assert number(solution, "components.db.utilization.iops") == pytest.approx(expected, rel=1e-12)
    assert solution.records["components", "db", "utilization", "iops"].label == "exact"


def test_levels_of_a_tree_multiply_what_is_written():
    fields = "shards: 1, bandwidth: 1GB/s, engine: lsm, memtable: 64MB, level_ratio: 10"
    solution = solved(design(fields))
    levels = math.ceil(math.log10(2e12 / 64e6))
    factor = 2 + 2 + (levels - 1) * 6
    assert number(solution, "components.db.write_amplification") == factor
    expected = (4000 * 1000 * factor + 500 * 8000) / 1e9
    assert number(solution, "components.db.utilization.bandwidth") == pytest.approx(expected, rel=1e-12)


def test_a_tree_of_three_levels_writes_what_a_simulated_one_does():
    """The log apart, 15.7 bytes for each byte in a simulated tree of three levels below the first."""
    solution = solved(design("shards: 1, bandwidth: 1GB/s, engine: lsm, memtable: 2GB, level_ratio: 10"))
    assert number(solution, "components.db.levels") == 3
    assert number(solution, "components.db.write_amplification") - 1 == pytest.approx(15.7, rel=0.05)


def test_a_page_is_written_for_each_small_row():
    fields = "shards: 1, bandwidth: 1GB/s, engine: b-tree, page: 16KB"
    solution = solved(design(fields, size="128B"))
    record = solution.records["components", "db", "write_amplification"]
    assert (record.value, record.prefix) == (16000 / 128 + 1, "at most ")


def test_an_engine_without_its_sizes_is_listed():
    solution = solved(design("shards: 1, bandwidth: 1GB/s, engine: lsm"))
    assert any(entry.code == "SP909" and "memtable" in entry.what for entry in solution.uncounted)


GROWING = """
inputs:
  users: {value: 1000, growth: 20%/year}
  more: {value: = users * 2, growth: 50%}
flows: {f: {rate: = users / s, steps: [api]}, g: {rate: = more / s, steps: [other]}}
components:
  api: {kind: service, replicas: 10, service_time: 5ms}
  other: {kind: service, replicas: 100, service_time: 1ms}
"""


def test_inputs_grow_by_the_year_and_what_follows_grows_with_them():
    design, _ = validated(GROWING)
    later, findings = solve(grown(design, 3))
    assert later is not None, findings
    assert number(later, "flows.f.rate") == pytest.approx(1000 * 1.2**3, rel=1e-9)
    assert number(later, "flows.g.rate") == pytest.approx(2000 * 1.2**3 * 1.5**3, rel=1e-9)
    assert grown(design, 0).inputs["users"].value.quantity.value == 1000


def test_the_month_in_which_a_limit_is_reached():
    design, _ = validated(GROWING)
    months = months_to_limits(design, 5 * YEAR)
    expected = math.ceil(12 * math.log(2) / math.log(1.2))  # from 50 % to 100 %
    assert months == {("components", "api", "utilization"): expected}
