"""The kind `cdn`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.base import Duration, Flag, Share
from sdplan.spec.components import Component


class Cdn(Component):
    """Caches at the edge, near the reader; on a miss the edge itself asks the origin."""

    tier: ClassVar[str] = "edge"
    passes_sizes: ClassVar[bool] = True
    regional: ClassVar[bool] = False
    runs_misses_itself: ClassVar[bool] = True

    kind: Literal["cdn"]
    hit: Share | None = None
    ttl: Duration | None = None
    sliding: Flag = False
    jitter: Share | None = None


MODEL = Cdn
