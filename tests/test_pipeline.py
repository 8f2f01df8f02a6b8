"""The way through the house: what a stage finds stops the stages that need it, and nothing is raised."""

import pytest

from sdplan.findings import SEVERITIES
from sdplan.pipeline import run

GOOD = b"""
sdplan: 1
id: shop
title: Shop
flows: {buy: {rate: 100/s, peak: 2x, request: 1KB, response: 2KB, steps: [api > db]}}
components:
  api: {kind: service, replicas: 3, cores: 2, service_time: 5ms, availability: 99.9%}
  db: {kind: database, cores: 4, service_time: 1ms, sla: 99.95%}
"""


def test_a_good_design_goes_all_the_way():
    outcome = run("shop.yaml", GOOD)
    assert outcome.name == "shop.yaml"
    assert outcome.document is not None
    assert outcome.design is not None
    assert outcome.solution is not None
    assert outcome.solution.value("flows", "buy", "peak_rate") == 200.0
    assert not [finding for finding in outcome.findings if finding.severity == "error"]


@pytest.mark.parametrize(
    ("raw", "stages"),
    [
        (b"", (False, False, False)),
        (b"\xff\xfe\x00\x00broken", (False, False, False)),
        (b"a: &x 1\nb: *x\n", (False, False, False)),
        (GOOD + b"extra: 1\n", (True, False, False)),
        (GOOD.replace(b"api > db", b"api > dbb"), (True, False, False)),
        (GOOD + b"inputs: {a: = a}\n", (True, True, False)),
        (GOOD.replace(b"100/s", b"= 1 / 0"), (True, True, False)),
    ],
)
def test_a_fault_leaves_what_comes_after_it_empty(raw, stages):
    outcome = run("shop.yaml", raw)
    found = (outcome.document, outcome.design, outcome.solution)
    assert [stage is not None for stage in found][1:] == list(stages)[1:]
    assert any(finding.severity == "error" for finding in outcome.findings)


def test_the_worst_findings_come_first():
    outcome = run("shop.yaml", GOOD.replace(b"cores: 2, service_time: 5ms", b"service_time: 50ms"))
    ranks = [SEVERITIES.index(finding.severity) for finding in outcome.findings]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0


def test_the_same_bytes_give_the_same_numbers_and_findings():
    first, second = run("shop.yaml", GOOD), run("shop.yaml", GOOD)
    assert first.findings == second.findings
    assert dict(first.solution.records) == dict(second.solution.records)
    assert list(first.solution.records) == list(second.solution.records)
