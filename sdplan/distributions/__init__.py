"""Laws of delay, and the percentiles of calls that are made of them."""

from sdplan.distributions.addition import sum_of_percentiles
from sdplan.distributions.empirical import Empirical, empirical, empirical_from_counts
from sdplan.distributions.hedging import hedged_after_percentile
from sdplan.distributions.laws import Deterministic, Exponential, Gamma, Law, Lognormal
from sdplan.distributions.moments import Moments, good_moments, moments
from sdplan.distributions.more_laws import Uniform, Weibull, uniform
from sdplan.distributions.percentile import LEVELS, Result, cdf_at, percentiles
from sdplan.distributions.queue_laws import Mixture, Shifted, Sojourn, Wait
from sdplan.distributions.service import (
    exponential,
    fixed,
    from_mean_and_scv,
    gamma_from_quantiles,
    lognormal_from_mean_and_p99,
    lognormal_from_quantiles,
    weibull_from_mean_and_scv,
    weibull_from_quantiles,
)
from sdplan.distributions.trees import (
    Branch,
    Fallback,
    FanOut,
    ForkJoin,
    Hedged,
    Hop,
    Node,
    Optional,
    Repeat,
    Retried,
    Series,
    Timeout,
    hedged,
    retried,
)
from sdplan.distributions.waiting import exceeding, failing, mean_within

__all__ = [
    "LEVELS",
    "Branch",
    "Deterministic",
    "Empirical",
    "Exponential",
    "Fallback",
    "FanOut",
    "ForkJoin",
    "Gamma",
    "Hedged",
    "Hop",
    "Law",
    "Lognormal",
    "Mixture",
    "Moments",
    "Node",
    "Optional",
    "Repeat",
    "Result",
    "Retried",
    "Series",
    "Shifted",
    "Sojourn",
    "Timeout",
    "Uniform",
    "Wait",
    "Weibull",
    "cdf_at",
    "empirical",
    "empirical_from_counts",
    "exceeding",
    "exponential",
    "failing",
    "fixed",
    "from_mean_and_scv",
    "gamma_from_quantiles",
    "good_moments",
    "hedged",
    "hedged_after_percentile",
    "lognormal_from_mean_and_p99",
    "lognormal_from_quantiles",
    "mean_within",
    "moments",
    "percentiles",
    "retried",
    "sum_of_percentiles",
    "uniform",
    "weibull_from_mean_and_scv",
    "weibull_from_quantiles",
]
