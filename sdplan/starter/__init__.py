"""The design that `sdplan init` writes: small, commented, and in order."""

from __future__ import annotations

from pathlib import Path

SCHEMA_NAME = "sdplan.schema.json"

_DESIGN = Path(__file__).with_name("design.yaml")
_ID = "id: my-design"


def starter(name: str) -> str:
    """The starter design under an id, with the line on top that tells editors where its schema lies."""
    text = _DESIGN.read_text(encoding="utf-8")
    return f"# yaml-language-server: $schema=./{SCHEMA_NAME}\n{text.replace(_ID, f'id: {name}', 1)}"
