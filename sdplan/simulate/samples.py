"""Random designs that try what the solver approximates: each seed is one design, the same for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sdplan.simulate.realistic import realistic
from sdplan.simulate.sample_data import caches, clients, quorums, zones
from sdplan.simulate.sample_parts import (
    RATE,
    Block,
    Blocks,
    Draws,
    design,
    external,
    flow,
    own_time,
    share,
    station,
    time,
)


class Sample(NamedTuple):
    """A random design."""

    seed: int
    family: str  # what it was drawn to try
    text: str


def sample(seed: int) -> Sample:
    """The design of a seed; families take turns."""
    family = list(FAMILIES)[seed % len(FAMILIES)]
    return Sample(seed, family, design(FAMILIES[family](Draws(seed))))


def _one_queue(draws: Draws) -> Blocks:
    kind = draws.one(("service", "service", "service", "worker", "database"))
    return {"flows": {"f": flow("a")}, "components": {"a": station(draws, kind)}}


def _chain(draws: Draws) -> Blocks:
    names = ["a", "b", "c", "d", "e"][: draws.whole(2, 5)]
    kinds = ("service", "service", "worker", "database", "gateway")
    return {
        "flows": {"f": flow(" > ".join(names))},
        "components": {name: station(draws, draws.one(kinds)) for name in names},
    }


def _two_flows(draws: Draws) -> Blocks:
    """Two flows that meet at stations, each with an operation of its own."""
    first, second = draws.between(0.3, 0.7), draws.between(0.3, 0.7)
    parts = {"a": station(draws, "service", first), "b": station(draws, "service", second)}
    parts["db"] = station(draws, "database")
    mean = own_time(parts["db"])
    long = draws.between(1.2, 1.6) * mean
    short = max(0.1 * mean, (mean - second * long) / (first + second) * 0.9)
    parts["db"]["ops"] = {"read": {"service_time": time(short)}, "write": {"service_time": time(long)}}
    return {
        "flows": {
            "f": flow({"a": [{"db": {"op": "read"}}]}, rate=first * RATE),
            "g": flow({"b": [{"db": {"op": "write"}}]}, rate=second * RATE),
        },
        "components": parts,
    }


def _choices(draws: Draws) -> Blocks:
    part = draws.between(0.2, 0.8)
    ways = {
        "x": {"share": share(part), "calls": ["b"]},
        "y": {"share": "rest", "calls": ["c", {"d": {"async": "true"}}]},
    }
    return {
        "flows": {"f": flow({"a": [{"choose": ways}]})},
        "components": {
            "a": station(draws, "service"),
            "b": station(draws, "database", part),
            "c": station(draws, "service", 1.0 - part),
            "d": station(draws, "worker", 1.0 - part),
        },
    }


def _pool(draws: Draws) -> Blocks:
    """Workers that are held while a slower part answers; every other pool is a pool of connections too."""
    parts = {
        "a": station(draws, "service", busy=(0.2, 0.5)),
        "db": station(draws, "database", busy=(0.3, 0.8)),
    }
    parts["a"]["balance"] = draws.one(("round-robin", "random"))
    nodes = int(parts["a"]["replicas"])
    held = own_time(parts["a"]) + 2.0 * own_time(parts["db"])
    workers = RATE / nodes * held / draws.between(0.5, 0.85)
    parts["a"]["workers"] = str(max(2, round(workers), int(parts["a"]["cores"])))
    return {"flows": {"f": flow({"a": ["db"]})}, "components": parts}


def _late(draws: Draws, part: Block, low: float, high: float) -> str:
    return time(draws.between(low, high) * own_time(part))


def _retries(draws: Draws) -> Blocks:
    parts = {"a": station(draws, "service"), "b": station(draws, "service", busy=(0.3, 0.7))}
    options: Block = {
        "timeout": _late(draws, parts["b"], 4.0, 9.0),
        "retries": str(draws.whole(1, 3)),
        "idempotent": "true",
        "backoff": _late(draws, parts["b"], 0.5, 5.0),
        "jitter": share(draws.one((0.0, 0.5, 1.0))),
    }
    if draws.chance(0.3):
        options["cancel"] = "true"
    if draws.chance(0.3):
        options["optional"] = "true"
    return {"flows": {"f": flow({"a": [{"b": options}]})}, "components": parts}


def _timeouts(draws: Draws) -> Blocks:
    parts = {name: station(draws, "service") for name in ("a", "b")} | {"c": external(draws)}
    options: Block = {"timeout": _late(draws, parts["b"], 3.0, 10.0)}
    if draws.chance(0.5):
        options["fallback"] = ["c"]
    else:
        options["optional"] = "true"
    return {"flows": {"f": flow({"a": [{"b": options}]})}, "components": parts}


def _hedges(draws: Draws) -> Blocks:
    parts = {"a": station(draws, "service"), "b": station(draws, "service", busy=(0.3, 0.6))}
    parts["b"]["replicas"] = str(nodes := draws.one((4, 8)))
    parts["b"]["cores"] = "1"
    parts["b"]["balance"] = draws.one(("random", "round-robin"))
    parts["b"]["service_time"] = time(draws.between(0.3, 0.6) * nodes / RATE)
    options = {
        "hedge": draws.one(("p90", "p95", "p99", _late(draws, parts["b"], 2.0, 5.0))),
        "shared_slowness": share(draws.one((0.0, 0.1, 0.3))),
        "idempotent": "true",
    }
    return {"flows": {"f": flow({"a": [{"b": options}]})}, "components": parts}


def _forks(draws: Draws) -> Blocks:
    names = ["b", "c", "d", "e"][: draws.whole(2, 4)]
    parts = {name: station(draws, draws.one(("service", "database"))) for name in names}
    parts["a"] = station(draws, "service")
    if draws.chance(0.5):
        need = draws.one(("all", "any", "2"))
        return {
            "flows": {"f": flow({"a": [{"parallel": {"need": need, "calls": names}}]})},
            "components": parts,
        }
    wide = draws.whole(2, 8)
    parts["b"] = station(draws, "database", wide) if draws.chance(0.5) else station(draws, "service", wide)
    options = {"fan_out": str(wide), "need": draws.one(("all", "all", "any", str(wide - 1)))}
    return {"flows": {"f": flow({"a": [{"b": options}]})}, "components": parts}


def _bounded(draws: Draws) -> Blocks:
    part = station(draws, draws.one(("service", "worker")), busy=(0.5, 1.1))
    part["balance"] = draws.one(("random", "round-robin"))
    options: Block = {}
    if draws.chance(0.6):
        options["room"] = str(draws.whole(1, 12))
    if not options or draws.chance(0.4):
        options["patience"] = _late(draws, part, 0.5, 5.0)
    part["queue"] = options | ({"shared": "true"} if part["kind"] == "worker" else {})
    return {"flows": {"f": flow("a")}, "components": {"a": part}}


def _again(draws: Draws) -> Blocks:
    """One queue that a run visits more than once."""
    parts = {"a": station(draws, "service"), "db": station(draws, "database", 2.0, (0.3, 0.85))}
    parts["c"] = station(draws, "service")
    steps = [{"db": {"times": "2"}}] if draws.chance(0.4) else ["db", "c", "db"]
    return {"flows": {"f": flow({"a": steps})}, "components": parts}


FAMILIES: Mapping[str, Callable[[Draws], Blocks]] = MappingProxyType(
    {
        "one queue": _one_queue,
        "queues in a row": _chain,
        "two flows": _two_flows,
        "choices": _choices,
        "pools": _pool,
        "retries": _retries,
        "timeouts": _timeouts,
        "hedges": _hedges,
        "forks": _forks,
        "quorums": quorums,
        "bounded queues": _bounded,
        "visits again": _again,
        "caches": caches,
        "zones": zones,
        "closed groups": clients,
        "mixed": realistic,
    }
)
"""What designs are drawn to try, and how."""
