"""What is read of libyaml's events: one shape for all of them, with their places in the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from yaml import events
from yaml._yaml import CParser

from sdplan.findings import Span

SCALAR: type[object] = events.ScalarEvent
MAP: type[object] = events.MappingStartEvent
MAP_END: type[object] = events.MappingEndEvent
LIST_END: type[object] = events.SequenceEndEvent
DOCUMENT: type[object] = events.DocumentStartEvent
STREAM_END: type[object] = events.StreamEndEvent


class Mark(Protocol):
    """A place in the text, counted from 0; `index` counts characters."""

    index: int
    line: int
    column: int


class Event(Protocol):
    """One event; each kind has its part of these."""

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None  # None: a scalar without quotes
    flow_style: bool  # a collection in { } or [ ]


def event_source(text: str) -> Callable[[], Event]:
    """The function that gives the next event of a text."""
    return cast("Callable[[], Event]", CParser(text).get_event)


def span_of(start: Mark, end: Mark) -> Span:
    """The stretch of text between two places."""
    # A document of 2,000 lines has 8,000 spans: this skips the keyword handling of Span(...).
    return tuple.__new__(Span, (start.line + 1, start.column + 1, end.line + 1, end.column + 1))
