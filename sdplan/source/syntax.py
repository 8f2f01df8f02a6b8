"""What libyaml could not parse, in the words of someone who writes a design."""

from __future__ import annotations

import re
from collections.abc import Callable

from yaml import MarkedYAMLError

from sdplan.findings import Finding
from sdplan.source.quoting import column_at, entry, line_at, rest_of_line, shown, span_at
from sdplan.source.slips import bracket, colon_in_text, folded, glued, is_glued, starter
from sdplan.source.trouble import Trouble

_KEY = re.compile(r"[ \t]*(?:- +)*(?:\"[^\"]*\"|'[^']*'|[^\s'\"{\[#-][^:]*):[ \t]+|[ \t]*(?:- +)+")
_ONLY_KEY = re.compile(r"\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+)\s*")


def explain(wrong: MarkedYAMLError, text: str) -> Finding:
    """The finding for one syntax error."""
    at = wrong.problem_mark or wrong.context_mark
    index = at.index if at else 0
    begun = wrong.context_mark.index if wrong.context_mark else index
    trouble = Trouble(wrong.problem or "", text, index, begun)
    for phrase, sentence in _SENTENCES:
        if phrase in trouble.problem:
            return sentence(trouble)
    return trouble.here(f"this is not valid YAML: {shown(trouble.problem)}", "quote what is meant as text")


def _key_before(text: str, index: int) -> str:
    """The `key: ` or `- ` that a line begins with, left of a place."""
    found = _KEY.match(line_at(text, index)[: column_at(text, index)])
    return found.group() if found else ""


def _second_colon(trouble: Trouble) -> Finding:
    head = _key_before(trouble.text, trouble.at)
    if not head.strip():
        return _deeper_line(trouble)
    start = trouble.at - len(trouble.before) + len(head)
    return colon_in_text(trouble.text, start, rest_of_line(trouble.text, start), head.strip())


def _deeper_line(trouble: Trouble) -> Finding:
    start = trouble.at - len(trouble.before)
    above = line_at(trouble.text, start - 1).strip() if start else ""
    if is_glued(above):
        return glued((), above, span_at(trouble.text, trouble.text.rindex(above, 0, start), len(above)))
    word = trouble.before.strip()
    if not word:
        return trouble.here("a key is missing before this colon", "write `key: value`")
    message = f"`{shown(word)}:` can't begin here: this line goes on with the value of the line above"
    hint = "give a new key the indentation of the keys beside it, or quote the text above"
    indent = len(trouble.before) - len(trouble.before.lstrip())
    return trouble._replace(at=start + indent).here(message, hint, len(word))


def _missing_colon(trouble: Trouble) -> Finding:
    line = rest_of_line(trouble.text, trouble.begun)
    if is_glued(line):
        return glued((), line, span_at(trouble.text, trouble.begun, len(line)))
    return trouble.since(f"a colon is missing after `{shown(line)}`", "write `key: value`", len(line))


def _bracket(trouble: Trouble) -> Finding:
    opened, due = ("{", "}") if "'}'" in trouble.problem else ("[", "]")
    same_line = "\n" not in trouble.text[trouble.begun : trouble.at]
    if trouble.character == ":" and (same_line or not _ONLY_KEY.fullmatch(trouble.before)):
        return _colon_in_flow(trouble)
    if trouble.character and trouble.character in "}]":
        message = (
            f"`{trouble.character}` can't close the `{opened}` on line {_line(trouble.text, trouble.begun)}"
        )
        return trouble.here(message, f"write `{due}` here")
    if trouble.follows("'\""):
        return _after_quotes(trouble)
    comma = (
        ""
        if same_line or not trouble.character
        else f", or the comma that is missing before line {_line(trouble.text, trouble.at)}"
    )
    return trouble.since(f"this `{opened}` is not closed", f"add `{due}`{comma}")


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1


def _colon_in_flow(trouble: Trouble) -> Finding:
    start = max(
        trouble.text.rfind(sign, trouble.begun, trouble.at) + len(sign) for sign in (": ", ",", "{", "[")
    )
    while trouble.text[start] in " \n":
        start += 1
    return colon_in_text(trouble.text, start, entry(trouble.text, start))


def _after_quotes(trouble: Trouble) -> Finding:
    hint = "put the whole value in quotes; inside '…' write a quote as '', inside \"…\" as \\\""
    return trouble.here("text goes on after the closing quote", hint)


def _no_key(trouble: Trouble) -> Finding:
    if trouble.follows("'\""):
        return _after_quotes(trouble)
    head = _key_before(trouble.text, trouble.at)
    if head and trouble.follows("}]"):
        start = trouble.at - len(trouble.before) + len(head)
        return bracket((), trouble.text, start, head.strip())
    if trouble.character == "-":
        return trouble.here("a list item begins here, beside keys of a map", "indent it under its own key")
    if trouble.character == ":":
        return trouble.here("a key is missing before this colon", "write `key: value`")
    if trouble.character and trouble.character in "}]":
        return _no_content(trouble)
    message = "the indentation of this line fits none of the lines above"
    return trouble.here(message, "give it the same number of spaces as the keys beside it")


