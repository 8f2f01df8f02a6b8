"""The structure function: when a run succeeds, as a function of its components and of its own draws.

A component is one variable however often it is called.  What a run draws (a way, a hit, one call more) is a
variable of that call alone, and calls that are made several times draw each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sdplan.solve.decision_diagram import FALSE, TRUE, DecisionDiagram
from sdplan.solve.groups import Group
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import hit_path, place_id
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, calls, needed

_MOST_CALLS = 32  # that draw each for themselves
_MOST_DRAWS = 500  # of a whole run
_ROUGH = (
    f"of more than {_MOST_CALLS} calls that draw each for themselves, every way is taken as needed: at least"
)


def may_degrade(node: Node) -> bool:
    """Whether a run can succeed though something that it calls did not."""
    return any(call.optional or call.fallback is not None or call.miss is not None for call in calls(node))


class Structure:
    """Builds the function that says when a run succeeds.

    `needs` and `gone` are the state of the regions that is being looked at: what must be up where another
    load than usual has to be carried, and the regions that are lost.
    """

    def __init__(
        self, ledger: Ledger, groups: Mapping[Place, Group], zone_unavailability: float, undegraded: bool
    ) -> None:
        self.ledger = ledger
        self.groups = groups
        self.zone_unavailability = zone_unavailability
        self.undegraded = undegraded
        self.diagram = DecisionDiagram()
        self.needs: Mapping[Place, float] = {}
        self.gone: frozenset[str] = frozenset()
        self.nowhere: frozenset[str] = frozenset()  # components that stood in lost regions only
        self.lost: set[str] = set()
        self.owners: dict[str, tuple[Place, float, float]] = {}  # a variable's place, what is left and needed
        self.causes: set[str] = set()  # the variables of zones, regions and failovers
        self.rough = ""
        self._within = ""  # which of several equal calls the draws belong to
        self._all_ways = False
        self._drawn = 0
        self._built: dict[tuple[Place, float], int] = {}

    def of(self, node: Node) -> int:
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Choice):
            return self.choice(node)
        parts = [self.of(item) for item in node.items]
        if isinstance(node, Parallel):
            return self.diagram.at_least(needed(node.need, len(parts)), parts)
        return self.diagram.conjunction(parts)

    def choice(self, node: Choice) -> int:
        """Each way by its share, as a chain of independent draws of this choice's own."""
        taken = [way for way in node.branches if way.share > 0.0]
        if self._all_ways:
            return self.diagram.conjunction([self.of(way.node) for way in taken])
        left = sum(way.share for way in taken)
        draws = []
        for number, way in enumerate(taken[:-1]):  # drawn before the ways: a diagram is small in this order
            draws.append(self._draw(f"choice {number} {node.path}", way.share / left))
            left -= way.share
        ways = [self.of(way.node) for way in taken]
        function = ways[-1] if ways else TRUE
        for draw, then in zip(reversed(draws), reversed(ways[:-1]), strict=True):
            function = self.diagram.choice(draw, then, function)
        return function

    def _draw(self, name: str, probability: float, *, shared: bool = False) -> int:
        within = "" if shared else self._within
        self._drawn += 1
        return self.diagram.variable(f"{name}{within}", max(0.0, 1.0 - probability))

    def cause(self, name: str, unavailability: float) -> int:
        """A variable that several components share: a zone or a region, or whether a failover works."""
        self.causes.add(name)
        return self.diagram.variable(name, unavailability)

    def declare_zones(self, places: Iterable[Place]) -> None:
        """The variables of all zones in use, before those of what lies in them."""
        if not self.zone_unavailability:
            return
        for place in places:
            group = self.groups.get(place)
            for number in range(group.zones if group is not None else 0):
                self._zone(place[1], number)

    def _zone(self, region: str, number: int) -> int:
        where = f" of {region}" if region else ""
        return self.cause(f"zone {number + 1}{where}", self.zone_unavailability)

    def component(self, place: Place) -> int:
        """Enough of the replicas that the zones leave; a part that is lost altogether is down."""
        group = self.groups.get(place)
        if place[1] in self.gone or place[0] in self.nowhere:
            return FALSE
        if group is None:
            self.lost.add(place_id(place))
            return TRUE
        needed = self.needs.get(place, group.needed)
        known = self._built.get((place, needed))
        if known is None:
            known = self._built[place, needed] = self._group(place, group, needed)
        return known

    def _group(self, place: Place, group: Group, needed: float) -> int:
        """By how many of its zones are lost, the last zone first."""
        zones = group.zones if self.zone_unavailability else 0
        functions = [self._replicas(place, group, lost, needed) for lost in range(zones + 1)]
        for number in reversed(range(zones)):
            zone = self._zone(place[1], number)
            functions = [
                self.diagram.choice(zone, functions[lost], functions[lost + 1]) for lost in range(number + 1)
            ]
        return functions[0]

    def _replicas(self, place: Place, group: Group, lost: int, needed: float) -> int:
        left = group.left(lost)
        if needed > left:
            return FALSE
        usual = lost == 0 and needed == group.needed
        name = place_id(place) if usual else f"{place_id(place)} {needed:g} of {left:g}"
        self.owners[name] = (place, left, needed)
        return self.diagram.variable(name, group.down(left, needed))

    def call(self, call: Call) -> int:
        if call.detached or call.is_fill:
            return TRUE
        if call.optional and not self.undegraded and call.miss is None:
            return TRUE
        together = f"at once {call.path}"
        return self._several(
            call.times,
            f"in turn {call.path}",
            "all",
            lambda: self._several(call.fan_out, together, call.need, lambda: self._once(call)),
        )

    def _several(self, mean: float, name: str, need: str, once: Callable[[], int]) -> int:
        """The same call so often; a fraction mixes its two neighbours."""
        if mean == 1.0:
            return once()
        count = int(mean)
        function = self._copies(count, name, need, once)
        if count == mean:
            return function
        more = self._draw(f"one more {name}", mean - count)
        return self.diagram.choice(more, self._copies(count + 1, name, need, once), function)

    def _copies(self, count: int, name: str, need: str, once: Callable[[], int]) -> int:
        outside = self._within
        parts: list[int] = []
        for copy in range(count):
            self._within = f"{outside} {copy} {name}"
            parts.append(once())
            if len(parts) == 2 and parts[0] == parts[1]:  # nothing is drawn: all are alike
                parts = parts[:1]
                break
            if copy == _MOST_CALLS or self._drawn > _MOST_DRAWS:
                parts = [self._every_way(once)]
                break
        self._within = outside
        return self.diagram.at_least(needed(need, len(parts)), parts)

    def _every_way(self, once: Callable[[], int]) -> int:
        self.rough = _ROUGH
        before, self._all_ways = self._all_ways, True
        function = once()
        self._all_ways = before
        return function

    def _once(self, call: Call) -> int:
        outside = self._within
        if "@" in str(call.path[-1]):  # the same steps in another region draw again
            self._within = f"{outside} {call.path[-1]}"
        body = self.diagram.conjunction((self.component(call.place), self.of(call.body)))
        if call.miss is not None:
            body = self._missed(call, body)
        if call.fallback is not None and not self.undegraded:
            body = self.diagram.disjunction((body, self.of(call.fallback)))
        self._within = outside
        return body

    def _missed(self, call: Call, look: int) -> int:
        """A hit is enough, else the misses; a dead cache is a miss for all, a dead edge the end."""
        assert call.miss is not None
        missed = self.of(call.miss)
        hit = self.ledger.value(hit_path(call, self.ledger))
        if hit <= 0.0 or self._all_ways:
            through = missed
        else:
            name = f"hit {hit!r} {call.place} {call.entity or call.path}"
            through = self.diagram.disjunction((self._draw(name, hit, shared=bool(call.entity)), missed))
        if call.miss_inside or self.undegraded:
            return self.diagram.conjunction((look, through))
        if through == missed:
            return missed
        return self.diagram.disjunction((self.diagram.conjunction((look, through)), missed))
