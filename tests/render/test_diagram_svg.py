"""SVG: every node and edge is there, nothing else is, and it can stand in any page."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element, fromstring

import pytest
from diagram_samples import ATTACKS, SHOP, hostile

from sdplan.render.diagram import svg as module
from sdplan.render.diagram.svg import to_svg
from sdplan.render.draw import DrawingFailed

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {
    SVG + tag for tag in ("svg", "g", "title", "desc", "style", "polygon", "path", "text", "polyline")
}


@pytest.fixture(scope="module")
def shop() -> Element:
    return fromstring(to_svg(SHOP, "a"))


@pytest.fixture(scope="module")
def calm() -> Element:
    return fromstring(to_svg(hostile("calm")))


def classes(root: Element, kind: str) -> int:
    return sum(group.get("class", "").split(" ")[0] == kind for group in root.iter(f"{SVG}g"))


def test_each_node_and_edge_is_drawn(shop: Element) -> None:
    assert (classes(shop, "node"), classes(shop, "edge")) == (len(SHOP.nodes), len(SHOP.edges))


def test_each_part_says_what_it_is(shop: Element) -> None:
    said = {group.get("id"): group.findtext(f"{SVG}title") for group in shop.iter(f"{SVG}g")}

    assert said["a-n3"] == "pages, cache · redis, hit 92 %"
    assert said["a-e3"] == "web to stock: miss 8 % 960/s"


def test_the_whole_has_a_name_a_description_and_a_role(shop: Element) -> None:
    named = {element.get("id"): element.text for element in shop.iter()}

    assert named[shop.get("aria-labelledby")] == SHOP.title
    assert named[shop.get("aria-describedby")] == SHOP.description
    assert shop.get("role") == "graphics-document document"


def test_every_id_begins_with_the_prefix_and_is_used_once(shop: Element) -> None:
    ids = [element.get("id", "") for element in shop.iter() if "id" in element.attrib]

    assert Counter(ids).most_common(1)[0][1] == 1
    assert all(ident.startswith("a-") for ident in ids)


def test_the_size_is_that_of_the_view(shop: Element) -> None:
    _, _, width, height = (float(part) for part in shop.attrib["viewBox"].split())

    assert (shop.get("width"), shop.get("height")) == (f"{width:.0f}", f"{height:.0f}")
    assert width > height > 100


def test_there_is_no_prolog_comment_or_line_break() -> None:
    text = to_svg(SHOP)

    assert text.startswith("<svg")
    assert not re.search(r"<!|<\?|\n", text)


def test_every_colour_is_one_that_the_style_sheet_gives_for_both_schemes(shop: Element) -> None:
    sheet = shop.findtext(f"{SVG}style", "")
    used = {element.get(name) for element in shop.iter() for name in ("fill", "stroke")} - {
        None,
        "none",
        "transparent",
    }

    assert used
    assert all(f'[fill="{colour}"]' in sheet and f'[stroke="{colour}"]' in sheet for colour in used)


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_adds_no_element_attribute_or_address(attack: str, calm: Element) -> None:
    root = fromstring(to_svg(hostile(attack)))

    assert {element.tag for element in root.iter()} <= ELEMENTS
    assert Counter(element.tag for element in root.iter()) == Counter(element.tag for element in calm.iter())
    assert {name for element in root.iter() for name in element.attrib} == {
        name for element in calm.iter() for name in element.attrib
    }


def test_a_drawing_that_lost_an_edge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = next(module.drawings(module.to_dot(SHOP._replace(edges=SHOP.edges[1:]))))
    monkeypatch.setattr(module, "drawings", lambda dot: iter([fewer]))

    with pytest.raises(DrawingFailed, match="of 7 edges, 1 are missing and 0 are too many"):
        to_svg(SHOP)


def test_a_drawing_with_a_node_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    more = next(
        module.drawings(module.to_dot(SHOP._replace(nodes=(*SHOP.nodes, SHOP.nodes[0]._replace(id="n7")))))
    )
    monkeypatch.setattr(module, "drawings", lambda dot: iter([more]))

    with pytest.raises(DrawingFailed, match="of 6 nodes, 0 are missing and 1 are too many"):
        to_svg(SHOP)


def test_a_renderer_that_loses_an_edge_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = next(module.drawings(module.to_dot(SHOP)))
    fewer = next(module.drawings(module.to_dot(SHOP._replace(edges=SHOP.edges[1:]))))
    monkeypatch.setattr(module, "drawings", lambda dot: iter([fewer, whole]))

    assert classes(fromstring(to_svg(SHOP)), "edge") == len(SHOP.edges)


def test_a_prefix_that_is_no_plain_word_is_refused() -> None:
    with pytest.raises(ValueError, match="plain word"):
        to_svg(SHOP, 'a" onload="alert(1)')