def _no_content(trouble: Trouble) -> Finding:
    if trouble.character == "?":
        return starter(trouble.text, trouble.at)
    if trouble.character and trouble.character in "}]":
        return trouble.here(f"`{trouble.character}` closes nothing", "remove it, or quote the text")
    if trouble.character == ",":
        return trouble.here("a value is missing before this comma", "remove the comma, or quote the text")
    if not trouble.character:
        return trouble.here("the file ends where a value is due", "write the value, and close every { and [")
    return trouble.here("a value is missing here", "write the value, or quote the text")


def _sign(trouble: Trouble) -> Finding:
    return _tab(trouble) if trouble.character == "\t" else starter(trouble.text, trouble.at)


def _begun_sign(trouble: Trouble) -> Finding:
    return starter(trouble.text, trouble.begun)


def _block_header(trouble: Trouble) -> Finding:
    if trouble.text[trouble.begun] == ">":
        head = _key_before(trouble.text, trouble.begun).strip()
        return folded((), trouble.text, trouble.begun, rest_of_line(trouble.text, trouble.begun), head)
    width = len(rest_of_line(trouble.text, trouble.begun))
    hint = "put the text on the lines below, indented, or in quotes on this line"
    return trouble.since("text can't follow `|` on its own line", hint, width)


def _tab(trouble: Trouble) -> Finding:
    line = line_at(trouble.text, trouble.at)
    start = trouble.at - len(trouble.before) + len(line) - len(line.lstrip(" "))
    width = len(line.lstrip(" ")) - len(line.lstrip(" ").lstrip("\t"))
    message, hint = "a tab can't be used for indentation", "replace it by spaces, two for each level"
    return trouble._replace(at=start).here(message, hint, width)


def _unclosed_quote(trouble: Trouble) -> Finding:
    sign = trouble.text[trouble.begun]
    return trouble.since("the text that this quote begins does not end", f"end it with `{sign}`")


def _escape(trouble: Trouble) -> Finding:
    start = trouble.text.rfind("\\", trouble.begun, trouble.at + 1)
    found = re.match(r"\\(?:[xuU]\w*|.?)", trouble.text[start:])
    word = found.group() if found else "\\"
    hint = "write `\\\\` for a backslash, or use 'single quotes'"
    return trouble._replace(at=start).here(
        f"`{shown(word)}` means nothing inside double quotes", hint, len(word)
    )


def _list_on_line(trouble: Trouble) -> Finding:
    hint = "put each `- item` on a line of its own, or write `[one, two]`; quote text that begins with `- `"
    return trouble.here(
        "a list can't begin on the line of its key",
        hint,
        len(rest_of_line(trouble.text, trouble.at)),
    )


def _tag(trouble: Trouble) -> Finding:
    word = entry(trouble.text, trouble.begun).split(" ")[0]
    message = f"tags such as `{shown(word)}` are not allowed in a design"
    hint = "remove it; text that begins with `!` needs quotes"
    return trouble.since(message, hint, len(word))._replace(code="SP104")


def _not_an_item(trouble: Trouble) -> Finding:
    return trouble.here(
        "a list item is due here", "begin the line with `- `, or end the list by its indentation"
    )


def _after_end(trouble: Trouble) -> Finding:
    return trouble.here("text follows after the end of the document", "remove it, or the `...` line above it")


def _glued_colon(trouble: Trouble) -> Finding:
    return trouble.here("this colon needs a space after it", "write `key: value`")._replace(code="SP111")


def _version(trouble: Trouble) -> Finding:
    return trouble.here(
        "this line does not name a version of YAML that is known", "remove it, or write `%YAML 1.2`"
    )


_SENTENCES: tuple[tuple[str, Callable[[Trouble], Finding]], ...] = (
    ("mapping values are not allowed", _second_colon),
    ("could not find expected ':'", _missing_colon),
    ("did not find expected ','", _bracket),
    ("did not find expected key", _no_key),
    ("did not find expected node content", _no_content),
    ("did not find expected '-' indicator", _not_an_item),
    ("did not find expected <document start>", _after_end),
    ("found a tab character", _tab),
    ("found character that cannot start any token", _sign),
    ("indentation indicator", _block_header),
    ("did not find expected comment or line break", _block_header),
    ("found unexpected end of stream", _unclosed_quote),
    ("found unexpected document indicator", _unclosed_quote),
    ("found unexpected ':'", _glued_colon),
    ("escape", _escape),
    ("hexdecimal", _escape),
    ("block sequence entries are not allowed", _list_on_line),
    ("mapping keys are not allowed", _sign),
    ("alphabetic or numeric character", _begun_sign),
    ("YAML document", _version),
    ("directive", _version),
    ("version", _version),
    ("tag", _tag),
    ("did not find expected '!'", _tag),
    ("did not find the expected '>'", _tag),
    ("did not find expected whitespace or line break", _tag),
)
