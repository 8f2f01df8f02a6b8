"""The pages of rules: what each finds, why it matters, and the examples that are its tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from sdplan.render.cells import Cell, Link, Words, as_html, table, words
from sdplan.render.judgement import severity_sign
from sdplan.render.prose import fenced
from sdplan.render.templates import fill, macro

if TYPE_CHECKING:
    from sdplan.rules import Rule


def rule_pages() -> dict[str, str]:
    """One page a rule, and an index of all of them."""
    from sdplan.rules import registry

    rules = list(registry().values())
    text = {f"rules/{rule.code}.md": rule_page(rule) for rule in rules}
    text["rules/index.md"] = fill("rule_index.md.j2", table=_index(rules))
    return text


def rule_page(rule: Rule) -> str:
    """The page of one rule as Markdown."""
    return fill(
        "rule.md.j2",
        rule=rule,
        sign=as_html({}).cell(severity_sign(rule.severity)),
        body=Markup(rule.page.partition("\n")[2].strip()),
        fail=[fenced(text) for text in rule.fail],
        passes=[fenced(text) for text in rule.passes],
    )


def _index(rules: list[Rule]) -> Markup:
    columns = words("Code", "Fault", "Severity", "Confidence", "Area")
    laid_out: Markup = macro("macros.html.j2", "sheet")(
        table(columns, (_row(rule) for rule in rules)), as_html({}).cell, "All rules"
    )
    return laid_out


def _row(rule: Rule) -> list[Cell]:
    severity = severity_sign(rule.severity)
    return [
        Link(rule.code, f"{rule.code}.html"),
        Words(rule.title),
        severity,
        Words(rule.confidence),
        Words(rule.area),
    ]
