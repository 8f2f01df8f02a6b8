"""The kind `external`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.components import Component


class External(Component):
    """Somebody else's system: a delay and an availability that they state."""

    tier: ClassVar[str] = "external"
    regional: ClassVar[bool] = False
    scales: ClassVar[bool] = False

    kind: Literal["external"]


MODEL = External
