"""Worked solutions: from what a design states to one of its numbers."""

from __future__ import annotations

import functools
import re

import pytest
import small_shop

from sdplan.findings import Path
from sdplan.render.derivation import LONGEST, NEAREST, Unknown, derive
from sdplan.render.explain import explain
from sdplan.render.explain_markdown import explain_markdown
from sdplan.render.working import marked, substituted
from sdplan.solve.solution import Record, Solution
from sdplan.solve.solve import solve
from sdplan.source import read_text
from sdplan.spec.validation import validate
from sdplan.units import DURATION, NUMBER, RATE


def worked(path: str, solution: Solution | None = None, *, precise: bool = False) -> str:
    found = explain(small_shop.document(), solution or small_shop.solution(), path, precise=precise)
    assert isinstance(found, str)
    return found


def refused(path: str) -> Unknown:
    found = explain(small_shop.document(), small_shop.solution(), path)
    assert isinstance(found, Unknown)
    return found


def with_records(*records: Record) -> Solution:
    solution = small_shop.solution()
    return solution._replace(records={**solution.records, **{record.path: record for record in records}})


def follows(name: str, value: float, formula: str, *inputs: tuple[str, Path], **more: object) -> Record:
    return Record(("components", "api", name), value, NUMBER, "exact", formula, inputs)._replace(**more)


def stated(name: str, value: float) -> Record:
    return Record(("components", "api", name), value, NUMBER, "stated")


def at(name: str) -> tuple[str, Path]:
    return name, ("components", "api", name)


@pytest.mark.parametrize("path", ["flows.buy.peak_rate", "components.api.wait", "slos.buy-fast"])
def test_a_number_reads_like_a_worked_solution(path: str, golden):
    golden(f"explain-{path}.txt", worked(path))


@pytest.mark.parametrize("path", ["flows.buy.peak_rate", "components.api.wait"])
def test_the_same_solution_stands_in_markdown_with_latex(path: str, golden):
    found = explain_markdown(small_shop.document(), small_shop.solution(), path)

    assert isinstance(found, str)
    golden(f"explain-{path}.md", found)


def test_every_equation_converts_to_mathml():
    from latex2mathml.converter import convert

    found = explain_markdown(small_shop.document(), small_shop.solution(), "slos.buy-fast")
    assert isinstance(found, str)

    equations = re.findall(r"\$\$\n(.*?)\n\$\$", found) + re.findall(r"(?<!\$)\$([^$\n]+)\$(?!\$)", found)
    assert len(equations) > 10
    for equation in equations:
        assert convert(equation).startswith("<math")
        assert "&" not in equation


def test_given_numbers_name_their_line_their_reason_and_their_range():
    text = worked("flows.buy.rate")

    assert re.search(
        r"visitors +864k visitors/day = 10/s +designs/shop\.yaml:5 +analytics of October, range 500k", text
    )
    assert re.search(r"orders_per_visitor +10% = 0\.1 +designs/shop\.yaml:6 +industry mean", text)


def test_a_default_names_its_origin_in_place_of_a_line():
    assert re.search(
        r"components\.orders\.shards +1 +default of the language", worked("components.orders.shards")
    )


def test_the_steps_stand_after_what_they_need():
    derivation = derive(small_shop.solution(), ("flows", "buy", "latency", "p99"))
    known = {record.path for record in derivation.given}

    for step in derivation.steps:
        assert {term.path for term in step.terms} <= known
        known.add(step.record.path)
    assert derivation.steps[-1].record.path == ("flows", "buy", "latency", "p99")


def test_a_number_that_two_steps_need_is_computed_once():
    derivation = derive(small_shop.solution(), ("flows", "buy", "latency", "p99"))
    paths = [step.record.path for step in derivation.steps]

    assert len(paths) == len(set(paths))


def test_the_value_of_each_equation_is_put_in_with_its_unit():
    lines = [line.strip() for line in worked("components.api.wait").splitlines()]

    assert "= 10/s × 0.1" in lines
    assert "W_q = S C(a, c)/(c - a)" in lines
    assert "= 40 ms × 0.06/(1 - 0.06)" in lines  # M/M/1 at 0.06 erlang waits 40 ms · 0.06 / 0.94
    assert "= 2.55 ms" in lines


def test_precise_gives_all_digits():
    assert f"{0.04 * 0.06 / 0.94 * 1000:.6g}" in worked("components.api.wait", precise=True)


def test_an_slo_is_explained_by_its_number_and_ends_in_its_verdict():
    text = worked("slos.buy-fast")

    assert text.startswith("flows.buy.latency.p99 = 215 ms\n")
    assert "  buy-fast p99 215 ms of 300 ms (28 % left): met\n" in text
    assert worked("slos.buy-fast.latency.p99") == text


