"""Trust in the latency of a flow: which of the ways in which it is composed is the weakest."""

from __future__ import annotations

from sdplan.solve.journey import Journey
from sdplan.solve.ledger import Ledger
from sdplan.solve.quorums import asks_several
from sdplan.solve.runs import Run, place_id
from sdplan.solve.solution import Label
from sdplan.solve.tree import Call, Choice, Node, Parallel, calls

FORKS = "branches that run at once are taken as independent: at most"
RETRIES = "attempts of a call, and waits of different queues, are taken as independent"
POOLS = "the wait for a worker is that of random arrivals, independent of what it then calls"
TWICE_IN_TIME = "one queue is visited more than once; its waits are taken as independent"
TWICE = "one queue is visited more than once: the larger of independent waits and of one wait for all visits"
QUORUM = "copies of one store are taken as answering independently, though all get the same writes"
CLOSED = "clients of a closed group wait as calls that come at random at their rate would"
QUEUES = "waits of different queues are taken as independent"


def flow_label(run: Run, journey: Journey, one_wait: bool, suffix: str, ledger: Ledger) -> tuple[Label, str]:
    """How far the latency of a flow may be trusted, and why."""
    waited = [call for call in calls(run.tree) if not call.detached and call.place in journey.stations]
    queues = [call.place for call in waited if journey.stations[call.place].wait is not None]
    waits = [
        record
        for place in dict.fromkeys(queues)
        if (record := ledger.records.get(("components", place_id(place), f"wait{suffix}"))) is not None
    ]
    if journey.design.flows[run.flow].clients is not None and queues:
        return "approximation", CLOSED
    if forks(run.tree):
        return "bound", FORKS
    if any(call.retries or call.hedge is not None for call in waited):
        return "approximation", RETRIES
    if any(call.place in journey.pools for call in waited):
        return "approximation", POOLS
    if any(asks_several(journey.design, call) and call.place in queues for call in waited):
        return "approximation", QUORUM
    if one_wait:
        return "bound", TWICE
    if len(queues) != len(set(queues)):
        return "approximation", TWICE_IN_TIME
    if len(queues) > 1:
        return "approximation", QUEUES
    bound = next((record for record in waits if record.label == "bound"), None)
    rough = next((record for record in waits if record.label != "exact"), None)
    worst = bound or rough
    return ("exact", "") if worst is None else (worst.label, worst.note)


def forks(node: Node) -> bool:
    """Whether a run does several things at once."""
    if isinstance(node, Call):
        forked = node.fan_out > 1.0 and not node.detached
        return forked or any(
            forks(inner) for inner in (node.body, node.miss, node.fallback) if inner is not None
        )
    if isinstance(node, Choice):
        return any(forks(way.node) for way in node.branches)
    return (isinstance(node, Parallel) and len(node.items) > 1) or any(forks(item) for item in node.items)
