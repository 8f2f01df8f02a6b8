"""Random designs with copies, caches and zones, and with closed groups of clients."""

from __future__ import annotations

from typing import Any

from sdplan.simulate.sample_parts import RATE, Blocks, Draws, flow, own_time, share, station, time


def quorums(draws: Draws) -> Blocks:
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


def caches(draws: Draws) -> Blocks:
    """A cache whose hit ratio is stated, or follows from its memory and a popularity."""
    hit, items, stated = draws.between(0.4, 0.9), draws.one((10_000, 50_000)), draws.chance(0.5)
    parts = {"a": station(draws, "service"), "cache": station(draws, "cache", 1.5, (0.2, 0.6))}
    parts["db"] = station(draws, "database", 1.0 - hit if stated else 0.8)
    memory = f"{round(1000 * items * draws.between(0.02, 0.4))}B"
    parts["cache"] |= {"rtt": "0.3ms", **({"hit": share(hit)} if stated else {"memory": memory})}
    return {
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


def zones(draws: Draws) -> Blocks:
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


def clients(draws: Draws) -> Blocks:
    parts = {"a": station(draws, "worker"), "db": station(draws, "database")}
    think = draws.between(5.0, 50.0) * (own_time(parts["a"]) + own_time(parts["db"]))
    count = max(2, round(RATE * draws.between(0.7, 1.1) * think))
    asks = {"clients": {"count": str(count), "think": time(think)}, "steps": [{"a": ["db"]}]}
    return {"flows": {"f": asks}, "components": parts}
