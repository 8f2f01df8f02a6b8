"""Streams and chains of stages: backlogs, freshness and times that add up."""

from __future__ import annotations

from collections.abc import Sequence

from sdplan.formulas import xp
from sdplan.formulas._formula import formula


@formula("B_{+}", source="flow balance: what arrives and is not served waits")
def backlog_growth(*, arrival_rate: float, service_rate: float) -> float:
    """Messages by which the backlog grows per second [1/s]."""
    return xp.maximum(0, arrival_rate - service_rate)


@formula(
    r"t_{\mathrm{drain}}",
    source="flow balance: a backlog shrinks by what is served beyond what arrives",
    outside="A station that serves no more than arrives never drains.",
    domain=lambda backlog, arrival_rate, service_rate: service_rate > arrival_rate,
)
def drain_time(*, backlog: float, arrival_rate: float, service_rate: float) -> float:
    """Time until a backlog is gone while arrivals go on [s]."""
    return backlog / (service_rate - arrival_rate)


@formula(
    r"t_{\mathrm{fresh}}",
    source="an event that just misses a batch waits for the whole cycle",
    label="bound",
    validity="An upper bound, which the unluckiest event meets; the mean event waits for half a cycle.",
)
def batch_freshness(*, lag: float, batch_interval: float, processing_time: float) -> float:
    """Age of the newest result of a batch at most [s]."""
    return lag + batch_interval + processing_time


@formula(
    r"t_{\mathrm{all}}",
    source="linearity of the mean",
    validity="Means and budgets add up; percentiles do not.",
    define=lambda stage_times: xp.over_parts("Sum", lambda time: time, stage_times),
)
def stages_time(*, stage_times: Sequence[float]) -> float:
    """Mean time, or budget, of stages one after another [s]."""
    return sum(stage_times)
