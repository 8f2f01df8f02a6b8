"""Provisions: what follows of data, caches, streams and batches once load and latency are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sdplan.solve.cold import cache_sizes, cold_loads, stampedes
from sdplan.solve.consumers import consumers
from sdplan.solve.deadlines import deadlines
from sdplan.solve.durability import durabilities
from sdplan.solve.journey import Journey
from sdplan.solve.ledger import Ledger
from sdplan.solve.metering import metered
from sdplan.solve.quorum_data import quorum_data
from sdplan.solve.recovery import recoveries
from sdplan.solve.runs import Run, Site
from sdplan.solve.tree import Place
from sdplan.spec.design import Design


def provisions(
    design: Design,
    runs: Iterable[Run],
    places: Mapping[Place, list[Site]],
    journey: Journey,
    ledger: Ledger,
) -> None:
    """Cold caches, quorums, durability, recovery, consumers, deadlines and what is metered."""
    runs = list(runs)
    sites = [site for here in places.values() for site in here]
    if any(site.call.miss is not None for site in sites):
        cache_sizes(design, sites, ledger)
        cold_loads(runs, places, ledger)
        stampedes(design, sites, journey, ledger)
    quorum_data(design, sites, journey, ledger)
    durabilities(design, ledger)
    recoveries(design, ledger)
    consumers(design, runs, ledger)
    deadlines(design, runs, sites, ledger)
    for place, here in places.items():
        metered(design, place, here, ledger)
