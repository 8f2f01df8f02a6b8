"""Errors: how far the computed numbers of random designs were from the simulated ones, by approximation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from sdplan.simulate.reading import LEVELS
from sdplan.simulate.validation import Seen, Trial

TOLD = ("p50", "p90", "p95", "p99", "p99.9", "mean", "wait")
"""The numbers for which figures are kept, beside those that only some components have."""
_SELDOM = ("worker_wait", "residence", "hit", "refused", "peak_rate")
ABOVE = 60  # samples above a percentile, for it to measure an error
BLUNT = 0.2  # an interval wider than this share of the number measures nothing
FEWEST = 3  # designs, for figures to be kept


class Errors(NamedTuple):
    """The relative errors of one number by one approximation."""

    kind: str
    of: str
    median: float
    p95: float  # 95th percentile over all numbers of this kind
    half_width: float  # median of the simulation's own, at 99 %
    designs: int
    numbers: int
    lowest_utilization: float
    highest_utilization: float

    @property
    def range(self) -> str:
        low, high = (f"{100.0 * value:.0f}" for value in (self.lowest_utilization, self.highest_utilization))
        return f"utilization {low}–{high} %"


class Judged(NamedTuple):
    """How many numbers of a label the simulation confirms."""

    number: str
    confirmed: int
    all: int


def errors(trials: Iterable[Trial]) -> list[Errors]:
    """The errors of every approximation and bound, by kind and number."""
    grouped: dict[tuple[str, str], list[tuple[int, Seen]]] = {}
    for trial in trials:
        for one in trial.seen:
            if one.kind and one.of in (*TOLD, *_SELDOM) and is_sharp(one):
                grouped.setdefault((one.kind, one.of), []).append((trial.seed, one))
    order = {name: number for number, name in enumerate((*TOLD, *_SELDOM))}
    keys = sorted(grouped, key=lambda key: (key[0], order[key[1]]))
    found = (_errors(kind, of, grouped[kind, of]) for kind, of in keys)
    return [one for one in found if one.designs >= FEWEST]


def is_sharp(one: Seen) -> bool:
    """Whether the simulation is sure enough of a number to measure an error by it."""
    return one.simulated > 0.0 and one.half_width <= BLUNT and has_tail(one)


def has_tail(one: Seen) -> bool:
    """Whether enough samples lie above it, where it is a percentile."""
    level = LEVELS.get(one.of.removeprefix("wait."), 0.0)
    return one.samples * (1.0 - level) >= ABOVE


def _errors(kind: str, of: str, seen: list[tuple[int, Seen]]) -> Errors:
    off = np.array([one.error for _, one in seen])
    busy = [one.utilization for _, one in seen]
    return Errors(
        kind,
        of,
        _short(float(np.median(off))),
        _short(float(np.quantile(off, 0.95))),
        _short(float(np.median([one.half_width for _, one in seen]))),
        len({seed for seed, _ in seen}),
        len(seen),
        min(busy),
        max(busy),
    )


def figures(found: Iterable[Errors]) -> dict[str, list[dict[str, Any]]]:
    """The errors as the labels show them: by kind, a row for each number."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        row = {"of": one.of, "median": one.median, "p95": one.p95}
        row |= {"designs": one.designs, "range": one.range}
        rows.setdefault(one.kind, []).append(row)
    return rows


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def exact_numbers(trials: Iterable[Trial]) -> Iterator[tuple[int, Seen]]:
    """Numbers that are labelled exact, by the seed of their design."""
    for trial in trials:
        for one in trial.seen:
            if one.label == "exact" and not one.prefix and has_tail(one):
                yield trial.seed, one


def contradicted(trials: Iterable[Trial]) -> list[tuple[int, Seen]]:
    """Exact numbers that lie outside the interval of 99.99 %."""
    return [(seed, one) for seed, one in exact_numbers(trials) if not _inside(one)]


def _inside(one: Seen) -> bool:
    rounding = 1e-9 * abs(one.simulated)
    return one.lowest - rounding <= one.computed <= one.highest + rounding


def bounds_hold(one: Seen) -> bool:
    """Whether the simulation may lie on the side of a bound that it has to."""
    if one.prefix == "at least ":
        return one.computed <= one.highest
    return one.computed >= one.lowest


def confirmed(trials: Sequence[Trial]) -> list[Judged]:
    """How many exact numbers lie in the interval, by what they are, and at the end how many bounds hold."""
    exact: dict[str, list[bool]] = {}
    for _, one in exact_numbers(trials):
        exact.setdefault(family(one.of), []).append(_inside(one))
    every = (one for trial in trials for one in trial.seen if has_tail(one))
    bounds = [bounds_hold(one) for one in every if one.label == "bound" or one.prefix]
    rows = [Judged(name, sum(found), len(found)) for name, found in sorted(exact.items())]
    return [*rows, Judged("bounds", sum(bounds), len(bounds))]


_FAMILIES = {
    "unavailability": "availability",
    "lost_quality": "availability",
    "peak_rate": "rate",
    "timeouts": "failed share",
    "refused": "failed share",
}


def family(of: str) -> str:
    """What a number is for people."""
    if of.startswith("p") and of[1:2].isdigit():
        return "percentile of a latency"
    if of == "mean":
        return "mean latency"
    name = of.partition(".")[0]
    return _FAMILIES.get(name, name.replace("_", " "))
