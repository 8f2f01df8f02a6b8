"""The validation page: computed against simulated numbers of random designs, by number and approximation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup

from sdplan.render.cells import Cell, Code, Column, Words, as_html, figures, table, words
from sdplan.render.scatter import Points, scatter
from sdplan.render.templates import fill_markdown, macro
from sdplan.simulate.errors import (
    ABOVE,
    BLUNT,
    FEWEST,
    Errors,
    confirmed,
    contradicted,
    errors,
    is_sharp,
)

if TYPE_CHECKING:
    from sdplan.simulate.validation import Seen, Trial

_LEVELS = ("p50", "p99", "p99.9")
_NAMES = {"wait": "mean wait", "mean": "mean latency", "worker_wait": "mean wait for a worker"}
_BUSY = (0.05, 0.95)  # quantiles of the utilization that the page names


def validation_page(trials: Sequence[Trial], runs: int) -> str:
    """The page as Markdown."""
    sharp = [one for trial in trials for one in trial.seen if is_sharp(one)]
    rows = confirmed(trials)
    outside = contradicted(trials)
    return fill_markdown(
        "validation.md.j2",
        designs=len(trials),
        runs=f"{runs:,}".replace(",", " "),
        plain_runs=runs,
        busy=_busy(trials),
        slow=sum(bool(trial.left_out) for trial in trials),
        blunt=f"{100 * BLUNT:.0f} %",
        above=ABOVE,
        fewest=FEWEST,
        latency_chart=scatter(
            {level: _points(sharp, level) for level in _LEVELS},
            "percentiles of latencies, computed over simulated",
            "s",
        ),
        wait_chart=scatter(
            {"mean wait": _points(sharp, "wait")},
            "mean waits of queues, computed over simulated",
            "s",
        ),
        down_chart=scatter(
            {"unavailability of a flow": _points(sharp, "unavailability")},
            "unavailability of flows, computed over simulated",
            "",
        ),
        overview=_sheet(*_overview(sharp), "errors by number"),
        all_exact=sum(row.all for row in rows[:-1]),
        inside=sum(row.confirmed for row in rows[:-1]),
        all_bounds=rows[-1].all,
        held=rows[-1].confirmed,
        judged=_sheet(
            [*words("Number"), *figures("Confirmed", "Compared")],
            [[Words(row.number), Words(str(row.confirmed)), Words(str(row.all))] for row in rows],
            "exact numbers and bounds",
        ),
        outside=_outside(outside) if outside else "",
        kinds=_kinds(errors(trials)),
    )


def _sheet(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], title: str) -> Markup:
    laid_out: Markup = macro("macros.html.j2", "sheet")(table(columns, rows), as_html({}).cell, title)
    return laid_out


def _points(sharp: Sequence[Seen], of: str) -> Points:
    return [(one.simulated, one.computed) for one in sharp if one.of == of]


def _busy(trials: Sequence[Trial]) -> str:
    most = [max((one.utilization for one in trial.seen), default=0.0) for trial in trials]
    low, high = (100.0 * float(np.quantile(most, share)) for share in _BUSY)
    return f"{low:.0f} to {high:.0f} %"


def percent(value: float) -> str:
    """A share with two digits."""
    return f"{100.0 * value:.2g} %" if value < 0.995 else f"{100.0 * value:.0f} %"


def _overview(sharp: Sequence[Seen]) -> tuple[list[Column], list[list[Cell]]]:
    """The errors of each number, exact ones and approximations apart."""
    columns = [*words("Number", "Label"), *figures("Median error", "95 % below", "Simulation ±", "Numbers")]
    rows: list[list[Cell]] = []
    for of in (*_LEVELS, "mean", "wait", "unavailability"):
        for label in ("exact", "approximation", "bound"):
            found = [one for one in sharp if one.of == of and one.label == label]
            if found:
                off = [one.error for one in found]
                shown = (np.median(off), np.quantile(off, 0.95), np.median([one.half_width for one in found]))
                rows.append(
                    [
                        Words(_NAMES.get(of, of)),
                        Words(label),
                        *(Words(percent(float(value))) for value in shown),
                        Words(str(len(found))),
                    ]
                )
    return columns, rows


class Kind(NamedTuple):
    """An approximation, where it was measured, and the errors of its numbers."""

    text: str
    about: str
    errors: Markup


def _kinds(found: Sequence[Errors]) -> list[Kind]:
    """The approximations, those that most designs rest on first."""
    kinds: dict[str, list[Errors]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    return [
        Kind(text, _measured_on(rows), _sheet(*_of_kind(rows), f"errors of: {text}"))
        for text, rows in sorted(kinds.items(), key=lambda item: -_designs(item[1]))
    ]


def _designs(rows: Sequence[Errors]) -> int:
    return max(one.designs for one in rows)


def _measured_on(rows: Sequence[Errors]) -> str:
    low = min(one.lowest_utilization for one in rows)
    high = max(one.highest_utilization for one in rows)
    return f"{_designs(rows)} designs, utilization {100.0 * low:.0f}–{100.0 * high:.0f} %"


def _of_kind(rows: Sequence[Errors]) -> tuple[list[Column], list[list[Cell]]]:
    columns = [*words("Number"), *figures("Median error", "95 % below", "Simulation ±", "Numbers")]
    cells: list[list[Cell]] = [
        [
            Words(_NAMES.get(one.of, one.of.replace("_", " "))),
            *(Words(percent(value)) for value in (one.median, one.p95, one.half_width)),
            Words(str(one.numbers)),
        ]
        for one in rows
    ]
    return columns, cells


def _outside(found: Sequence[tuple[int, Seen]]) -> Markup:
    columns = [*words("Design", "Number"), *figures("Computed", "Simulated", "Interval")]
    rows: list[list[Cell]] = [
        [
            Words(f"random {seed}"),
            Code(one.path),
            Words(f"{one.computed:.4g}"),
            Words(f"{one.simulated:.4g}"),
            Words(f"{one.lowest:.4g} … {one.highest:.4g}"),
        ]
        for seed, one in found
    ]
    return _sheet(columns, rows, "exact numbers that the simulation contradicts")
