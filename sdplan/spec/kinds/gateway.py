"""The kind `gateway`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.components import Component


class Gateway(Component):
    """The door to the system: it authenticates, limits and routes calls."""

    tier: ClassVar[str] = "entry"
    passes_sizes: ClassVar[bool] = True

    kind: Literal["gateway"]


MODEL = Gateway
