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
    own: Path = ("components", place[0])
    terms: list[Path] = []
    for meter in spec.price:
        term = (*path, "cost_of", meter)
        price, free = (*own, "price", meter, "price"), (*own, "price", meter, "free")
        if meter in ("hour", "month"):
            each = " * replicas" if meter == "hour" else ""
            more = {"replicas": (*own, "replicas")} if each else {}
            ledger.follow(term, f"price{each}", {"price": price, **more})
        else:
            used = _used(path, place[0], meter, ledger)
            if used is None and meter in _METERS:
                continue  # nobody calls it
            if used is None:
                if not any(meter in operation.uses for operation in spec.ops.values()):
                    what = f"no call of {place[0]} says what it uses of `{meter}`"
                    hint = f"state `uses: {{{meter}: 1}}` at an operation"
                    ledger.not_counted(
                        (*own, "price", meter), "SP908", what, "its price is not charged", hint
                    )
                continue
            text, more = ("max(used - free, 0)", {"free": free}) if ledger.has(free) else ("used", {})
            if ledger.has(free) and ledger.records[free].dimension != ledger.records[used].dimension:
                hint = "an allowance is counted like what it is taken from, for example `1M/month` requests"
                return [
                    Finding(
                        "SP302",
                        "error",
                        free,
                        f"the allowance of `{meter}` has another unit than its use",
                        hint,
                    )
                ]
            ledger.follow(
                term,
                f"{text} * price".replace("max(used - free, 0)", "max(used - free, 0 * used)"),
                {"price": price, "used": used, **more},
            )
        if ledger.records[term].dimension != SPEND:
            hint = (
                "write money over what is counted, such as `0.2 USD/1M`, `0.023 USD/GB/month` or `0.34 USD/h`"
            )
            return [
                Finding(
                    "SP302", "error", price, f"the price of `{meter}` does not come to money over time", hint
                )
            ]
        terms.append(term)
    if terms:
        ledger.fold((*path, "cost"), "sum", terms)
    return []


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
