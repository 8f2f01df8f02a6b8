"""Availability of the parts: of zones, regions and groups of replicas, at each load point.

How many replicas of a component are needed comes from its load, not from their number.  What zones share
is a cause of its own, since the loss of a zone takes its part of every component at the same time.
"""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.findings import Path
from sdplan.formulas.availability import (
    availability_from_mtbf,
    common_cause_unavailability,
    k_of_n_unavailability,
    unavailability_from_mtbf,
)
from sdplan.formulas.redundancy import (
    covered_downtime,
    failover_unavailability,
    repaired_unavailability,
    zoned_unavailability,
)
from sdplan.solve.failover import Losable
from sdplan.solve.groups import Group
from sdplan.solve.ledger import Ledger
from sdplan.solve.required import enter_required, has_primary, unit_of
from sdplan.solve.runs import place_id
from sdplan.solve.solution import Label, Record
from sdplan.solve.stations import POINTS
from sdplan.solve.tree import Place
from sdplan.spec.components import Component, Failover, Store
from sdplan.spec.design import Design
from sdplan.units import NUMBER

ZONE: Path = ("zones", "unavailability")
_SAFE = "where replicas do not divide over their zones, the fuller zones are taken as the lost ones"


def causes(design: Design, ledger: Ledger) -> tuple[Losable, ...]:
    """The unavailability of a zone and of every region, entered; the regions that may be lost."""
    if design.zones is not None:
        _cause(("zones",), ledger)
    elif any(spec.zones is not None and spec.sla is None for spec in design.components.values()):
        ledger.not_counted(
            ("components", next(name for name, spec in design.components.items() if spec.zones), "zones"),
            "SP904",
            "nothing says how often a zone is up",
            "zones count as always up: availabilities read at most",
            "state `zones: {availability: 99.99%}` at the top",
        )
    return tuple(_losable(design, ledger))


def _losable(design: Design, ledger: Ledger) -> Iterable[Losable]:
    for name, region in design.regions.items():
        path: Path = ("regions", name)
        if not _cause(path, ledger):
            ledger.not_counted(
                path,
                "SP904",
                f"region {name} states no availability",
                "it counts as always up: availabilities read at most",
                "state `availability: 99.99%` of the region as a whole",
            )
            continue
        covered = _covered(path, path, region.failover, ledger)
        yield Losable(name, ledger.value((*path, "unavailability")), covered)


def _cause(path: Path, ledger: Ledger) -> bool:
    """Enter how often something shared is down, if that is stated."""
    whole = (*path, "unavailability")
    if ledger.has((*path, "availability")):
        ledger.follow(whole, "1 - availability", {"availability": (*path, "availability")})
    elif ledger.has((*path, "mtbf")):
        both = {"mtbf": (*path, "mtbf"), "mttr": (*path, "mttr")}
        ledger.apply(whole, unavailability_from_mtbf, both)
    return ledger.has(whole)


def _covered(path: Path, repaired: Path, failover: Failover | None, ledger: Ledger) -> float:
    """The share of the time of a loss in which others serve: what fails over, less what that takes."""
    if failover is None:
        return 1.0
    own = (*path, "failover")
    if failover.coverage is None:
        ledger.default((*own, "coverage"), 1.0, is_share=True)
    if failover.takes is None:
        return ledger.value((*own, "coverage"))
    if not ledger.has((*repaired, "mttr")):
        ledger.not_counted(
            (*own, "takes"),
            "SP904",
            f"nothing says how long a failure of {path[1]} lasts",
            "a failover counts as instant: availabilities read at most",
            "state `mtbf` and `mttr` in place of an availability",
        )
        return ledger.value((*own, "coverage"))
    inputs = {
        "coverage": (*own, "coverage"),
        "failover_time": (*own, "takes"),
        "mttr": (*repaired, "mttr"),
    }
    return ledger.apply((*own, "covered"), covered_downtime, inputs, is_share=True)


def component_groups(place: Place, design: Design, ledger: Ledger) -> dict[str, Group]:
    """A component's replicas as a group at each load point that they can carry, entered."""
    spec = design.components[place[0]]
    path: Path = ("components", place_id(place))
    own: Path = ("components", place[0])
    whole = (*path, "unavailability")
    if place[0] in design.lost:
        note = f"{place[0]} is lost"
        ledger.write(Record(whole, 1.0, NUMBER, "exact", "lost", note=note))
    elif ledger.has((*own, "sla")):
        ledger.follow(whole, "1 - sla", {"sla": (*own, "sla")})
    elif _replica(own, ledger):
        return _groups(place, spec, ledger)
    else:
        _unstated(place, whole, ledger)
    _available(path, "", ledger)
    return dict.fromkeys(POINTS, Group(ledger.value(whole)))


def _replica(own: Path, ledger: Ledger) -> bool:
    """Enter how often one replica is down, if that is stated."""
    one = (*own, "replica_unavailability")
    if ledger.has((*own, "availability")):
        ledger.follow(one, "1 - availability", {"availability": (*own, "availability")})
    elif ledger.has((*own, "mtbf")):
        both = {"mtbf": (*own, "mtbf"), "mttr": (*own, "mttr")}
        ledger.apply((*own, "replica_availability"), availability_from_mtbf, both)
        ledger.apply(one, unavailability_from_mtbf, both)
    return ledger.has(one)


