"""Findings: what is wrong with a design, as values.

A mistake in the text, a design that does not fit its schema and a risk in the design itself share one
type, so that one printer shows them all.  Nothing here raises, prints or touches a file.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "advice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")  # worst first

Path = tuple[str | int, ...]
"""Where a thing stands in the document: map keys and list indices from the root."""


class Span(NamedTuple):
    """A stretch of the source text, 1-based lines and columns; the end column is one past the last."""

    line: int
    column: int
    end_line: int
    end_column: int


class Because(NamedTuple):
    """One link of the chain from what was missed down to what causes it."""

    path: Path
    message: str


class Finding(NamedTuple):
    """One thing that is wrong, where, and what to write instead."""

    code: str
    severity: Severity
    path: Path
    message: str
    hint: str = ""
    because: tuple[Because, ...] = ()
    span: Span | None = None  # set where the fault has a place of its own; else the path is located
    on_key: bool = False  # mark the key, not the value


def dotted(path: Path) -> str:
    """`("flows", "redirect", "steps", 0)` as `flows.redirect.steps[0]`, the way people and YAML name it."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def safe_text(text: str, *, limit: int = 500) -> str:
    """Text from a file, fit for a terminal: every control, bidi and zero-width character spelled out."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return _UNSAFE.sub(lambda match: _spelled(match.group()), shown)


def _spelled(character: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    point = ord(character)
    return known.get(character) or (f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}")
