"""Cells: what stands in a table or a list, and how each medium writes it.

A table is made once; a one-pager in Markdown, the same in HTML and a page of the site lay it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from sdplan.findings import dotted
from sdplan.render import prose
from sdplan.render.judgement import Shown, Sign, title_of

if TYPE_CHECKING:
    from sdplan.solve.solution import Record


class Words(NamedTuple):
    """Plain text, shown as it is."""

    text: str


class Code(NamedTuple):
    """A path, an expression or an interface, shown in a fixed width."""

    text: str


class Told(NamedTuple):
    """Prose of the design: Markdown that may show numbers."""

    text: str


class Link(NamedTuple):
    """A page of the site."""

    text: str
    target: str


Cell = Shown | Sign | Words | Code | Told | Link


class Column(NamedTuple):
    """The heading of a column, and whether numbers stand in it."""

    title: str
    numeric: bool = False


def words(*titles: str) -> list[Column]:
    """Columns of text."""
    return [Column(title) for title in titles]


def figures(*titles: str) -> list[Column]:
    """Columns of numbers."""
    return [Column(title, numeric=True) for title in titles]


class Table(NamedTuple):
    """Rows under headings."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Table:
    """A table without the columns in which no row says anything."""
    kept = list(rows)
    used = [n for n in range(len(columns)) if any(_says(row[n]) for row in kept)]
    return Table([columns[n] for n in used], [[row[n] for n in used] for row in kept])


def _says(cell: Cell) -> bool:
    return bool(cell.path if isinstance(cell, Shown) else cell.mark if isinstance(cell, Sign) else cell.text)


class Medium(NamedTuple):
    """How cells and prose are written."""

    cell: Callable[[Cell], Markup]
    block: Callable[[str], Markup]  # a text field as paragraphs
    phrase: Callable[[str], Markup]  # a text field on one line
    plain: Callable[[str], Markup]  # text that is no prose, shown as it is


def as_markdown(numbers: Mapping[str, Record]) -> Medium:
    """Plain Markdown, to be read as text too."""

    def cell(one: Cell) -> Markup:
        if isinstance(one, Sign):
            return Markup(prose.literal(f"{one.mark} {one.word}"))
        if isinstance(one, Code):
            return Markup(prose.code(one.text) if one.text else "")
        if isinstance(one, Shown):
            return Markup(prose.literal(f"{one.mark} {one.text}".strip()))
        return Markup(prose.phrase(one.text, numbers) if isinstance(one, Told) else prose.literal(one.text))

    return Medium(
        cell,
        block=lambda text: Markup(prose.markdown(text, numbers)),
        phrase=lambda text: Markup(prose.phrase(text, numbers)),
        plain=lambda text: Markup(prose.literal(text)),
    )


def as_html(numbers: Mapping[str, Record], *, anchor: str = "") -> Medium:
    """HTML; with an anchor such as `#`, each number is a link to where it is derived."""

    def number(path: str, text: str, title: str) -> Markup:
        if anchor and path:
            return Markup('<a class="sd-n" href="{}{}" data-path="{}" title="{}">{}</a>').format(
                anchor, path, path, title, text
            )
        return Markup('<span class="sd-n"{} title="{}">{}</span>').format(
            Markup(' data-path="{}"').format(path) if path else "", title, text
        )

    def show(name: str, record: Record) -> str:
        return str(number(dotted(record.path), record.shown(), title_of(record)))

    def cell(one: Cell) -> Markup:
        if isinstance(one, Shown):
            mark = Markup('<span class="sd-mark">{}</span>\u00a0').format(one.mark) if one.mark else ""
            return mark + number(one.path, one.text, one.title)
        if isinstance(one, Told):
            return Markup(prose.html_phrase(one.text, numbers, show))
        return _plain_html(one)

    return Medium(
        cell,
        block=lambda text: Markup(prose.html(text, numbers, show)),
        phrase=lambda text: Markup(prose.html_phrase(text, numbers, show)),
        plain=lambda text: escape(prose.one_line(text)),
    )


def _plain_html(one: Sign | Words | Code | Link) -> Markup:
    if isinstance(one, Sign):
        mark = Markup('<span class="sd-sign sd-{}"><span aria-hidden="true">{}</span> {}</span>')
        return mark.format(one.style, one.mark, one.word)
    if isinstance(one, Link):
        return Markup('<a href="{}">{}</a>').format(one.target, prose.one_line(one.text))
    text = escape(prose.one_line(one.text))
    return Markup("<code>{}</code>").format(text) if isinstance(one, Code) and text else text
