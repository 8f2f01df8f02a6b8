"""Asked: what a solution is wanted for, so that distributions nobody looks at are not computed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sdplan.solve.stations import POINTS
from sdplan.spec.objectives import OBJECTIVES, Slo

_TIMED = ("latency", "wait", "errors", "undegraded")  # measures that follow from distributions
_OVER_TIME = ("freshness", "cost", "durability", "rpo", "rto")  # what follows from all hours


class Asked(NamedTuple):
    """The flows and components whose percentiles are asked for, and at which load points."""

    points: frozenset[str]  # of the percentiles
    loads: frozenset[str]  # that have to be solved for
    flows: frozenset[str] | None = None  # None: all of them
    components: frozenset[str] | None = None
    measures: frozenset[str] | None = None

    def of_any(self, measures: Iterable[str]) -> bool:
        """Whether one of these measures is asked for."""
        return self.measures is None or not self.measures.isdisjoint(measures)

    def of_flow(self, name: str) -> bool:
        """Whether the percentiles of a flow are asked for."""
        return self.flows is None or name in self.flows

    def of_component(self, name: str) -> bool:
        """Whether the percentiles of a component are asked for."""
        return self.components is None or name in self.components

    def also(self, components: Iterable[str]) -> Asked:
        """With the percentiles of some components more."""
        known = self.components
        return self if known is None else self._replace(components=known | frozenset(components))


EVERYTHING = Asked(frozenset(POINTS), frozenset(POINTS))


def asked_by(slos: Iterable[Slo]) -> Asked:
    """What these SLOs are judged by; a condition may look at every number that there is."""
    slos = list(slos)
    if any(slo.holds is not None for slo in slos):
        return EVERYTHING
    timed = [slo for slo in slos if any(getattr(slo, measure) for measure in _TIMED)]
    flows = frozenset(flow for slo in timed for flow in slo.flow)
    components = frozenset(slo.component for slo in timed if slo.component)
    points = frozenset("mean" if slo.at == "mean" else "peak" for slo in timed)
    loads = frozenset({"peak"}) if all(_at_peak(slo) for slo in slos) else EVERYTHING.loads
    measures = frozenset(name for slo in slos for name in OBJECTIVES if getattr(slo, name))
    every = "all" in flows or any(slo.freshness for slo in slos)  # what publishes may be any flow
    return Asked(points | {"peak"}, loads, None if every else flows, components, measures)


def _at_peak(slo: Slo) -> bool:
    """Whether an SLO is held against the peak alone."""
    return slo.at == "peak" and not any(getattr(slo, measure) for measure in _OVER_TIME)
