"""Effort: a review solves so many variants of a design and no more."""

from sdplan.review import review
from sdplan.solve import variants
from sdplan.solve.effort import few_variants, one_more
from tests.strategies import outcome, solved

SLOW = """
flows: {f: {rate: 300/s, steps: [a > b > c]}}
components:
  a: {kind: service, replicas: 2, cores: 2, service_time: 9ms, availability: 99%}
  b: {kind: service, replicas: 2, cores: 2, service_time: 9ms, availability: 99%}
  c: {kind: service, replicas: 2, cores: 2, service_time: 9ms, availability: 99%}
slos:
"""


def test_outside_of_a_review_nothing_is_counted():
    assert all(one_more() for _ in range(1000))


def test_within_a_review_variants_come_to_an_end():
    solution = solved(SLOW + "  s: {flow: f, latency: {p99: 1s}}\n")
    with few_variants(solution):
        allowed = sum(one_more() for _ in range(1000))

    assert 6 <= allowed <= 150
    assert one_more()


def test_a_design_that_misses_many_slos_is_reviewed_with_few_solves(monkeypatch):
    many = "".join(
        f"  s{n}: {{flow: f, latency: {{p99: {n + 1}ms}}, availability: 99.999%}}\n" for n in range(30)
    )
    solution, _ = outcome(SLOW + many)
    counted = []
    real = variants.solve_alone
    monkeypatch.setattr(variants, "solve_alone", lambda *given: counted.append(1) or real(*given))
    findings = review(solution.design, solution)

    assert len(counted) <= 150
    assert sum(finding.severity == "error" for finding in findings) >= 30
