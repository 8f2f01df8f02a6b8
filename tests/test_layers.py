"""Imports point down: a room knows only the rooms below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "sdplan"
LAYERS = [
    "units source findings",
    "expressions formulas catalog",
    "distributions",
    "spec",
    "solve",
    "rules simulate",
    "review schema starter",
    "pipeline render",
    "cli",
    "entry",
]
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms.split()}
BESIDE = {("source", "findings"), ("units", "findings"), ("render", "pipeline"), ("catalog", "source")}


def imports(file: Path) -> Iterator[str]:
    """The rooms of the package that a file imports, at any depth of its code."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        modules = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        for module in modules:
            parts = module.split(".")
            if parts[0] == "sdplan" and len(parts) > 1:
                yield parts[1]


def room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def rooms() -> set[str]:
    return {room(file) for file in PACKAGE.rglob("*.py")} - {"__init__"}


def test_every_room_has_its_layer() -> None:
    assert rooms() <= set(RANK)


def test_imports_point_down() -> None:
    upward = [
        f"{file.relative_to(PACKAGE)} imports {other}"
        for file in sorted(PACKAGE.rglob("*.py"))
        for other in imports(file)
        if (own := room(file)) != "__init__" and other != own
        if RANK[other] >= RANK[own] and (own, other) not in BESIDE
    ]

    assert upward == []


def test_the_specification_knows_no_formula_and_formulas_know_no_design() -> None:
    known = {
        own: {other for file in PACKAGE.rglob("*.py") if room(file) == own for other in imports(file)}
        for own in RANK
    }

    assert "formulas" not in known["spec"]
    assert "spec" not in known["formulas"]
    assert "formulas" not in known["rules"]
