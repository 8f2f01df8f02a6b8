"""Why something is expensive: from a cost down to its largest item and what that is charged for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.findings import Because
from sdplan.rules.verdicts import shown_mend

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution, Verdict

_MOST_LINKS = 2


def expense(verdict: Verdict, solution: Solution) -> tuple[Because, ...]:
    """The links from a cost to its largest items, each with what it is charged for."""
    return tuple(_item(name, cost, solution) for name, cost in _items(verdict, solution)[:_MOST_LINKS])


def _items(verdict: Verdict, solution: Solution) -> list[tuple[str, Record]]:
    """The components that cost something, the most expensive first."""
    names = [str(verdict.subject_path[1])] if verdict.subject_path else list(solution.design.components)
    costs = [(name, solution.records.get(("components", name, "cost"))) for name in names]
    return sorted(((name, cost) for name, cost in costs if cost is not None), key=lambda one: -one[1].value)


def _item(name: str, cost: Record, solution: Solution) -> Because:
    meters = solution.design.components[name].price
    charged = [(solution.value("components", name, "cost_of", meter) or 0.0, meter) for meter in meters]
    meter = max(charged, key=lambda one: one[0])[1]
    amount = _amount(name, meter, solution)
    text = f"{name} costs {cost.shown()}, most of it for {amount}"
    return Because(("components", name, "price", meter), text)


def _amount(name: str, meter: str, solution: Solution) -> str:
    """What a meter counted, as far as there is a number for it."""
    count = solution.records.get(("components", name, "replicas"))
    if meter == "hour" and count is not None:
        return f"the hours of {count.shown()} replicas"
    return f"`{meter}`"


def cheaper(verdict: Verdict, solution: Solution) -> str:
    """The nodes that the load needs, where there are more and the budget is met with as many as it needs."""
    from sdplan.solve.mend import fewer_nodes

    for name, _ in _items(verdict, solution)[:_MOST_LINKS]:
        mend = fewer_nodes(solution, verdict, name)
        if mend is not None:
            return shown_mend(mend)
    return ""
