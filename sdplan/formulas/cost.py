"""Cost: what a period of running costs."""

from __future__ import annotations

from sdplan.formulas import xp
from sdplan.formulas._formula import formula

_DEFINITION = "definition"


@formula("K", source=_DEFINITION)
def instance_cost(*, instances: float, hourly_price: float, period: float) -> float:
    """Cost of instances that run for the whole period [money]."""
    return instances * hourly_price * period


@formula("K_x", source=_DEFINITION)
def metered_cost(*, metered_units: float, free_units: float, unit_price: float) -> float:
    """Cost of metered units beyond the free ones [money]."""
    return xp.maximum(0, metered_units - free_units) * unit_price


@formula(
    "K_1",
    source=_DEFINITION,
    outside="Without requests there is no cost of one.",
    domain=lambda cost, requests: requests > 0,
)
def cost_per_request(*, cost: float, requests: float) -> float:
    """Cost of one request [money]."""
    return cost / requests
