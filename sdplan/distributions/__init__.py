"""Laws of delay, and the percentiles of calls that are made of them."""

from sdplan.distributions.addition import sum_of_percentiles
from sdplan.distributions.laws import Deterministic, Exponential, Gamma, Law, Lognormal
from sdplan.distributions.percentile import LEVELS, Result, cdf_at, percentiles
from sdplan.distributions.queue_laws import Mixture, Shifted, Sojourn, Wait
from sdplan.distributions.service import (
    exponential,
    fixed,
    from_mean_and_scv,
    lognormal_from_mean_and_p99,
    lognormal_from_quantiles,
)
from sdplan.distributions.trees import (
    Branch,
    Fallback,
    FanOut,
    ForkJoin,
    Hop,
    Node,
    Optional,
    Repeat,
    Series,
    Timeout,
    hedged,
    retried,
)

__all__ = [
    "LEVELS",
    "Branch",
    "Deterministic",
    "Exponential",
    "Fallback",
    "FanOut",
    "ForkJoin",
    "Gamma",
    "Hop",
    "Law",
    "Lognormal",
    "Mixture",
    "Node",
    "Optional",
    "Repeat",
    "Result",
    "Series",
    "Shifted",
    "Sojourn",
    "Timeout",
    "Wait",
    "cdf_at",
    "exponential",
    "fixed",
    "from_mean_and_scv",
    "hedged",
    "lognormal_from_mean_and_p99",
    "lognormal_from_quantiles",
    "percentiles",
    "retried",
    "sum_of_percentiles",
]
