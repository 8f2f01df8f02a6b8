"""The kind `service`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.components import Component, Resource


class Service(Component):
    """A stateless tier: `replicas` nodes, each with `cores` or `workers`, or serving one call at a time."""

    tier: ClassVar[str] = "compute"
    works_on: ClassVar[Resource] = "replica"

    kind: Literal["service"]


MODEL = Service
