"""Groups of replicas and copies: how many must be up, and how likely that is."""

from fractions import Fraction
from math import comb

import pytest
from test_solve_availability import tree

from tests.strategies import number, reason, solved


def up_to(total, needed, chance):
    return sum(comb(total, k) * chance**k * (1 - chance) ** (total - k) for k in range(needed, total + 1))


@pytest.mark.parametrize(("rate", "needed"), [(100, 1), (3900, 4), (4000, 5), (4100, 5), (7999, 8)])
def test_how_many_replicas_are_needed_comes_from_the_peak_load(rate, needed):
    """Eight replicas of 1000 calls a second each: those that carry the peak below 100 %."""
    solution = solved(f"""
    flows: {{f: {{rate: {rate // 2}/s, peak: {rate}/s, steps: [a]}}}}
    components: {{a: {{kind: service, replicas: 8, service_time: 1ms, availability: 99%}}}}
    """)
    assert number(solution, "components.a.replicas_required") == needed
    expected = 1 - up_to(8, needed, Fraction(99, 100))
    assert number(solution, "components.a.unavailability") == pytest.approx(float(expected), rel=1e-9)
    assert number(solution, "flows.f.unavailability") == pytest.approx(float(expected), rel=1e-9)


def test_replicas_that_cannot_carry_the_peak_have_no_availability():
    solution = solved("""
    flows: {f: {rate: 8001/s, steps: [a]}}
    components: {a: {kind: service, replicas: 8, service_time: 1ms, availability: 99%}}
    """)
    assert ("flows", "f", "availability") not in solution.records
    assert "cannot carry the peak" in reason(solution, "flows.f.availability")


def test_every_replica_of_an_idle_component_is_enough():
    solution = tree("[a]", a="kind: service, replicas: 3, availability: 90%")
    assert number(solution, "flows.f.unavailability") == pytest.approx(0.001, rel=1e-12)


def test_common_cause_takes_all_replicas_at_once():
    """The worked case of the research: beta 0.1, q 0.01, two of three are needed: 1.24e-3 or so."""
    solution = solved("""
    flows: {f: {rate: 150/s, steps: [a]}}
    components:
      a: {kind: service, replicas: 3, service_time: 10ms, availability: 99%, common_cause: 10%}
    """)
    own, shared = Fraction(9, 1000), Fraction(1, 1000)
    expected = 1 - (1 - shared) * up_to(3, 2, 1 - own)
    assert number(solution, "components.a.replicas_required") == 2
    assert number(solution, "components.a.unavailability") == pytest.approx(float(expected), rel=1e-9)
    assert float(expected) == pytest.approx(1.24e-3, rel=0.01)


def test_mean_times_between_and_to_repair_give_one_replicas_availability():
    solution = tree("[a]", a="kind: service, replicas: 2, mtbf: 990h, mttr: 10h")
    assert number(solution, "flows.f.unavailability") == pytest.approx(0.01**2, rel=1e-9)


def test_an_sla_is_of_the_whole_and_not_of_a_replica():
    solution = tree("[a]", a="kind: database, replicas: 3, copies: 3, sla: 99.95%")
    assert number(solution, "flows.f.unavailability") == pytest.approx(0.0005, rel=1e-12)


def test_a_store_lives_while_one_copy_of_the_shard_does():
    solution = tree("[a]", a="kind: database, shards: 5, copies: 3, availability: 99%")
    assert number(solution, "components.a.unavailability") == pytest.approx(1e-6, rel=1e-9)


def test_an_erasure_code_lives_while_its_data_chunks_do():
    solution = tree("[a]", a="kind: object-store, shards: 1, copies: 8+4, availability: 99%")
    expected = 1 - up_to(12, 8, Fraction(99, 100))
    assert number(solution, "components.a.unavailability") == pytest.approx(float(expected), rel=1e-9)


@pytest.mark.parametrize(("quorum", "needed"), [("one", 1), ("quorum", 3), ("all", 5), ("4", 4)])
def test_a_leaderless_store_needs_its_write_quorum(quorum, needed):
    solution = tree(
        "[a]",
        a=f"kind: database, shards: 1, copies: 5, availability: 99%, "
        f"replication: {{mode: leaderless, write_quorum: {quorum}}}",
    )
    expected = 1 - up_to(5, needed, Fraction(99, 100))
    assert number(solution, "components.a.unavailability") == pytest.approx(float(expected), rel=1e-9)
