"""The measured error of approximations: how far each was from simulations of many designs.

`measured.json` holds the figures by the kind of approximation, which is the `note` of a record with its
counts left out: `calls dealt out in turn over 96 replicas` is of the kind `… over # replicas`.  A kind has
one row, or a list of rows of which each is of another number: p50, p99, wait, availability.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as File
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sdplan.solve.solution import Record

FIGURES = File(__file__).with_name("measured.json")

_COUNT = re.compile(r"\d+(?:[.,]\d+)*")
_PERCENTILE = re.compile(r"p\d+(?:\.\d+)?")
_MEASURED_LABELS = frozenset({"approximation", "bound"})


class Measured(NamedTuple):
    """The relative error of an approximation against simulations: where it was measured, and on what."""

    median: float
    p95: float  # 95th percentile of the relative error over the designs
    designs: int
    range: str  # where it was measured, such as "utilization 30–90 %"
    of: str  # the number whose error it is, such as "p99"

    def text(self) -> str:
        """The error as half a sentence."""
        where = f", {self.range}" if self.range else ""
        return (
            f"its {self.of} was within {_share(self.median)} (median) and {_share(self.p95)} "
            f"(95th percentile) of simulation over {self.designs} designs{where}"
        )


def error_of(record: Record) -> Measured | None:
    """The measured error of the approximation that a number rests on, or nothing where none was measured."""
    if record.label not in _MEASURED_LABELS or not record.note:
        return None
    for kind in kinds(record.note):
        rows = {row.of: row for row in figures().get(kind, ())}
        found = next((rows[name] for name in _names(record) if name in rows), None)
        if found is not None:
            return found
    return None


def kinds(note: str) -> Iterator[str]:
    """The kinds that a note may be filed under: as a whole, and each of the reasons that it joins."""
    whole = _COUNT.sub("#", note)
    yield whole
    if "; " in whole:
        yield from whole.split("; ")


def _names(record: Record) -> Iterator[str]:
    """What the parts of a path call the number, the last first; a percentile may be told by the p99."""
    names = [str(part).removesuffix("_at_mean") for part in reversed(record.path[2:])]
    yield from names
    if names and _PERCENTILE.fullmatch(names[0]):
        yield "p99"


def _share(error: float) -> str:
    return f"{100.0 * error:.2g} %"


@cache
def figures() -> Mapping[str, tuple[Measured, ...]]:
    """The shipped figures, read when the first is asked for."""
    if not FIGURES.is_file():
        return {}
    raw = json.loads(FIGURES.read_text(encoding="utf-8"))
    return {
        kind: tuple(Measured(**row) for row in (found if isinstance(found, list) else [found]))
        for kind, found in raw.items()
    }
