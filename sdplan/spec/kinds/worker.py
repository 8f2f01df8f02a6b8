"""The kind `worker`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.components import Component, Resource


class Worker(Component):
    """Takes jobs from one shared queue."""

    tier: ClassVar[str] = "compute"
    works_on: ClassVar[Resource] = "replica"
    shares_queue: ClassVar[bool] = True

    kind: Literal["worker"]


MODEL = Worker
