"""Bursts: calls that one run makes at once come to a queue together, and wait for each other.

The wait laws take arrivals as independent.  A queue that a fan-out feeds waits longer than they say, so
its numbers read "at least" until batch arrivals are computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Site, place_id
from sdplan.solve.tree import Place

_STAND_IN = "calls that stand in for late ones come in bursts; only random arrivals are computed: at least"
_NOTE = "calls of one fan-out arrive together; only independent arrivals are computed: at least"


def mark_bursts(place: Place, sites: Collection[Site], suffix: str, ledger: Ledger) -> None:
    """Say of a wait that it reads too low where several calls of one run arrive at once."""
    wait: Path = ("components", place_id(place), f"wait{suffix}")
    if not ledger.has(wait):
        return
    source, note, said = _together(list(sites)), _NOTE, "that one run makes at once are taken as independent"
    if source is None:
        source, note, said = (
            _in_place_of_others(sites),
            _STAND_IN,
            "that stand in for late ones come in bursts",
        )
    if source is None:
        return
    record = ledger.records[wait]
    ledger.records[wait] = record._replace(label="approximation", note=note, prefix="at least ")
    ledger.not_counted(
        source,
        "SP903",
        f"calls of {place[0]} {said}",
        "they wait for each other, so its waits read at least",
        "",
    )


def _in_place_of_others(sites: Collection[Site]) -> Path | None:
    """A call of a fallback, or one that is hedged: it is made while others are slow."""
    return next(
        (site.call.source for site in sites if "fallback" in site.path or site.call.hedge is not None),
        None,
    )


def _together(sites: list[Site]) -> Path | None:
    """A call that arrives in company: of a fan-out, or beside another in one `parallel`."""
    for site in sites:
        if site.call.fan_out > 1.0:
            return site.call.source
    groups = Counter(_group(site) for site in sites)
    return next((site.call.source for site in sites if _group(site) and groups[_group(site)] > 1), None)


def _group(site: Site) -> Path:
    """The `parallel` that a call stands in, by its path; nothing outside of one."""
    path = site.path
    ends = [index for index, part in enumerate(path) if part == "parallel"]
    return path[: ends[-1] + 1] if ends else ()
