"""Storage engines: bytes written to the device for each byte that the application writes."""

from __future__ import annotations

import math
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula

_LSM = "O'Neil, Cheng, Gawlick and O'Neil 1996, The Log-Structured Merge-Tree, Acta Informatica 33"
_UNIFORM = (
    "Updates spread evenly over the keys; skew lowers it, and sequential inserts give about 1 per level."
)
_DEEP = "A tree needs a level below the first one."


@formula(
    "A_w",
    source=f"{_LSM}; an even pick meets half of the next level's ratio, and half of the last level's updates "
    "replace what is there",
    label="approximation",
    validity="Within 5 % of simulated trees with ratios 4 to 10 and last levels 30 to 100 % full. "
    f"{_UNIFORM} A write-ahead log adds 1.",
    outside=_DEEP,
    domain=lambda size_ratio, levels, first_level_ratio, last_level_fill: levels >= 2,
    limit=lambda size_ratio, levels, first_level_ratio, last_level_fill: 2 + first_level_ratio,
)
def lsm_leveled_write_amplification(
    *, size_ratio: float, levels: float, first_level_ratio: float, last_level_fill: float
) -> float:
    """Write amplification of a log-structured merge tree with leveled compaction.

    One write for the flush, the merge into the first level, half the ratio and the entry itself for each
    inner level, and the same for the last one as far as it is full.
    """
    flush_and_first = 2 + first_level_ratio
    inner = (levels - 2) * (size_ratio / 2 + 1)
    return flush_and_first + inner + last_level_fill * size_ratio / 2 + 1 / 2


def _tiered_definition(*, size_ratio: Any, levels: Any, data_ratio: Any) -> Any:
    import sympy

    j = sympy.Symbol("j", integer=True, positive=True)
    written = data_ratio / size_ratio**j * (1 - sympy.exp(-(size_ratio**j) / data_ratio))
    return 1 + sympy.Sum(written, (j, 1, levels - 1)) + data_ratio / size_ratio**levels


@formula(
    "A_t",
    source=f"{_LSM}; each merge writes the different keys of its runs, the last one all data",
    label="approximation",
    validity=f"Within 3 % of simulated trees with ratios 4 and 10. {_UNIFORM} A write-ahead log adds 1.",
    outside="A tree needs a level; levels beyond a thousand write nothing that counts.",
    domain=lambda size_ratio, levels, data_ratio: (levels >= 1) & (levels <= 1000) & (size_ratio > 1),
    define=_tiered_definition,
)
def lsm_tiered_write_amplification(*, size_ratio: float, levels: float, data_ratio: float) -> float:
    """Write amplification of a log-structured merge tree with tiered compaction into a leveled last level."""
    return xp.elementwise(_tiered, size_ratio, levels, data_ratio)


def _tiered(size_ratio: float, levels: float, data_ratio: float) -> float:
    total = batch = 1.0
    if not 0 < data_ratio < 1e300:
        return math.inf if data_ratio > 0 else 1.0
    for _ in range(int(min(max(levels, 1.0), 1000.0)) - 1):
        batch = min(batch * size_ratio, 1e300)
        total -= data_ratio / max(batch, 1e-300) * xp.expm1(-batch / data_ratio)
    return total + data_ratio / max(batch * size_ratio, 1e-300)


@formula(
    "n_l",
    source="Callaghan 2018, LSM math: size of search space for LSM tree configuration, smalldatum; the "
    "minimum of n r^(1/n)",
    label="approximation",
    validity="Each level costs its ratio; the nearest whole number below or above is the best.",
    outside="Data that fit into memory need no level.",
    domain=lambda data_ratio: data_ratio >= 1,
    limit=0.0,
)
def lsm_best_levels(*, data_ratio: float) -> float:
    """Levels with which a leveled tree writes least, the ratio between two levels then being e."""
    return xp.log(data_ratio)


@formula(
    "A_b",
    source="Graefe 2011, Modern B-Tree Techniques, Foundations and Trends in Databases 3(4), s. 4",
    label="bound",
    validity="An upper bound: every changed row sends its whole page; rows of one page that change "
    "between two writes of it share them.",
    outside="A row without bytes has no amplification to speak of.",
    domain=lambda page_size, item_size, page_writes: item_size > 0,
)
def btree_write_amplification(*, page_size: float, item_size: float, page_writes: float) -> float:
    """Write amplification of a B-tree at most; a double-write buffer writes each page twice."""
    return xp.maximum(1, page_size / item_size) * page_writes
