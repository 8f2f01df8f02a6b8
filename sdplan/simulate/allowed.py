"""Allowances: how far an answer may lie from a simulation by the error that its own label states."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sdplan.solve.solution import Record

Side = Literal["both", "at most", "at least"]
_TAIL = frozenset({"p90", "p95", "p99", "p99.9", "p99.99"})

_ERRORS: tuple[tuple[str, float, float], ...] = (
    # what the note says, error of means and medians, error of tails; as shares of the larger number
    ("visited more than once", 0.60, 0.60),
    ("arrive together", 0.60, 0.60),
    ("Allen and Cunneen", 0.50, 0.25),
    ("Che's approximation", 0.02, 0.02),
    ("worker", 0.25, 0.35),
    ("independent", 0.10, 0.10),
)
_OTHER = 0.15
_BEHIND = 0.50  # of waits and stays behind another queue, whose calls are no Poisson stream


def allowance(record: Record, behind: Collection[str]) -> float:
    """The error that a number may have; `behind` names the components that are asked behind another queue."""
    area, name, what = (str(part) for part in (*record.path, "", "", "")[:3])
    waits = what.removesuffix("_at_mean") in ("wait", "latency", "worker_wait")
    network = _BEHIND if area == "components" and name in behind and waits else 0.0
    return max(network, stated_error(record))


def stated_error(record: Record) -> float:
    """The largest error measured for approximations of this kind, as a share of the larger number."""
    if record.label != "approximation":
        return 0.0
    tail = record.path[-1] in _TAIL
    for words, body_error, tail_error in _ERRORS:
        if words in record.note:
            return tail_error if tail else body_error
    return _OTHER


def side(record: Record) -> Side:
    """Which way a number may lie from the truth."""
    if record.prefix:
        return "at least" if record.prefix == "at least " else "at most"
    if record.label != "bound":
        return "both"
    return "at least" if "at least" in record.note else "at most"
