"""Latency: what a flow waits for, as a tree of laws, and its percentiles.

Distributions are composed, percentiles are never added.  Hops are taken as independent of each other;
where that is known to fall short the number is labelled a bound or an approximation and says why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

from sdplan.distributions import trees
from sdplan.findings import Path
from sdplan.solve.journey import LEVELS, Journey, Law, Unstable, composed, together
from sdplan.solve.law_trees import in_a_row
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Run, place_id
from sdplan.solve.solution import Label, Record
from sdplan.solve.stations import Station
from sdplan.units import DURATION, NUMBER

_NOISE = 1e-10  # failures rarer than this are noise of the grid, not a result


class Trust(NamedTuple):
    """How far a composed number may be trusted, and what it was composed of."""

    label: Label
    note: str
    word: str
    inputs: tuple[tuple[str, Path], ...]
    prefix: Literal["", "at least "] = ""

    def record(self, path: Path, value: float) -> Record:
        return Record(
            path, value, DURATION, self.label, self.word, self.inputs, self.note, prefix=self.prefix
        )


def enter_percentiles(
    path: Path, name: str, law: Law, trust: Trust, ledger: Ledger, other: trees.Node | None = None
) -> None:
    """The mean and the percentiles of a law, or the reason why there are none.

    Where there is another reading of the same times, the larger of the two percentiles is entered.
    """
    if isinstance(law, Unstable):
        reason = f"{place_id(law.place)} is overloaded, so its queue grows without bound"
        ledger.missing[(*path, name)] = reason
        return
    result = composed(law, tuple(LEVELS.values()))
    if result is None:
        ledger.missing[(*path, name)] = "its parts take times too far apart to be composed"
        return
    if result.mean is None:
        ledger.missing[(*path, name)] = "no run succeeds"
        return
    ledger.enter(trust.record((*path, name, "mean"), result.mean))
    second = None if other is None else composed(other, tuple(LEVELS.values()))
    for level, share in LEVELS.items():
        value = result.quantiles[share]
        if second is not None and second.quantiles:
            value = max(value, second.quantiles[share])
        ledger.enter(trust.record((*path, name, level), value))
    if path[0] == "flows" and name.startswith("latency"):
        failed = trust.record((*path, f"timeouts{name.removeprefix('latency')}"), _seen(result.failed))
        ledger.enter(failed._replace(dimension=NUMBER, formula="failed share", is_share=True, prefix=""))


def _seen(failed: float) -> float:
    return min(1.0, failed) if failed > _NOISE else 0.0


def enter_lateness(run: Run, law: Law, ledger: Ledger) -> None:
    """The share of runs in which some call was too late, those that the run does without included."""
    if isinstance(law, Unstable):
        return
    hard = _hard(law)
    result = composed(hard, tuple(LEVELS.values()) if hard == law else ())  # what was asked for before
    if result is not None:
        failed = _seen(result.failed)
        label: Label = "approximation" if failed else "exact"
        note = "times of different calls are taken as independent" if failed else ""
        ledger.write(
            Record((*run.path, "late"), failed, NUMBER, label, "failed share", note=note, is_share=True)
        )


def _hard(node: trees.Node) -> trees.Node:
    """The same calls with none of them optional and no fallback: every failure counts."""
    match node:
        case trees.Optional(inner) | trees.Fallback(inner, _):
            return _hard(inner)
        case trees.Series(items):
            return trees.Series(tuple(_hard(item) for item in items))
        case trees.Branch(options):
            return trees.Branch(tuple((share, _hard(item)) for share, item in options))
        case trees.ForkJoin(items, need):
            return trees.ForkJoin(tuple(_hard(item) for item in items), need)
        case trees.FanOut(inner, count, need):
            return trees.FanOut(_hard(inner), count, need)
        case trees.Repeat(inner, times):
            return trees.Repeat(_hard(inner), times)
        case trees.Timeout(inner, time):
            return trees.Timeout(_hard(inner), time)
        case trees.Retried(inner):
            return replace(node, node=_hard(inner))
        case trees.Hedged(inner):
            return replace(node, node=_hard(inner))
        case _:
            return node


def station_tree(station: Station, journey: Journey) -> Law:
    """The stay at a station as its callers see it, over the mix of what visits it, its pool included."""
    ways = [(share, journey.own(station.place, op)) for op, share in station.shares.items()]
    own = ways[0][1] if len(ways) == 1 else together(ways)
    pool = journey.pool(station.place)
    if isinstance(own, Unstable) or isinstance(pool, Unstable):
        return own if isinstance(own, Unstable) else pool
    return in_a_row([pool, own])