def test_a_latency_names_the_components_that_own_its_tail():
    assert "Share of each component in the tail\n   93.2 %  api\n    6.8 %  orders" in worked("slos.buy-fast")


def test_a_result_and_an_input_are_found_by_their_short_names():
    assert worked("results.orders").startswith("results.orders.value = 1/s\n")
    assert worked("visitors") == worked("inputs.visitors")


def test_a_number_without_a_value_says_why():
    assert (
        worked("slos.fresh")
        == "slos.fresh.freshness.max has no value: the flow is not triggered by a stream.\n"
    )
    assert worked("flows.buy.freshness.max").endswith(
        "has no value: the flow is not triggered by a stream.\n"
    )


def test_an_unknown_path_says_which_was_probably_meant():
    assert refused("flows.buy.peak_rat").hint == "did you mean `flows.buy.peak_rate`?"
    assert refused("flows.by.rate").hint == "did you mean `flows.buy.rate`?"


def test_a_block_lists_the_numbers_below_it():
    found = refused("components.orders")

    assert found.message == "`components.orders` is not one number"
    assert "`components.orders.stored`" in found.hint


def test_a_name_that_only_repeats_another_is_passed_through():
    solution = with_records(
        stated("base", 7.0),
        follows("again", 7.0, "= base", at("base")),
        follows("one", 1.0, "", note="default of the language", label="stated"),
        follows("scaled", 7.0, "= again * one", at("again"), at("one")),
        follows("target", 14.0, "= scaled * 2", at("scaled")),
    )
    text = worked("components.api.target", solution)

    assert "where scaled is components.api.scaled = components.api.again = components.api.base, given" in text
    assert "(2)" not in text


def test_a_stated_one_is_not_passed_over():
    solution = with_records(
        stated("base", 7.0),
        stated("factor", 1.0),
        follows("target", 7.0, "= base * factor", at("base"), at("factor")),
    )

    assert "= 7 × 1\n" in worked("components.api.target", solution)


def test_a_long_sum_shows_the_largest_terms_and_counts_the_rest():
    terms = [stated(f"part{n}", float(n)) for n in range(1, 13)]
    total = follows("target", 78.0, "sum", *((f"term{n}", term.path) for n, term in enumerate(terms)))
    text = worked("components.api.target", with_records(*terms, total))

    assert "sum of 12 numbers" in text
    assert [int(n) for n in re.findall(r"components\.api\.part(\d+), given", text)] == list(
        range(13 - LONGEST, 13)
    )
    assert "+ and 4 more, each smaller" in text
    assert "part4 " not in text


def test_numbers_that_need_each_other_do_not_run_forever():
    solution = with_records(follows("a", 2.0, "= b / 2", at("b")), follows("b", 4.0, "= a * 2", at("a")))

    assert "components.api.a = 2\n" in worked("components.api.a", solution)


def test_a_long_chain_does_not_reach_the_limit_of_recursion():
    chain = [follows(f"x{n}", float(n), f"= x{n - 1} + 1", at(f"x{n - 1}")) for n in range(1, 3000)]
    solution = with_records(stated("x0", 0.0), *chain)

    assert len(derive(solution, ("components", "api", "x2999")).steps) == 2999


def test_text_of_the_design_cannot_break_the_page():
    note = "odd\n::error::x \x1b[2J"
    solution = with_records(follows("target", 1.0, "folded", note=note, label="bound"))

    text = worked("components.api.target", solution)
    assert "\x1b" not in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        (f"{marked('10/s')} {marked('0.1')}", "10/s × 0.1"),
        (f"{marked('1')}/{marked('10/s')}", "1/(10/s)"),
        (f"{marked('4 KB')}/{marked('3')}", "(4 KB)/3"),
        (f"{marked('5 ms')} C(a, c)/(c - {marked('3')})", "5 ms × C(a, c)/(c - 3)"),
        (f"1 - {marked('60 %')}", "1 - 60 %"),
        (f"{marked('2')} * {marked('3')}", "2 × 3"),
        (f"({marked('3')})^{marked('2')}", "(3)^2"),
    ],
)
def test_numbers_put_in_are_kept_apart(equation: str, expected: str):
    assert substituted(equation) == expected


def test_an_equation_that_is_solved_for_its_number_shows_the_equation():
    solution = with_records(
        Record(("components", "api", "items"), 100.0, NUMBER, "stated"),
        Record(("components", "api", "keys"), 1000.0, NUMBER, "stated"),
        Record(("components", "api", "zipf"), 0.9, NUMBER, "stated"),
        Record(
            ("components", "api", "target"),
            163.0,
            NUMBER,
            "approximation",
            "che_characteristic_time",
            (
                ("distinct_items", ("components", "api", "keys")),
                ("cache_items", ("components", "api", "items")),
                ("zipf_exponent", ("components", "api", "zipf")),
            ),
        ),
    )

    lines = [line.strip() for line in worked("components.api.target", solution).splitlines()]
    assert "Σ[i = 1..N](1 - exp(-T p_i)) = K" in lines
    assert "solved: T = 163" in lines


