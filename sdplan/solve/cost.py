"""Cost: price times what is used, per component and for the whole design, as money over time."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Finding, Path
from sdplan.solve.bounds import worst_label
from sdplan.solve.ledger import SPEND, Ledger
from sdplan.solve.load import place_id
from sdplan.solve.solution import Record
from sdplan.solve.tree import Place
from sdplan.spec.components import Component
from sdplan.spec.design import Design

_BY_TIME = ("hour", "month")
_METERS = {"requests": "rate", "in": "in", "out": "out"}  # what a meter counts, by the component's own number


def priced_places(design: Design, called: Iterable[Place]) -> tuple[Place, ...]:
    """Every component where it stands: those that are called, and those that only cost."""
    places = dict.fromkeys(called)
    there = {name for name, _ in places}
    for name, spec in design.components.items():
        if name not in there:
            regions = (spec.regions or tuple(design.regions)) if spec.regional else ()
            places |= dict.fromkeys((name, region) for region in regions or ("",))
    return tuple(places)


def place_cost(place: Place, spec: Component, ledger: Ledger) -> list[Finding]:
    """What a component costs over time: each meter that has a price."""
    path: Path = ("components", place_id(place))
    terms: list[Path] = []
    for meter in spec.price:
        term = (*path, "cost_of", meter)
        if meter in _BY_TIME:
            _standing(place, meter, term, ledger)
        else:
            fault = _metered(place, spec, meter, term, ledger)
            if fault is not None:
                return [fault]
        if not ledger.has(term):
            continue
        if ledger.records[term].dimension != SPEND:
            hint = (
                "write money over what is counted, such as `0.2 USD/1M`, `0.023 USD/GB/month`, `0.34 USD/h`"
            )
            message = f"the price of `{meter}` does not come to money over time"
            return [
                Finding("SP302", "error", ("components", place[0], "price", meter, "price"), message, hint)
            ]
        terms.append(term)
    if terms:
        ledger.fold((*path, "cost"), "sum", terms)
    return []


def _standing(place: Place, meter: str, term: Path, ledger: Ledger) -> None:
    """A price by time: of each node by the hour, of the whole by the month."""
    own: Path = ("components", place[0])
    price = (*own, "price", meter, "price")
    if meter == "hour":
        ledger.follow(term, "price * replicas", {"price": price, "replicas": (*own, "replicas")})
    else:
        ledger.follow(term, "price", {"price": price})


def _metered(place: Place, spec: Component, meter: str, term: Path, ledger: Ledger) -> Finding | None:
    """A price by use, less what is free; nothing where nobody uses it."""
    own: Path = ("components", place[0])
    price, free = (*own, "price", meter, "price"), (*own, "price", meter, "free")
    used = _used(("components", place_id(place)), place[0], meter, ledger)
    if used is None:
        if meter not in _METERS and not any(meter in operation.uses for operation in spec.ops.values()):
            what = f"no call of {place[0]} says what it uses of `{meter}`"
            hint = f"state `uses: {{{meter}: 1}}` at an operation"
            ledger.not_counted((*own, "price", meter), "SP908", what, "its price is not charged", hint)
        return None
    if not ledger.has(free):
        ledger.follow(term, "used * price", {"used": used, "price": price})
        return None
    if ledger.records[free].dimension != ledger.records[used].dimension:
        hint = "an allowance is counted like what it is taken from, for example `1M/month` requests"
        message = f"the allowance of `{meter}` has another unit than its use"
        return Finding("SP302", "error", free, message, hint)
    ledger.follow(term, "max(used - free, 0 * used) * price", {"used": used, "free": free, "price": price})
    return None


def _used(path: Path, name: str, meter: str, ledger: Ledger) -> Path | None:
    if meter in _METERS:
        used = (*path, _METERS[meter])
        return used if ledger.has(used) else None
    if meter == "stored":
        here, stored = (*path, "stored"), ("components", name, "stored")
        return here if ledger.has(here) else stored if ledger.has(stored) else None
    uses = (*path, "uses_over_time", meter)
    return uses if ledger.has(uses) else None


def whole_cost(design: Design, places: Iterable[Place], ledger: Ledger) -> None:
    """What the design costs, and which components have no price."""
    terms = [path for place in places if ledger.has(path := ("components", place_id(place), "cost"))]
    if not terms:
        return
    ledger.fold(("cost",), "sum", terms)
    if any(slo.cost is not None for slo in design.slos.values()):
        for name, spec in design.components.items():
            if not spec.price:
                ledger.not_counted(
                    ("components", name),
                    "SP905",
                    f"{name} states no price",
                    "the cost reads at least",
                    "state `price: {hour: …}`, or `price: {month: …}`",
                )
    unpriced = [name for name, spec in design.components.items() if not spec.price]
    if unpriced:
        record: Record = ledger.records["cost",]
        note = "without the components that state no price"
        ledger.records["cost",] = record._replace(
            prefix="at least ", label=worst_label("bound", {"cost": record}), note=note
        )
