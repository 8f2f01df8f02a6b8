"""The seven mistakes that people make most: one finding each, which says what to write."""

from __future__ import annotations

import pytest

from sdplan.pipeline import run
from sdplan.render.checked import Checked
from sdplan.render.text import check_text

DESIGN = """\
sdplan: 1
id: shop
inputs:
  visitors: 864k visitors/day
entities:
  order: {size: 2KB, created_by: buy, keep: {orders: 1y}}
horizon: 3y
flows:
  buy:
    rate: = visitors * 10%
    steps: [shelf: {hit: 90%, miss: [orders: {timeout: 100ms}]}]
components:
  shelf: {kind: cache, replicas: 2, service_time: 1ms}
  orders: {kind: database, service_time: 5ms}
"""

MISTAKES = {
    "misspelt-key": ("replicas: 2", "replcas: 2"),
    "dropped-unit": ("timeout: 100ms", "timeout: 100"),
    "share-above-one": ("hit: 90%", "hit: 140%"),
    "rate-for-a-size": ("size: 2KB", "size: = flows.buy.rate"),
    "unknown-component": ("[orders: {timeout", "[ordres: {timeout"),
    "cyclic-expression": ("864k visitors/day", "= visitors * 2"),
    "duplicate-key": ("horizon: 3y", "id: market"),
}


def checked(old: str, new: str) -> Checked:
    raw = DESIGN.replace(old, new).encode()
    return Checked("designs/shop.yaml", raw, *run("designs/shop.yaml", raw)[1:])


def test_the_design_itself_has_no_error():
    assert [each for each in checked("", "").findings if each.severity == "error"] == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_finding_that_says_what_to_write(name: str, golden):
    one = checked(*MISTAKES[name])

    errors = [finding for finding in one.findings if finding.severity == "error"]
    assert len(errors) == 1
    assert errors[0].hint
    golden(f"mistake-{name}.txt", check_text([one._replace(findings=tuple(errors))]))
