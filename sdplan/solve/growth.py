"""Growth: the design some years on, and the month in which each limit is reached."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from sdplan.expressions.tree import Chain, Literal, Step
from sdplan.findings import Path
from sdplan.solve.solution import Record
from sdplan.solve.solve import solve
from sdplan.solve.values import stated
from sdplan.spec.base import Amount
from sdplan.spec.design import Design
from sdplan.spec.inputs import Input
from sdplan.units import NUMBER, Quantity

_MONTHS = 12
_FULL = 1.0

Used = Mapping[Path, float]
"""How much of each of its limits every component uses; nothing where there is no solution."""


def growths(design: Design) -> Mapping[str, float]:
    """By what share each input that grows does so in a year: `20%`, or `20%/year`."""
    if not any(given.growth is not None for given in design.inputs.values()):
        return {}
    known, _ = stated(design)
    found = {name: known.get(("inputs", name, "growth")) for name in design.inputs}
    return {
        name: one.value if one.dimension == NUMBER else one.value * design.clock.year
        for name, one in found.items()
        if one is not None and one.value > 0
    }


def grown(design: Design, years: float) -> Design:
    """The design after so many years: each growing input times (1 + growth) ^ years."""
    changed = {
        name: _times(design.inputs[name], (1 + growth) ** years) for name, growth in growths(design).items()
    }
    return design.model_copy(update={"inputs": {**design.inputs, **changed}}) if changed else design


def _times(given: Input, factor: float) -> Input:
    update: dict[str, object] = {"value": _scaled(given.value, factor)}
    if given.range is not None:
        low, high = (side._replace(value=side.value * factor) for side in (given.range.low, given.range.high))
        update["range"] = given.range._replace(low=low, high=high)
    return given.model_copy(update=update)


def _scaled(amount: Amount, factor: float) -> Amount:
    """The amount times a factor; an expression stays one."""
    if amount.expression is not None:
        number = f"{factor:.12f}"
        text = f"= ({amount.text.removeprefix('=').strip()}) * {number}"
        product = Chain(amount.expression, (Step("*", Literal(number, 0), 0),), 0)
        return amount._replace(text=text, expression=product)
    assert amount.quantity is not None
    quantity: Quantity = amount.quantity._replace(value=amount.quantity.value * factor)
    return amount._replace(quantity=quantity)


def months_to_limits(design: Design, horizon: float) -> Mapping[Path, float]:
    """The month in which each utilization reaches 100 %, of those that do so within the horizon [s].

    Exact to a month where utilization rises with time; a design with findings on the way is full there.
    """
    last = max(1, math.ceil(horizon / design.clock.year * _MONTHS))
    known: dict[int, Used | None] = {}

    def used(month: int) -> Used | None:
        if month not in known:
            known[month] = _utilizations(grown(design, month / _MONTHS))
        return known[month]

    end = used(last)
    limits = (used(0) or {}) if end is None else end
    return {
        path: float(_first(path, last, used))
        for path in limits
        if end is None or end.get(path, math.inf) >= _FULL
    }


def _first(path: Path, last: int, used: Callable[[int], Used | None]) -> int:
    low, high = -1, last
    while high - low > 1:
        middle = (low + high) // 2
        found = used(middle)
        low, high = (middle, high) if found is not None and found.get(path, 0.0) < _FULL else (low, middle)
    return high


def _utilizations(design: Design) -> Used | None:
    only: dict[str, object] = {"slos": {}, "results": {}, "decisions": {}, "scenarios": {}}
    solution, _ = solve(design.model_copy(update=only))
    return None if solution is None else dict(_limits(solution.records))


def _limits(records: Mapping[Path, Record]) -> Iterator[tuple[Path, float]]:
    for path, record in records.items():
        if path[0] == "components" and len(path) == 3 and path[2] in ("utilization", "disk_utilization"):
            yield path, record.value
