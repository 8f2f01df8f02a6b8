"""Decision records: MADR 4, with the premise held against today's numbers."""

from __future__ import annotations

import small_shop
import yaml

from sdplan.render.adr import adr, file_name
from sdplan.solve.solution import Solution
from sdplan.source import read_text
from sdplan.spec.design import Design
from sdplan.spec.validation import validate

DECISIONS = """
decisions:
  ADR-0001:
    title: "Store orders: in *one* database"
    status: accepted
    date: 2026-11-20
    deciders: ["A: B", "C\\"D"]
    context: There are {{ flows.buy.peak_rate }} orders at peak.
    drivers: [one transaction]
    options:
      relational: {good: [familiar], neutral: [licensed], bad: [grows by hand]}
      key-value: {title: Key and value, bad: [no joins]}
    outcome: relational
    because: it keeps {{ entities.order.stored }}
    consequences: {good: [one backup], bad: [one bottleneck]}
    holds_while: entities.order.stored < 1TB
  later:
    title: Shard orders
    supersedes: ADR-0001
"""


def shop(more: str = DECISIONS) -> tuple[Design, Solution]:
    text = small_shop.TEXT[: small_shop.TEXT.index("decisions:")] + more
    document, findings = read_text(text, "shop.yaml")
    assert document is not None
    assert not findings
    design, findings = validate(document)
    assert design is not None
    assert not findings
    return design, small_shop.solution()._replace(design=design)


def record(name: str) -> str:
    design, solution = shop()
    return adr(design, solution)[name]


FIRST = "0001-store-orders-in-one-database.md"


def test_a_record_has_the_sections_of_madr() -> None:
    headings = [line for line in record(FIRST).splitlines() if line.startswith("#")]

    assert headings == [
        "# Store orders: in &#42;one&#42; database",
        "## Context and Problem Statement",
        "## Decision Drivers",
        "## Considered Options",
        "## Decision Outcome",
        "### Consequences",
        "### Confirmation",
        "## Pros and Cons of the Options",
        "### relational",
        "### Key and value",
    ]


def test_the_front_matter_is_yaml_whatever_stands_in_it() -> None:
    _, front, _ = record(FIRST).split("---\n", 2)

    assert yaml.safe_load(front) == {
        "status": "superseded by later",
        "date": "2026-11-20",
        "decision-makers": ["A: B", 'C"D'],
    }


def test_the_outcome_names_the_option_and_the_numbers() -> None:
    stored = small_shop.solution().records["entities", "order", "stored"].shown()

    assert f"Chosen option: **relational**, because it keeps {stored}." in record(FIRST)
    assert "* Neutral, because licensed" in record(FIRST)


def test_a_record_says_where_it_belongs_and_whether_it_stands() -> None:
    design, solution = shop()

    assert f"This is `ADR-0001` of `{design.id}`: superseded by later, 2026-11-20." in record(FIRST)
    linked = adr(design, solution, "../shop.md")["later-shard-orders.md"]
    assert f"This is `later` of [{design.title}](../shop.md): proposed." in linked


def test_a_premise_that_holds_is_confirmed_with_its_numbers() -> None:
    premise = small_shop.solution().decisions[0]
    assert premise.left is not None
    assert premise.right is not None

    expected = f"✓ holds: {premise.left.shown()} &lt; {premise.right.shown()}"
    assert expected in record(FIRST)


def test_a_premise_that_no_longer_holds_says_so() -> None:
    design, solution = shop()
    broken = solution._replace(decisions=(solution.decisions[0]._replace(met=False),))

    assert "✗ no longer holds: " in adr(design, broken)[FIRST]


def test_a_premise_without_a_number_cannot_be_judged() -> None:
    design, solution = shop()
    unknown = solution.decisions[0]._replace(met=None, left=None, reason="api is overloaded")

    assert (
        "? cannot be judged: api is overloaded" in adr(design, solution._replace(decisions=(unknown,)))[FIRST]
    )


def test_file_names_carry_the_number_or_the_id() -> None:
    design, _ = shop()

    assert file_name("ADR-0001", design.decisions["ADR-0001"]) == FIRST
    assert file_name("ADR-12", design.decisions["later"]) == "0012-shard-orders.md"
    assert file_name("later", design.decisions["later"]) == "later-shard-orders.md"


def test_a_title_of_other_letters_leaves_a_name() -> None:
    design, _ = shop("decisions:\n  ADR-0002: {title: 日本語}\n")

    assert file_name("ADR-0002", design.decisions["ADR-0002"]) == "0002.md"
