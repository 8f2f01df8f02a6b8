"""Availability: series, parallel and k of n, failover, common cause, downtime.

Unavailabilities are carried, not availabilities: one minus 1e-13 has lost three digits already.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula

_BARLOW = "Barlow and Proschan 1975, Statistical Theory of Reliability and Life Testing, ch. 2"
_INDEPENDENT = "Parts fail independently; a part that several paths share counts once."


@formula(
    "A",
    source=_BARLOW,
    validity="Mean time between failures counts the time in which the thing works.",
    outside="A thing that never works and is never repaired has no availability.",
    domain=lambda mtbf, mttr: mtbf + mttr > 0,
    limit=0.0,
)
def availability_from_mtbf(*, mtbf: float, mttr: float) -> float:
    """Availability of a thing that fails and is repaired."""
    return mtbf / (mtbf + mttr)


@formula(
    "u",
    source=_BARLOW,
    validity="Mean time between failures counts the time in which the thing works.",
    outside="A thing that never works and is never repaired is not available.",
    domain=lambda mtbf, mttr: mtbf + mttr > 0,
    limit=1.0,
)
def unavailability_from_mtbf(*, mtbf: float, mttr: float) -> float:
    """Unavailability of a thing that fails and is repaired, without loss for rare failures."""
    return mttr / (mtbf + mttr)


@formula("u", source="definition")
def unavailability(*, availability: float) -> float:
    """Share of the time in which a thing does not work."""
    return 1 - availability


@formula("A", source="definition")
def availability(*, unavailability: float) -> float:
    """Share of the time in which a thing works."""
    return 1 - unavailability


@formula(
    "A",
    source=_BARLOW,
    validity=_INDEPENDENT,
    define=lambda availabilities: xp.over_parts("Product", lambda a: a, availabilities),
)
def series_availability(*, availabilities: Sequence[float]) -> float:
    """Availability of parts that must all work."""
    return xp.product(availabilities)


@formula(
    "u",
    source=_BARLOW,
    validity=_INDEPENDENT,
    define=lambda unavailabilities: 1 - xp.over_parts("Product", lambda u: 1 - u, unavailabilities),
)
def series_unavailability(*, unavailabilities: Sequence[float]) -> float:
    """Unavailability of parts that must all work, without loss for rare failures."""
    return -xp.expm1(sum(xp.log1p(-u) for u in unavailabilities))


@formula(
    "A",
    source=_BARLOW,
    validity=_INDEPENDENT,
    define=lambda availabilities: 1 - xp.over_parts("Product", lambda a: 1 - a, availabilities),
)
def parallel_availability(*, availabilities: Sequence[float]) -> float:
    """Availability of parts of which one is enough."""
    return 1 - xp.product(1 - a for a in availabilities)


@formula(
    "u",
    source=_BARLOW,
    validity=_INDEPENDENT,
    define=lambda unavailabilities: xp.over_parts("Product", lambda u: u, unavailabilities),
)
def parallel_unavailability(*, unavailabilities: Sequence[float]) -> float:
    """Unavailability of parts of which one is enough."""
    return xp.product(unavailabilities)


def _binomial_sum(*, unavailability: Any, replicas: Any, needed: Any) -> Any:
    import sympy

    j = sympy.Symbol("j", integer=True)
    term = sympy.binomial(replicas, j) * unavailability**j * (1 - unavailability) ** (replicas - j)
    return sympy.Sum(term, (j, replicas - needed + 1, replicas))


@formula(
    "Q(u, n, k)",
    source=_BARLOW,
    validity=f"{_INDEPENDENT} k comes from the capacity that is needed, not from the number of replicas.",
    outside="More than all replicas are never there; beyond a million replicas only this bound is given.",
    domain=lambda unavailability, replicas, needed: (needed <= replicas) & (replicas <= 1e6),
    limit=1.0,
    define=_binomial_sum,
)
def k_of_n_unavailability(*, unavailability: float, replicas: float, needed: float) -> float:
    """Unavailability of equal parts of which k are needed.

    Computed from the ratios of the binomial terms, all positive, so that 1e-26 keeps its digits.
    """
    return xp.elementwise(_binomial_tail, unavailability, replicas, needed)


def _binomial_tail(u: float, n: float, k: float) -> float:
    """Probability of more than n - k failures among n, relative to the first such term."""
    first, odds = n - k + 1, u / (1 - u) if u < 1 else math.inf
    if k <= 0 or u <= 0:
        return 0.0
    if u >= 1 or k > n or n > 1e6:
        return 1.0
    above = _terms(first, odds, n, 1)
    below = _terms(first, 1 / odds, n, -1) - 1
    return above / (above + below)


def _terms(start: float, odds: float, n: float, step: int) -> float:
    """One, and the binomial terms from the start upwards or downwards relative to it."""
    total, term, j = 1.0, 1.0, start
    while 0 <= j + step <= n and total < math.inf and term > 1e-18 * total:
        ratio = (n - j) / (j + 1) if step > 0 else j / (n - j + 1)
        term *= ratio * odds
        total += term
        j += step
    return total


def _common_cause_definition(*, unavailability: Any, replicas: Any, needed: Any, common_cause: Any) -> Any:
    own = (1 - common_cause) * unavailability
    alone = k_of_n_unavailability(unavailability=own, replicas=replicas, needed=needed)
    return 1 - (1 - alone) * (1 - common_cause * unavailability)


@formula(
    "u_g",
    source="Fleming 1975, A Reliability Model for Common Mode Failures: beta factor",
    validity="The shared part strikes all replicas, the rest strikes each alone.",
    outside="More than all replicas are never there.",
    domain=lambda unavailability, replicas, needed, common_cause: (needed <= replicas) & (replicas <= 1e6),
    limit=1.0,
    define=_common_cause_definition,
)
def common_cause_unavailability(
    *, unavailability: float, replicas: float, needed: float, common_cause: float
) -> float:
    """Unavailability of equal parts of which k are needed, when some failures strike all at once."""
    alone = k_of_n_unavailability(
        unavailability=(1 - common_cause) * unavailability, replicas=replicas, needed=needed
    )
    together = common_cause * unavailability
    return alone + together - alone * together


@formula(
    "A_f",
    source="Trivedi 2001, Probability and Statistics with Reliability, 2nd ed.: imperfect coverage",
    validity="The standby fails independently of the primary.",
)
def failover_availability(
    *, primary_availability: float, standby_availability: float, coverage: float
) -> float:
    """Availability of a primary with a standby, when failover works only sometimes."""
    return primary_availability + (1 - primary_availability) * coverage * standby_availability


@formula("t_d", source="definition of availability as a share of time")
def downtime(*, unavailability: float, period: float) -> float:
    """Time in the period in which a thing does not work [s]."""
    return unavailability * period


@formula("N_f", source="Beyer, Jones, Petoff and Murphy 2016, Site Reliability Engineering, ch. 3")
def failed_requests(*, unavailability: float, requests: float) -> float:
    """Requests in the period that fail, or that an objective allows to fail."""
    return unavailability * requests


@formula(
    "p_n",
    source="Dean and Barroso 2013, The Tail at Scale, CACM 56(2), fig. 1",
    validity="The calls are slow independently of one another.",
    define=lambda probability, fan_out: 1 - (1 - probability) ** fan_out,
)
def fan_out_probability(*, probability: float, fan_out: float) -> float:
    """Probability that at least one of several calls is slow, or fails."""
    return -xp.expm1(fan_out * xp.log1p(-probability))


@formula(
    "q_n",
    source="order statistics: the maximum of n independent times",
    validity="The calls are independent of one another.",
    outside="Without calls there is nothing to wait for.",
    domain=lambda level, fan_out: fan_out > 0,
    limit=0.0,
)
def fan_out_level(*, level: float, fan_out: float) -> float:
    """Level of one call's percentile that gives the wanted level when all calls must answer."""
    return xp.power(level, 1 / fan_out)
