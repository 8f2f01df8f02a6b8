"""Pieces of a file as they are shown in a finding: cut out, placed, and in the quotes that YAML asks for."""

from __future__ import annotations

from sdplan.findings import Span, safe_text

_OPENING, _CLOSING = "([{", ")]}"
_MOST_SHOWN = 100
_MOST_SEARCHED = 1000


def quoted(text: str) -> str:
    """The text in the kind of quotes that leaves it as it is."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def shown(text: str) -> str:
    """A piece of a file, on one line and short enough for a sentence."""
    line = " ".join(text[:_MOST_SEARCHED].split())
    return safe_text(line, limit=_MOST_SHOWN)


def line_at(text: str, index: int) -> str:
    """The line that holds a place."""
    end = text.find("\n", index)
    return text[text.rfind("\n", 0, index) + 1 : len(text) if end < 0 else end]


def column_at(text: str, index: int) -> int:
    """The column of a place, counted from 0."""
    return index - text.rfind("\n", 0, index) - 1


def span_at(text: str, index: int, width: int = 1) -> Span:
    """The span of some characters of one line, at least one."""
    line, column = text.count("\n", 0, index) + 1, column_at(text, index) + 1
    return Span(line, column, line, column + max(1, width))


def index_of(text: str, line: int, column: int) -> int:
    """The place of a line and a column, both counted from 1."""
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def entry(text: str, start: int) -> str:
    """What stands from a place to the comma or bracket that ends it, brackets inside it kept whole."""
    depth = 0
    for end in range(start, min(len(text), start + _MOST_SEARCHED)):
        character = text[end]
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth < 0 or character == "\n" or (character == "," and not depth):
            return text[start:end].rstrip()
    return text[start : start + _MOST_SEARCHED].rstrip()


def rest_of_line(text: str, start: int) -> str:
    """What stands from a place to the end of its line, without a comment."""
    line = line_at(text, start)[column_at(text, start) :]
    comment = line.find(" #")
    return (line if comment < 0 else line[:comment]).strip()
