"""Mistakes that deserve a sentence of their own, and syntax errors in plain words."""

import pytest
import yaml

from sdplan.source import read_text

Slip = tuple[str, str, tuple[int, int, int], str, str]  # text, code, line and columns, message, corrected

CUT = "inside { } and [ ] a comma ends the value, also within an expression"
COLON = "text with a colon and a space in it needs quotes"
BRACKET = "text that begins with a bracket needs quotes"
BRACES = "text that begins with `{{` needs quotes"
FOLDED = "a value can't begin with `>`, which marks a folded text in YAML"
SPACE = "`hit:60%` needs a space after the colon"
DIGITS = "inside { } a comma ends the value, also between the digits of a number"
SLIPS: list[Slip] = [
    ("a: {rate: = max(a, min(b, c)), peak: 3x}", "SP111", (1, 11, 30), CUT, 'rate: "= max(a, min(b, c))"'),
    ("a: [= max(a, b), c]", "SP111", (1, 5, 16), CUT, '"= max(a, b)"'),
    (
        "a: {F1: Gets a code, and a name.}",
        "SP111",
        (1, 22, 33),
        "`and a name.` has no value: inside { } a comma ends the value before it",
        'F1: "Gets a code, and a name."',
    ),
    ("a: {count: 1,000}", "SP111", (1, 14, 17), DIGITS, "count: 1000"),
    ("a: {b, c}", "SP111", (1, 5, 6), "`b` has no value", "b: value"),
    ("edge: {hit:60%}", "SP111", (1, 8, 15), SPACE, "hit: 60%"),
    ("edge: {ttl: 1d, hit:60%}", "SP111", (1, 17, 24), SPACE, "hit: 60%"),
    ("edge:\n  hit:60%\n  ttl:1d\n", "SP111", (2, 3, 10), SPACE, "hit: 60%"),
    ("edge:\n  hit:60%\n  ttl: 1d\n", "SP111", (2, 3, 10), SPACE, "hit: 60%"),
    ("id: a\nhit:60%\nb: 2", "SP111", (2, 1, 8), SPACE, "hit: 60%"),
    ("sdplan:1\nid:x\n", "SP111", (1, 1, 9), "`sdplan:1` needs a space after the colon", "sdplan: 1"),
    ("a: {d:}", "SP111", (1, 6, 7), "this colon needs a space after it", "key: value"),
    ("because: see: the docs # why", "SP111", (1, 10, 23), COLON, 'because: "see: the docs"'),
    ('title: "x" : y', "SP111", (1, 8, 15), COLON, "title: '\"x\" : y'"),
    ("a: {F1: one: two, c: d}", "SP111", (1, 9, 17), COLON, '"one: two"'),
    ("a: [b, one: two: three]", "SP111", (1, 13, 23), COLON, '"two: three"'),
    ("a: {\n  b: one: two,\n}", "SP111", (2, 6, 14), COLON, '"one: two"'),
    ("a: {ask: ? yes}", "SP111", (1, 10, 15), "a value that begins with `?` needs quotes", '"? yes"'),
    ("a: ? yes", "SP111", (1, 4, 9), "a value that begins with `?` needs quotes", '"? yes"'),
    ("title: {{ x }} links", "SP111", (1, 8, 21), BRACES, 'title: "{{ x }} links"'),
    ("tags: [{{ x }}]", "SP111", (1, 8, 15), BRACES, '"{{ x }}"'),
    ("api: {code}/x", "SP111", (1, 6, 14), BRACKET, 'api: "{code}/x"'),
    ("title: [new] links", "SP111", (1, 8, 19), BRACKET, 'title: "[new] links"'),
    ("holds: > 1", "SP111", (1, 8, 11), FOLDED, "holds: entities.link.count > 1"),
    ("holds: >= 1TB", "SP111", (1, 8, 14), FOLDED, "holds: entities.link.count >= 1TB"),
    ("holds: >1\nid: x", "SP111", (1, 8, 10), FOLDED, "holds: entities.link.count >1"),
    ("a: {holds: > 1}", "SP111", (1, 12, 15), FOLDED, "entities.link.count > 1"),
    ("title: > big", "SP111", (1, 8, 13), FOLDED, 'title: "> big"'),
    ("owner: @links", "SP111", (1, 8, 14), "a value that begins with `@` needs quotes", '"@links"'),
    ("rate: * 2", "SP111", (1, 7, 10), "a value that begins with `*` needs quotes", '"* 2"'),
    ("title: & more", "SP111", (1, 8, 14), "a value that begins with `&` needs quotes", '"& more"'),
    ("hit: %60", "SP111", (1, 6, 9), "a value that begins with `%` needs quotes", '"%60"'),
    ("a: `x`", "SP111", (1, 4, 7), "a value that begins with a backtick needs quotes", '"`x`"'),
]


