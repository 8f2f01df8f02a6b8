"""Who calls whom, how often and why: one more reading of the call tree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sdplan.findings import Path
from sdplan.render.diagram.graph import Style
from sdplan.solve.load import Run, site_path
from sdplan.solve.solution import Record, Solution
from sdplan.solve.tree import Call, Choice, Node
from sdplan.units import RATE


class Ask(NamedTuple):
    """One call site: a caller, a callee, the reason and the numbers that belong to it."""

    source: Path  # ("flows", F) or ("components", X)
    target: Path
    style: Style
    rate: Record | None  # at peak [1/s]
    missed: Record | None  # hit ratio of the cache that was missed
    elsewhere: bool  # goes to another region


class Link(NamedTuple):
    """All calls from one place to another for one reason."""

    source: Path
    target: Path
    style: Style
    elsewhere: bool
    rate: Record | None
    missed: Record | None  # when all of them missed at one ratio


def links(solution: Solution) -> tuple[Link, ...]:
    """The calls of all flows and regions, added up by caller, callee and reason."""
    asks = [*_deliveries(solution), *(ask for run in _runs(solution) for ask in _asks(solution, run))]
    found: dict[tuple[Path, Path, Style, bool], list[Ask]] = {}
    for ask in asks:
        found.setdefault((ask.source, ask.target, ask.style, ask.elsewhere), []).append(ask)
    return tuple(Link(*key, _total(same), _one_ratio(same)) for key, same in found.items())


def _deliveries(solution: Solution) -> Iterator[Ask]:
    """A stream hands its messages to the flows that it triggers."""
    for name, flow in solution.design.flows.items():
        if flow.trigger is not None:
            rate = solution.records.get(("flows", name, "messages", "peak_rate"))
            rate = rate or solution.records.get(("flows", name, "peak_rate"))
            yield Ask(("components", flow.trigger.stream), ("flows", name), "async", rate, None, False)


def _runs(solution: Solution) -> Iterator[Run]:
    """Each flow in each region; a solution carries the trees of one region, the others are compiled."""
    design = solution.design
    if not design.regions:
        yield from (Run(name, "", tree) for name, tree in solution.trees.items())
        return
    from sdplan.solve.compile import compile_flow
    from sdplan.solve.ledger import Ledger

    ledger = Ledger(solution.records, design.clock)
    for name in design.flows:
        for region in design.regions:
            yield Run(name, region, compile_flow(design, name, region, ledger))


def _asks(solution: Solution, run: Run) -> Iterator[Ask]:
    return _Reading(solution.records, run).of(run.tree, ("flows", run.flow), run.region, "call", None)


class _Reading:
    """The call sites of one run."""

    def __init__(self, records: Mapping[Path, Record], run: Run) -> None:
        self.records = records
        self.run = run

    def of(self, node: Node, source: Path, region: str, style: Style, missed: Record | None) -> Iterator[Ask]:
        if isinstance(node, Call):
            yield from self._call(node, source, region, style, missed)
        elif isinstance(node, Choice):
            for way in node.branches:
                yield from self.of(way.node, source, region, style, missed)
        else:
            for item in node.items:
                yield from self.of(item, source, region, style, missed)

    def _call(
        self, call: Call, source: Path, region: str, style: Style, missed: Record | None
    ) -> Iterator[Ask]:  # fmt: skip
        if call.is_fill:
            return
        component, there = call.place
        target: Path = ("components", component)
        rate = self.records.get((*site_path(self.run, call), "peak_rate"))
        elsewhere = bool(there and region and there != region)
        yield Ask(source, target, "async" if call.detached else style, rate, missed, elsewhere)
        yield from self.of(call.body, target, there or region, "call", None)
        if call.miss is not None:
            runner = (target, there or region) if call.miss_inside else (source, region)
            yield from self.of(call.miss, *runner, "miss", self._hit(call))
        if call.fallback is not None:
            yield from self.of(call.fallback, source, region, "fallback", None)

    def _hit(self, call: Call) -> Record | None:
        """The hit ratio of this call: stated at it, else the cache's own, in its region or over all."""
        component, region = call.place
        places: tuple[Path, ...] = (
            (*call.source, "hit"),
            ("components", f"{component}@{region}", "hit"),
            ("components", component, "hit"),
        )
        return next((self.records[place] for place in places if place in self.records), None)


def _total(asks: list[Ask]) -> Record | None:
    """The sum of the rates; none when one of them is not known."""
    rates = [ask.rate for ask in asks if ask.rate is not None]
    if len(rates) < len(asks):
        return None
    total = Record((), math.fsum(rate.value for rate in rates), RATE)
    return next((total._replace(prefix=rate.prefix) for rate in rates if rate.prefix), total)


def _one_ratio(asks: list[Ask]) -> Record | None:
    ratios = {ask.missed.value if ask.missed else None for ask in asks}
    return asks[0].missed if len(ratios) == 1 else None
