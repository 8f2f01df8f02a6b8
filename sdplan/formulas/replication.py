"""Replication: how many nodes a group needs and what it then survives."""

from __future__ import annotations

from typing import Any

from sdplan.formulas import xp
from sdplan.formulas._formula import formula
from sdplan.formulas.availability import k_of_n_unavailability

_LAMPORT = "Lamport, Shostak and Pease 1982, The Byzantine Generals Problem, ACM TOPLAS 4(3)"
_GIFFORD = "Gifford 1979, Weighted Voting for Replicated Data, SOSP 7"


@formula("m", source=_GIFFORD)
def majority(*, nodes: float) -> float:
    """Nodes that form a majority."""
    return xp.floor(nodes / 2) + 1


@formula(
    "f",
    source="Ongaro and Ousterhout 2014, In Search of an Understandable Consensus Algorithm, s. 5",
    outside="Without nodes nothing is tolerated.",
    domain=lambda nodes: nodes >= 1,
    limit=0.0,
)
def crash_faults_tolerated(*, nodes: float) -> float:
    """Crashed nodes that leave a majority."""
    return xp.ceil(nodes / 2) - 1


@formula("n", source=_LAMPORT, validity="Messages are not signed.")
def byzantine_nodes_needed(*, faults: float) -> float:
    """Nodes needed so that so many lying nodes do not deceive the others."""
    return 3 * faults + 1


@formula(
    "o",
    source=_GIFFORD,
    validity="Strict quorums only: a sloppy quorum may meet on other nodes. "
    "Two writes also meet only when the write quorum is more than half of the replicas.",
)
def quorum_overlap(*, replicas: float, write_quorum: float, read_quorum: float) -> float:
    """Replicas that every read quorum shares with every write quorum, at least; zero means stale reads."""
    return xp.maximum(0, read_quorum + write_quorum - replicas)


@formula(
    "n_r",
    source="Pittel 1987, On Spreading a Rumor, SIAM J. Appl. Math. 47(1); the informed nodes at most double",
    label="bound",
    validity="A lower bound for fan-out one without loss; random partners add about ln n rounds.",
    outside="A group of none or one needs no round.",
    domain=lambda nodes: nodes > 1,
    limit=0.0,
)
def gossip_rounds(*, nodes: float) -> float:
    """Rounds of gossip until every node knows, at least."""
    return xp.ceil(xp.log2(nodes))


@formula(
    "t",
    source="Gray 1978, Notes on Data Base Operating Systems",
    label="bound",
    validity="A lower bound: locks, log writes and the slowest participant add to it.",
)
def two_phase_commit_time(*, round_trip_time: float, processing_time: float) -> float:
    """Time of a two-phase commit without failures [s]."""
    return 2 * round_trip_time + processing_time


def _quorum_equation(*, level: Any, replicas: Any, needed: Any) -> Any:
    import sympy

    late = 1 - sympy.Symbol("quorum_level", positive=True)
    return sympy.Eq(k_of_n_unavailability(unavailability=late, replicas=replicas, needed=needed), 1 - level)


@formula(
    "q_k",
    source="order statistics: David and Nagaraja 2003, Order Statistics, 3rd ed., s. 2.1",
    validity="Replicas answer independently and alike; replicas of one zone do not.",
    outside="More answers than replicas never come; for certainty each replica must be certain.",
    domain=lambda level, replicas, needed: (needed <= replicas) & (level < 1),
    limit=1.0,
    define=_quorum_equation,
)
def quorum_level(*, level: float, replicas: float, needed: float) -> float:
    """Level of one replica's percentile that gives the wanted level when the first k answers are enough."""
    return xp.elementwise(_quorum_level, level, replicas, needed)


def _quorum_level(level: float, replicas: float, needed: float) -> float:
    """Bisection on the probability that one replica is late."""
    low, high = 0.0, 1.0
    for _ in range(100):
        late = (low + high) / 2
        missed = k_of_n_unavailability(unavailability=late, replicas=replicas, needed=needed)
        low, high = (late, high) if missed < 1 - level else (low, late)
    return 1 - (low + high) / 2
