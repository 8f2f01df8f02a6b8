"""Judging: SLOs and the conditions of decisions, held against the numbers that were solved."""

from __future__ import annotations

from collections.abc import Iterator

from sdplan.expressions import Expression, ExpressionError, compare, names, to_text
from sdplan.findings import Finding, Path, dotted
from sdplan.solve.ledger import Ledger
from sdplan.solve.lookup import Numbers, Unsolved, worked_out
from sdplan.solve.solution import Premise, Record, Verdict
from sdplan.spec.design import Design
from sdplan.spec.objectives import Condition, Slo
from sdplan.units import NUMBER, Quantity

_SHARES = ("availability", "undegraded", "errors")
_OF_STORES = ("durability", "rpo", "rto")
_COMPLEMENTS = {"availability": "unavailability", "undegraded": "degradation", "durability": "yearly_loss"}
_LAST_DIGIT = 2.3e-16  # of a share near 1, which is all that its budget can be known to
WINDOW = 30 * 86400.0


def decisions(design: Design, ledger: Ledger) -> tuple[list[Premise], list[Finding]]:
    """Whether each decision still stands on what it was taken for."""
    premises: list[Premise] = []
    findings: list[Finding] = []
    for name, decision in design.decisions.items():
        if decision.holds_while is None:
            continue
        path: Path = ("decisions", name, "holds_while")
        try:
            met, left, right = _condition(decision.holds_while, path, ledger)
            premises.append(Premise(path, decision.holds_while.text, left, right, met))
        except Unsolved as reason:
            premises.append(Premise(path, decision.holds_while.text, None, None, None, str(reason)))
        except ExpressionError as wrong:
            findings.append(Finding("SP305", "error", path, wrong.message, wrong.hint))
    return premises, findings


def _condition(condition: Condition, path: Path, ledger: Ledger) -> tuple[bool, Record, Record]:
    numbers = Numbers(ledger)
    left, right = (
        worked_out(one, numbers) for one in (condition.comparison.left, condition.comparison.right)
    )
    met, _, _ = compare(condition.comparison, numbers, ledger.calendar)
    shares = [ledger.records[where].is_share for where in numbers.used.values()]
    is_share = bool(shares) and all(shares)
    return (
        met,
        _side((*path, "left"), left, condition.comparison.left, numbers, is_share),
        _side((*path, "right"), right, condition.comparison.right, numbers, is_share),
    )


def _side(path: Path, quantity: Quantity, expression: Expression, numbers: Numbers, is_share: bool) -> Record:
    """One side of a condition, entered."""
    own = {name.text for name in names(expression)}
    used = {name: where for name, where in numbers.used.items() if name in own}
    record = Record(path, quantity.value, quantity.dimension, "stated", currency=quantity.currency)
    record = record._replace(is_share=is_share and quantity.dimension == NUMBER)
    if used:
        trust = numbers.ledger.trust("exact", used, numbers.ledger.arithmetic(expression, used))
        text = f"= {to_text(expression, str)}"
        record = record._replace(formula=text, inputs=tuple(used.items()), **trust._asdict())
    numbers.ledger.write(record)
    return record


def _unjudged(
    slo: str, condition: Condition, path: Path, reason: str, ledger: Ledger
) -> tuple[list[Verdict], list[Finding]]:
    """A condition of which a side has no value: held against its right side, where that has one."""
    numbers = Numbers(ledger)
    try:
        right = worked_out(condition.comparison.right, numbers)
    except (Unsolved, ExpressionError):
        return [], [Finding("GV106", "advice", path, f"`{slo}` is not judged: {reason}")]
    target = _side((*path, "right"), right, condition.comparison.right, numbers, False)
    solved: Path = (*path, "left")
    return [Verdict(path, slo, "the design", (), condition.text, solved, target, None, None, reason)], []


