"""From text to a document, with everything refused that a design has no need of.

libyaml's event stream is read, never a loader: scalars stay the text that was written, anchors can't expand,
and nothing is built that the limits do not allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml import MarkedYAMLError

from sdplan.findings import Finding, Path, Span
from sdplan.source import refusals, slips
from sdplan.source.document import Document
from sdplan.source.encoding import MOST_BYTES, decode, forbidden_character, too_large
from sdplan.source.events import DOCUMENT, LIST_END, MAP, MAP_END, SCALAR, STREAM_END, event_source, span_of
from sdplan.source.quoting import rest_of_line, span_at

if TYPE_CHECKING:
    from sdplan.source.events import Event

MOST_LEVELS = 64
MOST_NODES = 200_000
MOST_CHARACTERS = 65_536  # in one scalar
MOST_FINDINGS = 20

# Null and the booleans of YAML 1.2 core; `y`, `no` and `on` are text there.
_WORDS = frozenset({"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"})


def read_bytes(raw: bytes, name: str) -> tuple[Document | None, list[Finding]]:
    """Read the bytes of one design; `name` is what findings call it."""
    text, findings = decode(raw)
    return (None, findings) if text is None else _read(text, name)


def read_text(text: str, name: str) -> tuple[Document | None, list[Finding]]:
    """Read the text of one design; `name` is what findings call it."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return None, [too_large()]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    forbidden = forbidden_character(text)
    return (None, [forbidden]) if forbidden else _read(text, name)


def _read(text: str, name: str) -> tuple[Document | None, list[Finding]]:
    refused = refusals.directive(text) or _too_many(text)
    if refused:
        return None, [refused]
    builder = _Builder(text)
    try:
        data = builder.document()
    except refusals.Refused as stopped:
        return None, [*builder.findings, stopped.finding]
    except MarkedYAMLError as wrong:
        from sdplan.source.syntax import explain  # a design that parses does not pay for it

        return None, [*builder.findings, explain(wrong, text)]
    if builder.findings:
        return None, builder.findings
    return Document(name, text, data, builder.keys, builder.values, builder.quoted), []


def _too_many(text: str) -> Finding | None:
    # Every key and value follows a character of these, so this bounds the nodes before one is built.
    most = sum(map(text.count, "\n,:[{"))
    return refusals.too_many(MOST_NODES) if most > MOST_NODES else None