def test_a_share_a_duration_and_a_rate_keep_their_units_in_an_expression():
    solution = with_records(
        Record(("components", "api", "busy"), 0.6, NUMBER, "stated", is_share=True),
        Record(("components", "api", "time"), 0.04, DURATION, "stated"),
        Record(
            ("components", "api", "target"), 15.0, RATE, "exact", "= busy / time", (at("busy"), at("time"))
        ),
    )

    assert "= (60 %) / (40 ms)\n" in worked("components.api.target", solution)


CHAIN = """
sdplan: 1
id: chain
title: Two queues in a row
flows:
  ask: {rate: 20/s, request: 1KB, response: 1KB, steps: [front > back]}
components:
  front: {kind: worker, replicas: 1, service_time: 10ms, availability: 99%}
  back: {kind: worker, replicas: 2, service_time: {p50: 8ms, p99: 30ms}, availability: 99%}
slos:
  fast: {flow: ask, latency: {p99: 300ms}}
  up: {flow: ask, availability: 98%}
"""


@functools.cache
def chain():
    document, findings = read_text(CHAIN, "designs/chain.yaml")
    assert not findings
    design, findings = validate(document)
    solution, _ = solve(design)
    return document, solution


def of_chain(path: str, most: int | None = NEAREST) -> str:
    found = explain(*chain(), path, most=most)
    assert isinstance(found, str)
    return found


def test_a_latency_shows_its_hops_and_what_adding_them_would_have_said():
    _, solution = chain()
    text = of_chain("flows.ask.latency.p99")
    added = solution.value("flows", "ask", "adding", "p99")
    p99 = solution.value("flows", "ask", "latency", "p99")

    assert re.search(r"hop +calls a run +own time +wait +p99 alone +of the tail", text)
    assert re.search(
        r"front +1 +10 ms, exponential +2\.5 ms +57\.6 ms", text
    )  # M/M/1 at 20 %: 12.5 ms ln 100
    assert re.search(r"back +1 +\S+ ms, lognormal", text)
    assert f"{added / p99 - 1:.0%} too much.".replace("%", " %") in text


def test_an_availability_shows_its_parts_and_what_a_chain_would_be():
    text = of_chain("slos.up")

    assert re.search(r"part +unavailability +why so +of the downtime", text)
    assert re.search(r"front +0\.01 +1 of 1 needed, each down 0\.01 +99\.0 %", text)
    assert re.search(r"back +0\.0001 +1 of 2 needed, each down 0\.01 +1\.0 %", text)
    assert "Were every part needed by every run, it would be 0.0101." in text  # 1 - 0.99 * 0.9999


def test_an_availability_turned_round_says_how_often_its_worst_part_may_be_down():
    # 0.02 = 1 - (1 - x) * 0.9999
    assert "front may be down for 0.0199 of the time at most (98.01 % available)" in of_chain("slos.up")


def test_a_latency_turned_round_says_how_much_traffic_there_may_be():
    text = of_chain("slos.fast")
    found = re.search(
        r"For latency p99 = 300 ms the peak rate may be at most ([\d.]+)/s, ([\d.]+) times", text
    )

    assert found is not None
    rate, times = map(float, found.groups())
    assert rate == pytest.approx(20 * times, rel=0.01)
    assert 70 < rate < 90  # the front alone: 100 - ln(100) / 0.3 = 84.6/s


def test_only_the_nearest_steps_are_worked_out_and_the_rest_is_named():
    text = of_chain("flows.ask.latency.p99", 2)

    assert "  (2) " in text and "  (3) " not in text
    assert "Computed before, each with an explanation of its own\n" in text
    assert ", computed before" in text
    assert "Computed before" not in of_chain("flows.ask.latency.p99", None)


def test_the_nearest_steps_use_only_what_is_given_or_computed_before():
    _, solution = chain()
    for most in (1, 3, 7):
        derivation = derive(solution, ("flows", "ask", "latency", "p99"), most)
        known = {record.path for record in (*derivation.given, *derivation.before)}
        assert len(derivation.steps) == most
        for step in derivation.steps:
            assert {term.path for term in step.terms} <= known
            known.add(step.record.path)


@pytest.mark.parametrize(
    "path",
    ["flows.ask.peak_rate", "components.front.wait", "flows.ask.latency.p99", "slos.up", "slos.fast"],
)
def test_the_same_sections_stand_in_markdown(path: str):
    text = explain_markdown(*chain(), path)
    assert isinstance(text, str)
    told = {line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")}
    plain = {line.partition(",")[0] for line in of_chain(path).splitlines() if line[:1].isalpha()}

    assert told - {"Trust"} <= plain
    assert ("| hop |" in text) == ("hop " in of_chain(path))
