"""Prose of a design: numbers in their place, everything else inert."""

from __future__ import annotations

import html
import time
from html.parser import HTMLParser

import markdown as renderer
import pytest
import small_shop
from hypothesis import given, settings
from hypothesis import strategies as st

from sdplan.render import prose
from sdplan.solve.texts import numbers_of, unknown_numbers

SOLUTION = small_shop.solution()
NUMBERS = numbers_of(SOLUTION)
EXTENSIONS = [
    "attr_list",
    "md_in_html",
    "footnotes",
    "tables",
    "def_list",
    "abbr",
    "toc",
    "admonition",
    "smarty",
]
SSTI = [
    "{{ 7*7 }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% include '/etc/passwd' %}",
]
FRAGMENTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[b](https://ok.test/a?b=c&d)",
    "![x](https://evil.test/p.png)",
    "![x][r]",
    "\n[r]: javascript:alert(1)\n",
    "[TOC]",
    "\n*[API]: x\n",
    "[^1]",
    "\n[^1]: n\n",
    "`code`",
    "`",
    "``",
    "```",
    "\n```\n",
    "\n~~~\n",
    "`<b>`",
    "\\",
    "\\`",
    "\\[",
    "*em*",
    "__x__",
    "_",
    "{: onclick=alert(1) }",
    "{onclick=alert(1)}",
    "{ #id .c }",
    "\n# Heading { #x onclick=alert(1) }\n",
    "\n===\n",
    "\n---\n",
    "\n- item\n",
    "\n1. one\n",
    "\n> q\n",
    "\n    code\n",
    "\n\t<b>x</b>\n",
    "<!-- c -->",
    "]]>",
    "<?php ?>",
    "&lt;",
    "&#60;b&#62;",
    "<https://evil.test>",
    "<a@b.test>",
    "|",
    "\n| a | b |\n| --- | --- |\n",
    "\n!!! note\n    <b>x</b>\n",
    "{{ peak_factor }}",
    "{{ flows.buy.peak_rate }}",
    "{{ <b> }}",
    "{% raw %}",
    "[x](data:text/html,<script>)",
    "[x](java\tscript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    '[x](https://a.test "t" onclick=1)',
    "[`](https://a.test)",
    "[*x](mailto:a@b.test)",
    "text",
    " ",
    "\n",
    "\n\n",
    '"',
    "'",
]
ALLOWED = {
    "p",
    "em",
    "strong",
    "code",
    "pre",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "br",
    "hr",
    "dl",
    "dt",
    "dd",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


class Elements(HTMLParser):
    """Every element with its attributes, as a browser would find them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.others: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)


def harmless(page: str) -> None:
    parsed = Elements(page)
    assert {tag for tag, _ in parsed.found} <= ALLOWED
    assert parsed.others == []
    for tag, attributes in parsed.found:
        names = set(attributes) - ({"class", "style"} if tag in ("div", "p", "th", "td") else set())
        assert names <= ({"href"} if tag == "a" else set())
        target = attributes.get("href") or "https://"
        assert target.startswith(("https://", "http://", "mailto:"))
        assert (attributes.get("style") or "text-align").startswith("text-align")


def test_a_reference_shows_its_number() -> None:
    peak = SOLUTION.records["flows", "buy", "peak_rate"].shown()

    assert f"at peak {peak}" in prose.markdown("at peak {{ flows.buy.peak_rate }}", NUMBERS)
    assert prose.html_phrase("{{peak_factor}} times", NUMBERS) == "3 times"


@pytest.mark.parametrize("text", SSTI)
def test_whatever_else_stands_in_braces_is_shown_as_it_is(text: str) -> None:
    assert Elements(prose.html(text, NUMBERS)).text == text
    assert Elements(prose.html_phrase(text, NUMBERS)).text == text
    assert html.unescape(prose.markdown(text, NUMBERS)) == text


def test_an_unknown_number_stays_visible_and_is_reported() -> None:
    assert Elements(prose.html("{{ flows.buy.peek }}", NUMBERS)).text == "{{ flows.buy.peek }}"

    design = small_shop.design().model_copy(update={"summary": "{{ flows.buy.peek }} and {{ peak_factor }}"})
    design.model_fields_set.add("summary")
    assert unknown_numbers(design, SOLUTION) == [(("summary",), "flows.buy.peek")]


def test_markdown_of_a_text_field_is_kept() -> None:
    page = prose.html("A *good* [link](https://a.test/?b=c&d=e) and `code`:\n\n- one\n- two", NUMBERS)

    assert "<em>good</em>" in page
    assert '<a href="https://a.test/?b=c&amp;d=e">link</a>' in page
    assert "<code>code</code>" in page
    assert page.count("<li>") == 2


def test_a_heading_in_a_text_field_makes_no_heading_of_the_page() -> None:
    assert Elements(prose.html("# Approved by security\n\nText\n===", NUMBERS)).found[0][0] == "p"


@pytest.mark.parametrize("text", ["- x", "1. x", "# x", "> x", ": x", "| x", "+ x", "=== x"])
def test_a_phrase_opens_no_block(text: str) -> None:
    page = renderer.markdown(f"* {prose.phrase(text, NUMBERS)}", extensions=["def_list", "tables"])

    assert html.unescape(page).replace("\n", "") == f"<ul><li>{text}</li></ul>"


def test_a_number_at_the_start_of_a_phrase_reads_as_it_is() -> None:
    assert prose.phrase("4.03 ms of wait", NUMBERS) == "4.03 ms of wait"


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=12))
@settings(max_examples=400, deadline=None)
def test_no_text_brings_an_element_an_attribute_or_an_address_into_a_page(parts: list[str]) -> None:
    text = "".join(parts)

    harmless(prose.html(text, NUMBERS))
    harmless(prose.html_phrase(text, NUMBERS))
    harmless(renderer.markdown(prose.markdown(text, NUMBERS), extensions=EXTENSIONS))
    harmless(renderer.markdown(f"* {prose.phrase(text, NUMBERS)}\n* y", extensions=EXTENSIONS))
    harmless(renderer.markdown(prose.literal(text), extensions=EXTENSIONS))


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_literal_text_reads_as_one_line_of_itself(text: str) -> None:
    shown = Elements(renderer.markdown(f"x {prose.literal(text)} x")).text

    assert shown.split() == ["x", *prose.one_line(text).split(), "x"]


@pytest.mark.parametrize("piece", ["`", "[", "{{", "[a](", "![", "{{ a", "[a][", "**", "\\`"])
def test_long_hostile_text_takes_no_long_time(piece: str) -> None:
    start = time.perf_counter()
    prose.markdown(piece * 20_000, NUMBERS)

    assert time.perf_counter() - start < 1.0


def test_control_and_bidi_characters_are_spelled_out() -> None:
    shown = prose.markdown("a\x1b[31mb\u202ec\x07", NUMBERS)

    assert not any(character in shown for character in "\x1b\x07\u202e")
