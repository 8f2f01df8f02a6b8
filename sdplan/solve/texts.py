"""Numbers that texts show: the references `{{ path }}` of a design's prose, and those that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sdplan.findings import Path, dotted

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution
    from sdplan.spec.design import Design

REFERENCE = re.compile(r"\{\{ {0,4}([A-Za-z][\w.@\[\]-]{0,200}) {0,4}\}\}")
"""One name in double braces, nothing else: no expression, no filter, no statement."""


def numbers_of(solution: Solution | None) -> Mapping[str, Record]:
    """Every number that text may show, by its dotted path; an input also by its bare name."""
    if solution is None:
        return {}
    bare = {str(p[1]): r for p, r in solution.records.items() if len(p) == 2 and p[0] == "inputs"}
    return bare | {dotted(path): record for path, record in solution.records.items()}


def unknown_numbers(design: Design, solution: Solution) -> list[tuple[Path, str]]:
    """Where a text shows a number that this design does not have: the text's path and the number's."""
    found = [(path, name) for path, text in texts(design) for name in REFERENCE.findall(text)]
    if not found:
        return []
    known = numbers_of(solution)
    without_value = tuple(dotted(path) for path in solution.missing)
    return [
        (path, name)
        for path, name in found
        if name not in known
        and not any(name == gone or name.startswith(f"{gone}.") for gone in without_value)
    ]


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text below a block of the design, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from texts(entry, (*path, key))
    elif hasattr(value, "model_fields_set"):
        for field in sorted(value.model_fields_set):
            yield from texts(getattr(value, field), (*path, field))
    elif type(value) is tuple:
        for index, entry in enumerate(value):
            yield from texts(entry, (*path, index))
