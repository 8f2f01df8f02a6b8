"""Two small graphs: one like those that designs give, one whose every text attacks its notation."""

from __future__ import annotations

from sdplan.render.diagram.graph import Edge, Graph, Line, Node

BROWSE = (Line("GET /{page}", "muted"), Line("✓ p99 38.2 ms < 100 ms", "ok"))
WEB = (Line("service", "muted"), Line("! 82 % busy", "warn", 0.82))
SHOP = Graph(
    title="Shop: capacity at peak",
    description="Two flows over four components.",
    nodes=(
        Node("n1", "browse", "flow", "caller", BROWSE, "ok"),
        Node("n2", "web", "component", "compute", WEB, "warn", True),
        Node("n3", "pages", "component", "store", (Line("cache · redis", "muted"), Line("hit 92 %"))),
        Node("n4", "stock", "component", "store", (Line("✗ 131 % busy", "bad", 1.31),), "bad", grouped=True),
        Node("n5", "news", "component", "async", (Line("stream", "muted"),)),
        Node("n6", "index", "flow", "async", ()),
    ),
    edges=(
        Edge("e1", "n1", "n2", ("12k/s",), "call", 4),
        Edge("e2", "n2", "n3", ("12k/s",), "call", 4),
        Edge("e3", "n2", "n4", ("miss 8 %", "960/s"), "miss", 3),
        Edge("e4", "n2", "n4", ("40/s",), "call", 2),
        Edge("e5", "n2", "n5", ("12k/s",), "async", 4),
        Edge("e6", "n5", "n6", ("12k/s",), "async", 4),
        Edge("e7", "n6", "n2", ("fallback",), "fallback", 1, False),
    ),
    legend=(
        (Line("All numbers at peak.", "muted"),),
        (Line("✓ within target", "ok"), Line("✗ overloaded", "bad")),
    ),
    group="once in each region: us 60 %, eu 40 %",
)  # fmt: skip

ATTACKS = (
    'a"]; evil [URL="javascript:alert(1)", image="/etc/passwd"]; b [label="',
    '<<TABLE><TR><TD><IMG SRC="/etc/passwd"/></TD></TR></TABLE>>',
    "graph",
    "back\\slash \\N \\G \\E \\l",
    "</TD></TR></TABLE>> n1 -> n2 <",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "</script><script>alert(1)</script>]]></style><svg/onload=alert(1)>",
    "end",
    '"]; click n1 href "javascript:alert(1)"',
    '%%{init: {"securityLevel":"loose","theme":"x"}}%%',
    "A --> B; classDef x fill:#f00;<script>alert(1)</script>#quot;",
    "nul\0 bell\a vt\v esc\x1b ]]> \ufffe \uffff",
    "&amp; &lt;b&gt; &#60;i&#62; &unknown;",
    "line one\nn9[forged]\n  n1 --> n9",
    "accDescr { forged } `**bold**` subgraph x\rend",
)


def hostile(attack: str) -> Graph:
    """A graph of two nodes and an edge with the attack in every place that takes text."""
    said = (Line(attack), Line(attack, "bad", 0.5))
    nodes = (
        Node("n1", attack, "flow", "caller", said, "bad"),
        Node("n2", attack, "component", "compute", said, "ok", True, True),
    )
    edges = (Edge("e1", "n1", "n2", (attack, attack)),)
    return Graph(attack, attack, nodes, edges, ((Line(attack),),), attack)
