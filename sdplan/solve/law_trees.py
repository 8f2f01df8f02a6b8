"""Trees of laws: what a stay, an endless wait, a sequence and a choice of calls amount to."""

from __future__ import annotations

from typing import NamedTuple

from sdplan.distributions import trees
from sdplan.distributions.bounded_queue_laws import BoundedWait
from sdplan.distributions.laws import Deterministic, Exponential
from sdplan.distributions.queue_laws import Sojourn, Wait
from sdplan.solve.stations import Station
from sdplan.solve.tree import Place

NOTHING = trees.Series(())
_NEVER = 1e-16


class Unstable(NamedTuple):
    """A queue that grows without bound, and so a latency that does not exist."""

    place: Place


Law = trees.Node | Unstable


def stay(station: Station, op: str) -> trees.Node:
    """The stay at a stable station: its wait and the own time of the operation."""
    service = station.services.get(op)
    if service is None:
        return trees.Hop(Deterministic(0.0), station.refused) if station.refused else NOTHING
    if station.wait is None:
        return trees.Hop(service, station.refused)
    if isinstance(service, Exponential) and isinstance(station.wait, Wait):
        wait = station.wait
        stay = Sojourn(service_time=service.mean, waiting=wait.waiting, rate=wait.rate)
        return trees.Hop(stay, station.refused)
    return trees.Series((trees.Hop(station.wait, station.refused), trees.Hop(service)))


def never(time: float) -> trees.Node:
    """What never answers, given up after a time [s]."""
    return trees.Series((trees.Hop(Deterministic(time)), trees.Hop(Deterministic(0.0), 1.0)))


def in_a_row(parts: list[trees.Node]) -> trees.Node:
    """These one after another, those that take no time left out."""
    some = [part for part in parts if not is_nothing(part)]
    return some[0] if len(some) == 1 else trees.Series(tuple(some))


def is_nothing(law: trees.Node) -> bool:
    """Whether a law says that there is nothing to do."""
    return isinstance(law, trees.Series) and not law.items


def waited_for(pool: Law) -> Law:
    """The wait for a worker; nothing where fewer wait than any digit of a share can show."""
    if isinstance(pool, trees.Hop) and isinstance(pool.law, Wait | BoundedWait):
        return NOTHING if pool.law.waiting < _NEVER else pool
    return pool


def asked_for(need: str) -> trees.Need:
    """How many must succeed, as laws say it."""
    return "all" if need == "all" else "any" if need == "any" else int(need)


def together(options: list[tuple[float, Law]]) -> Law:
    """One of several laws by share; overloaded where one of those that are taken is."""
    stable = []
    for share, law in options:
        if isinstance(law, Unstable):
            if share > 0:
                return law
            continue
        stable.append((share, law))
    return trees.Branch(tuple(stable))
