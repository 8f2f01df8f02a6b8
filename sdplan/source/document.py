"""A design as it was written: its values as text, and the place of every key and value in the file."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from sdplan.findings import Path, Span


class Document(NamedTuple):
    """One design file: maps, lists and text, with the span of every key and value by path."""

    name: str  # as the user wrote it, for display
    text: str  # with line ends as \n and without a byte order mark
    data: dict[str, object]
    keys: Mapping[Path, Span]
    values: Mapping[Path, Span]
    quoted: Set[Path]  # scalars written in quotes or as a block: text, whatever they look like

    def locate(self, path: Path, *, on_key: bool = False) -> Span:
        """The place of a value, or of its key; of a missing one, the key of what should hold it.

        Segments that the file lacks are passed over, because a validator may name the branch of a union
        in the middle of a path: `components.web.service.replicas` finds `components.web.replicas`.
        """
        found = self._reach((), path)
        whole = not path or found[-1:] == path[-1:]
        if on_key or not whole or self._is_blank(found):
            return self._key_of(found)
        return self.values[found]

    def inside(self, path: Path, start: int, end: int) -> Span:
        """The place of the characters `start` to `end` of a value; all of it where escapes moved them."""
        span = self.locate(path)
        value = self._scalar(path)
        line = self.text.split("\n")[span.line - 1]
        written = line[span.column - 1 : span.end_column - 1] if span.line == span.end_line else ""
        offset = written.find(value) if value else -1
        if offset < 0:
            return span
        first = span.column + offset
        return Span(
            span.line,
            first + min(start, len(value)),
            span.line,
            first + min(max(end, start + 1), len(value) + 1),
        )

    def _reach(self, here: Path, rest: Path) -> Path:
        """The longest path below `here` that takes its segments, in order, from `rest`."""
        best = here
        for index, segment in enumerate(rest):
            below = (*here, segment)
            if below in self.values:
                found = self._reach(below, rest[index + 1 :])
                # Blocks and ids are taken as they come; below them a field may bear the name of the branch.
                if len(here) < 2 or found[-1] == rest[-1]:
                    return found
                best = max(best, found, key=len)
        return best

    def _is_blank(self, path: Path) -> bool:
        span = self.values[path]
        return (span.line, span.column) == (span.end_line, span.end_column)

    def _key_of(self, path: Path) -> Span:
        while path:
            if path in self.keys:
                return self.keys[path]
            if isinstance(path[-1], int):
                return self.values[path]
            path = path[:-1]
        first = next(iter(self.data), None)
        return self.keys[(first,)] if first is not None else Span(1, 1, 1, 1)

    def _scalar(self, path: Path) -> str:
        value: object = self.data
        for segment in path:
            if isinstance(value, dict):
                value = value.get(segment)
            elif isinstance(value, list) and isinstance(segment, int) and segment < len(value):
                value = value[segment]
            else:
                return ""
        return value if isinstance(value, str) else ""
