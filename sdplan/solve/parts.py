"""Who owns the tail: what each component adds to a flow's p99, and what adding would have said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sdplan.distributions import sum_of_percentiles, trees
from sdplan.solve.journey import Journey, Law, Unstable, composed
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Run, place_id
from sdplan.solve.solution import Part, Record
from sdplan.solve.tree import calls
from sdplan.units import DURATION

_LEVEL = 0.99


def adding(run: Run, law: Law, ledger: Ledger) -> None:
    """The sum of the hops' p99s: no bound and no estimate, shown beside the composed value only."""
    if isinstance(law, Unstable):
        ledger.missing[(*run.path, "adding")] = (
            f"{place_id(law.place)} is overloaded, so its queue grows without bound"
        )
        return
    value = sum_of_percentiles(law, _LEVEL)
    note = "the hops' p99s added up: neither the p99 of the flow nor a bound of it"
    ledger.write(
        Record((*run.path, "adding", "p99"), value, DURATION, "approximation", "sum of percentiles", (), note)
    )


class LatencyParts(Mapping[str, tuple[Part, ...]]):
    """By how much the p99 of each flow at peak falls when one component takes no time, largest first.

    A flow with regions stands under its own name as its slowest region has it, and once for each region.
    A flow is taken apart when it is first asked for: a design that meets its SLOs never asks.
    """

    def __init__(self, runs: Iterable[Run], journey: Journey) -> None:
        self._runs: dict[str, list[Run]] = {}
        for run in runs:
            self._runs.setdefault(run.flow, []).append(run)
            if run.region:
                self._runs[str(run.path[1])] = [run]
        self._journey = journey
        self._known: dict[str, tuple[Part, ...]] = {}

    def __getitem__(self, flow: str) -> tuple[Part, ...]:
        if flow not in self._known:
            self._known[flow] = _parts(self._slowest(self._runs[flow]), self._journey)
        return self._known[flow]

    def _slowest(self, runs: list[Run]) -> Run:
        """The run whose p99 is the largest, or that has none."""
        if len(runs) == 1:
            return runs[0]
        records = self._journey.ledger.records
        paths = [(*run.path, "latency", "p99") for run in runs]
        times = [records[path].value if path in records else float("inf") for path in paths]
        return runs[times.index(max(times))]

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)


def _parts(run: Run, journey: Journey) -> tuple[Part, ...]:
    whole = journey.law(run.tree)
    if isinstance(whole, Unstable):
        return (Part(("components", place_id(whole.place)), float("inf")),)
    before = _p99(whole)
    if before is None:
        return ()
    parts = []
    for place in dict.fromkeys(call.place for call in calls(run.tree) if not call.detached):
        if place in journey.stations and journey.stations[place].services:
            without = journey.without(place).law(run.tree)
            if not isinstance(without, Unstable):
                parts.append(Part(("components", place_id(place)), before - (_p99(without) or 0.0)))
    return tuple(sorted(parts, key=lambda part: (-part.value, part.component)))


def _p99(law: trees.Node) -> float | None:
    result = composed(law, (_LEVEL,))
    return None if result is None else result.quantiles.get(_LEVEL)
