"""The shipped catalogue: what is publicly known of a technology, each value with its source.

A row is one file, `<tech>.yaml`: `tech`, `title`, `kinds`, and `defaults` whose entries are
`field: {value, source}` in the words of the design language.  What a design states wins over its row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from sdplan.source import read_file

FOLDER = FilePath(__file__).parent


class Row(NamedTuple):
    """One technology: the fields that it gives a component, and where each comes from."""

    tech: str
    title: str
    kinds: tuple[str, ...]
    fields: Mapping[str, Any]
    sources: Mapping[str, str]


def techs() -> tuple[str, ...]:
    """The technologies that have a row."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


@cache
def row(tech: str) -> Row | None:
    """The row of a technology, read when it is first asked for."""
    file = FOLDER / f"{tech}.yaml"
    if not re.fullmatch(r"[a-z0-9-]{1,60}", tech) or not file.is_file():
        return None
    document, findings = read_file(str(file))
    if document is None:
        raise ValueError(f"the catalogue row {tech} does not read: {findings[0].message}")
    data: Any = document.data
    defaults = data.get("defaults", {})
    fields = {name: entry["value"] for name, entry in defaults.items()}
    sources = {name: str(entry["source"]) for name, entry in defaults.items()}
    return Row(tech, str(data["title"]), tuple(data["kinds"]), fields, sources)
