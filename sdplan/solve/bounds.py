"""Bounds: what becomes of "at most" and "at least" when numbers follow from one another.

A number that grows with an upper bound is itself an upper bound; one that falls as the bound rises is a
lower bound; one that follows from both kinds is neither, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sdplan.expressions import ExpressionError
from sdplan.solve.solution import Label, Prefix, Record

RANK: Mapping[Label, int] = MappingProxyType(
    {"stated": 0, "exact": 1, "bound": 2, "simulated": 3, "approximation": 4}
)
"""Best first: what follows from an approximation bounds nothing."""
_STEPS = (1e-6, 0.1, 0.5)  # relative; the larger ones for what goes in steps, such as a number of replicas
BOTH = "it follows from bounds in both directions: neither at least nor at most"

Value = Callable[[Mapping[str, float]], float]


class Trusted(NamedTuple):
    """How far a number may be trusted, why, and in which direction it may be off."""

    label: Label
    note: str
    prefix: Prefix


_SURE = Trusted("exact", "", "")


def worst_label(own: Label, inputs: Mapping[str, Record]) -> Label:
    """A number is as good as the worst that went into it; what was stated counts as exact."""
    worst = max([own, *[record.label for record in inputs.values()]], key=RANK.__getitem__)
    return "exact" if worst == "stated" else worst


def reason(inputs: Mapping[str, Record]) -> str:
    """Why it is no better than its worst input: that input's own note."""
    rough = [record for record in inputs.values() if record.label in ("approximation", "bound")]
    return max(rough, key=lambda record: RANK[record.label]).note if rough else ""


def direction(record: Record) -> int:
    """1 where the true number is at most this, -1 where it is at least this, 0 where it is neither."""
    if record.prefix == "at least ":
        return -1
    return 1 if record.prefix == "at most " or record.label == "bound" else 0


def inherited(own: Label, inputs: Mapping[str, Record], value: Value) -> Trusted:
    """The label, the note and the prefix of a number that `value` gives from `inputs`."""
    label = worst_label(own, inputs)
    if label == "exact" and not any(record.prefix for record in inputs.values()):
        return _SURE
    note = reason(inputs)
    bounded = {name: record for name, record in inputs.items() if direction(record)}
    moves = {name: direction(record) * _slope(name, inputs, value) for name, record in bounded.items()}
    ways = {way for way in moves.values() if way} | ({1} if own == "bound" else set())
    if ways == {1, -1}:
        return Trusted("approximation" if label == "bound" else label, BOTH, "")
    if ways == {-1}:
        return Trusted(label, note, "at least ")
    said = any(record.prefix for name, record in bounded.items() if moves[name])
    return Trusted(label, note, "at most " if ways == {1} and said else "")


def _slope(name: str, inputs: Mapping[str, Record], value: Value) -> int:
    """1 where the number grows with this input, -1 where it falls, 0 where it does not depend on it."""
    values = {key: record.value for key, record in inputs.items()}
    start = values[name]
    try:
        before = value(values)
        for step in _STEPS:
            values[name] = start * (1 + step) or step
            after = value(values)
            if after != before:
                return 1 if after > before else -1
    except (ExpressionError, ArithmeticError):
        return 0
    return 0