@pytest.mark.parametrize(("text", "code", "place", "message", "corrected"), SLIPS)
def test_a_slip_is_named_in_a_sentence_and_the_meant_line_is_shown(
    text: str, code: str, place: tuple[int, int, int], message: str, corrected: str
) -> None:
    _, (finding,) = read_text(text, "x")

    assert (finding.code, finding.message) == (code, message)
    assert finding.span is not None
    assert (finding.span.line, finding.span.column, finding.span.end_column) == place
    assert f"`{corrected}`" in finding.hint


@pytest.mark.parametrize("corrected", [slip[4] for slip in SLIPS])
def test_what_a_hint_shows_is_valid_and_keeps_the_text(corrected: str) -> None:
    line = corrected if ": " in corrected.split('"')[0].split("'")[0] else f"a: {corrected}"
    shown, _ = read_text(line, "x")

    assert shown is not None
    assert all(isinstance(value, str) for value in shown.data.values())


SYNTAX: list[tuple[str, tuple[int, int], str, str]] = [
    ("a:\n\tb: 1", (2, 1), "a tab can't be used for indentation", "two for each level"),
    ("a: 1\n\tb: 1", (2, 1), "a tab can't be used for indentation", "two for each level"),
    ("a:\n  b: 1\n  \tc: 1", (3, 3), "a tab can't be used for indentation", "two for each level"),
    ("a: 1\n  b: 2", (2, 3), "`b:` can't begin here", "indentation of the keys beside it"),
    ("a:\n    b: 1\n  c: 2", (3, 3), "the indentation of this line fits none", "same number of spaces"),
    ("a: 1\nfoo\nb: 2", (2, 1), "a colon is missing after `foo`", "`key: value`"),
    ("a: 'it's'", (1, 8), "text goes on after the closing quote", "inside '…' write a quote as ''"),
    ('a: {b: "c" d}', (1, 12), "text goes on after the closing quote", "put the whole value in quotes"),
    ('a: "b\nc: d', (1, 4), "the text that this quote begins does not end", 'end it with `"`'),
    ('a: "\\d"', (1, 5), "`\\d` means nothing inside double quotes", "single quotes"),
    ('a: "\\ud800"', (1, 5), "`\\ud800` means nothing inside double quotes", "single quotes"),
    ("a: {b: 1\nc: 2\n", (1, 4), "this `{` is not closed", "or the comma that is missing before line 2"),
    ("a: [1, 2\nb: 3", (1, 4), "this `[` is not closed", "or the comma that is missing before line 2"),
    ("a: {b: 1", (1, 4), "this `{` is not closed", "add `}`"),
    ("a: {b: 1]", (1, 9), "`]` can't close the `{` on line 1", "write `}` here"),
    ("a: }", (1, 4), "`}` closes nothing", "remove it"),
    ("a: - b", (1, 4), "a list can't begin on the line of its key", "`[one, two]`"),
    ("a: 1\n- b", (2, 1), "a list item begins here, beside keys of a map", "indent it"),
    ("- a\nb: 1", (2, 1), "a list item is due here", "begin the line with `- `"),
    ("a: [,]", (1, 5), "a value is missing before this comma", "remove the comma"),
    (": b", (1, 1), "a key is missing before this colon", "`key: value`"),
    ("a: |x\n  b", (1, 4), "text can't follow `|` on its own line", "on the lines below"),
    ("a: b\n...\nc", (3, 1), "text follows after the end of the document", "`...`"),
    ("a: [b,", (1, 7), "the file ends where a value is due", "close every { and ["),
]


@pytest.mark.parametrize(("text", "place", "message", "hint"), SYNTAX)
def test_a_syntax_error_is_told_in_plain_words(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    read, (finding,) = read_text(text, "x")

    assert read is None
    assert finding.code == "SP101"
    assert finding.span is not None
    assert finding.span[:2] == place
    assert finding.message.startswith(message)
    assert hint in finding.hint


@pytest.mark.parametrize(
    "text",
    [
        "api: http://x.example/y",
        "a:\n  http://x",
        "a: b:c",
        "a: [b:c]",
        "time: 12:30",
        "a: what? yes",
        "a: {b: why?, c: d}",
        "a: R & D",
        "a: 5 * 3",
        "a: a > b > c",
        "a: {b: = max(1), c: [= (2)]}",
        "a: >\n  folded\n  text\n",
        "a: >2\n    b\n",
        "a: b #c: d",
        "a: {b: c,}",
        "a: {b: , c: }",
        "a: it's",
        "a: [lb > api, 'x, y']",
        "a:b: c",
        "a: {b: x (y}",
    ],
)
def test_what_only_looks_like_a_slip_is_read(text: str) -> None:
    read, findings = read_text(text, "x")

    assert findings == []
    assert read is not None
    assert read.data == yaml.load(text, Loader=yaml.CBaseLoader)
