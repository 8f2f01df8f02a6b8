"""Pools: rules of thumb for threads, connections and partitions.

Each is a rule that people use to check a number.  The number itself comes from the queue of the pool.
"""

from __future__ import annotations

from sdplan.formulas import xp
from sdplan.formulas._formula import formula

_HIKARI = "Wooldridge 2014, About Pool Sizing, HikariCP wiki"


@formula(
    "T",
    source="Goetz, Peierls, Bloch, Bowbeer, Holmes and Lea 2006, Java Concurrency in Practice, s. 8.2",
    label="approximation",
    validity="Threads do not disturb one another and every request waits and computes alike.",
    outside="Threads that never compute never load a core.",
    domain=lambda target_utilization, wait_time, compute_time, cores: compute_time > 0,
)
def thread_pool_size(
    *, target_utilization: float, wait_time: float, compute_time: float, cores: float
) -> float:
    """Threads that keep the cores at the target utilization."""
    return target_utilization * (1 + wait_time / compute_time) * cores


@formula(
    "n_c",
    source=_HIKARI,
    label="approximation",
    validity="A starting point for a database host, to be measured.",
)
def database_pool_size(*, cores: float, spindles: float) -> float:
    """Connections that a database host can work on at once."""
    return 2 * cores + spindles


@formula("n_c", source=_HIKARI)
def deadlock_free_pool_size(*, threads: float, connections_per_thread: float) -> float:
    """Connections with which threads that each hold several cannot all wait for one another."""
    return threads * (connections_per_thread - 1) + 1


@formula(
    "n_p",
    source="Rao 2015, How to Choose the Number of Topics/Partitions in a Kafka Cluster",
    label="approximation",
    validity="Keys spread evenly over the partitions.",
    outside="A partition that passes nothing is never enough.",
    domain=lambda ingest, producer_throughput, consumer_throughput: (
        (producer_throughput > 0) & (consumer_throughput > 0)
    ),
)
def partitions_needed(*, ingest: float, producer_throughput: float, consumer_throughput: float) -> float:
    """Partitions that neither producers nor consumers outrun."""
    return xp.ceil(xp.maximum(ingest / producer_throughput, ingest / consumer_throughput))
