"""Judging: SLOs, results and the conditions of decisions, held against the numbers that were solved."""

from __future__ import annotations

from collections.abc import Iterator

from sdplan.expressions import Expression, ExpressionError, NoValue, compare, evaluate, names, to_text
from sdplan.findings import Finding, Path, dotted
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Comparison, Premise, Record, Verdict
from sdplan.solve.solvable import without_value
from sdplan.spec.base import Amount
from sdplan.spec.design import Design
from sdplan.spec.objectives import Condition, Slo
from sdplan.units import NUMBER, Quantity, UnitError

_SHARES = ("availability", "undegraded", "errors")
_OF_STORES = ("durability", "rpo", "rto")
_COMPLEMENTS = {"availability": "unavailability", "undegraded": "degradation", "durability": "yearly_loss"}
Inputs = tuple[tuple[str, Path], ...]
_LAST_DIGIT = 2.3e-16  # of a share near 1, which is all that its budget can be known to
TOLERANCE = 0.001  # default tolerance of a result
WINDOW = 30 * 86400.0


def path_of(name: str) -> Path:
    """A dotted name as a path; a percentile such as `p99.9` is one part."""
    head, found, tail = name.rpartition(".p99.")
    if found and tail.isdigit():
        return (*head.split("."), f"p99.{tail}")
    return tuple(name.split("."))


class Numbers:
    """Looks names up among all numbers, as results and conditions may."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.used: dict[str, Path] = {}

    def __call__(self, name: str) -> Quantity:
        path = path_of(name) if "." in name or (name,) in self.ledger.records else ("inputs", name)
        if path not in self.ledger.records:
            reason = self.reason(path) or without_value(path, self.ledger)
            if reason:
                raise Unsolved(f"{name} has no value: {reason}")
            raise KeyError(name)
        self.used[name] = path
        return self.ledger.quantity(path)

    def reason(self, path: Path) -> str:
        """Why a number is missing, if it or what it belongs to is known to be."""
        return next(
            (
                self.ledger.missing[path[:n]]
                for n in range(len(path), 1, -1)
                if path[:n] in self.ledger.missing
            ),
            "",
        )


class Unsolved(Exception):
    """A number that exists in principle and has no value in this design."""


def results(design: Design, ledger: Ledger) -> tuple[list[Comparison], list[Finding]]:
    """Every result: its value from solved numbers, and whether it is what was published or promised."""
    compared: list[Comparison] = []
    findings: list[Finding] = []
    for name, result in design.results.items():
        path: Path = ("results", name)
        try:
            value = _amount(result.value, (*path, "value"), str(result.unit), ledger)
            expected = (
                _amount(result.expect, (*path, "expect"), str(result.unit), ledger) if result.expect else None
            )
        except Unsolved as reason:
            compared.append(Comparison(path, (*path, "value"), None, TOLERANCE, None, str(reason)))
            continue
        except ExpressionError as wrong:
            findings.append(Finding("SP305", "error", (*path, "value"), wrong.message, wrong.hint))
            continue
        unfit = _unfit_unit(value)
        if unfit is not None:
            findings.append(Finding("SP302", "error", (*path, "unit"), unfit.message, unfit.hint))
            continue
        if expected is not None and expected.dimension != value.dimension:
            hint = "give `expect` the unit of the value"
            findings.append(
                Finding(
                    "SP302",
                    "error",
                    (*path, "expect"),
                    f"`{expected._replace(unit_shown='').shown()}` cannot be compared with {value.shown()}",
                    hint,
                )
            )
            continue
        tolerance = (
            result.tolerance.quantity.value if result.tolerance and result.tolerance.quantity else TOLERANCE
        )
        met = (
            None if expected is None else abs(value.value - expected.value) <= tolerance * abs(expected.value)
        )
        compared.append(Comparison(path, (*path, "value"), expected, tolerance, met))
    return compared, findings


def _unfit_unit(value: Record) -> UnitError | None:
    """Why a result cannot be shown in the unit that was asked for."""
    try:
        value.shown()
    except UnitError as wrong:
        return wrong
    return None


def _amount(amount: Amount, path: Path, unit: str, ledger: Ledger) -> Record:
    """An amount that may see solved numbers, entered and shown in the unit that was asked for."""
    numbers = Numbers(ledger)
    if amount.expression is None:
        assert amount.quantity is not None
        quantity, text = amount.quantity, ""
    else:
        quantity, text = _solved(amount.expression, numbers), amount.text
    inputs = tuple(numbers.used.items())
    stated = Record(path, quantity.value, quantity.dimension, "stated", currency=quantity.currency)
    record = stated._replace(unit_shown=unit, is_share=_is_share(quantity, inputs, ledger))
    if amount.expression is not None:
        trust = ledger.trust("exact", numbers.used, ledger.arithmetic(amount.expression, numbers.used))
        record = record._replace(formula=text, inputs=inputs, **trust._asdict())
    ledger.write(record)
    return record


def _solved(expression: Expression, numbers: Numbers) -> Quantity:
    """The quantity that an expression over solved numbers comes to, where these have one."""
    try:
        return evaluate(expression, numbers, numbers.ledger.calendar)
    except NoValue as wrong:
        if not numbers.used:
            raise
        raise Unsolved(wrong.message) from None


def _is_share(quantity: Quantity, inputs: Inputs, ledger: Ledger) -> bool:
    """Whether a plain number is a percentage: it is nothing but one, as `flows.buy.availability` is."""
    records = [ledger.records[where] for _, where in inputs]
    return len(records) == 1 and records[0].is_share and records[0].value == quantity.value


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
    left, right = (_solved(one, numbers) for one in (condition.comparison.left, condition.comparison.right))
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
        right = _solved(condition.comparison.right, numbers)
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
