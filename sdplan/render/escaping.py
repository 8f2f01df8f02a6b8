"""Text that came from a file, made harmless for a terminal, a CI log and Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sdplan.findings import safe_text

_COMMAND = re.compile(r"##(?=[A-Za-z]*\[)")  # a CI runner obeys `##[command]` anywhere in a line
_MARKUP = re.compile(r"([\\`*_{}\[\]|~<>&#@$])")
_CODE = re.compile(r"`([^`]+)`")
_BAR = r"\|"  # a bar would end the cell of a table, even inside code
_ENTITIES: Mapping[str, str] = {
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "@": "@<!-- -->",  # no mention of a person
    "#": "#<!-- -->",  # no reference to an issue
    "|": "&#124;",
}


def inline(text: str) -> str:
    """Text from a file for the middle of a line: no control character, and no command of a CI runner."""
    return _COMMAND.sub(r"#\\#", safe_text(text))


def inert(text: str) -> str:
    """Text from a file for any place in a line, its start included."""
    safe = inline(text)
    return safe.replace("::", ":\\:", 1) if safe.lstrip().startswith("::") else safe


def shown_name(name: str) -> str:
    """The name of a file at the start of a line; `./` before one that would begin a command."""
    safe = inline(name)
    return f"./{safe}" if safe.lstrip().startswith("::") else safe


def json_command_free(text: str) -> str:
    """JSON with the same meaning in which no CI runner finds a command."""
    return _COMMAND.sub(r"\\u0023#", text)


def markdown(text: str) -> str:
    """Text from a file as plain words in Markdown: no markup, no HTML, no mention, no issue number.

    What stands between backticks stays code: nothing in it is markup.
    """
    words = inline(text)
    parts, end = [], 0
    for code in _CODE.finditer(words):
        parts += [_plain(words[end : code.start()]), f"`{code.group(1).replace('|', _BAR)}`"]
        end = code.end()
    return "".join([*parts, _plain(words[end:])])


def _plain(words: str) -> str:
    return _MARKUP.sub(lambda match: _ENTITIES.get(match.group(), f"\\{match.group()}"), words)
