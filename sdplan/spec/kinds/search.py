"""The kind `search`."""

from __future__ import annotations

from typing import Literal

from sdplan.spec.components import Store


class Search(Store):
    """An index that answers queries; never the system of record."""

    kind: Literal["search"]


MODEL = Search
