"""The kind `database`."""

from __future__ import annotations

from typing import Literal

from sdplan.spec.components import Store


class Database(Store):
    """Keeps records on shards, each with copies."""

    kind: Literal["database"]
    engine: Literal["", "b-tree", "lsm"] = ""


MODEL = Database
