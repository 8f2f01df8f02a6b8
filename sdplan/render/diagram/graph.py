"""The picture as data: nodes, edges and a legend, before anything is drawn."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from sdplan.findings import safe_text

Status = Literal["none", "ok", "warn", "bad"]
"""How a node fares; none where nothing was stated that it could be judged by."""

Tone = Literal["name", "plain", "muted", "ok", "warn", "bad"]
"""How a line of text is set."""

Style = Literal["call", "async", "miss", "fallback"]
"""Why a call is made: on the way, without waiting, after a cache miss, after a failure."""

Direction = Literal["LR", "TB"]
"""Which way the calls run: left to right for a screen, top to bottom for a column of text or a telephone."""

TIERS = ("caller", "edge", "entry", "compute", "store", "async", "external")
"""From who asks to who answers."""

_NOT_XML = re.compile("[\ufffe\uffff]")

SYMBOLS: dict[Status, str] = {"none": "", "ok": "✓", "warn": "!", "bad": "✗"}


class Line(NamedTuple):
    """One line of text in a node or in the legend."""

    text: str
    tone: Tone = "plain"
    filled: float | None = None  # drawn as a bar above the text: the share of a resource that is in use


class Node(NamedTuple):
    """A component, or a flow that asks."""

    id: str  # n1, n2, …: never text of the design
    name: str
    kind: Literal["component", "flow"]
    tier: str
    lines: tuple[Line, ...]
    status: Status = "none"
    bottleneck: bool = False
    grouped: bool = False  # stands inside the frame that the graph's `group` captions


class Edge(NamedTuple):
    """What one node asks of another, all flows together, one edge for each reason."""

    id: str  # e1, e2, …
    source: str
    target: str
    text: tuple[str, ...]
    style: Style = "call"
    width: int = 1  # 1 to 4, a step for each power of ten below the largest rate
    forward: bool = True  # the others run back and leave the order as it is


class Graph(NamedTuple):
    """A whole picture."""

    title: str
    description: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    legend: tuple[tuple[Line, ...], ...] = ()
    group: str = ""  # caption of the frame around grouped nodes


def printable(text: str, limit: int = 90) -> str:
    """Text for a picture: controls spelled out, cut to `limit` characters, nothing in it that XML forbids."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", safe_text(text, limit=limit))


def texts(node: Node) -> tuple[str, ...]:
    """What a node says, line by line, its name first."""
    return (node.name, *(line.text for line in node.lines))
