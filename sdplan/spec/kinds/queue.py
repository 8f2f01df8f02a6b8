"""The kind `queue`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.base import Duration, Size, Text, Whole
from sdplan.spec.components import Store


class Queue(Store):
    """Hands each message to exactly one run."""

    tier: ClassVar[str] = "async"
    default_op: ClassVar[str] = "write"
    delivers: ClassVar[Literal["", "each", "one"]] = "one"

    kind: Literal["queue"]
    partitions: Whole | None = None
    retention: Duration | None = None
    message: Size | None = None
    dead_letter: Text = ""


MODEL = Queue
