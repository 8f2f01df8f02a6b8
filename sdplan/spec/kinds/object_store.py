"""The kind `object-store`."""

from __future__ import annotations

from typing import Literal

from sdplan.spec.components import Store


class ObjectStore(Store):
    """Keeps large objects."""

    kind: Literal["object-store"]


MODEL = ObjectStore
