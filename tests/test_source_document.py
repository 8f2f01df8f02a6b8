"""Finding the place that a path means, also where the path says more or less than the file."""

import pytest

from sdplan.findings import Path, Span
from sdplan.source import Document, read_text

TEXT = """\
sdplan: 1
components:
  web:
    kind: service
    replicas: 3
    queue:
  service:
    replicas: 4
    service:
      replicas: 5
    zones: 3
flows:
  order:
    rate: = orders * missing
    api: "POST /orders"
    steps:
      - lb > api
      - db: {op: write, timeout: 200ms}
    note: 'it''s'
    text: |
      one
"""


@pytest.fixture
def document() -> Document:
    read, findings = read_text(TEXT, "shop.yaml")
    assert findings == []
    assert read is not None
    return read


def _text(span: Span) -> str:
    lines = TEXT.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("components", "web", "replicas"), "3"),
        (("components", "service", "replicas"), "4"),
        (("flows", "order", "steps", 0), "lb > api"),
        (("flows", "order", "steps", 1, "db", "timeout"), "200ms"),
        (("flows", "order", "steps", 1), "db: {op: write, timeout: 200ms}"),
        (("components", "web"), "kind: service\n    replicas: 3\n    queue:"),
    ],
)
def test_a_path_finds_its_value(document: Document, path: Path, text: str) -> None:
    assert _text(document.locate(path)) == text


def test_a_path_finds_its_key(document: Document) -> None:
    assert document.locate(("components", "web", "replicas"), on_key=True) == Span(5, 5, 5, 13)


def test_a_list_item_stands_for_its_own_key(document: Document) -> None:
    assert _text(document.locate(("flows", "order", "steps", 0), on_key=True)) == "lb > api"


def test_the_branch_of_a_union_in_a_path_is_passed_over(document: Document) -> None:
    assert _text(document.locate(("components", "web", "service", "replicas"))) == "3"
    assert (
        _text(document.locate(("components", "function-after[check()]", "web", "service", "kind")))
        == "service"
    )


def test_a_key_named_like_the_branch_does_not_mislead_a_path(document: Document) -> None:
    assert _text(document.locate(("components", "service", "service", "replicas"))) == "5"
    assert _text(document.locate(("components", "service", "service", "zones"))) == "3"
    assert _text(document.locate(("components", "service", "zones"))) == "3"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("components", "web", "zones"), "web"),
        (("components", "web", "service", "zones"), "web"),
        (("flows", "order", "steps", 1, "db", "retries"), "db"),
        (("flows", "order", "steps", 7), "steps"),
        (("flows", "gone", "rate"), "flows"),
        (("id",), "sdplan"),
        (("title", "x"), "sdplan"),
    ],
)
def test_a_missing_field_is_placed_at_the_key_of_what_should_hold_it(
    document: Document, path: Path, text: str
) -> None:
    assert _text(document.locate(path)) == text


def test_an_empty_value_is_placed_at_its_key(document: Document) -> None:
    assert _text(document.locate(("components", "web", "queue"))) == "queue"


def test_the_whole_document_is_placed_at_its_values(document: Document) -> None:
    assert document.locate(())[:2] == (1, 1)


def test_characters_of_a_value_are_placed_inside_it(document: Document) -> None:
    assert _text(document.inside(("flows", "order", "rate"), 11, 18)) == "missing"
    assert _text(document.inside(("flows", "order", "api"), 5, 12)) == "/orders"
    assert _text(document.inside(("flows", "order", "steps", 0), 5, 8)) == "api"


def test_the_end_of_a_value_is_placed_behind_it(document: Document) -> None:
    assert document.inside(("components", "web", "replicas"), 1, 1) == Span(5, 16, 5, 17)


def test_a_value_that_was_written_otherwise_is_placed_as_a_whole(document: Document) -> None:
    assert _text(document.inside(("flows", "order", "note"), 3, 4)) == "'it''s'"
    assert document.inside(("flows", "order", "text"), 1, 2)[:2] == (20, 11)


def test_a_document_without_a_key_has_a_place_too() -> None:
    read, _ = read_text("{}", "x")
    assert read is not None

    assert read.locate(("id",)) == Span(1, 1, 1, 1)
