"""Runs that start at even times: nobody waits who would wait for random arrivals."""

import numpy as np
import pytest

from tests.strategies import number, solved

DESIGN = """
flows:
  w: {{rate: 50/s, steps: [log]}}
  r: {{trigger: {{stream: log, every: 10s}}, steps: [job]}}
components:
  log: {{kind: stream}}
  job: {{kind: worker, replicas: 1, cores: 1, service_time: {time}}}
"""


def test_a_job_that_ends_before_the_next_one_starts_never_waits():
    solution = solved(DESIGN.format(time="{fixed: 8s}"))

    assert number(solution, "flows.r.latency.p99") == pytest.approx(8, rel=1e-3)


def test_jobs_of_uneven_length_wait_as_behind_even_arrivals():
    # D/M/1 at 60 %: the chance to wait is the root of s = exp(-(1 - s) / 0.6) (Gross et al. 2008, s. 5.3.1).
    solution = solved(DESIGN.format(time="6s"))
    root = 0.3
    for _ in range(200):
        root = np.exp(-(1 - root) / 0.6)

    assert number(solution, "components.job.waiting") == pytest.approx(root, rel=5e-3)
    assert number(solution, "components.job.wait") == pytest.approx(root * 6 / (1 - root), rel=5e-3)


def test_jobs_that_start_with_each_batch_come_at_random():
    text = DESIGN.format(time="100ms").replace("every: 10s", "batch: 10")

    assert ("components", "job", "turns") not in solved(text).records
