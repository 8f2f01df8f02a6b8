"""Source frames: where a finding stands, the line itself with a caret, what to write, and why it is so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sdplan.findings import Because, Finding, Severity, Span, dotted
from sdplan.render.checked import Checked
from sdplan.render.escaping import inert, inline, shown_name

WIDTH = 100  # characters of a source line that are shown
LEAD = 40  # of these, how many stand before the caret when the line is cut

_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what libyaml counts as the end of a line

_COLOURS: Mapping[Severity, str] = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "advice": "\x1b[1;36m"}
_PLAIN = "\x1b[0m"


class MarkedLine(NamedTuple):
    """A source line fit for a terminal, and where its caret begins and how long it is."""

    text: str
    offset: int
    length: int


def source_lines(text: str) -> list[str]:
    """The lines of a file as its positions count them."""
    return _BREAKS.split(text)


def frame(
    checked: Checked, lines: Sequence[str], span: Span, finding: Finding, *, colour: bool = False
) -> str:
    """A finding as people read it: place and sentence, the marked line, the help and the chain of causes."""
    number = str(span.line)
    parts = [_headline(checked.name, span, finding, colour)]
    if span.line <= len(lines) and lines[span.line - 1].strip():
        marked = mark(lines[span.line - 1], span)
        caret = _paint("^" * marked.length, finding.severity, colour)
        parts.append(f"  {number} | {marked.text}")
        parts.append(f"  {' ' * len(number)} | {' ' * marked.offset}{caret}")
    parts += [f"  because {_cause(checked, link)}" for link in finding.because]
    parts += [f"  help: {inert(finding.hint)}"] if finding.hint else []
    return "\n".join(parts)


def _headline(name: str, span: Span, finding: Finding, colour: bool) -> str:
    kind = _paint(f"{finding.severity} {finding.code}", finding.severity, colour)
    return f"{shown_name(name)}:{span.line}:{span.column}: {kind} {inert(finding.message)}"


def _paint(text: str, severity: Severity, colour: bool) -> str:
    return f"{_COLOURS[severity]}{text}{_PLAIN}" if colour else text


def _cause(checked: Checked, link: Because) -> str:
    message = inert(link.message)
    if not link.path:
        return message
    if checked.document is None:
        return f"{message} ({inert(dotted(link.path))})"
    return f"{message} ({shown_name(checked.name)}:{checked.place(link.path).line})"


def mark(line: str, span: Span) -> MarkedLine:
    """The line of a span with its caret; tabs as one space, a long line cut around the caret."""
    line = line.replace("\t", " ")
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    low = max(0, start - LEAD) if len(line) > WIDTH else 0
    high = min(len(line), low + WIDTH)
    before, after = "…" if low else "", "…" if high < len(line) else ""
    offset = columns(before + inline(line[low:start]))
    length = columns(inline(line[start : min(max(end, start), high)]))
    return MarkedLine(before + inline(line[low:high]) + after, offset, max(1, length))


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # loading it costs, and few designs need it

    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)
