"""Redundancy: replicas under shared causes, imperfect failover and few repair crews; how often groups fail.

Unavailabilities are carried, with positive terms only, as in the family `availability`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.availability import k_of_n_unavailability

_BARLOW = "Barlow and Proschan 1975, Statistical Theory of Reliability and Life Testing, ch. 2"
_TRIVEDI = "Trivedi 2001, Probability and Statistics with Reliability, 2nd ed."
_MOST_ZONES = 1000
_LEAST = 1e-290  # odds below this are never, and above its inverse always


def _tail(unavailability: float, replicas: float, needed: float) -> float:
    value: float = k_of_n_unavailability(unavailability=unavailability, replicas=replicas, needed=needed)
    return value


def _zones_definition(
    *, unavailability: Any, replicas: Any, needed: Any, zones: Any, zone_unavailability: Any
) -> Any:
    import sympy

    j = sympy.Symbol("j", integer=True)
    lost = j * sympy.floor(replicas / zones) + sympy.Min(j, sympy.Mod(replicas, zones))
    states = sympy.binomial(zones, j) * zone_unavailability**j * (1 - zone_unavailability) ** (zones - j)
    return sympy.Sum(states * _too_few(unavailability, replicas - lost, needed), (j, 0, zones))


def _too_few(unavailability: Any, left: Any, needed: Any) -> Any:
    """Fewer than needed of those that are left work: all of them count where not enough are left."""
    import sympy

    i = sympy.Symbol("i", integer=True)
    term = sympy.binomial(left, i) * (1 - unavailability) ** i * unavailability ** (left - i)
    return sympy.Sum(term, (i, 0, sympy.Min(needed - 1, left)))


@formula(
    "u_z",
    source=f"{_BARLOW}: conditioning on the shared causes",
    validity=(
        "Zones fail independently of each other and of the replicas; replicas are spread evenly, and where "
        "they do not divide, the fuller zones are taken as the lost ones."
    ),
    outside="More than all replicas are never there; a zone without a replica is no zone of theirs.",
    domain=lambda unavailability, replicas, needed, zones, zone_unavailability: (
        (needed <= replicas) & (zones <= replicas) & (replicas <= 1e6) & (zones <= _MOST_ZONES)
    ),
    limit=1.0,
    define=_zones_definition,
)
def zoned_unavailability(
    *, unavailability: float, replicas: float, needed: float, zones: float, zone_unavailability: float
) -> float:
    """Unavailability of equal parts of which k are needed, spread over zones that fail as a whole.

    The shortcut that counts a zone's failure as one of each replica alone is thousands of times too low.
    """
    return xp.elementwise(_over_zones, unavailability, replicas, needed, zones, zone_unavailability)


def left_in_zones(replicas: float, zones: float, lost: float) -> float:
    """Replicas that are left of an even spread when so many zones are lost, the fuller ones first."""
    return max(0.0, replicas - lost * (replicas // zones) - min(lost, replicas % zones))


def zone_states(zones: float, unavailability: float) -> list[float]:
    """Probability that none, one, two … of the zones are lost."""
    if unavailability > 0.5:  # count those that are left, so that no term overflows
        return list(reversed(zone_states(zones, 1 - unavailability)))
    odds, terms = max(0.0, unavailability) / (1 - unavailability), [1.0]
    for j in range(int(zones)):
        terms.append(terms[-1] * odds * (zones - j) / (j + 1))
    whole = math.fsum(terms)
    return [term / whole for term in terms]


def _over_zones(u: float, n: float, k: float, zones: float, v: float) -> float:
    if not (1 <= zones <= _MOST_ZONES and 0 <= v <= 1 and k <= n <= 1e6):
        return 1.0
    states = zone_states(zones, v)
    return math.fsum(share * _tail(u, left_in_zones(n, zones, j), k) for j, share in enumerate(states))


def _repair_definition(*, mtbf: Any, mttr: Any, replicas: Any, needed: Any, crews: Any) -> Any:
    import sympy

    j = sympy.Symbol("j", integer=True)
    busy = sympy.Min(j, crews)
    waiting = sympy.factorial(j) / (sympy.factorial(busy) * crews ** (j - busy))
    term = sympy.binomial(replicas, j) * (mttr / mtbf) ** j * waiting
    return sympy.Sum(term, (j, replicas - needed + 1, replicas)) / sympy.Sum(term, (j, 0, replicas))


@formula(
    "u_m",
    source=f"{_TRIVEDI}, ch. 8: machine repair model",
    validity="Working and repair times are exponential; a replica that waits for a crew stays down.",
    outside="More than all replicas are never there; without a crew, or a working time, nothing works.",
    domain=lambda mtbf, mttr, replicas, needed, crews: (
        (needed <= replicas) & (crews >= 1) & (mtbf > 0) & (replicas <= 1e6)
    ),
    limit=1.0,
    define=_repair_definition,
)
def repaired_unavailability(
    *, mtbf: float, mttr: float, replicas: float, needed: float, crews: float
) -> float:
    """Unavailability of equal parts of which k are needed, when only so many can be repaired at once.

    One crew for a pair doubles the unavailability that each its own crew gives.
    """
    return xp.elementwise(_with_crews, mtbf, mttr, replicas, needed, crews)


def _with_crews(mtbf: float, mttr: float, n: float, k: float, crews: float) -> float:
    """The tail of the birth and death chain relative to its first term, as for the binomial tail."""
    first = n - k + 1
    if k <= 0 or mttr <= 0:
        return 0.0
    if mtbf <= 0 or k > n or n > 1e6 or crews < 1:
        return 1.0

    odds = mttr / mtbf
    if not _LEAST < odds < 1 / _LEAST:
        return 0.0 if odds < 1 else 1.0

    def ratio(j: float) -> float:
        return (n - j) / min(j + 1, crews) * odds

    above, below = _chain(first, n, 1, ratio), _chain(first, n, -1, ratio) - 1
    return above / (above + below) if math.isfinite(above) else 1.0


def _chain(start: float, n: float, step: int, ratio: Callable[[float], float]) -> float:
    """One, and the states from the start upwards or downwards relative to it."""
    total, term, j = 1.0, 1.0, start
    while 0 <= j + step <= n and total < math.inf and term > 1e-18 * total:
        term = term * ratio(j) if step > 0 else term / ratio(j - 1)
        total += term
        j += step
    return total


@formula(
    "u_f",
    source=f"{_TRIVEDI}: imperfect coverage",
    validity="Replicas fail independently; what failover misses lasts until the primary is repaired.",
    outside="More than all replicas are never there.",
    domain=lambda unavailability, replicas, needed, coverage: (needed <= replicas) & (replicas <= 1e6),
    limit=1.0,
    define=lambda unavailability, replicas, needed, coverage: (
        k_of_n_unavailability(unavailability=unavailability, replicas=replicas, needed=needed)
        + unavailability
        * (1 - coverage)
        * (1 - k_of_n_unavailability(unavailability=unavailability, replicas=replicas - 1, needed=needed))
    ),
)
def failover_unavailability(
    *, unavailability: float, replicas: float, needed: float, coverage: float
) -> float:
    """Unavailability of a primary and its standbys, when failover works only sometimes.

    With one standby it is one minus what `failover_availability` gives.
    """
    return xp.elementwise(_uncovered, unavailability, replicas, needed, coverage)


def _uncovered(u: float, n: float, k: float, coverage: float) -> float:
    others = _tail(u, n - 1, k) if k <= n - 1 else 1.0
    return min(1.0, _tail(u, n, k) + u * (1 - coverage) * (1 - others))


@formula(
    "c_t",
    source=f"{_TRIVEDI}: switch-over time",
    validity="The switch-over takes its time once a failure; the standby then serves until the repair.",
    outside="Without a time to repair there is no downtime to save.",
    domain=lambda coverage, failover_time, mttr: mttr > 0,
    limit=0.0,
)
def covered_downtime(*, coverage: float, failover_time: float, mttr: float) -> float:
    """Share of the primary's downtime in which a standby serves."""
    return coverage * xp.maximum(0.0, 1 - failover_time / mttr)