def _unstated(place: Place, whole: Path, ledger: Ledger) -> None:
    ledger.not_counted(
        ("components", place[0]),
        "SP904",
        f"{place[0]} states no availability",
        "it counts as always up: availabilities read at most",
        "state `availability: 99.9%` of one replica, or the `sla` of the managed whole",
    )
    ledger.write(
        Record(whole, 0.0, NUMBER, "bound", note=f"{place[0]} states no availability", prefix="at least ")
    )


def _available(path: Path, suffix: str, ledger: Ledger) -> None:
    """The other side of an unavailability."""
    whole = (*path, f"unavailability{suffix}")
    ledger.follow(
        (*path, f"group_availability{suffix}"), "1 - unavailability", {"unavailability": whole}, is_share=True
    )


def _groups(place: Place, spec: Component, ledger: Ledger) -> dict[str, Group]:
    """k of n replicas, or of the copies of the one shard that a request needs."""
    path: Path = ("components", place_id(place))
    own: Path = ("components", place[0])
    count = ledger.value((*own, unit_of(spec)), 1.0)
    replication = spec.replication if isinstance(spec, Store) else None
    failover = replication.failover if replication is not None else None
    zones = min(ledger.value((*own, "zones")), count) if spec.zones is not None else 0.0
    one = Group(
        ledger.value((*own, "replica_unavailability")),
        count,
        1.0,
        ledger.value((*own, "common_cause")),
        ledger.value((*own, "mtbf")),
        ledger.value((*own, "mttr")),
        ledger.value((*own, "repair_crews")),
        _covered((*own, "replication"), own, failover, ledger),
        has_primary(spec),
        int(zones) if zones <= _MOST_ZONES else 0,
    )
    found = {}
    for point, suffix in ledger.points.items():
        group = one._replace(needed=enter_required(place, spec, suffix, ledger))
        whole = (*path, f"unavailability{suffix}")
        if group.needed > count:
            ledger.missing[whole] = (
                f"{place_id(place)} is overloaded at {point} even with all its replicas up"
            )
            continue
        if count > _MOST_REPLICAS:
            ledger.missing[whole] = (
                f"{place_id(place)} would need {count:.3g} replicas: too many to count states"
            )
            continue
        _enter_group(place, spec, group, suffix, failover is not None, ledger)
        _available(path, suffix, ledger)
        found[point] = group
    return found


_MOST_REPLICAS = 1e6
_MOST_ZONES = 100  # a component spread over more has hardly a replica to lose with one of them


def _enter_group(
    place: Place, spec: Component, group: Group, suffix: str, covered: bool, ledger: Ledger
) -> None:
    """The unavailability of a group over the states of its zones, by a formula where one says it."""
    own: Path = ("components", place[0])
    whole = ("components", place_id(place), f"unavailability{suffix}")
    inputs: dict[str, Path] = {
        "unavailability": (*own, "replica_unavailability"),
        "replicas": (*own, unit_of(spec)),
        "needed": ("components", place_id(place), f"replicas_required{suffix}"),
    }
    note = "failover is taken as perfect and instant" if group.has_primary and not covered else ""
    extra: dict[str, tuple[str, Path]] = {}
    if group.zones and ledger.has(ZONE):
        extra["zones"] = ("zone_unavailability", ZONE)
    if group.common_cause:
        extra["common_cause"] = ("common_cause", (*own, "common_cause"))
    if group.crews:
        extra["crews"] = ("crews", (*own, "repair_crews"))
    if group.coverage < 1.0:
        extra["coverage"] = ("coverage", _coverage(own, ledger))
    simple = {
        (): k_of_n_unavailability,
        ("common_cause",): common_cause_unavailability,
        ("coverage",): failover_unavailability,
    }.get(tuple(extra))
    inputs |= dict(extra.values())
    if simple is not None:
        ledger.apply(whole, simple, inputs, note=note)
    elif tuple(extra) == ("crews",):
        both = {"mtbf": (*own, "mtbf"), "mttr": (*own, "mttr")}
        del inputs["unavailability"]
        ledger.apply(whole, repaired_unavailability, {**both, **inputs}, note=note)
    elif tuple(extra) == ("zones",) and group.zones == ledger.value((*own, "zones")):
        uneven: Label | None = "bound" if group.replicas % group.zones else None
        safe = _SAFE if uneven else note
        ledger.apply(
            whole, zoned_unavailability, {**inputs, "zones": (*own, "zones")}, label=uneven, note=safe
        )
    else:
        _enter_states(whole, group, extra, inputs, ledger)
    if group.zones > 1 and not ledger.has(ZONE) and ledger.has(whole):
        record = ledger.records[whole]
        label: Label = "approximation" if record.label == "approximation" else "bound"
        ledger.records[whole] = record._replace(
            label=label, prefix="at least ", note=record.note or "nothing says how often a zone is up"
        )


def _coverage(own: Path, ledger: Ledger) -> Path:
    failover = (*own, "replication", "failover")
    covered = (*failover, "covered")
    return covered if ledger.has(covered) else (*failover, "coverage")


def _enter_states(
    whole: Path,
    group: Group,
    extra: dict[str, tuple[str, Path]],
    inputs: dict[str, Path],
    ledger: Ledger,
) -> None:
    """A group with several of these at once: each state of its zones by its probability."""
    zoned = "zones" in extra
    value = group.over_zones(ledger.value(ZONE)) if zoned else group.down(group.replicas, group.needed)
    uneven = zoned and group.replicas % group.zones
    ledger.enter(
        Record(
            whole,
            value,
            NUMBER,
            "bound" if uneven else "exact",
            "over the states of its zones" if zoned else "of its replicas and what they share",
            tuple(inputs.items()),
            _SAFE if uneven else "",
        )
    )
