"""What a fold did, in a sentence: steps of a derivation that are no equation but run over a tree."""

from __future__ import annotations

from collections.abc import Mapping

FOLDS: Mapping[str, str] = {
    "composition": "The distributions of the calls are composed; their percentiles are not added.",
    "stay": "Wait and own service time together, as distributions.",
    "tail of the wait": "This percentile of the wait in the queue.",
    "structure function": "Exact over all states of the components, each counted once by its name.",
    "sum of percentiles": "What adding the percentiles of the calls would have said.",
    "failed share": (
        "The part of the distribution that ends in a failure: too late or refused. Load makes failures and "
        "failures make load, so both are gone round until they agree."
    ),
    "mean of the law": "The mean of the law of service times that goes through what is stated.",
    "mean held time": "How long a worker is held: own time and everything that it calls.",
    "spread of the held times": "The variance of the time for which a worker is held, over the squared mean.",
    "spread of the service times": "The variance of the service time over the squared mean, of all calls.",
    "first of the busy servers": "The mean time until the first of the busy servers is free.",
    "chance to wait": "The chance that a call has to wait, between the two laws of service that are known.",
    "mean wait": "The mean wait, between the two laws of service times that are known.",
    "workers of its callers": "Each waiting call holds a worker of its caller: no more can wait than those.",
    "fewest": "The fewest that keep every limit at peak under the target utilization.",
    "fewest that carry the peak": "The fewest that carry the peak at all.",
    "fewest that carry the mean load": "The fewest that carry the mean load at all.",
    "Che's approximation": (
        "An item stays in the cache for a time T that is the same for all: T solves Σ (1 - exp(-λ_i T)) = "
        "items that fit. An item that is asked for at the rate λ_i hits with the chance 1 - exp(-λ_i T), "
        "less where a time to live ends first."
    ),
    "no look-up hits": "The calls that arrive when every look-up before them misses.",
    "share of the most popular": "The calls for the one item that is asked for most.",
    "longest way": "The longest way from what is published to what is read, each stage after the one before.",
    "Birnbaum importance": (
        "How often each part fails, times the chance that the flow then depends on that part, added up."
    ),
}
"""By the word that stands in a record in place of a formula."""

FOLD_SOURCES: Mapping[str, str] = {
    "structure function": "Bryant 1986, Graph-Based Algorithms for Boolean Function Manipulation",
    "Che's approximation": (
        "Che, Tung and Wang 2002, Hierarchical Web Caching Systems, IEEE JSAC 20(7); Fricker, Robert and "
        "Roberts 2012, A Versatile and Accurate Approximation for LRU, ITC 24"
    ),
    "Birnbaum importance": (
        "Birnbaum 1969, On the Importance of Different Components in a Multicomponent System"
    ),
}
"""Where the method of a fold comes from, for those that are not this project's own arithmetic."""
