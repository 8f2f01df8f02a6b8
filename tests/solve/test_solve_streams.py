"""Consumers, partitions, batches, chains, deadlines and what a unit costs, worked out by hand and drawn."""

import numpy as np
import pytest

from sdplan.solve.consumers import after_peak
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run
from sdplan.solve.solution import Record
from sdplan.units import DURATION, Calendar
from tests.strategies import number, reason, solved

MONTH = 30 * 86400


def stream(partitions, replicas=8):
    return f"""
    flows: {{w: {{rate: 100/s, peak: 2x, steps: [log]}}, r: {{trigger: log, steps: [job]}}}}
    components:
      log: {{kind: stream, partitions: {partitions}}}
      job: {{kind: worker, replicas: {replicas}, service_time: 20ms}}
    """


def test_consumers_beyond_the_partitions_do_nothing():
    solution = solved(stream(5))
    assert number(solution, "flows.r.parallelism") == 5
    assert number(solution, "flows.r.consumer_utilization") == pytest.approx(200 * 0.02 / 5, rel=1e-12)
    assert number(solution, "flows.r.partitions_needed") == np.ceil(200 * 0.02 / 0.7)
    assert any("no partition to read" in entry.what for entry in solution.uncounted)


def test_enough_partitions_leave_the_consumers_as_busy_as_they_are():
    solution = solved(stream(64))
    assert number(solution, "flows.r.consumer_utilization") == pytest.approx(0.5, rel=1e-12)
    assert not any("partition" in entry.what for entry in solution.uncounted)


def test_a_backlog_drains_at_what_is_served_beyond_the_mean():
    solution = solved(stream(64, replicas=3))
    assert number(solution, "flows.r.backlog_growth") == pytest.approx(50, rel=1e-9)
    assert number(solution, "flows.r.drain_per_peak") == pytest.approx(50 / (150 - 100), rel=1e-9)
    ledger = Ledger(solution.records, Calendar())
    ledger.write(Record(("peak",), 7200.0, DURATION, "stated"))
    after_peak(Run("r", "", solution.trees["r"]), "job", ("peak",), ledger)
    assert ledger.value(("flows", "r", "backlog")) == pytest.approx(50 * 7200, rel=1e-9)
    assert ledger.value(("flows", "r", "drain_time")) == pytest.approx(7200, rel=1e-9)


def test_the_first_message_of_a_batch_waits_for_the_others():
    solution = solved("""
    flows:
      w: {rate: 100/s, steps: [log]}
      r: {trigger: {stream: log, batch: 51}, steps: [job]}
    components: {log: {kind: stream}, job: {kind: external, service_time: 100ms}}
    """)
    draws, size = np.random.default_rng(2), 400_000
    true = draws.gamma(50, 0.01, size) + draws.exponential(0.1, size)
    for level in (0.5, 0.99):
        found = number(solution, f"flows.r.freshness.p{level * 100:g}")
        assert found == pytest.approx(np.quantile(true, level), rel=0.01)
    assert "fill" in reason(solution, "flows.r.freshness.max")


CHAIN = """
flows:
  click: {rate: 10/s, steps: [api > first]}
  count: {trigger: {stream: first, every: 10s}, steps: [counter > second]}
  rank: {trigger: {stream: second, every: 60s}, steps: [ranker]}
components:
  api: {kind: external, service_time: {fixed: 1s}}
  first: {kind: stream, lag: {fixed: 2s}}
  counter: {kind: external, service_time: {fixed: 3s}}
  second: {kind: stream, lag: {fixed: 4s}}
  ranker: {kind: external, service_time: {fixed: 5s}}
"""


def test_a_chain_of_triggered_flows_is_as_old_as_all_its_parts():
    solution = solved(CHAIN)
    # Half of the messages wait for less than half of the cycle of 60 s, and one in a hundred for 59.4 s.
    assert number(solution, "flows.rank.freshness.p50") == pytest.approx(3 + 4 + 30 + 5, rel=1e-3)
    assert number(solution, "flows.rank.freshness.p99") == pytest.approx(3 + 4 + 59.4 + 5, rel=1e-3)
    assert number(solution, "flows.rank.freshness.max") == pytest.approx(4 + 60 + 5)
    draws = np.random.default_rng(8)
    cycles = draws.uniform(0, 10, 400_000) + draws.uniform(0, 60, 400_000)
    whole = 1 + 2 + 3 + 4 + 5 + np.quantile(cycles, 0.95)
    assert number(solution, "flows.rank.freshness_from_source.p95") == pytest.approx(whole, rel=2e-3)
    assert ("flows", "count", "freshness_from_source", "p50") not in solution.records


