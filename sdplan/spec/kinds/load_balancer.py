"""The kind `load-balancer`."""

from __future__ import annotations

from typing import ClassVar, Literal

from sdplan.spec.components import Component


class LoadBalancer(Component):
    """Spreads calls over the replicas behind it."""

    tier: ClassVar[str] = "entry"
    passes_sizes: ClassVar[bool] = True

    kind: Literal["load-balancer"]


MODEL = LoadBalancer
