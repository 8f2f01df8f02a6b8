"""The structure function: when a run succeeds, as a function of its components and of its own draws.

A component is one variable however often it is called.  What a run draws (a way, a hit, one call more) is a
variable of that call alone, and calls that are made several times draw each time.
"""

from __future__ import annotations

from collections.abc import Callable

from sdplan.solve.decision_diagram import TRUE, DecisionDiagram
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import hit_path, place_id
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, needed

DRAWS = ("hit ", "choice ", "one more ")
_MOST_CALLS = 32  # that draw each for themselves
_MOST_DRAWS = 500  # of a whole run
_ROUGH = (
    f"of more than {_MOST_CALLS} calls that draw each for themselves, every way is taken as needed: at least"
)


class Structure:
    """Builds the function that says when a run succeeds."""

    def __init__(self, ledger: Ledger, undegraded: bool) -> None:
        self.ledger = ledger
        self.undegraded = undegraded
        self.diagram = DecisionDiagram()
        self.lost: set[str] = set()
        self.rough = ""
        self._within = ""  # which of several equal calls the draws belong to
        self._all_ways = False
        self._drawn = 0

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
        ways = [self.of(way.node) for way in taken]
        if self._all_ways:
            return self.diagram.conjunction(ways)
        left = sum(way.share for way in taken)
        draws = []
        for number, way in enumerate(taken[:-1]):
            draws.append(self._draw(f"choice {number} {node.path}", way.share / left))
            left -= way.share
        function = ways[-1] if ways else TRUE
        for draw, then in zip(reversed(draws), reversed(ways[:-1]), strict=True):
            function = self.diagram.choice(draw, then, function)
        return function

    def _draw(self, name: str, probability: float, *, shared: bool = False) -> int:
        within = "" if shared else self._within
        self._drawn += 1
        return self.diagram.variable(f"{name}{within}", max(0.0, 1.0 - probability))

    def component(self, place: Place) -> int:
        record = self.ledger.records.get(("components", place_id(place), "unavailability"))
        if record is None:
            self.lost.add(place_id(place))
            return TRUE
        return self.diagram.variable(place_id(place), record.value)

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
