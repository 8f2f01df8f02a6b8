"""DOT text: what a graph reads as, and that no text of a design can say more than itself."""

from __future__ import annotations

import re

import pygraphviz
import pytest
from diagram_samples import ATTACKS, SHOP, hostile

from sdplan.render.diagram.dot import to_dot
from sdplan.render.diagram.palette import ROLES

ATTRIBUTES = {
    "rankdir", "newrank", "bgcolor", "nodesep", "ranksep", "outputorder", "pad", "fontname", "labelloc",
    "labeljust", "label", "shape", "fontcolor", "fontsize", "color", "arrowsize", "id", "class", "style",
    "penwidth", "constraint", "rank", "margin",
}  # fmt: skip


def attributes(graph: pygraphviz.AGraph) -> set[str]:
    return {name for kind in (0, 1, 2) for name in graph_attributes(graph, kind)}


def graph_attributes(graph: pygraphviz.AGraph, kind: int) -> set[str]:
    return set((graph.graph_attr, graph.node_attr, graph.edge_attr)[kind].keys())


def test_the_shop_reads_as_its_golden_file(golden) -> None:
    golden("diagram/shop.dot", to_dot(SHOP))


def test_every_node_and_edge_is_said_once() -> None:
    read = pygraphviz.AGraph(string=to_dot(SHOP))

    assert sorted(read.nodes()) == sorted(node.id for node in SHOP.nodes)
    assert sorted((a, b) for a, b in read.edges()) == sorted(
        (edge.source, edge.target) for edge in SHOP.edges
    )


def test_callers_stand_in_one_column_and_regional_components_in_one_frame() -> None:
    read = pygraphviz.AGraph(string=to_dot(SHOP))
    places = {part.graph_attr["rank"] or "frame": sorted(part.nodes()) for part in read.subgraphs()}

    assert places == {"same": ["n1"], "frame": ["n4"]}


def test_an_edge_that_runs_back_does_not_order_the_picture() -> None:
    text = to_dot(SHOP)

    assert [line for line in text.splitlines() if "constraint=false" in line] == [
        line for line in text.splitlines() if "n6 -> n2" in line
    ]


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_adds_no_node_edge_or_attribute(attack: str) -> None:
    read = pygraphviz.AGraph(string=to_dot(hostile(attack)))

    assert sorted(read.nodes()) == ["n1", "n2"]
    assert [tuple(edge) for edge in read.edges()] == [("n1", "n2")]
    assert attributes(read) <= ATTRIBUTES


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_adds_no_tag_to_a_label(attack: str) -> None:
    tags = set(re.findall(r"</?([A-Za-z]+)", to_dot(hostile(attack))))

    assert tags == {"TABLE", "TR", "TD", "FONT", "B"}


def test_only_colours_of_the_palette_are_used() -> None:
    assert set(re.findall(r"#[0-9a-f]{6}\b", to_dot(SHOP))) <= {shade.light for shade in ROLES.values()}
