"""A graph as Mermaid text, for places that draw it themselves, such as a pull request."""

from __future__ import annotations

import re

from sdplan.render.diagram.graph import Direction, Edge, Graph, Node, Style, printable, texts
from sdplan.render.diagram.palette import light

_UNPLAIN = re.compile(r"[^\w ,.:/·×✓✗◆-]|:(?! )")
_ARROWS: dict[Style, str] = {"call": "-->", "async": "-.->", "miss": "-.->", "fallback": "-.->"}
_STROKES = (1, 2, 3, 5)  # px, for the four steps of the rate


def to_mermaid(graph: Graph, direction: Direction = "LR") -> str:
    """The graph as a Mermaid flowchart; every text in it is entities but for plain characters."""
    lines = [f"flowchart {direction}", f"  accTitle: {_encoded(graph.title)}"]
    lines += [f"  accDescr: {_encoded(graph.description, 500)}"]
    lines += [f"  {_node(node)}" for node in graph.nodes if not node.grouped]
    if graph.group:
        lines += [f'  subgraph regions["{_encoded(graph.group)}"]']
        lines += [f"    {_node(node)}" for node in graph.nodes if node.grouped]
        lines += ["  end"]
    lines += [f"  {_edge(edge)}" for edge in graph.edges]
    lines += _styles(graph)
    return "\n".join(lines) + "\n"


def _node(node: Node) -> str:
    name, *rest = (_encoded(text) for text in texts(node))
    mark = "<br/>◆ bottleneck" if node.bottleneck else ""
    label = "<br/>".join([f"<b>{name}</b>{mark}", *rest])
    return f'{node.id}(["{label}"])' if node.kind == "flow" else f'{node.id}["{label}"]'


def _edge(edge: Edge) -> str:
    label = "<br/>".join(_encoded(text) for text in edge.text)
    said = f'|"{label}"|' if label else ""
    return f"{edge.source} {_ARROWS[edge.style]}{said} {edge.target}"


def _styles(graph: Graph) -> list[str]:
    """Borders by status, strokes by rate; no fills, so that the reader's own theme stays readable."""
    lines = []
    for status, width in (("ok", 1), ("warn", 2), ("bad", 4)):
        ids = ",".join(node.id for node in graph.nodes if node.status == status)
        if ids:
            lines += [f"  classDef {status} stroke:{light(status)},stroke-width:{width}px"]
            lines += [f"  class {ids} {status}"]
    for step, width in enumerate(_STROKES, 1):
        numbers = ",".join(str(n) for n, edge in enumerate(graph.edges) if edge.width == step)
        if numbers:
            lines.append(f"  linkStyle {numbers} stroke-width:{width}px")
    return lines


def _encoded(text: str, limit: int = 90) -> str:
    """Mermaid's own entities, `#35;` and the like, for every character that could mean something to it."""
    return _UNPLAIN.sub(lambda match: f"#{ord(match.group())};", printable(text, limit))
