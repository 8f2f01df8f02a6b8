"""Reading: what a design holds, where it stands, and what is refused."""

import gc
import random
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sdplan.findings import Path, Span
from sdplan.source import Document, read_text

DESIGN = """\
sdplan: 1
id: shop
title: A shop            # a comment
tags: [a, "b", 'c d']
context: |
  Two lines
  of text.
inputs:
  orders: {value: 12k/min, range: 1:2..3:4}
flows:
  order:
    rate: = orders
    steps:
      - lb > api
      - db: {op: write,
             timeout: 200ms}
components: {}
horizon:
"""


def document(text: str) -> Document:
    read, findings = read_text(text, "design.yaml")
    assert findings == []
    assert read is not None
    return read


def refusal(text: str) -> tuple[str, tuple[int, int], str, str]:
    """Code, line and column, message and hint of the one finding."""
    read, findings = read_text(text, "design.yaml")
    assert read is None
    (finding,) = findings
    assert finding.severity == "error"
    assert finding.span is not None
    return finding.code, finding.span[:2], finding.message, finding.hint


def test_every_scalar_stays_the_text_that_was_written() -> None:
    written = "{country: NO, flag: on, oct: 010, time: '12:30:45', exp: 1e3, none: ~, gap: , y: y, eq: =}"

    assert document(written).data == {
        "country": "NO", "flag": "on", "oct": "010", "time": "12:30:45", "exp": "1e3", "none": "~", "gap": "",
        "y": "y", "eq": "=",
    }  # fmt: skip


def test_data_is_what_the_loader_without_types_gives() -> None:
    assert document(DESIGN).data == yaml.load(DESIGN, Loader=yaml.CBaseLoader)


def test_keys_that_are_text_in_yaml_12_are_accepted() -> None:
    keys = ["y", "no", "on", "Yes", "1_000", "p99.9", "12:30", "0b1", "e3", "1e", "."]

    assert list(document("\n".join(f"{key}: x" for key in keys)).data) == keys


def test_quoted_scalars_are_told_apart_from_plain_ones() -> None:
    assert document(DESIGN).quoted == {("tags", 1), ("tags", 2), ("context",)}


def _nodes(node: yaml.Node, path: Path = ()) -> list[tuple[Path, str, yaml.Node]]:
    found: list[tuple[Path, str, yaml.Node]] = [(path, "value", node)]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found += [((*path, key.value), "key", key), *_nodes(value, (*path, key.value))]
    if isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            found += _nodes(value, (*path, index))
    return found


def test_every_key_and_value_has_the_place_that_the_python_parser_gives_it() -> None:
    read = document(DESIGN)
    expected = _nodes(yaml.compose(DESIGN, Loader=yaml.SafeLoader))

    assert len(expected) == len(read.keys) + len(read.values)
    for path, part, node in expected:
        span = read.keys[path] if part == "key" else read.values[path]
        assert (node.start_mark.line + 1, node.start_mark.column + 1) == span[:2], path
        if isinstance(node, yaml.ScalarNode) and node.style != "|":
            assert (node.end_mark.line + 1, node.end_mark.column + 1) == span[2:], path


def test_a_block_ends_where_its_last_value_ends() -> None:
    read = document("a:\n  b:\n    c: one\n\n\n  # comment\nd: {e: [1, 2] }\n")

    assert read.values[("a",)] == Span(2, 3, 3, 11)
    assert read.values[("d",)] == Span(7, 4, 7, 16)
    assert read.values[()] == Span(1, 1, 7, 16)


def test_columns_count_characters_and_not_bytes() -> None:
    assert document("größe: {ä: 'ö', 😀: é}").values[("größe", "😀")] == Span(1, 20, 1, 21)


def test_a_key_given_twice_is_an_error_that_names_both_lines() -> None:
    assert refusal("slos:\n  api:\n    p99: 1\n    p50: 2\n    p99: 3\n") == (
        "SP102",
        (5, 5),
        "`p99` is given twice in `slos.api`, on lines 3 and 5",
        "keep one of the two, or rename one",
    )


def test_quotes_do_not_make_a_key_another_key() -> None:
    assert refusal('{a: 1, "a": 2}')[:2] == ("SP102", (1, 8))


def test_keys_given_twice_are_all_reported_up_to_a_limit() -> None:
    _, few = read_text("a: 1\nb: 2\na: 3\nb: 4\n", "x")
    _, many = read_text("a: 1\n" * 100, "x")

    assert [finding.span.line for finding in few if finding.span] == [3, 4]
    assert len(many) == 20


@pytest.mark.parametrize(
    "text", ["a: &x 1", "a: &x {b: 1}", "a: [&x]", "&x a: 1", "a: *x", "*x : 1", "<<: {}"]
)
def test_anchors_aliases_and_merge_keys_are_refused(text: str) -> None:
    code, place, _, _ = refusal(text)

    assert code == "SP103"
    assert place == (1, text.index(next(sign for sign in "&*<" if sign in text)) + 1)


def test_a_quoted_merge_key_is_text() -> None:
    assert document("'<<': 1").data == {"<<": "1"}


@pytest.mark.parametrize(
    "text", ["a: !t 1", "a: !!str 1", "a: !<tag:x> 1", "a: [! b]", "!t a: 1", "a: !t {}"]
)
def test_tags_are_refused(text: str) -> None:
    assert refusal(text)[:2] == ("SP104", (1, text.index("!") + 1))


