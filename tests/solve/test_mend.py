"""Mends are what they say: with them the SLO is met, with one less it is not."""

import re

import pytest

from sdplan.pipeline import Outcome, run
from sdplan.solve.mend import Mend, best_by_replicas, more_nodes, more_replicas, own_time_left, shorter_cycle
from sdplan.solve.solution import Solution, Verdict


def _solved(text: str) -> tuple[Solution, Verdict]:
    outcome = _run(text)
    assert outcome.solution is not None
    (verdict,) = outcome.solution.slos
    return outcome.solution, verdict


def _run(text: str) -> Outcome:
    return run("design.yaml", text.encode())


def _is_met(text: str) -> bool:
    return _solved(text)[1].met is True


def _only_change(mend: Mend | None) -> tuple[str, str]:
    assert mend is not None
    (change,) = mend.changes
    return str(change.path[-1]), change.text


_POOL = """sdplan: 1
id: shop
flows:
  order: {rate: 900/s, steps: [api]}
components:
  api: {kind: KIND, replicas: 10, service_time: 10ms, availability: 99.9%}
slos:
  fast: {flow: order, latency: {p99: TARGET}}
"""


@pytest.mark.parametrize(
    ("kind", "target"),
    [("service", "200ms"), ("service", "100ms"), ("service", "50ms"), ("worker", "60ms"), ("worker", "48ms")],
)
def test_the_nodes_of_a_mend_are_the_fewest(kind: str, target: str) -> None:
    text = _POOL.replace("KIND", kind).replace("TARGET", target)
    solution, verdict = _solved(text)
    field, number = _only_change(more_nodes(solution, verdict, "api"))

    assert verdict.met is False
    assert field == "replicas"
    assert _is_met(text.replace("replicas: 10", f"replicas: {number}"))
    assert not _is_met(text.replace("replicas: 10", f"replicas: {int(number) - 1}"))


def test_what_no_number_of_nodes_mends_has_no_mend() -> None:
    """An exponential time of 10 ms alone has a p99 of 46.05 ms."""
    solution, verdict = _solved(_POOL.replace("KIND", "service").replace("TARGET", "46ms"))

    assert more_nodes(solution, verdict, "api") is None


def test_the_time_that_is_left_meets_and_a_little_more_does_not() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 80/s, steps: [api > db]}
components:
  api: {kind: service, replicas: 2, cores: 2, service_time: {mean: 10ms, scv: 2}, availability: 99.9%}
  db: {kind: database, shards: 1, service_time: {p50: 5ms, p99: 30ms}, sla: 99.9%}
slos:
  fast: {flow: order, latency: {p95: 30ms}}
"""
    solution, verdict = _solved(text)
    left = own_time_left(solution, verdict, ("components", "api"))

    assert left is not None
    assert left.path == ("components", "api", "latency", "p95")
    assert left.value < solution.records[left.path].value
    mean = 10.0
    while not _is_met(text.replace("mean: 10ms", f"mean: {mean:.3f}ms")):
        mean -= 0.1
    near = _solved(text.replace("mean: 10ms", f"mean: {mean:.3f}ms"))[0].records[left.path].value
    assert 0.9 * near <= left.value <= 1.02 * near


def test_replicas_stop_helping_where_a_common_cause_is_left() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 10/s, steps: [api]}
components:
  api: {kind: service, replicas: 2, service_time: 1ms, availability: 99%, common_cause: 10%}
slos:
  up: {flow: order, availability: 99.999%}
"""
    solution, verdict = _solved(text)

    assert verdict.met is False
    assert more_replicas(solution, verdict) is None


def test_an_availability_mend_is_met_when_it_is_written_into_the_file() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api: [db, tips: {optional: true}]]}
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 8ms, availability: 99.5%}
  db: {kind: database, replicas: 2, copies: 1, service_time: 4ms, mtbf: 30d, mttr: 1h}
  tips: {kind: service, replicas: 1, service_time: 1ms, availability: 99%}
slos:
  up: {flow: order, MEASURE: 99.99%}
"""
    for measure, touched in (("availability", {"db"}), ("undegraded", {"db", "tips"})):
        written = text.replace("MEASURE", measure)
        solution, verdict = _solved(written)
        mend = more_replicas(solution, verdict)

        assert mend is not None
        assert {change.path[1] for change in mend.changes} == touched
        for change in mend.changes:
            _, component, field = change.path
            written = re.sub(rf"(  {component}: .*\b{field}: )\d+", rf"\g<1>{change.text}", written)
        assert _is_met(written)


def test_the_best_by_replicas_is_the_product_of_the_promises() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 10/s, steps: [api: [stock, payment]]}
components:
  api: {kind: service, replicas: 2, service_time: 1ms, availability: 95%}
  stock: {kind: external, sla: 99.5%}
  payment: {kind: external, sla: 99%}
slos:
  up: {flow: order, availability: 99.9%}
"""
    best = best_by_replicas(*_solved(text))

    assert best is not None
    assert best.value == pytest.approx(0.995 * 0.99, rel=1e-12)


def test_a_cycle_is_not_shortened_where_the_run_alone_is_too_long() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [changes: {op: write}]}
  index: {trigger: {stream: changes, every: 60s, batch: 10k}, steps: [indexer]}
components:
  changes: {kind: stream, message: 1KB, sla: 99.9%}
  indexer: {kind: worker, replicas: 4, service_time: {fixed: 31s}, availability: 99.9%}
slos:
  fresh: {flow: index, freshness: {max: TARGET}}
"""
    assert shorter_cycle(*_solved(text.replace("TARGET", "30s"))) is None
    assert _only_change(shorter_cycle(*_solved(text.replace("TARGET", "75.5s")))) == ("every", "44 s")
