"""Runs and their call sites: a flow as it runs in a region, and where the numbers of its calls stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.tree import Call, Node, Place


class Run(NamedTuple):
    """A flow as it runs in one region."""

    flow: str
    region: str
    tree: Node

    @property
    def path(self) -> Path:
        return ("flows", f"{self.flow}@{self.region}" if self.region else self.flow)


class Site(NamedTuple):
    """One call of one run, with the records of how often it happens at `path`."""

    call: Call
    run: Run
    path: Path

    def rate(self, which: str) -> Path:
        return (*self.path, which)


class Trial(NamedTuple):
    """What becomes of a call: shares of its attempts, and of the calls that lead to it."""

    failure: float = 0.0  # of its attempts
    second_calls: float = 0.0  # attempts that are hedged by one more
    refused: float = 0.0  # attempts that are turned away before they do anything
    reached: float = 1.0  # runs in which nothing before it in its sequence has failed


Trials = Mapping[str, Mapping[Path, Mapping[Path, Trial]]]
"""By load point and run, what becomes of the calls that may fail."""


def site_path(run: Run, call: Call) -> Path:
    """Where the numbers of a call stand: under its flow, and its region where there are some."""
    return (*run.path, *call.path[2:])


def hit_path(call: Call, ledger: Ledger) -> Path:
    """Where the hit ratio of a call stands: at the call, else at the cache, stated or computed."""
    own = (*call.source, "hit")
    if ledger.has(own):
        return own
    shared = ("components", place_id(call.place), "hits", call.entity)
    if ledger.has(shared):
        return shared
    place = ("components", place_id(call.place), "hit")
    return place if ledger.has(place) else ("components", call.place[0], "hit")


def place_id(place: Place) -> str:
    """`api`, or `api@eu` where the design has regions."""
    return "@".join(part for part in place if part)