@formula(
    "w",
    source=f"{_BARLOW}: failure frequency of a k out of n system",
    validity="Each replica fails and is repaired independently of the others; working times are exponential.",
    outside="More than all replicas are never there, and what never works does not fail.",
    domain=lambda unavailability, replicas, needed, mtbf: (
        (needed <= replicas) & (mtbf > 0) & (replicas <= 1e6)
    ),
    limit=0.0,
    define=lambda unavailability, replicas, needed, mtbf: (
        _exactly_needed(unavailability, replicas, needed) * needed / mtbf
    ),
)
def failure_frequency(*, unavailability: float, replicas: float, needed: float, mtbf: float) -> float:
    """How often a group of which k must work stops working [1/s]."""
    return xp.elementwise(_just_enough, unavailability, replicas, needed) * needed / mtbf


def _exactly_needed(unavailability: Any, replicas: Any, needed: Any) -> Any:
    import sympy

    up = (1 - unavailability) ** needed
    return sympy.binomial(replicas, needed) * up * unavailability ** (replicas - needed)


def _just_enough(u: float, n: float, k: float) -> float:
    """Probability that exactly the needed ones work."""
    if u <= 0 or u >= 1:
        return 1.0 if (u <= 0 and k == n) or (u >= 1 and k == 0) else 0.0
    if k > n:
        return 0.0
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log1p(-u) + (n - k) * math.log(u))


@formula(
    "B",
    source="Beyer, Murphy, Rensin, Kawahara and Thorne 2018, The Site Reliability Workbook, ch. 5",
    outside="A window without a length has no burn rate.",
    domain=lambda budget_share, period, alert_window: alert_window > 0,
    limit=0.0,
)
def burn_rate(*, budget_share: float, period: float, alert_window: float) -> float:
    """How many times too fast a budget is spent, when a share of it goes in one alert window."""
    return budget_share * period / alert_window
