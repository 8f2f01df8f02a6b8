"""The capacity diagram: a graph made of a design and its solution, and its three notations."""

from sdplan.render.diagram.capacity import capacity_graph
from sdplan.render.diagram.dot import to_dot
from sdplan.render.diagram.graph import Direction, Edge, Graph, Line, Node
from sdplan.render.diagram.mermaid import to_mermaid
from sdplan.render.diagram.svg import to_svg
from sdplan.render.draw import DrawingFailed

__all__ = [
    "Direction",
    "DrawingFailed",
    "Edge",
    "Graph",
    "Line",
    "Node",
    "capacity_graph",
    "to_dot",
    "to_mermaid",
    "to_svg",
]
