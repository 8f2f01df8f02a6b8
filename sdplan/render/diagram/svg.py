"""A graph as SVG that can stand in any page: drawn, checked against the graph, made accessible."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sdplan.render.diagram.dot import to_dot
from sdplan.render.diagram.graph import Direction, Graph, printable, texts
from sdplan.render.diagram.palette import style_sheet
from sdplan.render.draw import DrawingFailed, drawings

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SVG = "{http://www.w3.org/2000/svg}"


def to_svg(graph: Graph, prefix: str = "g", direction: Direction = "LR") -> str:
    """The picture on one line, every id in it beginning with `prefix`; one that lost a part is refused."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", prefix):
        raise ValueError(f"an id prefix is a plain word, got {prefix!r}")
    fault = ""
    for drawn in drawings(to_dot(graph, direction)):
        root = _parsed(drawn)
        fault = _difference(root, graph)
        if not fault:
            return _finished(root, graph, prefix)
    raise DrawingFailed(f"The picture that was drawn is not the graph: {fault}.")


def _parsed(svg: str) -> Element:
    from xml.etree.ElementTree import ParseError, fromstring

    start = svg.find("<svg")
    try:
        return fromstring(svg[max(0, start) :])
    except ParseError as error:
        raise DrawingFailed(f"Graphviz wrote no readable SVG: {error}.") from error


def _difference(root: Element, graph: Graph) -> str:
    """What the drawing has too few or too many of, by name; nothing when it has each node and edge once."""
    for kind, wanted in (
        ("node", Counter(node.id for node in graph.nodes)),
        ("edge", Counter(f"{edge.source}->{edge.target}" for edge in graph.edges)),
    ):
        found = Counter(group.findtext(f"{_SVG}title", "") for group in _groups(root, kind))
        lost, added = wanted - found, found - wanted
        if lost or added:
            return f"of {wanted.total()} {kind}s, {lost.total()} are missing and {added.total()} are too many"
    return ""


def _groups(root: Element, kind: str) -> list[Element]:
    return [group for group in root.iter(f"{_SVG}g") if group.get("class", "").split(" ")[0] == kind]


def _finished(root: Element, graph: Graph, prefix: str) -> str:
    from xml.etree.ElementTree import register_namespace, tostring

    register_namespace("", _SVG[1:-1])
    _name_parts(root, graph)
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", f"{prefix}-{element.get('id')}")
        element.text, element.tail = _trimmed(element.text), _trimmed(element.tail)
    _dress(root, graph, prefix)
    text: str = tostring(root, encoding="unicode")
    return text.replace("\n", " ")


def _trimmed(text: str | None) -> str | None:
    return text if text and text.strip() else None


def _name_parts(root: Element, graph: Graph) -> None:
    """What a pointer or a screen reader is told of each part: its words, not its number."""
    names = {node.id: ", ".join(texts(node)) for node in graph.nodes}
    called = {node.id: node.name for node in graph.nodes}
    for edge in graph.edges:
        names[edge.id] = f"{called[edge.source]} to {called[edge.target]}: {' '.join(edge.text)}"
    for group in list(root.iter(f"{_SVG}g")):
        title = group.find(f"{_SVG}title")
        if title is None:
            continue
        said = names.get(group.get("id", ""))
        if said is None:
            group.remove(title)
        else:
            title.text = printable(said, 500)


def _dress(root: Element, graph: Graph, prefix: str) -> None:
    """Size, role, name, description and colours."""
    from xml.etree.ElementTree import Element

    scope = f"{prefix}-diagram"
    _, _, width, height = root.get("viewBox", "0 0 0 0").split()
    root.attrib.pop("style", None)
    for key, value in {
        "id": scope, "class": "sdplan-diagram", "width": f"{float(width):.0f}",
        "height": f"{float(height):.0f}", "role": "graphics-document document",
        "aria-roledescription": "diagram",
        "aria-labelledby": f"{prefix}-title", "aria-describedby": f"{prefix}-desc",
    }.items():  # fmt: skip
        root.set(key, value)
    said = (("title", graph.title), ("desc", graph.description))
    for place, (tag, text) in enumerate(said):
        part = Element(f"{_SVG}{tag}", {"id": f"{prefix}-{tag}"})
        part.text = printable(text, 500)
        root.insert(place, part)
    sheet = Element(f"{_SVG}style")
    sheet.text = style_sheet(scope, float(width))
    root.insert(len(said), sheet)
