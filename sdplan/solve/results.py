"""Results: named formulas over solved numbers, and whether they are what was published or promised."""

from __future__ import annotations

from sdplan.expressions import ExpressionError
from sdplan.findings import Finding, Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.lookup import Numbers, Unsolved, worked_out
from sdplan.solve.solution import Comparison, Record
from sdplan.spec.base import Amount
from sdplan.spec.design import Design
from sdplan.spec.objectives import Result
from sdplan.units import Quantity, UnitError

Inputs = tuple[tuple[str, Path], ...]
TOLERANCE = 0.001  # default tolerance of a result


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
            findings.append(_not_comparable(path, expected, value))
            continue
        compared.append(_compared(path, result, value, expected))
    return compared, findings


def _compared(path: Path, result: Result, value: Record, expected: Record | None) -> Comparison:
    """Whether a result is what was expected of it, where something was."""
    stated = result.tolerance.quantity if result.tolerance is not None else None
    tolerance = TOLERANCE if stated is None else stated.value
    met = None if expected is None else abs(value.value - expected.value) <= tolerance * abs(expected.value)
    return Comparison(path, (*path, "value"), expected, tolerance, met)


def _not_comparable(path: Path, expected: Record, value: Record) -> Finding:
    message = f"`{expected._replace(unit_shown='').shown()}` cannot be compared with {value.shown()}"
    return Finding("SP302", "error", (*path, "expect"), message, "give `expect` the unit of the value")


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
        quantity, text = worked_out(amount.expression, numbers), amount.text
    inputs = tuple(numbers.used.items())
    stated = Record(path, quantity.value, quantity.dimension, "stated", currency=quantity.currency)
    record = stated._replace(unit_shown=unit, is_share=_is_share(quantity, inputs, ledger))
    if amount.expression is not None:
        trust = ledger.trust("exact", numbers.used, ledger.arithmetic(amount.expression, numbers.used))
        record = record._replace(formula=text, inputs=inputs, **trust._asdict())
    ledger.write(record)
    return record


def _is_share(quantity: Quantity, inputs: Inputs, ledger: Ledger) -> bool:
    """Whether a plain number is a percentage: it is nothing but one, as `flows.buy.availability` is."""
    records = [ledger.records[where] for _, where in inputs]
    return len(records) == 1 and records[0].is_share and records[0].value == quantity.value
