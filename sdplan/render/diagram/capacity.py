"""The capacity diagram: who asks, what answers, how often at peak, and how full it is then."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

from sdplan.findings import Path
from sdplan.render.diagram.calls import Link, links
from sdplan.render.diagram.figures import (
    busiest,
    component_lines,
    component_status,
    flow_lines,
    verdict_lines,
    verdict_status,
)
from sdplan.render.diagram.graph import TIERS, Edge, Graph, Line, Node, Style
from sdplan.render.diagram.order import forward
from sdplan.solve.solution import Solution
from sdplan.units import format_share

if TYPE_CHECKING:
    from sdplan.spec.design import Design

_STEPS = 4  # widths of an edge
_POINT = (Line("All numbers at peak, all flows peaking together.", "muted"),)
_IDLE = Line("nothing calls it", "muted")
_MARKS = (
    Line("✓ within target", "ok"),
    Line("! above its target utilization", "warn"),
    Line("✗ overloaded, or an SLO missed", "bad"),
)


def capacity_graph(design: Design, solution: Solution) -> Graph:
    """The whole design at peak as one graph: flows, components, calls and a legend."""
    title = f"{design.title or design.id}: capacity at peak"
    bottleneck = busiest(solution)
    found = links(solution)
    nodes = _nodes(design, solution, bottleneck, {link.target for link in found})
    edges = _edges(found, nodes)
    legend = _legend(solution, edges, bottleneck)
    described = _description(design, solution, bottleneck)
    return Graph(title, described, tuple(nodes.values()), edges, legend, _group(design, solution))


def _nodes(
    design: Design, solution: Solution, bottleneck: str, called: Set[Path]
) -> Mapping[Path, Node]:  # fmt: skip
    """Flows first, then components by tier, each numbered as it comes."""
    by_tier = sorted(design.components, key=lambda name: TIERS.index(design.components[name].tier))
    flows: list[Path] = [("flows", name) for name in design.flows]
    paths: list[Path] = [*flows, *(("components", name) for name in by_tier)]
    nodes = {path: _node(f"n{n}", path, solution, bottleneck) for n, path in enumerate(paths, 1)}
    for path, node in nodes.items():
        if node.kind == "component" and path not in called:
            nodes[path] = node._replace(lines=(*node.lines, _IDLE))
    return nodes


def _node(ident: str, path: Path, solution: Solution, bottleneck: str) -> Node:
    design, name = solution.design, str(path[1])
    if path[0] == "flows":
        flow = design.flows[name]
        tier = "caller" if flow.trigger is None else "async"
        status = verdict_status(solution, path)
        return Node(ident, flow.title or name, "flow", tier, flow_lines(solution, name), status)
    spec = design.components[name]
    return Node(
        ident, spec.title or name, "component", spec.tier, component_lines(solution, name),
        component_status(solution, name), name == bottleneck, bool(design.regions) and spec.regional,
    )  # fmt: skip


def _edges(found: tuple[Link, ...], nodes: Mapping[Path, Node]) -> tuple[Edge, ...]:
    arrows = [(nodes[link.source].id, nodes[link.target].id) for link in found]
    rank = {node.id: TIERS.index(node.tier) for node in nodes.values()}
    ahead = forward(arrows, rank)
    largest = max((link.rate.value for link in found if link.rate is not None), default=0.0)
    return tuple(
        Edge(f"e{n}", *arrow, _label(link), link.style, _width(link, largest), arrow in ahead)
        for n, (link, arrow) in enumerate(zip(found, arrows, strict=True), 1)
    )


def _label(link: Link) -> tuple[str, ...]:
    """`139k/s`, with the reason above it where the call is not simply on the way."""
    rate = (link.rate.shown(),) if link.rate is not None else ()
    if link.style == "miss":
        share = f"miss {format_share(1 - link.missed.value)}" if link.missed is not None else "miss"
        return (share, *rate)
    after = ("fallback",) if link.style == "fallback" else ()
    far = ("other region",) if link.elsewhere else ()
    return (*after, *far, *rate)


def _width(link: Link, largest: float) -> int:
    if link.rate is None or link.rate.value <= 0:
        return 1
    return max(1, _STEPS - math.floor(math.log10(largest / link.rate.value)))


def _group(design: Design, solution: Solution) -> str:
    shares = [
        f"{name} {record.shown()}"
        for name in design.regions
        if (record := solution.records.get(("regions", name, "share"))) is not None
    ]
    return f"once in each region: {', '.join(shares)}" if shares else ""


def _legend(
    solution: Solution, edges: tuple[Edge, ...], bottleneck: str
) -> tuple[tuple[Line, ...], ...]:  # fmt: skip
    whole = tuple((line,) for line in verdict_lines(solution, ()))
    marks = (*_MARKS, *((Line("◆ busiest at peak", "muted"),) if bottleneck else ()))
    return (_POINT, *whole, marks, _strokes({edge.style for edge in edges}))


def _strokes(styles: set[Style]) -> tuple[Line, ...]:
    dashed = (Line("╌╌ async or after a miss", "muted"),) if styles & {"async", "miss"} else ()
    dotted = (Line("┈┈ after a failure", "muted"),) if "fallback" in styles else ()
    return (Line("── call", "muted"), *dashed, *dotted, Line("one step wider: ten times the rate", "muted"))


def _description(design: Design, solution: Solution, bottleneck: str) -> str:
    judged = [verdict.met for verdict in solution.slos]
    flows, components = len(design.flows), len(design.components)
    counted = f"{flows} {_plural('flow', flows)} over {components} {_plural('component', components)}"
    text = f"{counted}, in order from who asks to who answers."
    if bottleneck:
        busy = solution.value("components", bottleneck, "utilization") or 0.0
        text += f" The busiest at peak is {bottleneck}, {format_share(busy)} of its tightest resource in use."
    return f"{text} {judged.count(True)} of {len(judged)} SLO numbers are met." if judged else text


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
