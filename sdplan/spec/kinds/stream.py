"""The kind `stream`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.base import Duration, Size, Text, Whole
from sdplan.spec.components import Store


class Stream(Store):
    """An ordered log: each triggered flow sees every message."""

    tier: ClassVar[str] = "async"
    default_op: ClassVar[str] = "write"
    delivers: ClassVar[Literal["", "each", "one"]] = "each"

    kind: Literal["stream"]
    partitions: Whole | None = None
    retention: Duration | None = None
    message: Size | None = None
    dead_letter: Text = ""


MODEL = Stream
