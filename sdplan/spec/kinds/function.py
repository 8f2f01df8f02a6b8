"""The kind `function`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.base import Duration, Share
from sdplan.spec.components import Component


class Function(Component):
    """Code that the platform runs on demand, one call an instance."""

    tier: ClassVar[str] = "compute"

    kind: Literal["function"]
    cold_start: Duration | None = None
    cold_share: Share | None = None


MODEL = Function
