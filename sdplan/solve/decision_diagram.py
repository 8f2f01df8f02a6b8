"""A reduced ordered binary decision diagram: exact probabilities for parts that stand in several places.

Unavailabilities are carried, all terms positive, so that a probability of 1e-26 keeps its digits.
Source: Bryant 1986, Graph-Based Algorithms for Boolean Function Manipulation.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import reduce

TRUE, FALSE = 1, 0
_MOST_NODES = 200_000


class TooManyStates(Exception):
    """A function whose diagram grows past what can be kept."""


class DecisionDiagram:
    """Functions over named variables, each with its own probability; they are ordered as they first come."""

    def __init__(self) -> None:
        self._nodes: list[tuple[int, int, int]] = [
            (1 << 30, 0, 0),
            (1 << 30, 1, 1),
        ]  # level, if false, if true
        self._unique: dict[tuple[int, int, int], int] = {}
        self._results: dict[tuple[bool, int, int], int] = {}
        self._levels: dict[str, int] = {}
        self.false_probability: list[float] = []

    def variable(self, name: str, false_probability: float) -> int:
        """The function that is one variable; the first probability given for a name counts."""
        if name not in self._levels:
            self._levels[name] = len(self._levels)
            self.false_probability.append(false_probability)
        return self._node(self._levels[name], FALSE, TRUE)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._levels)

    def conjunction(self, parts: Iterable[int]) -> int:
        last_first = reversed(tuple(parts))  # what comes later is deeper, so that each step stays shallow
        return reduce(lambda one, other: self._apply(True, other, one), last_first, TRUE)

    def disjunction(self, parts: Iterable[int]) -> int:
        return reduce(lambda one, other: self._apply(False, other, one), reversed(tuple(parts)), FALSE)

    def at_least(self, needed: int, parts: Sequence[int]) -> int:
        """True when `needed` of the parts are."""
        counts = [TRUE] + [FALSE] * needed
        for part in reversed(parts):
            for k in range(needed, 0, -1):
                counts[k] = self._one_more(part, counts[k - 1], counts[k])
        return counts[needed]

    def _one_more(self, part: int, fewer: int, as_many: int) -> int:
        """Where the part is true fewer others will do; a variable above both needs no look below."""
        level, low, high = self._nodes[part]
        if low == FALSE and high == TRUE and level < min(self._nodes[fewer][0], self._nodes[as_many][0]):
            return self._node(level, as_many, fewer)
        return self.disjunction((as_many, self.conjunction((part, fewer))))

    def choice(self, draw: int, then: int, otherwise: int) -> int:
        """`then` where the draw, a single variable, is true, else `otherwise`."""
        level = self._nodes[draw][0]
        if level < min(self._nodes[then][0], self._nodes[otherwise][0]):
            return self._node(level, otherwise, then)
        refused = self._node(level, TRUE, FALSE)
        return self.disjunction((self.conjunction((draw, then)), self.conjunction((refused, otherwise))))

    def _node(self, level: int, low: int, high: int) -> int:
        if low == high:
            return low
        key = (level, low, high)
        found = self._unique.get(key)
        if found is None:
            if len(self._nodes) > _MOST_NODES:
                raise TooManyStates
            found = self._unique[key] = len(self._nodes)
            self._nodes.append(key)
        return found

    def _apply(self, both: bool, one: int, other: int) -> int:
        """Both, or either, of two functions; a stack of our own, since a function may be thousands deep."""
        waiting = [(one, other)]
        while waiting:
            pair = waiting[-1]
            if self._known(both, *pair) is None:
                level, (low, high) = self._split(*pair)
                below = [self._known(both, *low), self._known(both, *high)]
                if None in below:
                    waiting += [part for part, known in zip((low, high), below, strict=True) if known is None]
                    continue
                key = (both, min(pair), max(pair))
                self._results[key] = self._node(level, below[0] or FALSE, below[1] or FALSE)
            waiting.pop()
        return self._known(both, one, other) or FALSE

    def _known(self, both: bool, one: int, other: int) -> int | None:
        stop, neutral = (FALSE, TRUE) if both else (TRUE, FALSE)
        if one == stop or other == stop:
            return stop
        if one in (neutral, other):
            return other
        if other == neutral:
            return one
        return self._results.get((both, min(one, other), max(one, other)))

    def _split(self, one: int, other: int) -> tuple[int, tuple[tuple[int, int], tuple[int, int]]]:
        """The first variable of two functions, and what is left of them where it is false and where true."""
        (level1, low1, high1), (level2, low2, high2) = self._nodes[one], self._nodes[other]
        level = min(level1, level2)
        if level1 > level:
            low1 = high1 = one
        if level2 > level:
            low2 = high2 = other
        return level, ((low1, low2), (high1, high2))

    def unavailability(self, function: int, sure: Container[str] = ()) -> float:
        """The probability that a function is false; the variables named as sure are always true."""
        return self._unavailabilities(function, sure)[function]

    def _unavailabilities(self, function: int, sure: Container[str] = ()) -> dict[int, float]:
        known: dict[int, float] = {TRUE: 0.0, FALSE: 1.0}
        rates = [
            0.0 if name in sure else rate
            for name, rate in zip(self._levels, self.false_probability, strict=True)
        ]
        for node in self._below(function):
            level, low, high = self._nodes[node]
            false = rates[level]
            known[node] = false * known[low] + (1.0 - false) * known[high]
        return known

    def _below(self, function: int) -> list[int]:
        """The nodes of a function, children before their parents."""
        found, waiting = {function} - {TRUE, FALSE}, [function]
        while waiting:
            _, low, high = self._nodes[waiting.pop()]
            fresh = {low, high} - found - {TRUE, FALSE}
            found |= fresh
            waiting += fresh
        return sorted(found)

    def importances(self, function: int) -> dict[str, float]:
        """By how much each variable's failure raises the probability of false (Birnbaum 1969)."""
        known = self._unavailabilities(function)
        reached = {function: 1.0}
        found = [0.0] * len(self._levels)
        for node in reversed(self._below(function)):
            level, low, high = self._nodes[node]
            false, share = self.false_probability[level], reached[node]
            found[level] += share * (known[low] - known[high])
            reached[low] = reached.get(low, 0.0) + share * false
            reached[high] = reached.get(high, 0.0) + share * (1.0 - false)
        return dict(zip(self._levels, found, strict=True))