def slos(design: Design, ledger: Ledger) -> tuple[list[Verdict], list[Finding]]:
    """Every line of every SLO against its number."""
    verdicts: list[Verdict] = []
    findings: list[Finding] = []
    for name, slo in design.slos.items():
        for subject, base in _subjects(design, slo):
            verdicts += _verdicts(name, slo, subject, base, ledger)
        if slo.holds is not None:
            path: Path = ("slos", name, "holds")
            try:
                met, left, right = _condition(slo.holds, path, ledger)
                margin = (left.value - right.value) / abs(right.value) if right.value else None
                margin = (
                    -margin
                    if margin is not None and slo.holds.comparison.operator.startswith("<")
                    else margin
                )
                verdicts.append(
                    Verdict(path, name, "the design", (), slo.holds.text, left.path, right, met, margin)
                )
            except Unsolved as reason:
                unjudged, said = _unjudged(name, slo.holds, path, str(reason), ledger)
                verdicts, findings = [*verdicts, *unjudged], [*findings, *said]
            except ExpressionError as wrong:
                findings.append(Finding("SP305", "error", path, wrong.message, wrong.hint))
    return verdicts, findings


def _subjects(design: Design, slo: Slo) -> Iterator[tuple[str, Path]]:
    if slo.component:
        yield f"component {slo.component}", ("components", slo.component)
    flows = design.flows if "all" in slo.flow else slo.flow
    for flow in flows:
        yield f"flow {flow}", ("flows", flow)
    if not slo.component and not slo.flow:
        yield "the design", ()


def _verdicts(name: str, slo: Slo, subject: str, base: Path, ledger: Ledger) -> Iterator[Verdict]:
    suffix = "" if slo.at == "peak" else "_at_mean"
    for measure in ("latency", "wait", "freshness"):
        for level in getattr(slo, measure):
            solved = (*base, measure if measure == "freshness" else f"{measure}{suffix}", level)
            yield _verdict(
                name, subject, base, f"{measure} {level}", solved, ("slos", name, measure, level), ledger
            )
    for measure in _SHARES:
        if getattr(slo, measure) is not None:
            of_group = base[:1] == ("components",) and measure == "availability"
            own = (*base, "group_availability" if of_group else measure)
            at_load = (*own[:-1], f"{own[-1]}{suffix}")
            solved = at_load if ledger.has(at_load) else own
            yield _verdict(name, subject, base, measure, solved, ("slos", name, measure), ledger)
    if slo.cost is not None:
        yield _verdict(name, subject, base, "cost", (*base, "cost"), ("slos", name, "cost"), ledger)
    for measure in _OF_STORES:
        if getattr(slo, measure) is not None:
            yield _verdict(name, subject, base, measure, (*base, measure), ("slos", name, measure), ledger)


def _verdict(
    name: str, subject: str, base: Path, measure: str, solved: Path, target: Path, ledger: Ledger
) -> Verdict:
    goal = ledger.records[target]
    record = ledger.records.get(solved)
    if record is None:
        reason = Numbers(ledger).reason(solved)
        met = (
            False
            if "overloaded" in reason or "no run succeeds" in reason or "cannot carry" in reason
            else None
        )
        return Verdict(
            target,
            name,
            subject,
            base,
            measure,
            solved,
            goal,
            met,
            None,
            reason or f"{dotted(solved)} is not computed",
        )
    if measure in _COMPLEMENTS:
        suffix = "_at_mean" if str(solved[-1]).endswith("_at_mean") else ""
        down = ledger.records.get((*base, f"{_COMPLEMENTS[measure]}{suffix}"))
        lost = down.value if down is not None else 1.0 - record.value
        allowed = 1.0 - goal.value
        met = lost <= allowed * (1 + 1e-12) + _LAST_DIGIT
        margin = 1.0 - lost / allowed if allowed > 0 else None
    else:
        met = record.value <= goal.value * (1 + 1e-12)
        margin = (goal.value - record.value) / goal.value if goal.value > 0 else None
    return Verdict(target, name, subject, base, measure, solved, goal, met, margin)
