"""Allowances: how far an answer may lie from a simulation by the error that its own label states."""

from __future__ import annotations

from typing import Literal

from sdplan.solve.measured import error_of
from sdplan.solve.solution import Record

Side = Literal["both", "at most", "at least"]
_TIMES = 2.0  # of the error below which 95 % of the measured numbers lie: the others are not wrong
_LEAST, _MOST = 0.02, 0.8
_OTHER = 0.15  # of kinds of which too few were measured


def stated_error(record: Record) -> float:
    """The error that an approximation may have, as a share of the larger number.

    Of a wait, the percentiles may be as far off as the mean.
    """
    if record.label != "approximation":
        return 0.0
    waits = str(record.path[2]).startswith("wait") if len(record.path) > 3 else False
    measured = error_of(record._replace(path=record.path[:3]) if waits else record)
    return _OTHER if measured is None else min(_MOST, max(_LEAST, _TIMES * measured.p95))


def side(record: Record) -> Side:
    """Which way a number may lie from the truth."""
    if record.prefix:
        return "at least" if record.prefix == "at least " else "at most"
    if record.label != "bound":
        return "both"
    return "at least" if "at least" in record.note else "at most"
