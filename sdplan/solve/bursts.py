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
from sdplan.solve.solution import Label, Prefix
from sdplan.solve.spreading import shares_queue
from sdplan.solve.tree import Place
from sdplan.spec.components import Component

_STAND_IN = "calls that stand in for late ones come in bursts; only random arrivals are computed: at least"
_LEAVING = "calls that are cancelled leave the queue, which is computed as if they stayed: at most"
_NOTE = "calls of one fan-out arrive together; only independent arrivals are computed: at least"


def mark_bursts(place: Place, spec: Component, sites: Collection[Site], suffix: str, ledger: Ledger) -> None:
    """Say of a wait that it reads too low where several calls of one run arrive at once.

    Calls that are dealt out in turn come to as many queues as there are, each to one of its own.
    """
    wait: Path = ("components", place_id(place), f"wait{suffix}")
    if not ledger.has(wait):
        return
    in_turn = spec.balance == "round-robin" and not spec.is_store and not shares_queue(spec)
    queues = ledger.value(("components", place[0], "replicas"), 1.0) if in_turn else 1.0
    source, note, said = (
        _together(list(sites), queues),
        _NOTE,
        "that one run makes at once are taken as independent",
    )
    if source is None:
        source, note, said = (
            _in_place_of_others(sites),
            _STAND_IN,
            "that stand in for late ones come in bursts",
        )
    if source is None:
        return
    record = ledger.records[wait]
    if record.label == "approximation":
        # the mean for calls that come alone is exact here; elsewhere it may be too high by as much
        known = record.formula == "wait_mg1"
        said_too = note if known else note.removesuffix(": at least")
        note = f"{record.note}; {said_too}" if record.note else note
        ledger.records[wait] = record._replace(note=note, prefix="at least " if known else record.prefix)
        return
    ledger.records[wait] = record._replace(label="approximation", note=note, prefix="at least ")
    ledger.not_counted(
        source,
        "SP903",
        f"calls of {place[0]} {said}",
        "they wait for each other, so its waits read at least",
        "",
    )


def mark_cancelled(place: Place, sites: Collection[Site], suffix: str, ledger: Ledger) -> None:
    """Say of a wait that it reads too high where calls leave the queue when they are cancelled."""
    wait: Path = ("components", place_id(place), f"wait{suffix}")
    if ledger.has(wait) and any(site.call.cancel and site.call.timeout is not None for site in sites):
        record = ledger.records[wait]
        label: Label = "approximation" if record.label == "approximation" else "bound"
        prefix: Prefix = "" if record.prefix == "at least " else "at most "
        ledger.records[wait] = record._replace(label=label, note=_LEAVING, prefix=prefix)


def _in_place_of_others(sites: Collection[Site]) -> Path | None:
    """A call of a fallback, or one that is hedged: it is made while others are slow."""
    return next(
        (site.call.source for site in sites if "fallback" in site.path or site.call.hedge is not None),
        None,
    )


def _together(sites: list[Site], queues: float) -> Path | None:
    """A call that comes to its queue in company: of a fan-out, or beside another in one `parallel`."""
    for site in sites:
        if site.call.fan_out > queues:
            return site.call.source
    groups = Counter(_group(site) for site in sites)
    return next((site.call.source for site in sites if _group(site) and groups[_group(site)] > queues), None)


def _group(site: Site) -> Path:
    """The `parallel` that a call stands in, by its path; nothing outside of one."""
    path = site.path
    ends = [index for index, part in enumerate(path) if part == "parallel"]
    return path[: ends[-1] + 1] if ends else ()
