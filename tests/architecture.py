"""The picture of the house, drawn from the code's own imports: `python -m tests.architecture FILE.svg`.

Rooms are the packages and modules of `sdplan`, an arrow says "imports".  The folds are the modules of
the solver that read the call tree.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from sdplan.render.draw import drawings
from tests.test_layers import LAYERS, PACKAGE, imports, room

STAGES = ("source", "spec", "solve", "review", "render")
_STYLE = """<style>
.arch { color: #1d2330; max-width: 100%; height: auto }
.arch text { fill: currentColor } .arch .edge path { stroke: #8a93a6 } .arch .edge polygon { fill: #8a93a6; stroke: #8a93a6 }
.arch .node path, .arch .node polygon { stroke: #8a93a6; fill: none } .arch .cluster path, .arch .cluster polygon { stroke: #c3c9d4; fill: none }
.arch .stage path, .arch .stage polygon { stroke: #0072B2; stroke-width: 2 } .arch .fold path, .arch .fold polygon { stroke: #B35C00; stroke-width: 1.6 }
@media (prefers-color-scheme: dark) { .arch { color: #e3e7ef } .arch .stage path, .arch .stage polygon { stroke: #56B4E9 } .arch .fold path, .arch .fold polygon { stroke: #E69F00 } .arch .cluster path, .arch .cluster polygon { stroke: #4a5163 } }
[data-md-color-scheme="slate"] .arch { color: #e3e7ef }
[data-md-color-scheme="default"] .arch { color: #1d2330 }
</style>"""


def rooms() -> dict[str, set[str]]:
    """Every room and the rooms that it imports."""
    found: dict[str, set[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        own = room(file)
        if own != "__init__":
            found.setdefault(own, set()).update(other for other in imports(file) if other != own)
    return found


def folds() -> list[str]:
    """The modules of the solver that build or read the nodes of the call tree."""
    readers = []
    for file in sorted((PACKAGE / "solve").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            from_tree = isinstance(node, ast.ImportFrom) and node.module == "sdplan.solve.tree"
            if from_tree and {alias.name for alias in node.names} & {"Call", "Choice"}:
                readers.append(file.stem)
                break
    return readers


def _reduced(graph: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The arrows that no other path says already, so that the picture can be read."""

    def reaches(start: str, goal: str, without: tuple[str, str]) -> bool:
        seen, todo = set(), [start]
        while todo:
            here = todo.pop()
            for there in graph.get(here, ()):
                if (here, there) == without or there in seen:
                    continue
                if there == goal:
                    return True
                seen.add(there)
                todo.append(there)
        return False

    arrows = [(own, other) for own, others in sorted(graph.items()) for other in sorted(others)]
    return [arrow for arrow in arrows if not reaches(*arrow, without=arrow)]


def _node(name: str, label: str, kind: str) -> str:
    return f'"{name}" [label="{label}" class="{kind}"];'


def dot() -> str:
    """The graph as DOT text."""
    graph = rooms()
    lines = [
        "digraph house { rankdir=RL; newrank=true; bgcolor=transparent; nodesep=0.25; ranksep=0.45;",
        'node [shape=box style=rounded fontname="Helvetica,Arial,sans-serif" fontsize=12 height=0.35];',
        'edge [arrowsize=0.6]; graph [fontname="Helvetica,Arial,sans-serif" fontsize=12];',
    ]
    lines += [_node(name, name, "stage" if name in STAGES else "room") for name in sorted(graph)]
    lines += [_same_rank(one for one in layer.split() if one in graph) for layer in LAYERS]
    lines += [f'"{own}" -> "{other}";' for own, other in _reduced(graph)]
    lines.append('subgraph cluster_folds { label="one call tree, built and read by"; style=rounded;')
    lines.append(_node("solve.tree", "tree", "stage"))
    lines += [_node(f"solve.{name}", name, "fold") for name in folds()]
    lines += [f'"solve.{name}" -> "solve.tree";' for name in folds()]
    lines += ["}", '"solve" -> "solve.tree" [style=dashed arrowhead=none constraint=false];', "}"]
    return "\n".join(lines)


def _same_rank(names: Iterable[str]) -> str:
    listed = " ".join(f'"{name}";' for name in names)
    return f"{{ rank=same; {listed} }}"


def picture() -> str:
    """The drawn house, for light and dark pages."""
    svg = next(drawings(dot()))
    svg = re.sub(r"<!--.*?-->", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = svg.replace(
        "<svg ", '<svg class="arch" role="img" aria-label="The rooms of sdplan and their imports" ', 1
    )
    return svg.replace(">", f">{_STYLE}", 1)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(picture(), encoding="utf-8")
