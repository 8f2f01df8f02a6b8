"""Losing: changed designs in which zones, regions, components or replicas are gone.

Each function gives a design that can be solved like any other.  What its zones and losses leave of a
component is written as a plain number; a component of which nothing is left is named in `Design.lost`,
and its calls fail.  Counts that the design leaves open are to be fixed first: see `pinned`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from sdplan.formulas.redundancy import left_in_zones
from sdplan.solve.nodes import read_copies
from sdplan.solve.solution import Solution
from sdplan.solve.values import stated
from sdplan.spec.base import Amount, Measure
from sdplan.spec.components import Component, Replication, Store
from sdplan.spec.design import Design
from sdplan.units import NUMBER, Quantity


def pinned(solution: Solution) -> Design:
    """The design of a solution with every count of replicas and shards as it was solved."""
    design = solution.design
    changed = {}
    for name, spec in design.components.items():
        counts = ("shards",) if isinstance(spec, Store) and spec.replicas is None else ("replicas",)
        values = {unit: solution.value("components", name, unit) for unit in counts}
        update = {unit: _whole(value) for unit, value in values.items() if value is not None}
        changed[name] = spec.model_copy(update=update)
    return design.model_copy(update={"components": changed})


def without_components(design: Design, names: Iterable[str]) -> Design:
    """The design with some components down: their calls fail, and those that do without them go on."""
    return design.model_copy(update={"lost": design.lost | frozenset(names)})


def with_fewer_replicas(design: Design, lost: Mapping[str, float]) -> Design:
    """The design with so many replicas of some components gone, in each region.

    A store loses them evenly over its shards, so that a shard is short of that share, rounded up.
    """
    changed, gone = dict(design.components), set()
    for name, count in lost.items():
        spec = design.components[name]
        share = count / _shards(design, name) if isinstance(spec, Store) else count
        left = _nodes(design, name) - math.ceil(share)
        changed[name], is_gone = _with_nodes(design, name, left)
        gone |= {name} if is_gone else set()
    fewer = design.short | frozenset(name for name in changed if changed[name] is not design.components[name])
    return without_components(design.model_copy(update={"components": changed, "short": fewer}), gone)


def without_zones(design: Design, count: float) -> Design:
    """The design with so many zones gone, the fuller ones first, of every component that states `zones`."""
    changed, gone = dict(design.components), set()
    for name, spec in design.components.items():
        if spec.zones is None or count <= 0:
            continue
        zones = _number(design, name, "zones", 1.0)
        lost = min(float(math.ceil(count)), zones)
        left = left_in_zones(_nodes(design, name), zones, lost)
        short, is_gone = _with_nodes(design, name, left)
        changed[name] = short.model_copy(update={"zones": _whole(max(1.0, zones - lost))})
        gone |= {name} if is_gone or lost == zones else set()
    fewer = design.short | frozenset(name for name in changed if changed[name] is not design.components[name])
    return without_components(design.model_copy(update={"components": changed, "short": fewer}), gone)


def without_regions(design: Design, lost: Iterable[str]) -> Design:
    """The design with some regions gone: their traffic goes to the others by share.

    What stood in lost regions only is down; with no region left everything that stands in one is.
    """
    gone = frozenset(lost)
    left = {name: spec for name, spec in design.regions.items() if name not in gone}
    if not left:
        return without_components(design, (name for name, spec in design.components.items() if spec.regional))
    known, _ = stated(design)
    shares = {name: known["regions", name, "share"].value for name in left}
    whole = sum(shares.values())
    regions = {
        name: spec.model_copy(
            update={
                "share": _share(shares[name] / whole if whole else 1.0 / len(left)),
                "rtt": {other: time for other, time in spec.rtt.items() if other in left},
            }
        )
        for name, spec in left.items()
    }
    components = {name: _within(spec, left) for name, spec in design.components.items()}
    nowhere = (
        name for name, spec in design.components.items() if spec.regions and not components[name].regions
    )
    changed = design.model_copy(update={"regions": regions, "components": components})
    return without_components(changed, nowhere)


def _within(spec: Component, regions: Mapping[str, object]) -> Component:
    kept = tuple(name for name in spec.regions if name in regions)
    return spec if kept == spec.regions else spec.model_copy(update={"regions": kept})


def _nodes(design: Design, name: str) -> float:
    """Replicas, or the nodes of one shard of a store."""
    spec = design.components[name]
    if not isinstance(spec, Store):
        return _number(design, name, "replicas", 1.0)
    copies = read_copies(spec.copies or "1")
    return float(copies[0]) if copies is not None else 1.0


def _with_nodes(design: Design, name: str, left: float) -> tuple[Component, bool]:
    """A component with so many nodes left, and whether that is too few to be anything at all."""
    spec = design.components[name]
    if not isinstance(spec, Store):
        return (spec, True) if left < 1 else (spec.model_copy(update={"replicas": _whole(left)}), False)
    data, _, parity = (spec.copies or "1").replace(" ", "").partition("+")
    if left < (float(data) if parity else 1.0):
        return spec, True
    copies = f"{data}+{left - float(data):g}" if parity else f"{left:g}"
    update: dict[str, object] = {"copies": copies, "replication": _with_quorums(design, name, spec)}
    if spec.replicas is not None:
        update |= {"replicas": _whole(left * _shards(design, name))}
    return spec.model_copy(update=update), False


def _with_quorums(design: Design, name: str, spec: Store) -> Replication | None:
    """The replication with `quorum` and `all` as the numbers of copies that they were before any was lost."""
    if spec.replication is None:
        return None
    copies = int(_nodes(design, name))
    everywhere = copies * max(1, len(spec.regions or design.regions))
    update: dict[str, object] = {}
    for field in ("write_quorum", "read_quorum"):
        word = getattr(spec.replication, field)
        if isinstance(word, str) and word != "one":
            whole = everywhere if word in ("quorum", "all") else copies
            update[field] = _whole(whole if word == "all" else whole // 2 + 1)
    return spec.replication.model_copy(update=update)


def _shards(design: Design, name: str) -> float:
    alone = _number(design, name, "replicas", _nodes(design, name)) / _nodes(design, name)
    return _number(design, name, "shards", alone)


def _number(design: Design, name: str, field: str, otherwise: float) -> float:
    amount = getattr(design.components[name], field, None)
    if amount is None:
        return otherwise
    if amount.quantity is not None:
        return float(amount.quantity.value)
    known, _ = stated(design)
    record = known.get(("components", name, field))
    return otherwise if record is None else record.value


def _whole(number: float) -> Amount:
    return Amount(f"{number:g}", Measure(NUMBER, whole=True), Quantity(float(number), NUMBER))


def _share(value: float) -> Amount:
    return Amount(f"{100 * value:.12g}%", Measure(NUMBER, most=1.0), Quantity(value, NUMBER))