def test_directives_are_refused_but_for_the_version() -> None:
    assert refusal("%TAG ! tag:x\n---\na: 1")[:2] == ("SP104", (1, 1))
    assert refusal("%YAML 3.0\n---\na: 1")[:2] == ("SP101", (1, 1))
    assert document("%YAML 1.2\n---\na: 1").data == {"a": "1"}


def test_a_second_document_is_refused() -> None:
    assert refusal("a: 1\n---\nb: 2\n")[:2] == ("SP105", (2, 1))
    assert document("---\na: 1\n...\n").data == {"a": "1"}


@pytest.mark.parametrize(
    "key",
    [
        "1",
        "-1",
        "010",
        "0x1F",
        "0o17",
        "1.5",
        ".5",
        "1.",
        "1e3",
        "1.5E-3",
        ".inf",
        "-.INF",
        ".nan",
        "true",
        "FALSE",
        "null",
        "Null",
        "~",
    ],
)
def test_a_key_that_is_no_text_to_yaml_is_refused(key: str) -> None:
    assert refusal(f"a:\n  {key}: x")[:2] == ("SP106", (2, 3))
    assert document(f"a:\n  '{key}': x").data == {"a": {key: "x"}}


def test_a_list_or_a_map_as_a_key_is_refused() -> None:
    assert refusal("a:\n  ? [b, c]\n  : 1")[:2] == ("SP106", (2, 5))
    assert refusal("{a: 1}: b")[:2] == ("SP106", (1, 1))


def _nested(levels: int) -> str:
    return "a: " + "[" * (levels - 1) + "]" * (levels - 1)


def test_the_limits_are_named_and_hold_exactly() -> None:
    assert document(_nested(64))
    assert refusal(_nested(65))[:2] == ("SP107", (1, 67))
    assert "64 levels" in refusal(_nested(65))[2]
    assert document("a: '" + "x" * 65_536 + "'")
    assert refusal("a: '" + "x" * 65_537 + "'")[:2] == ("SP107", (1, 4))
    assert refusal("? " + "x" * 65_537)[:2] == ("SP107", (1, 3))
    assert document("# " + "x" * 1_048_568 + "\na: 1")
    assert refusal("# " + "x" * 1_048_576 + "\na: 1")[:2] == ("SP107", (1, 1))
    assert "larger than 1 MiB" in refusal("# " + "é" * 524_288 + "\na: 1")[2]
    assert "200,000" in refusal("a: [" + "x," * 200_000 + "]")[2]


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "null", "~\n"])
def test_a_file_with_nothing_in_it_is_empty(text: str) -> None:
    assert refusal(text)[0] == "SP108"


@pytest.mark.parametrize(
    ("text", "what"), [("a string\n", "text"), ("- a\n- b\n", "a list"), ("'null'", "text")]
)
def test_a_design_is_a_map(text: str, what: str) -> None:
    code, place, message, _ = refusal(text)

    assert (code, place) == ("SP109", (1, 1))
    assert message == f"a design is a map of `key: value`, this file is {what}"


def test_a_finding_carries_the_path_to_its_place() -> None:
    _, findings = read_text("flows:\n  a:\n    steps:\n      - b: !t c", "x")

    assert findings[0].path == ("flows", "a", "steps", 0, "b")


_SIGNS = "ab:-?{}[],\n \t#&*!|>'\"%@`=().0é\\\x85\u2028\ufeff\x00\ud800"


@given(st.text(alphabet=st.sampled_from(list(_SIGNS))))
@settings(max_examples=1500, deadline=None)
def test_any_text_gives_a_document_or_findings_inside_the_text(text: str) -> None:
    read, findings = read_text(text, "x")

    assert (read is None) == bool(findings)
    for finding in findings:
        assert finding.span is not None
        assert 1 <= finding.span.line <= text.count("\n") + text.count("\r") + 1
        assert finding.span[:2] <= finding.span[2:]
        assert finding.message


def test_a_design_with_any_few_characters_changed_gives_findings_inside_the_text() -> None:
    draw = random.Random(7)
    for _ in range(3000):
        start = draw.randrange(len(DESIGN))
        text = DESIGN[start : start + draw.randrange(1, 200)]
        for _ in range(draw.randrange(1, 5)):
            at = draw.randrange(len(text) + 1)
            text = text[:at] + draw.choice(_SIGNS) * draw.randrange(3) + text[at + draw.randrange(3) :]
        read, findings = read_text(text, "x")
        assert (read is None) == bool(findings)
        for finding in findings:
            assert finding.span is not None
            assert finding.span.line <= len(text.split("\n")), text


_CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"])
_WORDS = st.text(_CHARACTERS).filter(lambda word: word[:1] not in list("=.+-0123456789"))
_TREES = st.recursive(_WORDS, lambda inner: st.lists(inner) | st.dictionaries(_WORDS, inner), max_leaves=12)


@given(st.dictionaries(_WORDS, _TREES, min_size=1), st.sampled_from([None, True, False]))
@settings(max_examples=80, deadline=None)
def test_what_another_program_wrote_is_read_back(data: dict[str, object], flow: bool | None) -> None:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    text = yaml.dump(data, Dumper=Plain, allow_unicode=True, default_flow_style=flow, width=10**6)

    assert document(text).data == data


def test_two_thousand_lines_are_read_in_fifty_milliseconds() -> None:
    indented = "\n".join(f"  {line}" for line in DESIGN.splitlines())
    text = "\n".join(f"part-{n}:\n{indented}" for n in range(2000 // 19))
    times = []
    gc.collect()
    for _ in range(15):
        started = time.process_time()
        document(text)
        times.append(time.process_time() - started)

    assert text.count("\n") >= 1990
    assert min(times) < 0.05
