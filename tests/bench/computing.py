"""The short computations that have a floor: what each is asked, how long it takes, and how far off it is."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import mpmath
import numpy as np

from sdplan.distributions import Hop, Lognormal, Series, percentiles
from sdplan.distributions.percentile import KNOWN
from sdplan.formulas import _popularity as popularity
from sdplan.formulas.caches import che_hit_ratio
from sdplan.formulas.queueing import erlang_c
from sdplan.solve.decision_diagram import DecisionDiagram
from sdplan.solve.journey import LEVELS

ROUNDS = 51
HOPS = tuple(
    Lognormal(math.log(scale), math.log(ratio) / 2.3263478740408408)
    for scale, ratio in zip(np.geomspace(0.05, 80, 20).tolist(), (3, 4, 5, 6) * 5, strict=True)
)  # seconds; their p99 is three to six times their median
GROUPS = 200  # of three replicas each, of which two are needed
_DOWN = 1e-3


class Task(NamedTuple):
    """A computation, the time that it may take [s], and the error that it may have."""

    name: str
    run: Callable[[], float]
    truth: Callable[[], float]
    most: float
    most_error: float
    forget: Callable[[], None] = lambda: None


def waiting(servers: int, utilization: float) -> Callable[[], float]:
    """P(W > 0) of M/M/c."""
    load = servers * utilization
    return lambda: erlang_c(offered_load=load, servers=float(servers))


def true_waiting(servers: int, utilization: float) -> float:
    """The same by the recursion of Erlang B, in forty digits."""
    with mpmath.workdps(40):
        load, one_in = mpmath.mpf(servers * utilization), mpmath.mpf(1)
        for count in range(1, servers + 1):
            one_in = 1 + one_in * count / load
        blocked = 1 / one_in
        share = load / servers
        return float(blocked / (1 - share * (1 - blocked)))


def journey() -> float:
    """The p99.9 of twenty hops, with their p50, p95 and p99."""
    return percentiles(Series(tuple(Hop(law) for law in HOPS))).quantiles[0.999]


def journey_at_all_levels() -> float:
    """The same with all seven levels that the solver asks for."""
    tree = Series(tuple(Hop(law) for law in HOPS))
    return percentiles(tree, tuple(LEVELS.values())).quantiles[0.999]


def true_journey() -> float:
    """The same on one grid of 2^20 points."""
    from scipy import stats

    step, points = 4000.0 / 2**20, 2**20
    middles = (np.arange(points) + 0.5) * step
    spectrum = np.ones(points // 2 + 1, dtype=complex)
    for law in HOPS:
        share = stats.norm.cdf((np.log(middles) - law.mu) / law.sigma)
        spectrum *= np.fft.rfft(np.diff(share, prepend=0.0))
    return float(np.interp(0.999, np.cumsum(np.fft.irfft(spectrum, points)), middles))


def unavailability() -> float:
    """A run that needs two of three replicas at each of two hundred stops: 600 variables."""
    diagram = DecisionDiagram()
    groups = [
        diagram.at_least(2, [diagram.variable(f"{group}.{n}", _DOWN) for n in range(3)])
        for group in range(GROUPS)
    ]
    return diagram.unavailability(diagram.conjunction(groups))


def true_unavailability() -> float:
    with mpmath.workdps(40):
        down = mpmath.mpf(_DOWN)
        return float(1 - (1 - 3 * down**2 + 2 * down**3) ** GROUPS)


def cache() -> float:
    """The hit ratio of an LRU cache of 1e7 of 1e10 keys of Zipf 0.9, by Che's approximation."""
    return che_hit_ratio(distinct_items=1e10, zipf_exponent=0.9, cache_items=1e7)


def true_cache() -> float:
    """The same from the first 1e5 keys one by one, and an integral over the rest."""
    from scipy.optimize import brentq

    first, last, panels = 10**5, 10**10, 400
    ends = np.linspace(math.log(first + 0.5), math.log(last + 0.5), panels + 1)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half = (ends[1:] - ends[:-1])[:, None] / 2.0
    at = np.exp((ends[1:] + ends[:-1])[:, None] / 2.0 + half * nodes)
    keys = np.concatenate((np.arange(1.0, first + 1.0), at.ravel()))
    counts = np.concatenate((np.ones(first), (half * weights * at).ravel()))
    share = keys**-0.9 / float(counts @ keys**-0.9)
    time = brentq(lambda x: float(counts @ -np.expm1(-share * math.exp(x))) - 1e7, 0.0, 60.0, xtol=1e-14)
    return float((counts * share) @ -np.expm1(-share * math.exp(time)))


def _forget_popularity() -> None:
    for kept in (popularity.ranks, popularity.zipf, popularity.zipf_total, popularity.zipf_time):
        kept.cache_clear()


TASKS = (
    Task("M/M/c, c = 1,000 at 95 %", waiting(1000, 0.95), lambda: true_waiting(1000, 0.95), 1e-4, 1e-9),
    Task(
        "M/M/c, c = 100,000 at 99.9999 %",
        waiting(100_000, 0.999999),
        lambda: true_waiting(100_000, 0.999999),
        1e-2,
        1e-9,
    ),
    Task("journey of 20 hops, 4 percentiles", journey, true_journey, 1e-3, 5e-3, KNOWN.forget),
    Task("journey of 20 hops, 7 percentiles", journey_at_all_levels, true_journey, 1e-3, 5e-3, KNOWN.forget),
    Task("availability, 600 variables", unavailability, true_unavailability, 0.1, 1e-9),
    Task(
        "Che, 1e10 keys",
        cache,
        true_cache,
        1e-3,
        1e-6,
        _forget_popularity,
    ),
)


class Timed(NamedTuple):
    """The median processor time of a computation [s], and its relative error."""

    task: Task
    seconds: float
    error: float


def measured(tasks: Sequence[Task] = TASKS) -> list[Timed]:
    """Every computation in rounds that they take turns in, after one that is not counted."""
    times: dict[str, list[float]] = {task.name: [] for task in tasks}
    for number in range(ROUNDS + 1):
        for task in tasks:
            task.forget()
            started = time.process_time()
            task.run()
            took = time.process_time() - started
            if number:
                times[task.name].append(took)
    return [
        Timed(task, statistics.median(times[task.name]), abs(task.run() / task.truth() - 1.0))
        for task in tasks
    ]


def table() -> str:
    """The computations as Markdown."""
    rows = [
        "| computed anew each time | processor time | of the limit | relative error | limit |",
        "|---|---:|---:|---:|---:|",
    ]
    for task, seconds, error in measured():
        share = f"{seconds / task.most:.2f} of {1e3 * task.most:g} ms"
        rows.append(f"| {task.name} | {1e3 * seconds:.3g} ms | {share} | {error:.1e} | {task.most_error:g} |")
    return "\n".join(rows) + "\n"
