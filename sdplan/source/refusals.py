"""What a design has no need of and does not get: one finding each, with what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Path, Span, dotted
from sdplan.source.quoting import quoted, shown

if TYPE_CHECKING:
    from sdplan.source.events import Event, Mark

_NUMBER = (
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_TOP = Span(1, 1, 1, 1)


class Refused(Exception):
    """Leaves the nest of a document at the first thing in it that ends the reading."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def empty() -> Finding:
    """The file holds nothing."""
    return _finding(
        "SP108", (), "this file holds no design", "`sdplan init NAME` writes a design to start from", _TOP
    )


def not_a_map(data: object, span: Span) -> Finding:
    """The file is a list or a text."""
    what = "a list" if isinstance(data, list) else "text"
    hint = "begin with `sdplan: 1` and `id: my-design`, one `key: value` a line"
    return _finding(
        "SP109", (), f"a design is a map of `key: value`, this file is {what}", hint, _first_line(span)
    )


def second_document(span: Span) -> Finding:
    """A second document begins."""
    return _finding(
        "SP105", (), "a second document begins here", "keep one design in each file; remove the `---`", span
    )


def directive(text: str) -> Finding | None:
    """The first %TAG or other directive; a %YAML line is harmless."""
    if not text.startswith("%") and "\n%" not in text:
        return None
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("%") and not line.startswith(("%YAML ", "%YAML\t")):
            message = "tags and directives are not allowed in a design"
            return _finding("SP104", (), message, "remove this line", Span(number, 1, number, len(line) + 1))
    return None


def too_many(most: int) -> Finding:
    """The file holds more values than a design may."""
    message = f"this file holds more than {most:,} lines, commas, colons and brackets"
    return _finding("SP107", (), message, "split the design into several files", _TOP)


def too_deep(path: Path, most: int, span: Span) -> Finding:
    """Maps and lists are nested too deep."""
    message = f"maps and lists are nested more than {most} levels deep here"
    return _finding(
        "SP107", path[:8], message, "a design needs about ten levels; give parts ids of their own", span
    )


def long_scalar(path: Path, most: int, span: Span) -> Finding:
    """One text is too long."""
    message = f"this text is longer than {most:,} characters"
    return _finding(
        "SP107",
        path,
        message,
        "shorten it, or keep it in a document of its own and link to it",
        _first_line(span),
    )


def reference(event: Event, path: Path, text: str) -> Finding:
    """An anchor, an alias or a tag stands before a value."""
    mark = event.start_mark
    word = text[mark.index : mark.index + 80].split("\n")[0].split(" ")[0].rstrip(",]}")
    at = _here(mark, len(word))
    if word.startswith("!"):
        hint = "remove it; text that begins with `!` needs quotes"
        return _finding("SP104", path, f"tags such as `{word}` are not allowed in a design", hint, at)
    kind, sign = ("anchors", "&") if word.startswith("&") else ("aliases", "*")
    hint = (
        f"write the value out, or give it a name under `inputs:`; text that begins with `{sign}` needs quotes"
    )
    return _finding("SP103", path, f"{kind} such as `{word}` are not allowed in a design", hint, at)


def merge_key(path: Path, span: Span) -> Finding:
    """A `<<` would merge another map into this one."""
    return _finding(
        "SP103", path, "merge keys (`<<`) are not allowed in a design", "write the fields out", span
    )


def duplicate(path: Path, first: Span, second: Span) -> Finding:
    """A key is given twice in one map."""
    holder = f" in `{shown(dotted(path[:-1]))}`" if path[1:] else ""
    lines = f"lines {first.line} and {second.line}" if first.line != second.line else f"line {first.line}"
    message = f"`{shown(str(path[-1]))}` is given twice{holder}, on {lines}"
    return _finding("SP102", path, message, "keep one of the two, or rename one", second)


def is_number(key: str) -> bool:
    """Whether a plain key is a number to YAML 1.2 core."""
    return re.fullmatch(_NUMBER, key) is not None


def typed_key(path: Path, key: str, span: Span) -> Finding:
    """A plain key is a number, a boolean or null to YAML."""
    if not key:
        return _finding("SP106", path, "a key is missing before this colon", "write `key: value`", span)
    message = f"`{shown(key)}` is not text to YAML, and every key is text"
    return _finding("SP106", path, message, f"write `{quoted(shown(key))}:`, or a name", span)


def not_a_key(event: Event, path: Path, text: str) -> Finding:
    """A list, a map or something with an anchor is used as a key."""
    if text[event.start_mark.index] in "&*!":
        return reference(event, path, text)
    hint = "write `key: value` with a plain name as key"
    return _finding("SP106", path, "a list or a map can't be a key", hint, _here(event.start_mark, 1))


def _here(mark: Mark, length: int) -> Span:
    return Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1 + length)


def _first_line(span: Span) -> Span:
    return span if span.line == span.end_line else Span(span.line, span.column, span.line, span.column + 1)


def _finding(code: str, path: Path, message: str, hint: str, span: Span) -> Finding:
    return Finding(code, "error", path, message, hint, span=span)
