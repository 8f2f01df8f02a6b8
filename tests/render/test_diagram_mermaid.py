"""Mermaid text: what a graph reads as, and that no text of a design can say more than itself."""

from __future__ import annotations

import re

import pytest
from diagram_samples import ATTACKS, SHOP, hostile

from sdplan.render.diagram.mermaid import to_mermaid

FORM = re.compile(
    r"flowchart LR\n"
    r"  accTitle: [^\n]*\n"
    r"  accDescr: [^\n]*\n"
    r'(  n1\(\["[^"\n]*"\]\)\n)'
    r'  subgraph regions\["[^"\n]*"\]\n'
    r'(    n2\["[^"\n]*"\]\n)'
    r"  end\n"
    r'  n1 -->\|"[^"\n]*"\| n2\n'
    r"  classDef ok stroke:#0072b2,stroke-width:1px\n"
    r"  class n2 ok\n"
    r"  classDef bad stroke:#a1175a,stroke-width:4px\n"
    r"  class n1 bad\n"
    r"  linkStyle 0 stroke-width:1px\n"
)
"""What the graph of two nodes and one edge must read as, whatever its texts say."""


def test_the_shop_reads_as_its_golden_file(golden) -> None:
    golden("diagram/shop.mmd", to_mermaid(SHOP))


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_adds_no_statement(attack: str) -> None:
    assert FORM.fullmatch(to_mermaid(hostile(attack)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_is_left_without_a_sign_of_the_notation(attack: str) -> None:
    text = to_mermaid(hostile(attack))
    said = re.findall(r'"([^"\n]*)"', text) + re.findall(r"acc\w+: (.*)", text)
    ours = re.compile(r"<br/>|</?b>|◆|#\d+;")

    assert len(said) >= 5
    for label in said:
        assert not re.search(r"[^\w ,.:/·×✓✗-]|:(?! )", ours.sub("", label))


def test_entities_name_the_characters_they_stand_for() -> None:
    label = re.search(r"accTitle: (.*)", to_mermaid(hostile('<b>"#1;" 100%')))

    assert label is not None
    assert re.sub(r"#(\d+);", lambda match: chr(int(match.group(1))), label.group(1)) == '<b>"#1;" 100%'
