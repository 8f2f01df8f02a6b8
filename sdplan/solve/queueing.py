"""Queueing: how many calls wait in a queue, how long and how evenly, whatever its arrivals and service times.

Everything is in units of the mean service time.  Where arrivals are random and service times exponential it
is exact; elsewhere it interpolates between what is known exactly, and was measured against simulation.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from sdplan.formulas.balancing import (
    in_turn_root,
    least_requests_delay,
    waiting_in_turn,
    waiting_least_requests,
)
from sdplan.formulas.queueing import erlang_c
from sdplan.formulas.service_spread import wait_mgc_page, waiting_mgc
from sdplan.solve.service_mix import ServiceMix

Policy = Literal["random", "round-robin", "least-requests"]
_TINY = 1e-250  # a chance to wait below this is none
_FAR_APART = 50.0  # of two logarithms, beyond which only the bound below counts
_MOST_LONGER = 2.0  # the longer of two phases of service over a residual time of both, at any spread


class Queued(NamedTuple):
    """Who waits, and for how long in mean service times: the mean and the spread of those who do."""

    waiting: float
    mean: float
    scv: float


NOBODY = Queued(0.0, 0.0, 1.0)


def queued(load: float, servers: float, mix: ServiceMix, policy: Policy, queues: float) -> Queued:
    """The wait in one of so many equal queues with this load each, below its servers; few queues or many."""
    if load <= 0.0 or erlang_c(offered_load=load, servers=servers) < _TINY:
        return NOBODY
    if queues <= 1.0 or policy == "random":
        return _random(load, servers, mix)
    if policy == "least-requests":
        return _fewest(load, servers, mix, queues)
    return _in_turn(load, servers, mix, queues)


def _random(load: float, servers: float, mix: ServiceMix) -> Queued:
    if mix.is_exponential:
        return Queued(erlang_c(offered_load=load, servers=servers), 1.0 / (servers - load), 1.0)
    scv = mix.scv
    waiting = waiting_mgc(offered_load=load, servers=servers, service_scv=scv)
    if waiting < _TINY:
        return NOBODY
    if servers == 1.0 or scv > 1.0:
        mean, spread = _compound(load / servers, servers, scv, mix)
        return Queued(waiting, mean, spread)
    mean = wait_mgc_page(arrival_rate=load, service_time=1.0, servers=servers, service_scv=scv) / waiting
    return Queued(waiting, mean, _between(_fixed_spread(load / servers, servers), scv))


def _compound(utilization: float, servers: float, scv: float, mix: ServiceMix) -> tuple[float, float]:
    """Who waits does so until a server is free, and for a geometric number of residual services ahead.

    Exact for one server; else Tijms et al. 1981.
    """
    turn, square = (1.0 + scv) / (2.0 * servers), mix.third_moment() / (3.0 * servers**2)
    first, second = (turn, square) if servers == 1.0 else mix.first_free(servers)
    ahead = utilization / (1.0 - utilization)
    mean = first + ahead * turn
    variance = second - first**2 + ahead * (square - turn**2) + ahead / (1.0 - utilization) * turn**2
    return mean, max(0.0, variance) / mean**2


def _fixed_spread(utilization: float, servers: float) -> float:
    """The spread of the wait of those who wait where all service times are the same."""
    turn, square, ahead = 0.5 / servers, 1.0 / (3.0 * servers**2), utilization / (1.0 - utilization)
    mean = 1.0 / (servers + 1.0) + ahead * turn
    first = servers / ((servers + 1.0) ** 2 * (servers + 2.0))
    variance = first + ahead * (square - turn**2) + ahead / (1.0 - utilization) * turn**2
    return variance / mean**2


def _between(fixed: float, scv: float) -> float:
    """The spread of a wait between that of fixed service times and the one of exponential ones."""
    share = math.sqrt(scv)
    return (1.0 - share) * fixed + share


def _in_turn(load: float, servers: float, mix: ServiceMix, queues: float) -> Queued:
    """Calls dealt out in turn: exact for exponential service, and for fixed service as one queue for all."""
    waiting = waiting_in_turn(offered_load=load, servers=servers, queues=queues)
    if waiting < _TINY:
        return NOBODY
    left = 1.0 - in_turn_root(utilization=load / servers, queues=queues)
    exponential = Queued(waiting, 1.0 / (servers * left), 1.0)
    if mix.is_exponential:
        return exponential
    if mix.scv > 1.0:
        return _in_turn_wild(load, servers, mix, queues, exponential)
    return _in_turn_steady(load, servers, mix.scv, queues, exponential)


def _in_turn_steady(load: float, servers: float, scv: float, queues: float, exponential: Queued) -> Queued:
    all_load, all_servers = load * queues, servers * queues
    chance = waiting_mgc(offered_load=all_load, servers=all_servers, service_scv=0.0)
    spread = _fixed_spread(load / servers, all_servers)
    if chance < _TINY:
        chance, mean = 0.0, 1.0 / (all_servers + 1.0)
    else:
        wait = wait_mgc_page(arrival_rate=all_load, service_time=1.0, servers=all_servers, service_scv=0.0)
        mean = wait / chance
    waiting = _chance_between(chance, exponential.waiting, scv, queues, servers)
    if waiting < _TINY:
        return NOBODY
    return Queued(waiting, (1.0 - scv) * mean + scv * exponential.mean, _between(spread, scv))


def _chance_between(fixed: float, exponential: float, scv: float, queues: float, servers: float) -> float:
    """Between two chances in logarithms, by where one over the spread of arrivals and services lies."""
    if scv <= 0.0 or fixed <= 0.0:
        return fixed if scv <= 0.0 else exponential * scv
    arrivals = 1.0 / queues
    share = (queues - 1.0 / (arrivals + scv)) / (queues - 1.0 / (arrivals + 1.0))
    share = min(1.0, max(0.0, share)) ** (1.0 + 0.6 / servers)
    return math.exp((1.0 - share) * math.log(fixed) + share * math.log(exponential))


def _in_turn_wild(load: float, servers: float, mix: ServiceMix, queues: float, even: Queued) -> Queued:
    """Random arrivals, less what dealing out in turn saves: less of it the wilder the service times are."""
    apart, scv, utilization = _random(load, servers, mix), mix.scv, load / servers
    poisson = erlang_c(offered_load=load, servers=servers)
    saved = even.waiting / poisson
    waiting = apart.waiting * saved ** (6.0 / (5.0 + scv))
    arrivals = 1.0 / queues
    waits = saved * even.mean * (servers - load)
    waits *= _smoothing(utilization, arrivals, scv)
    chance = saved * _delayed(utilization, arrivals, scv) / _delayed(utilization, arrivals, 1.0)
    return Queued(waiting, apart.mean * min(_MOST_LONGER, waits / chance), apart.scv)


def _smoothing(utilization: float, arrival_scv: float, service_scv: float) -> float:
    """The wait over that of random arrivals, over the same for exponential service (Kraemer et al. 1976)."""
    calm = 2.0 * (1.0 - utilization) * (1.0 - arrival_scv) ** 2 / (3.0 * utilization)
    spread, usual = arrival_scv + service_scv, arrival_scv + 1.0
    less = calm / usual - calm / spread
    return spread / (1.0 + service_scv) * 2.0 / usual * math.exp(min(less, _FAR_APART))


def _delayed(utilization: float, arrival_scv: float, service_scv: float) -> float:
    """The chance to wait at one server (Kraemer and Langenbach-Belz 1976, as in Whitt 1983, eq. 48)."""
    over = 1.0 + arrival_scv + utilization * service_scv
    under = 1.0 + utilization * (service_scv - 1.0) + utilization**2 * (4.0 * arrival_scv + service_scv)
    return utilization + (arrival_scv - 1.0) * utilization * (1.0 - utilization) * over / under


def _fewest(load: float, servers: float, mix: ServiceMix, queues: float) -> Queued:
    """The queue with the fewest requests: nearly one queue for all, and some departures more."""
    together = _random(load * queues, servers * queues, mix)
    if together.waiting < _TINY:
        return NOBODY
    exponential = erlang_c(offered_load=load * queues, servers=servers * queues)
    fewer = waiting_least_requests(offered_load=load, servers=servers, queues=queues) / exponential
    alone = least_requests_delay(utilization=load / servers, queues=queues)
    return Queued(together.waiting * fewer, together.mean + alone * _residual(servers, mix), together.scv)


def _residual(servers: float, mix: ServiceMix) -> float:
    """The time until the first of the servers of one queue is free, in mean service times."""
    scv = mix.scv
    if mix.is_exponential:
        return 1.0 / servers
    if scv > 1.0:
        return mix.first_free(servers)[0]
    return (1.0 - scv) / (servers + 1.0) + scv / servers
