"""The table of all designs: what the portfolio looks like today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from sdplan.render.cells import Cell, Link, Words, as_html, figures, table, words
from sdplan.render.headlines import peak_load
from sdplan.render.judgement import shown, standing
from sdplan.render.templates import macro

if TYPE_CHECKING:
    from sdplan.render.checked import Checked


def portfolio_table(named: Mapping[str, Checked], below: str = "") -> Markup:
    """The table of all designs as HTML; `below` leads to the folder of the design pages."""
    columns = [
        *words("Design", "Verdict", "Tightest objective"),
        *figures("Margin", "Peak load", "Cost"),
        *words("Status", "Owner"),
    ]
    rows = [_row(f"{below}{slug}.html", checked) for slug, checked in named.items()]
    laid_out: Markup = macro("macros.html.j2", "sheet")(table(columns, rows), as_html({}).cell, "All designs")
    return laid_out


def _row(target: str, checked: Checked) -> list[Cell]:
    design, solution = checked.design, checked.solution
    stands = standing(checked)
    load = peak_load(design, solution) if design and solution else None
    return [
        Link(design.title or design.id if design else checked.name, target),
        stands.sign,
        Words(stands.tightest),
        Words(stands.tightest_margin),
        load or Words(""),
        shown(solution, ("cost",)) if solution else Words(""),
        Words(design.status if design else ""),
        Words(design.owner if design else ""),
    ]
