"""Random designs that try what the solver approximates: each seed is one design, the same for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sdplan.simulate.realistic import realistic
from sdplan.simulate.sample_parts import (
    RATE,
    Block,
    Draws,
    design,
    external,
    flow,
    own_time,
    share,
    station,
    time,
)

Blocks = dict[str, Block]


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


def _quorums(draws: Draws) -> Blocks:
    copies, writes = draws.one((3, 5)), draws.between(0.1, 0.9)
    most = copies // 2 + 1
    leads = draws.chance(0.5)
    visits = 1.0 if leads else writes + (1.0 - writes) * most / copies
    store = station(draws, "database", visits)
    store |= {"copies": str(copies), "shards": "1", "replicas": str(copies)}
    store["service_time"] = time(draws.between(0.3, 0.8) * int(store["cores"]) / (RATE * visits))
    store["replication"] = {
        "mode": "leader" if leads else "leaderless",
        "write_quorum": str(most),
        **({} if leads else {"read_quorum": str(most)}),
    }
    return {
        "flows": {
            "read": flow({"db": {"op": "read"}}, rate=(1.0 - writes) * RATE),
            "write": flow({"db": {"op": "write"}}, rate=writes * RATE),
        },
        "components": {"db": store},
    }


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


def _caches(draws: Draws) -> Blocks:
    hit, items = draws.between(0.4, 0.9), draws.one((10_000, 50_000))
    parts = {"a": station(draws, "service"), "cache": station(draws, "cache", 1.5, (0.2, 0.6))}
    parts["db"] = station(draws, "database", 1.0 - hit)
    parts["cache"] |= {"rtt": "0.3ms", "memory": f"{round(1000 * items * draws.between(0.01, 0.3))}B"}
    blocks: Blocks = {
        "entities": {
            "item": {
                "size": "1KB",
                "count": str(items),
                "keep": {"db": "forever"},
                "popularity": {"zipf": f"{draws.between(0.6, 1.2):.3g}"},
            }
        },
        "flows": {"f": flow({"a": [{"cache": {"entity": "item", "miss": [{"db": {"entity": "item"}}]}}]})},
        "components": parts,
    }
    if draws.chance(0.5):
        parts["cache"]["hit"] = share(hit)
        del parts["cache"]["memory"]
    return blocks


def _zones(draws: Draws) -> Blocks:
    """Components with more replicas than the load needs, spread over zones that fail."""
    parts: Blocks = {}
    for name in ("a", "b", "c"):
        nodes, cores = draws.one((3, 6)), draws.one((1, 2, 4))
        busy = draws.between(0.3, 0.62)
        parts[name] = {
            "kind": "service",
            "replicas": str(nodes),
            "cores": str(cores),
            "zones": "3",
            "service_time": time(busy * nodes * cores / RATE),
            "balance": "random",
            "availability": share(draws.one((0.98, 0.99, 0.995))),
            "target_utilization": "95%",
            **({"common_cause": share(draws.between(0.01, 0.1))} if draws.chance(0.5) else {}),
        }
    last: Any = {"c": {"optional": "true", "timeout": "10s"}} if draws.chance(0.5) else "c"
    return {
        "zones": {"availability": share(draws.one((0.99, 0.995, 0.999)))},
        "flows": {"f": flow({"a": ["b", last]})},
        "components": parts,
    }


def _clients(draws: Draws) -> Blocks:
    parts = {"a": station(draws, "worker"), "db": station(draws, "database")}
    think = draws.between(5.0, 50.0) * (own_time(parts["a"]) + own_time(parts["db"]))
    count = max(2, round(RATE * draws.between(0.7, 1.1) * think))
    asks = {"clients": {"count": str(count), "think": time(think)}, "steps": [{"a": ["db"]}]}
    return {"flows": {"f": asks}, "components": parts}


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
        "quorums": _quorums,
        "bounded queues": _bounded,
        "visits again": _again,
        "caches": _caches,
        "zones": _zones,
        "closed groups": _clients,
        "mixed": realistic,
    }
)
"""What designs are drawn to try, and how."""
