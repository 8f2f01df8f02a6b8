"""Balance: among how many queues the calls of a component are shared, and by which policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sdplan.solve.compile import WRITES
from sdplan.solve.leaders import reads_go_to
from sdplan.solve.ledger import Ledger
from sdplan.solve.nodes import Nodes
from sdplan.solve.queueing import Policy
from sdplan.solve.runs import Site, site_path
from sdplan.solve.solution import Label
from sdplan.solve.tree import Call, calls
from sdplan.spec.components import Component, Store

_TAKEN = "calls that come from other queues or from several flows are taken as random"

EVENLY = "runs that start at even times come as calls that are dealt out over very many queues"
_TURNS = 1000.0  # of which each gets every thousandth call: the times between them are all but even
_FITTED = "each call to the replica with the fewest requests: fitted to simulation"
_OPEN = "open calls say less of a queue where calls wait for others: between the fewest and a random split"
_HALF = 5.0  # nested time, in own service times, at which the open calls say half; fitted to simulation
_BUSIEST = "the queue of a follower, which has reads and writes; a leader has writes only: at most"


class Split(NamedTuple):
    """How calls come to one queue: by `policy`, which they share with so many equal queues."""

    policy: Policy
    queues: float
    label: Label  # of a wait with exponential service times
    note: str = ""
    random_share: float = 0.0  # of the wait that is as long as behind a random split


ONE_QUEUE = Split("random", 1.0, "exact")


def split(spec: Component, nodes: Nodes, sites: Sequence[Site], ledger: Ledger, *, shared: bool) -> Split:
    """The split of a component's calls; a store's calls go where their key lives, which is at random."""
    if is_direct(sites) and _comes_evenly(sites[0], ledger):
        return Split("round-robin", _TURNS * (1.0 if shared else nodes.replicas), "approximation", EVENLY)
    if shared or nodes.replicas <= 1.0:
        return ONE_QUEUE
    if (
        reads_go_to(spec, nodes.copies) == "followers"
        and len({site.call.op in WRITES for site in sites}) == 2
    ):
        return Split("random", nodes.replicas, "bound", _BUSIEST)
    if isinstance(spec, Store) or spec.balance in ("random", "weighted", "hash"):
        return Split("random", nodes.replicas, "exact")
    if spec.balance == "least-requests":
        ratio = _nested(sites, ledger)
        note = _OPEN if ratio > 0.0 else _FITTED
        return Split("least-requests", nodes.replicas, "approximation", note, ratio / (ratio + _HALF))
    if is_direct(sites):
        return Split("round-robin", nodes.replicas, "exact", "calls dealt out in turn")
    return Split("round-robin", nodes.replicas, "approximation", f"calls dealt out in turn; {_TAKEN}")


def _comes_evenly(site: Site, ledger: Ledger) -> bool:
    """Whether a flow starts at even times: once in so long, whatever has come by then."""
    trigger = ("flows", site.run.flow, "trigger")
    return ledger.has((*trigger, "every")) and not ledger.has((*trigger, "batch"))


def is_direct(sites: Sequence[Site]) -> bool:
    """Whether calls come as a flow's own runs start: one call, the first of its flow."""
    if len(sites) != 1:
        return False
    call = sites[0].call
    first = next(calls(sites[0].run.tree), None)
    return first is not None and first.path == call.path and call.times <= 1.0 and call.fan_out == 1.0


def _nested(sites: Sequence[Site], ledger: Ledger) -> float:
    """For how long a call waits for what it calls, in its own service times; waits there left out."""
    own = nested = 0.0
    for site in sites:
        own += ledger.value(site.rate("peak_rate")) * _service_time(site.call, ledger)
        for call in calls(site.call.body):
            if not call.detached:
                rate = ledger.value((*site_path(site.run, call), "peak_rate"))
                way = ledger.value(("components", call.place[0], "rtt")) + call.distance
                nested += rate * (way + _service_time(call, ledger))
    return nested / own if own > 0.0 else 0.0


def _service_time(call: Call, ledger: Ledger) -> float:
    path = ("components", call.place[0])
    return ledger.value((*path, "ops", call.op, "service_time"), ledger.value((*path, "service_time")))
