"""The kind `cache`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.base import Duration, Share
from sdplan.spec.components import Store


class Cache(Store):
    """Keeps copies of records in memory; the caller runs the misses and fills it."""

    fills: ClassVar[str] = "true"

    kind: Literal["cache"]
    hit: Share | None = None
    ttl: Duration | None = None
    jitter: Share | None = None
    policy: Literal["lru", "fifo", "random"] = "lru"


MODEL = Cache
