"""What is said of one component or one flow, line by line, and how it fares."""

from __future__ import annotations

from typing import Literal

from sdplan.findings import Path
from sdplan.render.diagram.graph import SYMBOLS, Line, Status
from sdplan.render.diagram.nodes import nodes_line
from sdplan.solve.solution import Record, Solution, Verdict

_SHORT = {"latency ": "", "availability": "available", "freshness ": "fresh "}


def component_lines(solution: Solution, name: str) -> tuple[Line, ...]:
    """Kind and technology, nodes, how busy, what is kept, and the SLOs on the component itself."""
    spec = solution.design.components[name]
    said = " · ".join(part for part in (spec.kind, spec.tech) if part)
    kind = (Line(said, "muted"),) if said != name else ()
    nodes = nodes_line(solution, name)
    counted = (Line(nodes),) if nodes else ()
    figures = (*_busy(solution, name), *_kept(solution, name))
    return (*kind, *counted, *figures, *verdict_lines(solution, ("components", name)))


def component_status(solution: Solution, name: str) -> Status:
    """The worst of its load and of its own SLOs."""
    worst = _load_status(solution, name)
    return _worse(worst, verdict_status(solution, ("components", name)))


def verdict_status(solution: Solution, subject: Path) -> Status:
    """How a flow or a component stands against the SLOs that name it."""
    met = [verdict.met for verdict in solution.slos if verdict.subject_path == subject]
    return "bad" if False in met else "ok" if True in met else "none"


def verdict_lines(solution: Solution, subject: Path) -> tuple[Line, ...]:
    """One line for each number that is held against an SLO: `✓ p99 38.2 ms < 100 ms`."""
    return tuple(_verdict(solution, one) for one in solution.slos if one.subject_path == subject)


def flow_lines(solution: Solution, name: str) -> tuple[Line, ...]:
    """Its address, when its runs start where not a caller starts them, and the SLOs on it."""
    flow = solution.design.flows[name]
    asked = (Line(flow.api, "muted"),) if flow.api else ()
    trigger: Path = ("flows", name, "trigger")
    words = (("every", "a run every {}"), ("batch", "{} messages a run"))
    started = tuple(
        Line(text.format(record.shown()), "muted")
        for key, text in words
        if (record := solution.records.get((*trigger, key))) is not None
    )
    return (*asked, *started, *verdict_lines(solution, ("flows", name)))


def busiest(solution: Solution) -> str:
    """The component whose tightest resource is the fullest at peak; nothing when no capacity is known."""
    known = {name: solution.value("components", name, "utilization") for name in solution.design.components}
    filled = [(value, name) for name, value in known.items() if value]
    return max(filled, key=lambda pair: pair[0])[1] if filled else ""


def _verdict(solution: Solution, verdict: Verdict) -> Line:
    measure = _measure(verdict)
    record = solution.records.get(verdict.solved)
    target = verdict.target
    if verdict.met is None:
        return Line(f"? {measure} against {target.shown()} not computed", "muted")
    tone: Literal["ok", "bad"] = "ok" if verdict.met else "bad"
    if record is None:
        return Line(f"{SYMBOLS[tone]} {measure} has no value, due {target.shown()}", tone)
    return Line(f"{SYMBOLS[tone]} {measure} {_compared(record, target)}", tone)


def _measure(verdict: Verdict) -> str:
    """The short word for what is judged; a condition goes by the name of its SLO."""
    if verdict.path[2:3] == ("holds",):
        return verdict.slo
    at_mean = any(str(part).endswith("_at_mean") for part in verdict.solved)
    short = verdict.measure
    for long, word in _SHORT.items():
        short = short.replace(long, word)
    return f"{short} at mean load" if at_mean else short


def _compared(record: Record, target: Record) -> str:
    """`38.2 ms < 100 ms`, or in words where both read the same."""
    side = (record.value > target.value) - (record.value < target.value)
    value, goal = record.shown(), target.shown()
    if value == goal:
        return f"{('=', 'just over', 'just under')[side]} {goal}"
    return f"{value} {('=', '>', '<')[side]} {goal}"


def _busy(solution: Solution, name: str) -> list[Line]:
    record = solution.records.get(("components", name, "utilization"))
    status = _load_status(solution, name)
    if record is None or status == "none":
        return []
    text = f"{SYMBOLS[status]} {record.shown()} {_resource(solution, record)}"
    return [Line(text, status, record.value)]


def _resource(solution: Solution, record: Record) -> str:
    """`of cores`: which of several resources is the fullest."""
    parts = (one for one in solution.records if one[:-1] == record.path)
    fullest = max(parts, key=lambda one: solution.records[one].value, default=None)
    return f"of {fullest[-1]}" if fullest is not None else "busy"


def _kept(solution: Solution, name: str) -> list[Line]:
    stored, hit = (solution.records.get(("components", name, key)) for key in ("stored", "hit"))
    parts = [f"stored {stored.shown()}"] if stored is not None and stored.value > 0 else []
    parts += [f"hit {hit.shown()}"] if hit is not None else []
    return [Line(", ".join(parts))] if parts else []


def _load_status(solution: Solution, name: str) -> Status:
    busy = solution.value("components", name, "utilization")
    if busy is None:
        return "none"
    target = solution.value("components", name, "target_utilization")
    return "bad" if busy >= 1 else "warn" if target is not None and busy > target else "ok"


def _worse(one: Status, other: Status) -> Status:
    order: tuple[Status, ...] = ("none", "ok", "warn", "bad")
    return max(one, other, key=order.index)
