"""Held workers: a worker is held for its own time and for everything it calls (Little's law)."""

from __future__ import annotations

from collections.abc import Iterable

from sdplan.distributions import trees
from sdplan.findings import Path
from sdplan.formulas.queueing import littles_law
from sdplan.solve.latency import NOTHING, Journey, Unstable, composed
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Site, place_id
from sdplan.solve.solution import Record
from sdplan.solve.spreading import Arrivals, shares_queue
from sdplan.solve.stations import POINTS
from sdplan.solve.tree import Place, calls
from sdplan.spec.components import Component
from sdplan.units import DURATION


def held_workers(
    place: Place,
    spec: Component,
    sites: Iterable[Site],
    arrivals: Arrivals,
    journey: Journey,
    point: str,
    ledger: Ledger,
) -> None:
    """The workers of a component that are held at a load point, as a share of those there are."""
    workers: Path = ("components", place[0], "workers")
    if not ledger.has(workers):
        return
    path: Path = ("components", place_id(place))
    suffix = POINTS[point]
    time = _residence(sites, journey, point, ledger)
    residence = (*path, f"residence{suffix}")
    if time is None:
        ledger.missing[residence] = (
            f"something that {place[0]} calls is overloaded, so its workers are held without bound"
        )
        return
    ledger.write(
        Record(
            residence,
            time,
            DURATION,
            "approximation",
            "mean held time",
            _terms(sites, point),
            "the wait for a free worker is not counted",
        )
    )
    held = (*path, f"held_workers{suffix}")
    ledger.apply(held, littles_law, {"arrival_rate": arrivals.total, "response_time": residence})
    inputs: dict[str, Path] = {"held_workers": held, "workers": workers}
    text = "held_workers / workers"
    if shares_queue(spec):
        text, inputs["replicas"] = "held_workers / (workers * replicas)", ("components", place[0], "replicas")
    ledger.follow((*path, f"utilization{suffix}", "workers"), text, inputs, is_share=True)
    if any(next(calls(site.call.body), None) for site in sites):
        ledger.not_counted(
            workers,
            "SP902",
            f"the wait for a free worker of {place[0]} is not computed yet",
            "latencies through it read at least",
            "keep its workers well below 100 % held",
        )


def _terms(sites: Iterable[Site], point: str) -> tuple[tuple[str, Path], ...]:
    return tuple((f"term{n}", site.rate(f"{point}_rate")) for n, site in enumerate(sites))


def _residence(sites: Iterable[Site], journey: Journey, point: str, ledger: Ledger) -> float | None:
    """The mean time for which a call holds its worker, over all calls, those that fail included."""
    weighted = total = 0.0
    for site in sites:
        law = journey.held(site.call)
        if isinstance(law, Unstable):
            return None
        result = None if law == NOTHING else composed(trees.Optional(law), ())
        mean = 0.0 if result is None else result.mean or 0.0
        rate = ledger.value(site.rate(f"{point}_rate"))
        weighted, total = weighted + rate * mean, total + rate
    return weighted / total if total > 0 else 0.0
