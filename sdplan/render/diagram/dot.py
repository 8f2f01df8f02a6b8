"""A graph as DOT text, for Graphviz."""

from __future__ import annotations

import html

from sdplan.render.diagram.graph import Direction, Edge, Graph, Line, Node, Style, printable
from sdplan.render.diagram.palette import light

FONT = "Helvetica,Arial,sans-serif"
_WIDTHS = (1.0, 1.6, 2.5, 3.8)  # points, for the four steps of the rate
_BORDERS = {"none": 1, "ok": 1, "warn": 2, "bad": 3}
_COLOURS = {"name": "ink", "plain": "ink"}
_STROKES: dict[Style, str] = {"call": "solid", "async": "dashed", "miss": "dashed", "fallback": "dotted"}
_PICTURE = {
    "newrank": "true", "bgcolor": "transparent", "nodesep": "0.22", "ranksep": "0.35",
    "outputorder": "edgesfirst", "pad": "0.08", "fontname": FONT, "labelloc": "b", "labeljust": "l",
}  # fmt: skip
_CALL = {
    "fontname": FONT, "fontsize": "11", "fontcolor": light("ink"), "color": light("line"), "arrowsize": "0.6",
}  # fmt: skip
_FRAME = {
    "id": "regions", "style": "rounded,dashed", "color": light("line"), "labelloc": "t", "labeljust": "l",
    "margin": "12",
}  # fmt: skip
_BARE = 'BORDER="0" CELLBORDER="0" CELLSPACING="0"'
_BAR = 112  # points


def to_dot(graph: Graph, direction: Direction = "LR") -> str:
    """The graph as DOT, one statement a line, in the order of the graph."""
    import graphviz

    dot = graphviz.Digraph(
        "capacity",
        graph_attr={**_PICTURE, "rankdir": direction, "label": f"<{_legend(graph)}>"},
        node_attr={"shape": "plain", "fontname": FONT, "fontcolor": light("ink")},
        edge_attr=_CALL,
    )
    callers = graphviz.Digraph(graph_attr={"rank": "same"})
    frame = graphviz.Digraph("cluster_regions", graph_attr={**_FRAME, "label": f"<{_caption(graph)}>"})
    for node in graph.nodes:
        place = frame if node.grouped else callers if node.tier == "caller" else dot
        place.node(node.id, _label(node), id=node.id, **{"class": f"{node.kind} {node.status}"})
    for part in (callers, frame):
        if part.body:
            dot.subgraph(part)
    for edge in graph.edges:
        dot.edge(edge.source, edge.target, **_edge(edge))
    source: str = dot.source
    return source


def _caption(graph: Graph) -> str:
    return _text(Line(graph.group, "muted"), 11)


def _edge(edge: Edge) -> dict[str, str]:
    lines = "".join(f"<TR><TD>{_escaped(text)}</TD></TR>" for text in edge.text)
    table = f'<TABLE {_BARE} CELLPADDING="2">{lines}</TABLE>'
    given = {
        "id": edge.id,
        "class": edge.style,
        "style": _STROKES[edge.style],
        "penwidth": str(_WIDTHS[edge.width - 1]),
        "label": f"<{table}>" if lines else "",
        "constraint": "" if edge.forward else "false",
    }
    return {key: value for key, value in given.items() if value}


def _label(node: Node) -> str:
    """The table that a node is drawn as."""
    role = "line" if node.status == "none" else node.status
    rows = [_row(_head(node))]
    for line in node.lines:
        if line.filled is not None:
            rows.append(_row(_bar(line.filled, line.tone)))
        rows.append(_row(_text(line, 11)))
    border, rounded = _BORDERS[node.status], ' STYLE="ROUNDED"' if node.kind == "flow" else ""
    inner = f'<TABLE {_BARE} CELLPADDING="1">{"".join(rows)}</TABLE>'
    return (
        f'<<TABLE BORDER="{border}"{rounded} CELLBORDER="0" CELLSPACING="0" CELLPADDING="5" '
        f'COLOR="{light(role)}" BGCOLOR="{light("panel")}"><TR><TD>{inner}</TD></TR></TABLE>>'
    )


def _head(node: Node) -> str:
    name = f"<B>{_text(Line(node.name, 'name'), 13)}</B>"
    return name + (_text(Line("  ◆ bottleneck", "plain"), 10) if node.bottleneck else "")


def _row(content: str) -> str:
    return f'<TR><TD ALIGN="LEFT">{content}</TD></TR>'


def _bar(busy: float, role: str) -> str:
    """The share of the tightest resource that is in use, as a bar; full from 100 % on."""
    used = min(_BAR, max(1, round(busy * _BAR)))
    cells = [(used, role), (_BAR - used, "track")]
    drawn = "".join(
        f'<TD BGCOLOR="{light(colour)}" WIDTH="{width}" HEIGHT="5" FIXEDSIZE="TRUE"></TD>'
        for width, colour in cells
        if width
    )
    size = f'WIDTH="{_BAR}" HEIGHT="5" FIXEDSIZE="TRUE"'
    return f'<TABLE {_BARE} CELLPADDING="0" ALIGN="LEFT" {size}><TR>{drawn}</TR></TABLE>'


def _text(line: Line, size: int) -> str:
    colour = light(_COLOURS.get(line.tone, line.tone))
    return f'<FONT POINT-SIZE="{size}" COLOR="{colour}">{_escaped(line.text)}</FONT>'


def _legend(graph: Graph) -> str:
    head = _row(f"<B>{_text(Line(graph.title, 'name'), 12)}</B>")
    rows = [_row("   ".join(_text(line, 10) for line in lines)) for lines in graph.legend]
    return f'<TABLE {_BARE} CELLPADDING="2">{head}{"".join(rows)}</TABLE>'


def _escaped(text: str) -> str:
    """Text for an HTML-like label: no character of it can open an element, an entity or an attribute."""
    return html.escape(printable(text))
