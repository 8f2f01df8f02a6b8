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


CERTAIN = Trusted("exact", "", "")
SURE = ("stated", "exact")
"""The labels of numbers that anything may follow from and still be exact."""


def worst_label(own: Label, inputs: Mapping[str, Record]) -> Label:
    """A number is as good as the worst that went into it; what was stated counts as exact."""
    worst = own
    for record in inputs.values():
        if RANK[record.label] > RANK[worst]:
            worst = record.label
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


def inherited(own: Label, inputs: Mapping[str, Record], value: Value, before: float | None = None) -> Trusted:
    """The label, the note and the prefix of a number that `value` gives from `inputs`.

    `before` is that number where it is known already.
    """
    label = worst_label(own, inputs)
    bounded = {name: way for name, record in inputs.items() if (way := direction(record))}
    if label == "exact" and not bounded:
        return CERTAIN
    note = reason(inputs)
    if not bounded:
        return Trusted(label, note, "")
    moves = _moves(bounded, inputs, value, before)
    ways = {way for way in moves.values() if way} | ({1} if own == "bound" else set())
    if ways == {1, -1}:
        return Trusted("approximation" if label == "bound" else label, BOTH, "")
    if ways == {-1}:
        return Trusted(label, note, "at least ")
    said = any(inputs[name].prefix for name in bounded if moves[name])
    return Trusted(label, note, "at most " if ways == {1} and said else "")


def _moves(
    bounded: Mapping[str, int], inputs: Mapping[str, Record], value: Value, before: float | None
) -> dict[str, int]:
    """In which direction each bounded input moves the number; nowhere where there is no number."""
    values = {name: record.value for name, record in inputs.items()}
    try:
        start = value(values) if before is None else before
    except (ExpressionError, ArithmeticError):
        return dict.fromkeys(bounded, 0)
    return {name: way * _slope(name, values, start, value) for name, way in bounded.items()}


def _slope(name: str, known: Mapping[str, float], before: float, value: Value) -> int:
    """1 where the number grows with this input, -1 where it falls, 0 where it does not depend on it."""
    values = dict(known)
    start = values[name]
    try:
        for step in _STEPS:
            values[name] = start * (1 + step) or step
            after = value(values)
            if after != before:
                return 1 if after > before else -1
    except (ExpressionError, ArithmeticError):
        return 0
    return 0