def test_a_deadline_gives_a_number_of_workers():
    solution = solved("""
    flows:
      nightly: {rate: 1/day, deadline: 1h, steps: [job: {times: 1M, calls: [db: {times: 2}]}]}
    components:
      job: {kind: worker, replicas: 4, cores: 2, service_time: 20ms}
      db: {kind: database, cores: 8, shards: 2, service_time: 1ms}
    """)
    assert number(solution, "flows.nightly.work.job") == pytest.approx(20_000, rel=1e-12)
    assert number(solution, "flows.nightly.workers_needed.job") == 6
    assert number(solution, "flows.nightly.workers_needed.db") == 1
    assert number(solution, "flows.nightly.batch_time") == pytest.approx(20_000 / 8, rel=1e-12)


def test_costs_are_divided_over_what_causes_them():
    solution = solved("""
    flows:
      buy: {rate: 1M/month, steps: [api > log]}
      look: {rate: 3M/month, steps: [api]}
      mail: {trigger: log, steps: [mailer]}
    components:
      api: {kind: service, replicas: 1, price: {month: 400 USD/month}}
      log: {kind: stream, price: {month: 10 USD/month}}
      mailer: {kind: worker, replicas: 1, price: {requests: 1 USD/1k}}
    """)
    assert number(solution, "flows.look.unit_cost") == pytest.approx(100e-6, rel=1e-9)
    assert number(solution, "flows.mail.unit_cost") == pytest.approx(1e-3, rel=1e-9)
    assert number(solution, "flows.buy.unit_cost") == pytest.approx(100e-6 + 10e-6 + 1e-3, rel=1e-9)
    assert number(solution, "cost") * MONTH == pytest.approx(400 + 10 + 1000, rel=1e-9)
    assert number(solution, "cost_per_million") == pytest.approx(1410 / 4, rel=1e-9)
    whole = sum(number(solution, f"flows.{f}.unit_cost") * rate for f, rate in (("buy", 1e6), ("look", 3e6)))
    assert whole == pytest.approx(1410, rel=1e-9)


def test_memory_over_time_connections_and_bytes_across_borders_are_charged():
    solution = solved("""
    regions: {us: {share: 75%, rtt: {eu: 80ms}}, eu: {share: 25%}}
    flows:
      f: {rate: 1000/s, connections: {db: 500}, steps: [fn: {request: 1KB, response: 3KB, calls: [db@us: {response: 10KB}]}]}
    components:
      fn: {kind: function, memory: 512MB, zones: 4, service_time: 100ms, price: {memory_time: 1 USD/GB/h, cross_zone: 1 USD/GB}}
      db: {kind: database, regions: [us], price: {connections: 2 USD/h, cross_region: 5 USD/GB}}
    """)
    memory = 1000 * 0.1 * 0.512 / 3600
    zones = 1000 * 4000 * 0.75 / 1e9
    assert number(solution, "components.fn.cost") == pytest.approx(memory + zones, rel=1e-9)
    crossing = 250 * 10_000 * 5 / 1e9
    held = 500 * 0.75 * 2 / 3600
    assert number(solution, "components.db.cost") == pytest.approx(crossing + held, rel=1e-9)


def test_a_stream_in_two_regions_keeps_what_both_write():
    solution = solved("""
    regions: {us: {share: 75%}, eu: {share: 25%}}
    flows: {f: {rate: 100/s, steps: [log]}}
    components: {log: {kind: stream, message: 1KB, retention: 1h, copies: 2}}
    """)
    assert number(solution, "components.log.stored") == pytest.approx(100 * 1000 * 3600 * 2, rel=1e-9)
    assert number(solution, "components.log@eu.stored") == pytest.approx(100 * 1000 * 3600 * 2 / 4, rel=1e-9)
