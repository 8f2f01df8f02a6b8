"""Traffic: from people and their habits to requests per second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula

_RATE = "definition of a rate: events over time"
_THINNING = "Gross, Shortle, Thompson and Harris 2008, Fundamentals of Queueing Theory, 4th ed., ch. 1"


@formula("N", source="definition: people times what each does")
def period_requests(*, users: float, requests_per_user: float) -> float:
    """Requests of all users in the period.

    Both numbers belong to the same period, usually a day.
    """
    return users * requests_per_user


@formula(
    r"\lambda_m",
    source=_RATE,
    outside="A period of no length has no rate.",
    domain=lambda runs, period: period > 0,
)
def mean_rate(*, runs: float, period: float) -> float:
    """Mean rate of what happens so often in the period [1/s]."""
    return runs / period


@formula(
    r"\lambda_{\mathrm{active}}",
    source=_RATE,
    outside="Without active time the rate has no bound.",
    domain=lambda mean_rate, period, active_time: active_time > 0,
)
def active_rate(*, mean_rate: float, period: float, active_time: float) -> float:
    """Mean rate in the active part of the period, when all runs fall into it [1/s]."""
    return mean_rate * period / active_time


@formula(r"\lambda_{\mathrm{peak}}", source="definition of the peak factor")
def peak_rate(*, mean_rate: float, peak_factor: float) -> float:
    """Rate at the peak [1/s]."""
    return mean_rate * peak_factor


@formula(
    r"\lambda",
    source=_RATE,
    outside="An interval of no length has no rate.",
    domain=lambda users, interval: interval > 0,
)
def population_rate(*, users: float, interval: float) -> float:
    """Rate of what each user or device does once every interval [1/s]."""
    return users / interval


@formula(
    r"\lambda_{\mathrm{all}}",
    source=_THINNING,
    define=lambda arrival_rates: xp.over_parts("Sum", lambda rate: rate, arrival_rates),
)
def total_rate(*, arrival_rates: Sequence[float]) -> float:
    """Rate of several flows together [1/s].

    Independent Poisson flows add up to a Poisson flow.
    """
    return sum(arrival_rates)


@formula(r"\lambda_{\mathrm{branch}}", source=_THINNING)
def branch_rate(*, arrival_rate: float, probability: float) -> float:
    """Rate of the requests that take a branch [1/s].

    Independent choices leave a Poisson flow a Poisson flow.
    """
    return arrival_rate * probability


@formula(r"\lambda_{\mathrm{out}}", source="definition: each request makes n calls")
def fan_out_rate(*, arrival_rate: float, fan_out: float) -> float:
    """Rate of the calls or deliveries that requests fan out into [1/s]."""
    return arrival_rate * fan_out


@formula(
    "s",
    source="definition of weighted round robin",
    outside="Weights that are all zero share nothing out.",
    domain=lambda weight, weights: sum(weights) > 0,
    limit=0.0,
    define=lambda weight, weights: weight / xp.over_parts("Sum", lambda each: each, weights),
)
def weighted_share(*, weight: float, weights: Sequence[float]) -> float:
    """Share of the requests that a server with this weight gets."""
    return weight / sum(weights)


@formula(
    r"\lambda_{\mathrm{shard}}",
    source="definition of an even split",
    label="bound",
    validity="A lower bound for the busiest shard: a hot key or an uneven hash adds to it.",
    outside="No shard serves nothing.",
    domain=lambda arrival_rate, shards: shards > 0,
)
def shard_rate(*, arrival_rate: float, shards: float) -> float:
    """Rate at one of several evenly loaded shards [1/s]."""
    return arrival_rate / shards


@formula(
    r"n_{\mathrm{max}}",
    source="Beyer, Jones, Petoff and Murphy 2016, Site Reliability Engineering, ch. 22",
    label="bound",
    validity="An upper bound: every attempt at every layer fails.",
)
def worst_case_attempts(*, attempts: float, layers: float) -> float:
    """Attempts at the lowest layer for one request when every layer exhausts its attempts."""
    return xp.power(attempts, layers)


def _sum_of_attempts(*, failure_probability: Any, attempts: Any) -> Any:
    import sympy

    k = sympy.Symbol("k", integer=True)
    return sympy.Sum(failure_probability**k, (k, 0, attempts - 1))


@formula(
    r"n_{\mathrm{mean}}",
    source="mean of a geometric distribution that is cut off after n attempts",
    validity="Attempts fail independently of one another.",
    outside="When every attempt fails, all attempts are made.",
    domain=lambda failure_probability, attempts: failure_probability < 1,
    limit=lambda failure_probability, attempts: attempts,
    define=_sum_of_attempts,
)
def mean_attempts(*, failure_probability: float, attempts: float) -> float:
    """Mean number of attempts for one request with retries."""
    return -xp.expm1(attempts * xp.log(failure_probability)) / (1 - failure_probability)
