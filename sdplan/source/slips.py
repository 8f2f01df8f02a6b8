"""Text that YAML reads as something else: a sentence for each slip, and the line as it was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sdplan.findings import Finding, Path, Span
from sdplan.source.quoting import entry, index_of, quoted, rest_of_line, shown, span_at

_GLUED = r"(?:- +)*([A-Za-z][\w-]*):([^\s/:].*)"  # `http://` is no key


def slip(path: Path, message: str, hint: str, span: Span) -> Finding:
    """A finding about text that YAML takes for something else."""
    return Finding("SP111", "error", path, message, hint, span=span)


def needs_quotes(path: Path, what: str, text: str, start: int, meant: str, *, head: str = "") -> Finding:
    """What begins with a sign of YAML, or holds one, and shows the line with quotes."""
    fixed = f"{head} {quoted(shown(meant))}".strip()
    return slip(path, f"{what} needs quotes", f"write `{fixed}`", span_at(text, start, len(meant)))


def colon_in_text(text: str, start: int, meant: str, head: str = "") -> Finding:
    """Text holds `: ` and has no quotes."""
    return needs_quotes((), "text with a colon and a space in it", text, start, meant, head=head)


def double_brace(path: Path, text: str, start: int) -> Finding:
    """Text begins with `{{`, which YAML takes for two maps."""
    return needs_quotes(path, "text that begins with `{{`", text, start, entry(text, start), head=_head(path))


def bracket(path: Path, text: str, start: int, head: str = "") -> Finding:
    """Text begins with a bracket and goes on after it."""
    head = head or _head(path)
    return needs_quotes(
        path, "text that begins with a bracket", text, start, rest_of_line(text, start), head=head
    )


def _head(path: Path) -> str:
    return f"{path[-1]}:" if path and isinstance(path[-1], str) else ""


def is_cut(value: object) -> bool:
    """Whether a comma ended an expression inside its parentheses."""
    return isinstance(value, str) and value.startswith("=") and value.count("(") > value.count(")")


def cut_expression(path: Path, span: Span, text: str) -> Finding:
    """Inside `[ ]` or `{ }` a comma ended an expression."""
    start = index_of(text, span.line, span.column)
    meant = entry(text, start)
    message = "inside { } and [ ] a comma ends the value, also within an expression"
    fixed = f"{_head(path)} {quoted(shown(meant))}".strip()
    return slip(path, message, f"quote it: `{fixed}`", span_at(text, start, len(meant)))


def without_value(path: Path, before: Path, values: Mapping[Path, Span], at: Span, text: str) -> Finding:
    """A key inside `{ }` has no value: no space after its colon, or a comma that split a text."""
    key = str(path[-1])
    if is_glued(key):
        return glued(path, key, at)
    if not before:
        holder = values[path[:-1]]
        opening = index_of(text, holder.line, holder.column)
        if not entry(text, opening).endswith("}"):
            return bracket(path[:-1], text, opening)
        return slip(
            path, f"`{shown(key)}` has no value", f"write `{shown(key)}: value`, or a list in [ ]", at
        )
    earlier = values[before]
    start, end = (
        index_of(text, earlier.line, earlier.column),
        index_of(text, earlier.end_line, earlier.end_column),
    )
    if is_cut(text[start:end]):
        return cut_expression(before, earlier, text)
    return _cut_text(path, before, text[start:end], at)


def _cut_text(path: Path, before: Path, start: str, at: Span) -> Finding:
    key = str(path[-1])
    if re.fullmatch(r"\d{1,3}", start) and re.match(r"\d{3}\b", key):
        message = "inside { } a comma ends the value, also between the digits of a number"
        return slip(path, message, f"write `{before[-1]}: {start}{shown(key)}`", at)
    message = f"`{shown(key)}` has no value: inside {{ }} a comma ends the value before it"
    return slip(path, message, f"quote the text: `{before[-1]}: {quoted(shown(f'{start}, {key}'))}`", at)


def is_glued(line: str) -> bool:
    """Whether a line reads as `key:value`, the space forgotten."""
    return re.match(_GLUED, line.lstrip()) is not None


def glued(path: Path, line: str, at: Span) -> Finding:
    """A `key:value` without the space."""
    name, _, value = shown(line.strip().lstrip("- ")).partition(":")
    return slip(path, f"`{name}:{value}` needs a space after the colon", f"write `{name}: {value}`", at)


def is_comparison(text: str, start: int) -> bool:
    """Whether the header of an empty folded text reads as a comparison, such as `>1`."""
    return text[start + 1 : start + 2].isdigit()


def folded(path: Path, text: str, start: int, meant: str, head: str) -> Finding:
    """A `>` was meant as a comparison, or as text, and began a folded text."""
    span = span_at(text, start, len(meant))
    message = "a value can't begin with `>`, which marks a folded text in YAML"
    if re.match(r">=?\s*[\d.]", meant) or head.startswith("holds"):
        example = f"{head} entities.link.count {shown(meant)}".strip()
        return slip(path, message, f"name both sides of the comparison, for example `{example}`", span)
    return slip(path, message, f"quote it: `{head} {quoted(shown(meant))}`", span)


def starter(text: str, start: int) -> Finding:
    """A plain value begins with a sign that can't begin one."""
    meant = entry(text, start)
    if text[start] == ">":
        return folded((), text, start, meant, "")
    sign = "a backtick" if text[start] == "`" else f"`{text[start]}`"
    return needs_quotes((), f"a value that begins with {sign}", text, start, meant)
