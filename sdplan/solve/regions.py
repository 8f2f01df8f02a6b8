"""Regions: plain paths sum rates, bytes and money over regions, and take the worst of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sdplan.solve.ledger import Ledger
from sdplan.solve.load import RATES
from sdplan.solve.tree import Place
from sdplan.spec.design import Design

Word = Literal["sum", "largest", "smallest"]
GUESS = "first round"
"""The note of a hit ratio that a round starts from where nothing was computed yet."""
_SUMMED = frozenset(
    {
        *RATES,
        "in",
        "out",
        "peak_in",
        "peak_out",
        "mean_in",
        "mean_out",
        "uses",
        "uses_over_time",
        "stored",
        "cost",
        "capacity",
    }
)
_SMALLEST = frozenset(
    {
        "availability",
        "availability_at_mean",
        "availability_over_time",
        "undegraded",
        "group_availability",
        "group_availability_at_mean",
        "next_step_load",
        "hit",
    }
)
_OF_ONE_REGION = frozenset({"steps", "messages", "calls", "node", "node_rate", "queued_rate", "load", "used"})


def _word(name: str | int) -> Word:
    return "sum" if name in _SUMMED else "smallest" if name in _SMALLEST else "largest"


def _merge(block: str, name: str, ids: Iterable[str], ledger: Ledger) -> None:
    """Enter under a plain id what its regions have in common."""
    ids = list(ids)
    tails = [path[2:] for path in ledger.records if path[:2] == (block, ids[0])]
    for tail in tails:
        path = (block, name, *tail)
        terms = [where for one in ids if ledger.has(where := (block, one, *tail))]
        known = ledger.has(path) and ledger.records[path].note != GUESS
        if not known and tail[0] not in _OF_ONE_REGION and len(terms) == len(ids):
            ledger.fold(path, _word(tail[0]), terms, is_share=ledger.records[terms[0]].is_share)
    for path, reason in list(ledger.missing.items()):
        if path[:1] == (block,) and path[1] in ids:
            ledger.missing.setdefault((block, name, *path[2:]), reason)


def merge_rates(design: Design, ledger: Ledger) -> None:
    """Flows that run in several regions, summed up under their plain paths."""
    for flow in design.flows if design.regions else ():
        for which in RATES:
            terms = [("flows", f"{flow}@{region}", which) for region in design.regions]
            if not ledger.has(("flows", flow, which)):
                ledger.fold(("flows", flow, which), "sum", terms)


def merge_flows(design: Design, ledger: Ledger) -> None:
    """Every flow over its regions."""
    for flow in design.flows if design.regions else ():
        _merge("flows", flow, [f"{flow}@{region}" for region in design.regions], ledger)


def merge_components(places: Iterable[Place], ledger: Ledger) -> None:
    """Every component over its regions."""
    by_name: dict[str, list[str]] = {}
    for name, region in places:
        if region:
            by_name.setdefault(name, []).append(f"{name}@{region}")
    for name, ids in by_name.items():
        _merge("components", name, ids, ledger)
