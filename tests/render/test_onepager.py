"""The one-pager: the review outline with its numbers, in Markdown and as a page that stands alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import markdown
import pytest
import small_shop

from sdplan.render.onepager import onepager
from sdplan.source import read_text
from sdplan.spec.validation import validate

OUTLINE = [
    "Context",
    "Requirements",
    "Objectives",
    "Interfaces",
    "Data model",
    "Capacity arithmetic",
    "Consistency, caching, sharding",
    "Security",
    "Observability",
    "Deployment",
    "Risks, alternatives, decision",
]
OPTIONS = (
    "outcome: a, because: it is known., "
    "options: {a: {}, b: {bad: ['too slow at {{ flows.buy.peak_rate }}.', dear]}},"
)
HOSTILE = """\
sdplan: 1
id: hostile
title: "</title><script>alert(1)</script>"
owner: '" onmouseover="alert(1)'
summary: '<img src=x onerror=alert(1)> ![x](https://evil.test/p.png)'
context: "</section><svg/onload=alert(1)> [x](javascript:alert(1))"
requirements: {functional: {F1: "<b>bold</b>"}, out_of_scope: ["a | b"], questions: {Q1: {ask: "<i>?"}}}
flows:
  buy: {api: "GET /<script>|`x`", rate: 1/s, steps: [api]}
components:
  api: {kind: service, service_time: 40ms, why: "<script>"}
risks:
  R1: {what: "<script>alert(2)</script> a | b", mitigation: "]]>", owner: "<b>", runbook: "<i>"}
decisions:
  D1: {title: "<script>", outcome: a, because: "<script>", options: {a: {title: "</h3>", bad: ["<script>"]}}}
security: {secrets: "<script>alert(3)</script>"}
deployment: {flags: {f: {what: "<script>"}}}
"""


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: dict[str, str] = {}
        self._path: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._path = dict(attrs).get("data-path")

    def handle_data(self, data: str) -> None:
        if self._path:
            self.numbers[self._path] = data
        self._path = None


@pytest.fixture(scope="module")
def page() -> str:
    return onepager(small_shop.design(), small_shop.solution(), format="html")


@pytest.fixture(scope="module")
def text() -> str:
    return onepager(small_shop.design(), small_shop.solution())


def test_both_forms_follow_the_outline_of_a_review(page: str, text: str) -> None:
    headings = re.findall(r"^#{2,3} (.*)$", text, re.MULTILINE)
    titles = re.findall(r"<h2>(.*?)</h2>", page)

    assert [heading for heading in headings if heading in OUTLINE] == OUTLINE
    assert [title for title in titles if title in OUTLINE] == OUTLINE


def test_the_page_shows_the_solved_numbers_by_their_paths(page: str) -> None:
    records = small_shop.solution().records
    numbers = Page(page).numbers

    for path in ("flows.buy.peak_rate", "components.api.utilization", "flows.buy.latency.p99"):
        assert numbers[path] == records[tuple(path.split("."))].shown()


def test_the_margin_of_each_objective_is_told(text: str) -> None:
    verdicts = {verdict.slo: verdict for verdict in small_shop.solution().slos}
    fast = verdicts["buy-fast"]
    assert fast.margin is not None

    left = f"{abs(fast.margin):.0%}".replace("%", " %")
    assert re.search(rf"\| buy-fast \| ✓ met \|.*\| {left} left \|", text)


def test_the_page_stands_alone(page: str) -> None:
    tags = Page(page).tags

    assert {tag for tag, _ in tags} & {"script", "link", "iframe", "img", "object", "embed"} == set()
    assert [attributes for _, attributes in tags if "src" in attributes] == []
    assert "@page" in page
    assert "prefers-color-scheme: dark" in page
    assert [tag for tag, _ in tags].count("svg") == 1


def test_the_tables_in_markdown_are_tables(text: str) -> None:
    rendered = markdown.markdown(text, extensions=["tables", "fenced_code"])

    assert rendered.count("<table>") == sum(line.startswith("| ---") for line in text.splitlines())
    assert "<p>|" not in rendered


def test_the_diagram_is_drawn_where_markdown_is_read(text: str) -> None:
    assert "```mermaid\nflowchart" in text


def test_the_arithmetic_stands_in_one_line(text: str) -> None:
    records = small_shop.solution().records
    mean, peak = records["flows", "buy", "mean_rate"].shown(), records["flows", "buy", "peak_rate"].shown()

    assert f"| `flows.buy.peak_rate` | `{mean} × 3` | {peak} |" in text


def test_a_rejected_option_says_why_with_its_numbers() -> None:
    document, _ = read_text(
        small_shop.TEXT.replace("title: One database,", "title: One database, " + OPTIONS), "shop.yaml"
    )
    assert document is not None
    design, findings = validate(document)
    assert design is not None, findings
    peak = small_shop.solution().records["flows", "buy", "peak_rate"].shown()
    page = onepager(design, small_shop.solution()._replace(design=design), format="html")

    said = " ".join(re.sub(r"<[^>]*>", "", page).split())
    assert f"because it is known. Instead of b (too slow at {peak}; dear)." in said


def test_hostile_text_brings_nothing_into_the_page() -> None:
    document, findings = read_text(HOSTILE, "hostile.yaml")
    assert document is not None
    assert not findings
    design, findings = validate(document)
    assert design is not None
    assert not [finding for finding in findings if finding.severity == "error"]
    solution = small_shop.solution()._replace(
        design=design, slos=(), results=(), decisions=(), records={}, missing={}, trees={}, uncounted=()
    )
    page = onepager(design, solution, format="html")
    tags = Page(page).tags
    plain = markdown.markdown(onepager(design, solution), extensions=["tables", "fenced_code"])

    assert {tag for tag, _ in tags} & {"script", "img", "b", "i", "object"} == {"b"}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert "javascript:" not in {str(attributes.get("href")).split("alert")[0] for _, attributes in tags}
    assert {tag for tag, _ in Page(plain).tags} & {"script", "img", "b", "i", "svg", "section"} == set()
