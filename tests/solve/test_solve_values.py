"""What expressions of a design see, and what becomes of those that go wrong."""

import pytest

from tests.strategies import errors, number, solved


def test_an_expression_sees_inputs_and_the_stated_fields_of_flows_and_entities():
    solution = solved("""
    inputs:
      daily: {value: 10M visits/day, source: brief}
      per_visit: = 3 * 2
    entities: {page: {size: {head: 2KB, body: 8KB}, count: = 10 * 1000}}
    flows:
      visit: {rate: = daily * per_visit, request: 1KB, response: = entities.page.size * 2, steps: [a]}
      copy: {rate: = flows.visit.rate / 2, request: = flows.visit.response + flows.visit.request, steps: [a]}
    components: {a: {kind: service, replicas: = ceil(flows.visit.rate / (100 / s))}}
    """)
    assert number(solution, "flows.visit.rate") == pytest.approx(60e6 / 86400, rel=1e-14)
    assert number(solution, "flows.copy.rate") == pytest.approx(30e6 / 86400, rel=1e-14)
    assert number(solution, "flows.copy.request") == 21_000
    assert number(solution, "components.a.replicas") == 7


@pytest.mark.parametrize(
    "name",
    [
        "components.a.utilization",
        "flows.f.peak_rate",
        "flows.f.latency.p99",
        "entities.e.stored",
        "components.a.replicas",
        "cost",
        "horizon",
        "flows.f.peak",
    ],
)
def test_an_expression_of_the_design_sees_no_solved_number(name):
    found = errors(f"""
    horizon: 5y
    flows: {{f: {{rate: 1/s, request: = {name} * 1KB, steps: [a]}}}}
    entities: {{e: {{size: 1KB, count: 1}}}}
    components: {{a: {{kind: service}}}}
    """)
    assert [(finding.code, finding.path) for finding in found] == [("SP305", ("flows", "f", "request"))]


def test_a_size_that_is_not_stated_cannot_be_used():
    found = errors("""
    flows: {f: {rate: 1/s, response: = flows.f.request * 2, steps: []}}
    """)
    assert [finding.message for finding in found] == ["`flows.f.request` is not stated"]


@pytest.mark.parametrize(
    ("inputs", "loop"),
    [
        ("a: = a + 1", {"inputs.a"}),
        ("a: = b, b: = c * 2, c: = a", {"inputs.a", "inputs.b", "inputs.c"}),
    ],
)
def test_a_circle_of_expressions_is_one_finding_that_shows_it(inputs, loop):
    found = errors(f"inputs: {{{inputs}}}\n")
    assert [finding.code for finding in found] == ["SP306"]
    for name in loop:
        assert name in found[0].message


def test_what_depends_on_a_fault_is_not_reported_again():
    found = errors("""
    inputs: {a: = missing + 1, b: = a * 2, c: = b * 2}
    """)
    assert [(finding.code, finding.path) for finding in found] == [("SP305", ("inputs", "a"))]


@pytest.mark.parametrize(
    ("design", "path", "code"),
    [
        ("flows: {f: {rate: = 5KB, steps: []}}", "flows.f.rate", "SP302"),
        ("flows: {f: {rate: = 5, steps: []}}", "flows.f.rate", "SP302"),
        ("flows: {f: {rate: 1/s, request: = 5 / s, steps: []}}", "flows.f.request", "SP302"),
        ("flows: {f: {rate: = 1 / s - 2 / s, steps: []}}", "flows.f.rate", "SP304"),
        ("inputs: {x: 1.4}\ncomponents: {a: {kind: cache, hit: = x}}", "components.a.hit", "SP304"),
        ("components: {a: {kind: service, replicas: = 5 / 2}}", "components.a.replicas", "SP304"),
        ("components: {a: {kind: service, replicas: = 5 - 5}}", "components.a.replicas", "SP304"),
        ("inputs: {x: = 1 / 0}", "inputs.x", "SP305"),
        ("inputs: {x: 5s, z: = x + 1KB}", "inputs.z", "SP305"),
        ("inputs: {x: = 10 ^ 10 ^ 10}", "inputs.x", "SP305"),
        ("entities: {e: {size: = 1KB - 2KB}}", "entities.e.size", "SP304"),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused_after_evaluation_too(design, path, code):
    found = errors(design + "\n")
    assert [(finding.code, ".".join(map(str, finding.path))) for finding in found] == [(code, path)]


@pytest.mark.parametrize(
    ("shares", "total"),
    [
        ("x: {share: 20%, calls: []}, y: {share: 30%, calls: []}", "50%"),
        ("x: {share: 80%, calls: []}, y: {share: 30%, calls: []}, z: {share: rest, calls: []}", "110%"),
        ("x: {share: 33%, calls: []}, y: {share: 33%, calls: []}, z: {share: 33%, calls: []}", "99%"),
    ],
)
def test_shares_of_a_choice_come_to_a_hundred_percent(shares, total):
    found = errors(f"flows: {{f: {{rate: 1/s, steps: [choose: {{{shares}}}]}}}}\n")
    assert [finding.code for finding in found] == ["SP304"]
    assert total.rstrip("%") in found[0].message


def test_thirds_that_sum_up_but_for_rounding_are_accepted():
    solved("""
    inputs: {third: = 1 / 3}
    flows:
      f: {rate: 1/s, steps: [choose: {x: {share: = third, calls: []}, y: {share: = third, calls: []}, z: {share: = third, calls: []}}]}
    """)


def test_only_one_branch_takes_the_rest():
    found = errors("""
    flows:
      f: {rate: 1/s, steps: [choose: {x: {share: 50%, calls: []}, y: {share: rest, calls: []}, z: {share: rest, calls: []}}]}
    """)
    assert len(found) == 1
    assert "rest" in found[0].message


def test_the_tiers_of_a_popularity_come_to_all_of_the_requests():
    found = errors("""
    entities: {e: {size: 1KB, count: 100, popularity: {tiers: [[10, 50%], [90, 20%]]}}}
    """)
    assert [finding.code for finding in found] == ["SP304"]


def test_a_calendar_of_its_own_changes_months_and_years():
    solution = solved("""
    calendar: {month: 31d, year: 366d}
    flows: {f: {rate: 31k/month, steps: []}, g: {rate: 366/year, steps: []}}
    """)
    assert number(solution, "flows.f.rate") == pytest.approx(1000 / 86400, rel=1e-14)
    assert number(solution, "flows.g.rate") == pytest.approx(1 / 86400, rel=1e-14)


def test_an_input_may_be_called_like_a_number_of_the_solution():
    solution = solved("""
    horizon: 5y
    inputs: {cost: 7}
    flows: {f: {rate: 1/s, steps: []}}
    results: {r: {value: = cost * 2}}
    """)
    assert number(solution, "results.r.value") == 14
