"""The kind `cache`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.base import Duration, Flag, Share
from sdplan.spec.components import Store


class Cache(Store):
    """Keeps copies of records in memory; the caller runs the misses and fills it."""

    fills: ClassVar[str] = "true"

    kind: Literal["cache"]
    hit: Share | None = None
    ttl: Duration | None = None
    sliding: Flag = False
    jitter: Share | None = None
    policy: Literal["lru", "fifo", "random"] = "lru"


MODEL = Cache
