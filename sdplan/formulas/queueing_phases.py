"""Service times of two phases: M/PH/c exactly, as the truth beside the approximations for general service."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_SETTLED = 1e-15
_MOST = 40  # servers; the states below full are half their square


class Phases(NamedTuple):
    """A service that starts in the first phase with this probability, and passes on to the second or ends."""

    first: float
    onward: float
    rates: tuple[float, float]  # 1/s


def two_phases(*, service_time: float, service_scv: float) -> Phases:
    """Two phases with this mean [s] and a squared coefficient of variation of at least one half.

    Up to one, one or two equal exponential stages (Tijms 2003, appendix B); above, a choice of two
    exponentials with balanced means.
    """
    if service_scv > 1:
        first = (1 + math.sqrt((service_scv - 1) / (service_scv + 1))) / 2
        return Phases(first, 0.0, (2 * first / service_time, 2 * (1 - first) / service_time))
    spare = 1 - service_scv
    onward = min(1.0, (spare + math.sqrt(2 * spare)) / (1 + service_scv))
    rate = (1 + onward) / service_time
    return Phases(1.0, onward, (rate, rate))


def wait_mphc(*, arrival_rate: float, service_time: float, servers: float, service_scv: float) -> float:
    """Mean wait in the queue with service times of two phases, M/PH/c [s], by matrix-geometric solution.

    Exact for the service law of `two_phases` (Neuts 1981, ch. 3).  Infinite at full utilization; not a number
    that is known, so infinite too, for an SCV below one half and for more than 40 servers.
    """
    load, count = arrival_rate * service_time, int(min(servers, _MOST + 1))
    if not (load < servers and 0.5 <= service_scv < math.inf and count <= _MOST):
        return math.inf
    if load <= 0:
        return 0.0
    phases = two_phases(service_time=service_time, service_scv=service_scv)
    states = [(i, n - i) for n in range(count + 1) for i in range(n + 1)]
    place = {state: k for k, state in enumerate(states)}
    below = len(states) - (count + 1)
    within, ended = _moves(phases, states, place)
    starts = _starts(phases, states, place, below)
    again = ended @ starts  # an end at a full station with somebody waiting starts another
    up = arrival_rate * np.eye(count + 1)
    local = within[below:, below:] - np.diag((within + ended)[below:].sum(axis=1)) - up
    ratio = _rate_matrix(up, local, again[below:, below:])
    flow = within + ended + arrival_rate * starts * (np.arange(len(states)) < below)[:, None]
    flow -= np.diag(flow.sum(axis=1))
    flow[below:, below:] += ratio @ again[below:, below:] - up
    flow[:, 0] = 1.0
    weights = np.linalg.solve(flow.T, np.eye(len(states))[0])
    beyond = np.linalg.inv(np.eye(count + 1) - ratio)
    queued = float((weights[below:] @ beyond @ beyond @ ratio).sum())
    mass = float(weights[:below].sum() + (weights[below:] @ beyond).sum())
    return queued / mass / arrival_rate


def _moves(
    phases: Phases, states: list[tuple[int, int]], place: dict[tuple[int, int], int]
) -> tuple[Array, Array]:
    """Rates from state to state by a change of phase, and by an end of service."""
    within, ended = (np.zeros((len(states), len(states))) for _ in range(2))
    for (i, j), row in place.items():
        if i:
            within[row, place[i - 1, j + 1]] += i * phases.rates[0] * phases.onward
            ended[row, place[i - 1, j]] += i * phases.rates[0] * (1 - phases.onward)
        if j:
            ended[row, place[i, j - 1]] += j * phases.rates[1]
    return within, ended


def _starts(
    phases: Phases, states: list[tuple[int, int]], place: dict[tuple[int, int], int], below: int
) -> Array:
    """Probabilities from each state with a free server to those with one more in service."""
    found = np.zeros((len(states), len(states)))
    for (i, j), row in place.items():
        if row < below:
            found[row, place[i + 1, j]] += phases.first
            found[row, place[i, j + 1]] += 1 - phases.first
    return found


def _rate_matrix(up: Array, local: Array, down: Array) -> Array:
    """The least solution of up + R local + R^2 down = 0, by the reduction of Latouche and Ramaswami 1993."""
    inverse = -np.linalg.inv(local)
    high, low = inverse @ up, inverse @ down
    found, reach = low.copy(), high.copy()
    for _ in range(64):
        mixed = high @ low + low @ high
        between = np.linalg.inv(np.eye(len(up)) - mixed)
        high, low = between @ high @ high, between @ low @ low
        found += reach @ low
        reach = reach @ high
        if float(np.abs(reach).max()) < _SETTLED:
            break
    return np.asarray(up @ -np.linalg.inv(local + up @ found))