class _Builder:
    """Turns the events of one document into values, and notes where each of them stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.next = event_source(text)
        self.keys: dict[Path, Span] = {}
        self.values: dict[Path, Span] = {}
        self.quoted: set[Path] = set()
        self.findings: list[Finding] = []

    def document(self) -> dict[str, object]:
        """The one document of the stream, which is a map."""
        self.next()
        if type(self.next()) is STREAM_END:
            raise refusals.Refused(refusals.empty())
        root = self.next()
        if type(root) is SCALAR and root.value in _WORDS and not root.style:
            raise refusals.Refused(refusals.empty())
        if type(root) is SCALAR and not root.style and slips.is_glued(root.value):
            raise refusals.Refused(self._glued(root, ()))
        data = self._node(root, (), 0)
        if not isinstance(data, dict):
            raise refusals.Refused(refusals.not_a_map(data, self.values[()]))
        self.next()
        after = self.next()
        if type(after) is DOCUMENT:
            raise refusals.Refused(refusals.second_document(span_of(after.start_mark, after.end_mark)))
        return data

    def _node(self, event: Event, path: Path, level: int) -> object:
        kind = type(event)
        if event.anchor is not None or event.tag is not None:
            raise refusals.Refused(refusals.reference(event, path, self.text))
        start, end = event.start_mark, event.end_mark
        if kind is SCALAR:
            value = event.value
            if len(value) > MOST_CHARACTERS:
                raise refusals.Refused(refusals.long_scalar(path, MOST_CHARACTERS, span_of(start, end)))
            if event.style:
                self._quoted(event, path)
            self.values[path] = span_of(start, end)
            return value
        if level == MOST_LEVELS:
            raise refusals.Refused(refusals.too_deep(path, MOST_LEVELS, span_of(start, start)))
        self.values[path] = span_of(start, end)  # before its children, so that the order is the file's
        build = self._map if kind is MAP else self._list
        return build(event, path, level + 1)

    def _map(self, start: Event, path: Path, level: int) -> dict[str, object]:
        data: dict[str, object] = {}
        here, flow = path, start.flow_style
        while type(event := self.next()) is not MAP_END:
            if type(event) is not SCALAR or event.anchor is not None or event.tag is not None:
                raise refusals.Refused(self._not_a_key(event, start, path))
            key, at = event.value, span_of(event.start_mark, event.end_mark)
            here = (*path, key)
            if self.keys.setdefault(here, at) is not at:
                self._note(refusals.duplicate(here, self.keys[here], at))
                here = (*path, f"{key}\0")  # no key reads so: it is not held against the first
                self.keys[here] = at
            value = self.next()
            if type(value) is SCALAR and not value.style:
                self._check_plain(event, value, here, flow)
            if not event.style:
                self._check_key(key, here, at)
            data[key] = self._node(value, here, level)
        self._close(start, event, path, here)
        return data

    def _list(self, start: Event, path: Path, level: int) -> list[object]:
        data: list[object] = []
        here, flow = path, start.flow_style
        while type(event := self.next()) is not LIST_END:
            here = (*path, len(data))
            data.append(self._node(event, here, level))
            if flow and here not in self.quoted and slips.is_cut(data[-1]):
                raise refusals.Refused(slips.cut_expression(here, self.values[here], self.text))
        self._close(start, event, path, here)
        return data

    def _check_key(self, key: str, path: Path, at: Span) -> None:
        if key in _WORDS or (key[0] in "+-.0123456789" and refusals.is_number(key)):
            self._note(refusals.typed_key(path, key, at))
        elif key == "<<":
            raise refusals.Refused(refusals.merge_key(path, at))
        elif len(key) > MOST_CHARACTERS:
            raise refusals.Refused(refusals.long_scalar(path[:-1], MOST_CHARACTERS, at))

    def _check_plain(self, key: Event, value: Event, path: Path, flow: bool) -> None:
        """Slips that are valid YAML and never meant."""
        text, at = value.value, self.keys[path]
        if flow and not text and ":" not in self.text[key.end_mark.index : value.start_mark.index]:
            plain = [other for other in self.values if other[:-1] == path[:-1] and other not in self.quoted]
            before = plain[-1] if plain else ()
            raise refusals.Refused(slips.without_value(path, before, self.values, at, self.text))
        if not flow and value.start_mark.line >= at.end_line and slips.is_glued(text):
            self._check_alone(value, path)

    def _check_alone(self, value: Event, path: Path) -> None:
        start = value.start_mark.index
        if not self.text[self.text.rfind("\n", 0, start) + 1 : start].strip():
            raise refusals.Refused(self._glued(value, path))

    def _glued(self, value: Event, path: Path) -> Finding:
        start = value.start_mark.index
        line = rest_of_line(self.text, start)
        return slips.glued(path, line, span_at(self.text, start, len(line)))

    def _quoted(self, event: Event, path: Path) -> None:
        self.quoted.add(path)
        start = event.start_mark.index
        if event.style == ">" and not event.value.strip() and slips.is_comparison(self.text, start):
            raise refusals.Refused(self._folded(path, start))

    def _folded(self, path: Path, start: int) -> Finding:
        return slips.folded(path, self.text, start, rest_of_line(self.text, start), f"{path[-1]}:")

    def _not_a_key(self, event: Event, parent: Event, path: Path) -> Finding:
        opening = parent.start_mark.index
        if self.text.startswith("{{", opening):
            return slips.double_brace(path, self.text, opening)
        return refusals.not_a_key(event, path, self.text)

    def _close(self, start: Event, end: Event, path: Path, last: Path) -> None:
        """End a collection where its last value ends: libyaml ends a block only where the next one begins."""
        first = self.values[path]
        if start.flow_style or last == path:
            mark = end.end_mark
            self.values[path] = Span(first.line, first.column, mark.line + 1, mark.column + 1)
        else:
            final = self.values[last]
            self.values[path] = Span(first.line, first.column, final.end_line, final.end_column)

    def _note(self, finding: Finding) -> None:
        self.findings.append(finding)
        if len(self.findings) == MOST_FINDINGS:
            raise refusals.Refused(self.findings.pop())
