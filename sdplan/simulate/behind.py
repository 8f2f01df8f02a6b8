"""Behind: the components that are asked after another queue, so that their calls come as it lets them go.

The wait laws take arrivals as a Poisson stream.  What leaves a queue is one only where all service times
are exponential and equal (Burke 1956); behind any other queue, or after itself, a wait differs from its law.
"""

from __future__ import annotations

from sdplan.simulate.plan import Plan
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place


def behind_queues(plan: Plan) -> set[Place]:
    """The places that some run asks after it has been through a queue."""
    found: set[Place] = set()
    for source in plan.sources:
        _walk(source.tree, source.trigger is not None, plan, found)
    return found


def _walk(node: Node, queued: bool, plan: Plan, found: set[Place]) -> bool:
    """Whether a run has been through a queue after this node; `queued` says so before it."""
    if isinstance(node, Choice):
        ways = [_walk(way.node, queued, plan, found) for way in node.branches]
        return queued or any(ways)
    if isinstance(node, Parallel):
        branches = [_walk(item, queued, plan, found) for item in node.items]
        return queued or any(branches)
    if not isinstance(node, Call):
        for item in node.items:
            queued = _walk(item, queued, plan, found)
        return queued
    layout = plan.layouts[node.place]
    queues = layout.servers > 0.0 or layout.workers > 0.0
    if queued or (queues and (node.times > 1.0 or node.fan_out > 1.0 or node.retries > 0.0)):
        found.add(node.place)
    after = _walk(node.body, queued or queues, plan, found)
    for part in (node.miss, node.fallback):
        if part is not None:
            after = _walk(part, after, plan, found)
    return after
