"""Sheets: tables that only some designs have, once for the terminal and for the pages.

A cell is the path of a number, or words.  A sheet without rows is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import Path, dotted
from sdplan.render.cells import Cell, Column, Table, Words, figures, table, words
from sdplan.render.judgement import shown

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution

_BUDGETED = ("availability", "undegraded", "errors")
_ALERTS = ("fast", "medium", "slow")
_ALERT_PARTS = ("window", "short_window", "burn_rate", "error_share", "budget_share", "exhausted_after")


class Sheet(NamedTuple):
    """A titled table: what it tells, its columns, and rows of paths and words."""

    title: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Path | str]]


def sheets(solution: Solution) -> list[Sheet]:
    """The sheets that a solution has something for, in the order in which they are read."""
    found = (build(solution) for build in _BUILDERS)
    return [sheet for sheet in found if sheet.rows]


def as_table(sheet: Sheet, solution: Solution) -> Table:
    """A sheet as a table of a page."""

    def cell(one: Path | str) -> Cell:
        if isinstance(one, str):
            return Words(one)
        return shown(solution, one) if one in solution.records else Words("")

    return table(sheet.columns, ([cell(one) for one in row] for row in sheet.rows))


def error_budgets(solution: Solution) -> Sheet:
    """What each SLO leaves to fail in its window, what is spent, and the failing share of each alert."""
    about = "What may fail in the window, and the share of failing requests from which on an alert fires"
    windows = [_window(solution, alert) for alert in _ALERTS]
    said = [f"{alert} over {window}" for alert, window in zip(_ALERTS, windows, strict=True) if window]
    columns = [
        *words("SLO", "Of", "Measure"),
        *figures("Window", "Time", "Requests", "Spent", *(alert.capitalize() for alert in _ALERTS)),
    ]
    return Sheet(
        "Error budgets",
        f"{about}: {', '.join(said)}." if said else f"{about}.",
        columns,
        [row for name in solution.design.slos for row in _budget_rows(solution, name)],
    )


def _window(solution: Solution, alert: str) -> str:
    found = (
        solution.records.get(("slos", name, "burn_rates", measure, alert, "window"))
        for name in solution.design.slos
        for measure in _BUDGETED
    )
    return next((record.shown() for record in found if record is not None), "")


def _budget_rows(solution: Solution, name: str) -> Iterator[Sequence[Path | str]]:
    for measure in _BUDGETED:
        budget: Path = ("slos", name, "error_budget", measure)
        if (*budget, "share") not in solution.records:
            continue
        alerts: list[Path] = [
            ("slos", name, "burn_rates", measure, alert, "error_share") for alert in _ALERTS
        ]
        for subject in _subjects(solution, name):
            yield (
                name,
                subject,
                measure,
                ("slos", name, "window"),
                (*budget, "time"),
                (*budget, "requests", subject),
                (*budget, "spent", subject),
                *alerts,
            )


def _subjects(solution: Solution, name: str) -> Sequence[str]:
    slo = solution.design.slos[name]
    if slo.component:
        return (slo.component,)
    return tuple(solution.design.flows) if "all" in slo.flow else slo.flow


def burn_rates(solution: Solution) -> Sheet:
    """The alerts of each error budget in full, as an alerting rule states them."""
    about = "An alert fires when the share of failing requests is above its level in both of its windows."
    columns = [
        *words("SLO", "Measure", "Alert"),
        *figures("Long window", "Short window", "Burn rate", "Failing share", "Of the budget", "Spent after"),
    ]
    rows: list[Sequence[Path | str]] = []
    for name in solution.design.slos:
        for measure in _BUDGETED:
            for alert in _ALERTS:
                path: Path = ("slos", name, "burn_rates", measure, alert)
                if (*path, "burn_rate") in solution.records:
                    rows.append((name, measure, alert, *((*path, part) for part in _ALERT_PARTS)))
    return Sheet("Burn-rate alerts", about, columns, rows)


def attempts(solution: Solution) -> Sheet:
    """Calls that are made again: how often, and how many of them fail in the end."""
    columns = [
        *words("Flow", "Call"),
        *figures("Attempts", "At most", "Attempts that fail", "Calls that fail", "Hedged"),
    ]
    parts = ("attempts", "most_attempts", "attempt_failures", "failing", "second_calls")
    sites = [path for path in solution.records if path[0] == "flows"]  # an input may be named alike
    made = [path[:-1] for path in sites if path[-1] in ("attempts", "second_calls")]
    rows: list[Sequence[Path | str]] = [
        (str(site[1]), dotted(site[2:]), *((*site, part) for part in parts)) for site in dict.fromkeys(made)
    ]
    about = "The mean number of attempts of a call at peak, which its callee has to carry."
    return Sheet("Calls that are made again", about, columns, rows)


def second_solutions(solution: Solution) -> Sheet:
    """Queues that late calls could keep overloaded after a burst has tipped them."""
    about = (
        "These are stable as the load rises, but once overloaded they would stay so, "
        "because calls that come too late are made again."
    )
    columns = [*words("Component"), *figures("Busy", "Busy once overloaded")]
    rows: list[Sequence[Path | str]] = [
        (str(path[1]), (*path[:2], "utilization"), path)
        for path in solution.records
        if path[-1] == "overloaded_utilization"
    ]
    return Sheet("Second solutions", about, columns, rows)


def recovery(solution: Solution) -> Sheet:
    """What stores may lose and how long they are away: durability, RPO and RTO."""
    parts = ("durability", "yearly_loss", "rpo", "rto")
    columns = [
        *words("Store"),
        *figures("Durability a year", "Loss a year", "Writes lost (RPO)", "Back after (RTO)"),
    ]
    rows: list[Sequence[Path | str]] = [
        (name, *(("components", name, part) for part in parts))
        for name in solution.design.components
        if any(("components", name, part) in solution.records for part in parts)
    ]
    if rows and any((part,) in solution.records for part in parts):
        rows.append(("the design", *((part,) for part in parts)))
    return Sheet("Durability and recovery", "Of the data that stores keep.", columns, rows)


def bills(solution: Solution) -> Sheet:
    """What each flow costs with all that it triggers, in all and for each run."""
    columns = [*words("Flow"), *figures("Runs", "Cost", "A run")]
    parts = ("rate", "cost", "unit_cost")
    rows: list[Sequence[Path | str]] = [
        (name, *(("flows", name, part) for part in parts))
        for name in solution.design.flows
        if ("flows", name, "unit_cost") in solution.records
    ]
    about = "With what it triggers; the cost of a component is divided by the calls of each flow."
    return Sheet("Cost of each flow", about, columns, rows)


_BUILDERS: Sequence[Callable[[Solution], Sheet]] = (
    error_budgets,
    attempts,
    second_solutions,
    recovery,
    bills,
)
