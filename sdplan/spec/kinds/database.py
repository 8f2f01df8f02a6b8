"""The kind `database`."""

from __future__ import annotations

from typing import Literal

from sdplan.spec.base import Positive, Size
from sdplan.spec.components import Store


class Database(Store):
    """Keeps records on shards, each with copies."""

    kind: Literal["database"]
    engine: Literal["", "b-tree", "lsm"] = ""
    memtable: Size | None = None  # what an LSM tree gathers in memory before it writes
    level_ratio: Positive | None = None  # size of each level of an LSM tree over the one above
    page: Size | None = None  # what a B-tree writes at once


MODEL = Database
