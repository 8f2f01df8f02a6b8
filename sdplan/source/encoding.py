"""From bytes to text: size, encoding, and the characters that no design may hold."""

from __future__ import annotations

import re

from sdplan.findings import Finding, Span

MOST_BYTES = 1 << 20

UNREADABLE_CODES = frozenset({"SP108", "SP110"})
"""Findings that say the input could not be read at all: nothing in it, or not text."""

_SAVE = "save the file as UTF-8"
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

# YAML 1.1 readers take U+0085, U+2028 and U+2029 for line ends and 1.2 readers do not, so they could show two
# designs in one file; bidirectional overrides show a reviewer another text than the one that counts.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x0c\x0d\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def decode(raw: bytes) -> tuple[str | None, list[Finding]]:
    """The text of a file, its line ends as \\n and without byte order mark, or why it can't be read."""
    if len(raw) > MOST_BYTES:
        return None, [too_large()]
    wide = _wide(raw)
    if wide:
        return None, [_unreadable(f"this file is encoded as {wide}, not UTF-8", _SAVE, Span(1, 1, 1, 1))]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        offset = wrong.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        return None, [_not_utf8(raw, offset)]
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    forbidden = forbidden_character(text)
    return (None, [forbidden]) if forbidden else (text, [])


def too_large() -> Finding:
    """The finding that a file exceeds the limit of 1 MiB."""
    hint = "keep generated data out of the design, or split the design into several"
    return Finding("SP107", "error", (), "this file is larger than 1 MiB", hint, span=Span(1, 1, 1, 1))


def forbidden_character(text: str) -> Finding | None:
    """The first character that no design may hold, if there is one."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    at, character = found.start(), found.group()
    offset = len(text[:at].encode("utf-8", "surrogatepass"))
    what = (
        "a carriage return without a line feed"
        if character == "\r"
        else f"the character U+{ord(character):04X}"
    )
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    shown = f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"
    hint = (
        "end lines with a line feed"
        if character == "\r"
        else f'remove it, or write it as `{shown}` inside "double quotes"'
    )
    return _unreadable(
        f"{what} at byte {offset} is not allowed here", hint, Span(line, column, line, column + 1)
    )


def _wide(raw: bytes) -> str:
    """The name of an encoding with several bytes a letter, by its mark or by the zeros beside ASCII."""
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return encoding
    zeros = [index for index, byte in enumerate(raw[:4]) if byte == 0]
    if zeros in ([1, 3], [0, 2]):
        return "UTF-16"
    return "UTF-32" if zeros in ([1, 2, 3], [0, 1, 2]) else ""


def _not_utf8(raw: bytes, offset: int) -> Finding:
    before = raw[:offset].decode("utf-8-sig")
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    message = f"byte {offset} (0x{raw[offset]:02X}) is not valid UTF-8"
    return _unreadable(message, _SAVE, Span(line, column, line, column + 1))


def _unreadable(message: str, hint: str, span: Span) -> Finding:
    return Finding("SP110", "error", (), message, hint, span=span)
