"""All generated pages as text, by their path below the folder of the site's sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sdplan.render.adr import adr
from sdplan.render.onepager import onepager
from sdplan.render.site.design_page import design_page
from sdplan.render.site.formula_pages import formula_pages
from sdplan.render.site.portfolio_table import portfolio_table
from sdplan.render.site.rule_pages import rule_pages
from sdplan.render.templates import fill, style

if TYPE_CHECKING:
    from sdplan.render.checked import Checked
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

Draw = Callable[["Design", "Solution", str], str]
"""A design, its solution and a prefix for ids, to a picture in SVG; nothing when none can be drawn."""


def drawn(design: Design, solution: Solution, prefix: str) -> str:
    """The capacity diagram as SVG, or nothing where no renderer is at hand."""
    from sdplan.render.diagram import DrawingFailed, capacity_graph, to_svg

    try:
        return to_svg(capacity_graph(design, solution), prefix)
    except DrawingFailed:
        return ""


def pages(checks: Sequence[Checked], draw: Draw = drawn) -> dict[str, str]:
    """Every generated page: designs with their records and one-pagers, rules, formulas."""
    rules = rule_pages()
    text: dict[str, str] = {"designs/sdplan.css": style("numbers.css") + style("site.css")}
    named = slugs(checks)
    text["designs/index.md"] = fill("designs.md.j2", table=portfolio_table(named))
    for slug, checked in named.items():
        text |= _of_design(slug, checked, draw, rules)
    solutions = {slug: checked.solution for slug, checked in named.items() if checked.solution is not None}
    return text | rules | formula_pages(solutions)


def slugs(checks: Sequence[Checked]) -> dict[str, Checked]:
    """A file name for every design: its id, made different from every other and from `index`."""
    named: dict[str, Checked] = {}
    taken = {"index", "sdplan"}
    for checked in checks:
        wanted = _name(checked)
        slug, count = wanted, 1
        while slug.lower() in taken:
            count += 1
            slug = f"{wanted}-{count}"
        taken.add(slug.lower())
        named[slug] = checked
    return named


def _name(checked: Checked) -> str:
    from pathlib import PurePath

    from sdplan.spec.base import IDENTIFIER

    wanted = checked.design.id if checked.design else PurePath(checked.name).stem
    return wanted if IDENTIFIER.fullmatch(wanted) else "design"


def _of_design(slug: str, checked: Checked, draw: Draw, rules: Mapping[str, str]) -> dict[str, str]:
    design, solution = checked.design, checked.solution
    if design is None or solution is None:
        return {f"designs/{slug}.md": design_page(slug, checked, "", (), rules)}
    svg = draw(design, solution, "diagram")
    records = adr(design, solution, f"../{slug}.md")
    text = {f"designs/{slug}/{name}": record for name, record in records.items()}
    text[f"designs/{slug}/one-pager.html"] = onepager(design, solution, format="html")
    if svg:
        text[f"designs/{slug}/diagram.svg"] = svg
    text[f"designs/{slug}.md"] = design_page(slug, checked, svg, tuple(records), rules)
    return text
