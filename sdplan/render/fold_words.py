"""What a fold did, in a sentence: steps of a derivation that are no equation but a computation over a tree."""

from __future__ import annotations

from collections.abc import Mapping

FOLDS: Mapping[str, str] = {
    "composition": "The distributions of the calls are composed; their percentiles are not added.",
    "stay": "Wait and own service time together, as distributions.",
    "tail of the wait": "This percentile of the wait in the queue.",
    "structure function": "Exact over all states of the components, each counted once by its name.",
    "sum of percentiles": "What adding the percentiles of the calls would have said.",
    "failed share": "The part of the distribution that ends in a failure.",
    "mean of the law": "The mean of the law of service times that goes through what is stated.",
    "mean held time": "How long a worker is held: own time and everything that it calls.",
    "spread of the held times": "The variance of the time for which a worker is held, over the squared mean.",
    "spread of the service times": "The variance of the service time over the squared mean, of all calls together.",
    "first of the busy servers": "The mean time until the first of the busy servers is free.",
    "chance to wait": "The chance that a call has to wait, between the two laws of service that are known.",
    "mean wait": "The mean wait, between the two laws of service times that are known.",
    "fewest": "The fewest that keep every limit at peak under the target utilization.",
    "fewest that carry the peak": "The fewest that carry the peak at all.",
    "fewest that carry the mean load": "The fewest that carry the mean load at all.",
    "Che's approximation": "An item stays in the cache until as many others as fit have been asked for.",
    "no look-up hits": "The calls that arrive when every look-up before them misses.",
    "share of the most popular": "The calls for the one item that is asked for most.",
    "longest way": "The longest way from what is published to what is read, each stage after the one before.",
    "Birnbaum importance": (
        "How often each part fails, times the chance that the flow then depends on that part, added up."
    ),
}
"""By the word that stands in a record in place of a formula."""
