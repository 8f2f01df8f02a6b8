"""The tables of the one-pager and of the design pages: columns and rows, ready to be laid out.

Nothing here knows whether the table becomes Markdown or HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.render.cells import Cell, Code, Table, Told, Words, figures, table, words
from sdplan.render.judgement import objectives, promises, shown

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design


def objective_table(solution: Solution) -> Table:
    """SLOs: what was asked, what the design gives, what is left."""
    columns = [*words("Objective", "Verdict"), *figures("Solved", "Target", "Margin"), *words("Of")]
    return table(
        columns,
        (
            [
                Words(row.name),
                row.sign,
                row.value,
                Words(row.target),
                Words(row.margin or row.reason),
                Words(f"{row.subject}, {row.measure}"),
            ]
            for row in objectives(solution)
        ),
    )


def promise_table(solution: Solution) -> Table:
    """Published or promised numbers against what the design gives."""
    columns = [*words("Number", "Verdict"), *figures("Solved", "Expected", "Within"), *words("Source")]
    return table(
        columns,
        (
            [
                Words(row.name),
                row.sign if row.expected else Words(""),
                row.value,
                Words(row.expected),
                Words(row.tolerance),
                Told(row.source),
            ]
            for row in promises(solution)
        ),
    )


def flow_table(design: Design, solution: Solution) -> Table:
    """Flows: how often, how fast, how reliably."""
    columns = [*words("Flow", "Interface"), *figures("Mean", "Peak", "p50", "p99", "Failing", "Availability")]
    measures = (
        ("mean_rate",),
        ("peak_rate",),
        ("latency", "p50"),
        ("latency", "p99"),
        ("errors",),
        ("availability",),
    )
    return table(
        columns,
        (
            [
                Words(name),
                Code(flow.api),
                *(shown(solution, ("flows", name, *measure)) for measure in measures),
            ]
            for name, flow in design.flows.items()
        ),
    )


def component_table(design: Design, solution: Solution) -> Table:
    """Components: what they are, how busy, how fast, how large, at what price."""
    columns = [
        *words("Component", "Kind"),
        *figures(
            "Replicas",
            "Calls at peak",
            "Utilization",
            "Mean wait",
            "p99",
            "Hit",
            "Stored",
            "Availability",
            "Cost",
        ),
    ]
    measures = (
        ("replicas",),
        ("peak_rate",),
        ("utilization",),
        ("wait",),
        ("latency", "p99"),
        ("hit",),
        ("stored",),
        ("availability",),
        ("cost",),
    )
    return table(
        columns,
        (
            [
                Words(name),
                Words(f"{one.kind}, {one.tech}" if one.tech else one.kind),
                *(shown(solution, ("components", name, *measure)) for measure in measures),
            ]
            for name, one in design.components.items()
        ),
    )


def entity_table(design: Design, solution: Solution) -> Table:
    """Entities: how large, how many, how much."""
    columns = [
        *words("Entity"),
        *figures("Item", "Created", "Ingest", "Items", "Stored"),
        *words("Kept", "Consistency"),
    ]
    measures = ("size", "created", "ingest", "count", "stored")
    return table(
        columns,
        (
            [
                Words(name),
                *(shown(solution, ("entities", name, measure)) for measure in measures),
                Words(", ".join(f"{where} {_length(span)}" for where, span in entity.keep.items())),
                Words(entity.consistency + (" (personal data)" if entity.personal else "")),
            ]
            for name, entity in design.entities.items()
        ),
    )


def _length(span: object) -> str:
    return str(getattr(span, "text", span))


def input_table(design: Design, solution: Solution) -> Table:
    """Assumptions: the value, what is believed of it, where it comes from."""
    columns = [*words("Input"), *figures("Value", "Range"), *words("Status", "Source and reason")]
    return table(
        columns,
        (
            [
                Code(name),
                shown(solution, ("inputs", name)),
                Words(stated.range.text if stated.range else ""),
                Words(stated.status),
                Told("; ".join(text for text in (stated.source, stated.why) if text)),
            ]
            for name, stated in design.inputs.items()
        ),
    )


def store_table(design: Design, solution: Solution) -> Table:
    """Where data lies: shards, copies, replication, and what caches do for it."""
    columns = [
        *words("Store"),
        *figures("Shards", "Copies"),
        *words("Replication"),
        *figures("Hit", "Memory", "Time to live", "Stored"),
    ]
    rows: list[list[Cell]] = []
    for name, one in design.components.items():
        if one.tier in ("store", "async") or hasattr(one, "copies"):
            cells = (
                shown(solution, ("components", name, measure))
                for measure in ("hit", "memory", "ttl", "stored")
            )
            rows.append(
                [
                    Words(name),
                    _amount(one, "shards"),
                    _amount(one, "copies"),
                    Words(_replication(one)),
                    *cells,
                ]
            )
    return table(columns, rows)


def _amount(component: object, field: str) -> Words:
    stated = getattr(component, field, None)
    return Words("" if stated is None else str(getattr(stated, "text", stated)))


def _replication(component: object) -> str:
    stated = getattr(component, "replication", None)
    if stated is None:
        return ""
    quorums = [
        f"{name.replace('_', ' ')} {_length(value)}"
        for name in ("write_quorum", "read_quorum")
        if (value := getattr(stated, name)) is not None
    ]
    return ", ".join([stated.mode, f"reads from {stated.reads}", *quorums])
