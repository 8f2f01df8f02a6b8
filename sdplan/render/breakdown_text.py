"""A table of parts as text."""

from __future__ import annotations

from textwrap import wrap

from sdplan.render.breakdown import WORDS, Breakdown
from sdplan.render.frames import columns

WIDTH = 96  # characters of a line of prose


def laid_out(table: Breakdown) -> list[str]:
    """A table of parts: names to the left, numbers to the right, the sentences around it."""
    rows = [table.heads, *table.rows]
    widths = [max(columns(row[n]) for row in rows) for n in range(len(table.heads))]
    lines = [
        "  ".join(
            f"{cell}{' ' * (width - columns(cell))}"
            if head in WORDS
            else f"{' ' * (width - columns(cell))}{cell}"
            for head, cell, width in zip(table.heads, row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
    return [*wrap(table.lead, WIDTH), "", *lines, "", *wrap(table.after, WIDTH)]
