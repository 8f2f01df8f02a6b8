"""Failover: what still serves a flow when regions are lost, and what the rest of them must carry then.

A lost region's traffic goes to the others by their shares, where its failover works; a call of what was
there goes to the nearest region that is left.  The others need as many replicas as that load asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sdplan.solve.compile import compile_flow
from sdplan.solve.decision_diagram import FALSE
from sdplan.solve.ledger import Ledger
from sdplan.solve.losing import without_regions
from sdplan.solve.required import required
from sdplan.solve.runs import Run, hit_path, place_id
from sdplan.solve.stations import POINTS
from sdplan.solve.structure import Structure
from sdplan.solve.tree import Call, Choice, Node, Place, Way
from sdplan.spec.design import Design

_FULL = 1 - 1e-9  # what rounding makes of 100 % is 100 %
_MOST_STATES = 64  # of the regions; more of them are lost at once so seldom that they count as an outage
_SEVERAL_LOST = "more regions lost at once than are looked at count as an outage of all: at least"


class Losable(NamedTuple):
    """A region that may be lost: how often, and in what share of that its traffic moves."""

    name: str
    unavailability: float
    covered: float


class Outages:
    """The states of the regions of a design, with the call trees and the loads that belong to each."""

    def __init__(
        self, design: Design, runs: Iterable[Run], losable: Iterable[Losable], ledger: Ledger
    ) -> None:
        self.design = design
        self.runs = tuple(runs)
        self.losable = tuple(losable)
        self.ledger = ledger
        self.most = _most_lost(len(self.losable))
        self._designs: dict[tuple[str, ...], Design] = {}
        self._trees: dict[tuple[str, str, tuple[str, ...]], Node] = {}
        self._needs: dict[tuple[tuple[str, ...], str], dict[Place, float]] = {}

    def function(self, run: Run, structure: Structure, point: str) -> int:
        """When a run that comes from its region succeeds, over all states of the regions."""
        for one in self.losable:
            structure.cause(f"region {one.name}", one.unavailability)
        structure.declare_zones(structure.groups)
        if not self.losable:
            return structure.of(run.tree)
        return self._branch(run, structure, point, 0, ())

    def _branch(self, run: Run, structure: Structure, point: str, number: int, lost: tuple[str, ...]) -> int:
        if number == len(self.losable):
            return self._state(run, structure, point, lost)
        one = self.losable[number]
        up = self._branch(run, structure, point, number + 1, lost)
        down = FALSE
        if len(lost) < self.most:
            down = self._branch(run, structure, point, number + 1, (*lost, one.name))
        else:
            structure.rough = structure.rough or _SEVERAL_LOST
        region = structure.cause(f"region {one.name}", one.unavailability)
        return structure.diagram.choice(region, up, down)

    def _state(self, run: Run, structure: Structure, point: str, lost: tuple[str, ...]) -> int:
        """Success with these regions lost."""
        left = [name for name in self.design.regions if name not in lost]
        if not left:
            return FALSE
        structure.gone = frozenset(lost)
        structure.nowhere = self._without(lost).lost - self.design.lost if lost else frozenset()
        structure.needs = self.needs(lost, point) if lost else {}
        if run.region not in lost:
            return structure.of(self.tree(run.flow, run.region, lost))
        path = ("regions", run.region, "failover")
        whole = sum(map(self._share, left))
        shares = {name: self._share(name) / whole if whole else 1.0 / len(left) for name in left}
        ways = tuple(Way(share, path, self.tree(run.flow, name, lost)) for name, share in shares.items())
        moved = structure.of(Choice(ways, (*path, *lost)))
        covered = next(one.covered for one in self.losable if one.name == run.region)
        if covered >= 1.0:
            return moved
        works = structure.cause(f"failover of {run.region}", 1.0 - covered)
        return structure.diagram.conjunction((works, moved))

    def _share(self, region: str) -> float:
        return self.ledger.value(("regions", region, "share"))

    def tree(self, flow: str, region: str, lost: tuple[str, ...]) -> Node:
        """The calls of a flow in a region when others are lost."""
        key = (flow, region, lost)
        if key not in self._trees:
            self._trees[key] = compile_flow(self._without(lost), flow, region, self.ledger)
        return self._trees[key]

    def _without(self, lost: tuple[str, ...]) -> Design:
        if lost not in self._designs:
            self._designs[lost] = without_regions(self.design, lost)
        return self._designs[lost]

    def needs(self, lost: tuple[str, ...], point: str) -> Mapping[Place, float]:
        """How many must be up of each component with these regions lost."""
        key = (lost, point)
        if key not in self._needs:
            self._needs[key] = self._required(lost, point)
        return self._needs[key]

    def _required(self, lost: tuple[str, ...], point: str) -> dict[Place, float]:
        usual = self._rates((), point)
        busy = {
            place: self.ledger.value(("components", place_id(place), f"utilization{POINTS[point]}"))
            for place in usual
        }
        found = {}
        for place, rate in self._rates(lost, point).items():
            per_call = [
                busy[other] / usual[other]
                for other in ([place] if usual.get(place) else usual)
                if other[0] == place[0] and usual[other] > 0
            ]
            utilization = rate * max(per_call, default=0.0)
            found[place] = self._needed(place, utilization)
        return found

    def _needed(self, place: Place, utilization: float) -> float:
        """What is up as a whole is one of one, and more than there is where it is overloaded."""
        spec = self.design.components[place[0]]
        if spec.availability is None and spec.mtbf is None:
            return 1.0 if utilization < _FULL else 2.0
        return required(place, spec, utilization, self.ledger)

    def _rates(self, lost: tuple[str, ...], point: str) -> dict[Place, float]:
        """Calls a second at each place, first attempts only."""
        left = sum(self._share(name) for name in self.design.regions if name not in lost)
        found: dict[Place, float] = {}
        for run in self.runs:
            if run.region in lost or left <= 0:
                continue
            rate = self.ledger.value((*run.path, f"{point}_rate")) / left
            tree = self.tree(run.flow, run.region, lost) if lost else run.tree
            _add(tree, rate, found, self.ledger)
        return found


def _most_lost(regions: int) -> int:
    """How many regions may be lost at once so that their states stay within bounds, at least one."""
    states, chosen, most = 1, 1, 0
    while most < regions:
        chosen = chosen * (regions - most) // (most + 1)
        states += chosen
        if states > _MOST_STATES and most:
            break
        most += 1
    return most


def _add(node: Node, rate: float, found: dict[Place, float], ledger: Ledger) -> None:
    if isinstance(node, Call):
        here = rate * node.times * node.fan_out
        found[node.place] = found.get(node.place, 0.0) + here
        _add(node.body, here, found, ledger)
        if node.miss is not None:
            _add(node.miss, here * (1.0 - ledger.value(hit_path(node, ledger))), found, ledger)
    elif isinstance(node, Choice):
        for way in node.branches:
            _add(way.node, rate * way.share, found, ledger)
    else:
        for item in node.items:
            _add(item, rate, found, ledger)
