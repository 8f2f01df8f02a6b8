"""Lanes: queues solved for whole arrays of arrivals at a time, where no answer changes who arrives."""

from __future__ import annotations

import heapq
import math

import numpy as np

from sdplan.distributions.normal import Array

Indices = np.ndarray[tuple[int], np.dtype[np.int64]]


def starts(arrivals: Array, services: Array, servers: float) -> Array:
    """When each call is served first come first served [s]; arrivals in order."""
    if servers >= len(arrivals) or math.isinf(servers):
        return arrivals
    if servers == 1.0:
        return _by_one(arrivals, services)
    free = [0.0] * int(servers)
    begun: list[float] = []
    add, put = begun.append, heapq.heapreplace
    for arrival, service in zip(arrivals.tolist(), services.tolist(), strict=True):
        start = free[0]
        if start < arrival:
            start = arrival
        put(free, start + service)
        add(start)
    return np.array(begun)


def _by_one(arrivals: Array, services: Array) -> Array:
    """Lindley's recursion, solved: a start is the latest of all arrivals before, plus the work since then."""
    work = np.cumsum(services) - services
    begun: Array = np.maximum.accumulate(arrivals - work) + work
    return np.maximum(begun, arrivals)


def starts_of_queues(arrivals: Array, services: Array, queues: Indices, servers: float) -> Array:
    """The same for many queues; `queues` says to which of them a call goes."""
    order = np.argsort(queues, kind="stable")
    edges = np.flatnonzero(np.diff(queues[order])) + 1
    begun = np.empty_like(arrivals)
    for chosen in np.split(order, edges):
        begun[chosen] = starts(arrivals[chosen], services[chosen], servers)
    return begun
