"""Prose from a design: Markdown whose `{{ path }}` shows a solved number, made safe for every page.

The language of references is one name in double braces, nothing else: no expression, no filter, no
statement.  Whatever else stands in braces is text.  What a file says can bring no HTML, no image, no
link but http, https and mailto, no heading and no attribute into a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from json import dumps
from typing import TYPE_CHECKING

from markupsafe import Markup

from sdplan.findings import safe_text
from sdplan.solve.texts import REFERENCE

if TYPE_CHECKING:
    from sdplan.solve.solution import Record

Show = Callable[[str, "Record"], str]
"""How a number is written into the text: its dotted path and its record to Markdown."""

_SPAN = re.compile(
    r"(?<!\\)(?P<code>`[^`\n]+`)"
    r"|(?P<braces>\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\})"
    r"|!?\[(?P<label>[^\[\]\n]*)\]\((?P<target>[^()\s]*)\)"
    r"|(?P<mark>!\[|[<&\[\]`]|\{(?=[^{}\n]*[=:#.]))"
)
_TARGET = re.compile(r"(?:https?://|mailto:)[\w.~:/?#@!$&*+,;=%-]+")
_PUNCTUATION = re.compile(r"[^\w\s]|_")
_ACTIVE = re.compile(r"[\\`*{}\[\]<&|~^$]|(?<![^\W_])_|_(?![^\W_])")
_OPENING = re.compile(r"\s*(?:[#>+*=|~:-]|\d{1,9}[.)](?=\s|$))")
_TYPOGRAPHIC = str.maketrans({"<": "‹", ">": "›", '"': "”"})
_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)[\s#]*")
_RULER = re.compile(r"\s*(?:=+|-+)\s*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def plainly(path: str, record: Record) -> str:
    """The number as plain text."""
    return literal(record.shown())


def literal(text: str) -> str:
    """Text that Markdown and HTML both show as it is, on one line."""
    line = one_line(text)
    opening = _OPENING.match(line)
    end = opening.end() if opening else 0
    return _spelled(_PUNCTUATION, line[:end]) + _spelled(_ACTIVE, line[end:])


def one_line(text: str) -> str:
    """Text with its lines joined and its invisible characters spelled out."""
    return safe_text(" ".join(text.split()), limit=len(text) + 1)


def heading(text: str) -> str:
    """Literal text for a page's first heading, which site builders copy into titles without escaping it."""
    return literal(one_line(text).translate(_TYPOGRAPHIC))


def quoted(text: str) -> Markup:
    """Text as a YAML scalar in double quotes, which JSON's are."""
    return Markup(dumps(one_line(text)))


def markdown(text: str, numbers: Mapping[str, Record], show: Show = plainly) -> str:
    """Paragraphs and lists of a text field as safe Markdown with its numbers in place."""
    shown: list[str] = []
    for fenced, lines in _blocks(text.splitlines()):
        if fenced:
            shown += ["", f"<pre><code>{'&#10;'.join(_code(line) for line in lines)}</code></pre>", ""]
        else:
            shown += [_line(line, numbers, show) for line in lines]
    return "\n".join(shown).strip("\n")


def phrase(text: str, numbers: Mapping[str, Record], show: Show = plainly) -> str:
    """A text field as one safe line: fit for a list item, a table cell or the middle of a sentence."""
    line = " ".join(text.split())
    opening = _OPENING.match(line)
    end = opening.end() if opening else 0
    rest = _spans(safe_text(line[end:], limit=len(line) + 1), numbers, show)
    return _spelled(_PUNCTUATION, line[:end]) + rest.replace("|", "&#124;")


def fenced(text: str) -> Markup:
    """YAML as Markdown code, in a fence that nothing in it can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = (safe_text(line.expandtabs(8), limit=len(line) * 8 + 1) for line in text.splitlines())
    return Markup("\n".join([f"{fence}yaml", *lines, fence]))


def html(text: str, numbers: Mapping[str, Record], show: Show = plainly) -> str:
    """A text field as safe HTML paragraphs."""
    import markdown as renderer

    page: str = renderer.markdown(markdown(text, numbers, show), extensions=["sane_lists"])
    return page


def html_phrase(text: str, numbers: Mapping[str, Record], show: Show = plainly) -> str:
    """A text field as one line of safe HTML."""
    import markdown as renderer

    page: str = renderer.markdown(phrase(text, numbers, show))
    return page.removeprefix("<p>").removesuffix("</p>")


def code(text: str) -> str:
    """Text as Markdown code, or as HTML code where a code span could be read otherwise."""
    line = one_line(text)
    return f"`{line}`" if line and not re.search(r"[<&|\\`]", line) else f"<code>{_code(line)}</code>"


def _blocks(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """The lines in runs of prose and of fenced code; a fence that is never closed runs to the end."""
    run: list[str] = []
    closing = ""
    for line in lines:
        fence = _FENCE.match(line)
        if (closing and line.strip().startswith(closing)) or (not closing and fence):
            yield bool(closing), run
            run, closing = [], "" if closing or fence is None else fence.group(1)
        else:
            run.append(line)
    yield bool(closing), run


def _line(line: str, numbers: Mapping[str, Record], show: Show) -> str:
    heading = _HEADING.fullmatch(line)
    if heading is not None:
        return f"**{_spans(heading.group(1), numbers, show)}**"
    if _RULER.fullmatch(line):
        return _spelled(_PUNCTUATION, line)
    return _spans(safe_text(line, limit=len(line) + 1), numbers, show)


def _spans(line: str, numbers: Mapping[str, Record], show: Show) -> str:
    return _SPAN.sub(lambda match: _span(match, numbers, show), line)


def _span(match: re.Match[str], numbers: Mapping[str, Record], show: Show) -> str:
    text = match.group()
    if match["code"]:
        return code(text[1:-1])
    if match["braces"]:
        reference = REFERENCE.fullmatch(text)
        record = numbers.get(reference.group(1)) if reference else None
        return literal(text) if record is None or reference is None else show(reference.group(1), record)
    if match["mark"]:
        return "".join(_entity(character) for character in text)
    label, target = match["label"], match["target"]
    if _TARGET.fullmatch(target):
        return f"[{_code(label)}]({target.replace('&', '&amp;')})"
    return literal(text)


def _code(text: str) -> str:
    """Characters of code or of a link's label: spelled so that no Markdown in them comes to life."""
    return _spelled(_ACTIVE, safe_text(text, limit=len(text) + 1))


def _spelled(characters: re.Pattern[str], text: str) -> str:
    return characters.sub(lambda match: _entity(match.group()), text)


def _entity(character: str) -> str:
    known = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;"}
    return known.get(character) or f"&#{ord(character)};"
