"""Departures: whether calls come to a queue at random, as the exact wait laws take them to.

Calls that enter a flow come as a Poisson stream, and stay one through fixed or pure delays, random choices,
and queues with exponential service that are shared or split at random (Burke 1956, The Output of a Queuing
System, Operations Research 4).  Behind any other queue, or made several times in a row, they do not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sdplan.distributions.laws import Exponential
from sdplan.findings import Path
from sdplan.solve.journey import Journey
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run, place_id
from sdplan.solve.spreading import shares_queue
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place

BEHIND = "calls that come from another queue, or in a row, are taken as coming at random"


class Departures:
    """Which places of a load point are fed by other than Poisson streams."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.fed_otherwise: set[Place] = set()

    def follow(self, runs: Iterable[Run]) -> set[Place]:
        """The places to which some run does not come at random."""
        for run in runs:
            self._node(run.tree, self.journey.design.flows[run.flow].rate is not None)
        return self.fed_otherwise

    def _node(self, node: Node, at_random: bool) -> bool:
        """Whether a run leaves a node at random times, as it came to it or not."""
        if isinstance(node, Call):
            return self._call(node, at_random)
        if isinstance(node, Choice):
            ways = [self._node(way.node, at_random) for way in node.branches]
            return all(ways)
        if isinstance(node, Parallel):
            left = [self._node(item, at_random) for item in node.items]
            return len(left) < 2 and all(left)
        for item in node.items:
            at_random = self._node(item, at_random)
        return at_random

    def _call(self, call: Call, at_random: bool) -> bool:
        again = call.times > 1.0 or call.fan_out > 1.0 or call.retries > 0.0 or call.hedge is not None
        if again or not at_random:
            self.fed_otherwise.add(call.place)
        inside = at_random and not again and self._keeps(call.place)
        left = self._node(call.body, inside)
        plain = left and call.timeout is None
        for later in (call.miss, call.fallback):
            if later is not None:
                plain = self._node(later, plain and later is call.miss) and plain
        return (at_random and not again) if call.detached else plain

    def _keeps(self, place: Place) -> bool:
        """Whether what comes to a place at random also leaves it so."""
        station = self.journey.stations.get(place)
        if place in self.journey.pools:
            return False
        if station is None or station.servers == 0.0:
            return True
        spec = self.journey.design.components[place[0]]
        nodes = self.journey.ledger.value(("components", place[0], "replicas"), 1.0)
        split = shares_queue(spec) or spec.balance == "random" or nodes == 1.0
        laws = list(station.services.values())
        alike = len(laws) == 1 and isinstance(laws[0], Exponential)
        return split and alike and station.refused == 0.0


def mark_departures(places: Collection[Place], suffix: str, ledger: Ledger) -> None:
    """Say of the waits at these places that they are those of calls that come at random."""
    for place in places:
        path: Path = ("components", place_id(place), f"wait{suffix}")
        record = ledger.records.get(path)
        if record is None or record.label not in ("exact", "approximation") or "as random" in record.note:
            continue
        note = BEHIND if record.label == "exact" else f"{record.note}; {BEHIND}"
        ledger.records[path] = record._replace(label="approximation", note=note)
