"""The one-pager: a design on paper, in the order in which a review asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup

from sdplan.render import note_tables, page_tables
from sdplan.render.adr import confirmation, status_of
from sdplan.render.cells import Medium, as_html, as_markdown
from sdplan.render.checked import Checked
from sdplan.render.headlines import headlines
from sdplan.render.judgement import standing
from sdplan.render.numbers import capacity_table
from sdplan.render.sheets import as_table, sheets
from sdplan.render.templates import fill, fill_markdown, style
from sdplan.solve.texts import numbers_of

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design


def onepager(design: Design, solution: Solution, *, format: Literal["markdown", "html"] = "markdown") -> str:  # noqa: A002
    """The review outline of a design with its numbers: Markdown, or HTML that stands alone and prints."""
    numbers = numbers_of(solution)
    if format == "html":
        css = style("numbers.css") + style("onepager.css")
        return fill(
            "onepager.html.j2", css=css, **_values(design, solution, as_html(numbers), _svg(design, solution))
        )
    return fill_markdown(
        "onepager.md.j2", **_values(design, solution, as_markdown(numbers), _mermaid(design, solution))
    )


def _values(design: Design, solution: Solution, medium: Medium, diagram: Markup) -> dict[str, Any]:
    return {
        "design": design,
        "standing": standing(Checked("", b"", None, design, solution, ())),
        "headlines": headlines(design, solution),
        "diagram": diagram,
        "tables": tables(design, solution),
        "sheets": [(each.title, each.about, as_table(each, solution)) for each in sheets(solution)],
        "uncounted": [(one.what, one.effect) for one in solution.uncounted],
        "notes": note_tables.notes(design),
        "decisions": [
            (name, decision, status_of(name, design), confirmation(name, decision, solution))
            for name, decision in design.decisions.items()
        ],
        **medium._asdict(),
    }


def tables(design: Design, solution: Solution) -> dict[str, Any]:
    """Every table of a design by its name."""
    return {
        "objectives": page_tables.objective_table(solution),
        "promises": page_tables.promise_table(solution),
        "flows": page_tables.flow_table(design, solution),
        "components": page_tables.component_table(design, solution),
        "entities": page_tables.entity_table(design, solution),
        "stores": page_tables.store_table(design, solution),
        "inputs": page_tables.input_table(design, solution),
        "capacity": capacity_table(design, solution),
        "uncounted": note_tables.uncounted_table(solution),
        "scenarios": note_tables.scenario_table(design, solution),
        "risks": note_tables.risk_table(design),
    }


def _svg(design: Design, solution: Solution) -> Markup:
    from sdplan.render.diagram import capacity_graph, to_svg
    from sdplan.render.draw import DrawingFailed

    try:
        return Markup(to_svg(capacity_graph(design, solution), "onepager"))
    except DrawingFailed as failure:
        return Markup("<p>{}</p>").format(str(failure))


def _mermaid(design: Design, solution: Solution) -> Markup:
    from sdplan.render.diagram import capacity_graph, to_mermaid

    return Markup(to_mermaid(capacity_graph(design, solution)))
