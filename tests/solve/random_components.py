"""Random components of every kind, with every field that a kind has."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from random_values import (
    Options,
    counts,
    few,
    laws,
    limits,
    periods,
    rates,
    shares,
    sizes,
    some,
    times,
    whole,
    yes,
)

KINDS = [
    "gateway",
    "load-balancer",
    "cdn",
    "service",
    "worker",
    "function",
    "database",
    "cache",
    "object-store",
    "search",
    "stream",
    "queue",
    "external",
]
STORES = {"database", "cache", "object-store", "search", "stream", "queue"}
QUORUMS = ["one", "quorum", "local_quorum", "all", "1"]

queues = st.fixed_dictionaries(
    {},
    optional={
        "shared": st.sampled_from(["true", "false"]),
        "room": st.sampled_from(["0", "1", "1.5", "100", "1M"]),
        "patience": st.sampled_from(["1ns", "10ms", "1s", "100y"]),
    },
)
failovers = st.fixed_dictionaries({}, optional={"coverage": shares, "takes": times})
replications = st.fixed_dictionaries(
    {"mode": st.sampled_from(["leader", "multi-leader", "leaderless"])},
    optional={
        "reads": st.sampled_from(["leader", "any", "followers"]),
        "write_quorum": st.sampled_from(QUORUMS),
        "read_quorum": st.sampled_from(QUORUMS),
        "lag": times,
        "failover": failovers,
    },
)
availabilities = st.sampled_from(
    [
        {},
        {},
        {"sla": "99.9%"},
        {"availability": "0%"},
        {"availability": "99%"},
        {"mtbf": "1h", "mttr": "0s"},
        {"mtbf": "1us", "mttr": "100y"},
        {"mtbf": "1000h", "mttr": "1h", "repair_crews": "1"},
    ]
)
OPTIONS: Options = {
    "replicas": whole,
    "zones": few,
    "cores": whole,
    "workers": whole,
    "memory": sizes,
    "service_time": laws(),
    "rtt": times,
    "handshakes": st.sampled_from(["0", "1.5", "3", "1M"]),
    "reuse": shares,
    "target_utilization": st.sampled_from(["0.001%", "70%", "100%"]),
    "common_cause": shares,
    "balance": st.sampled_from(["round-robin", "random", "least-requests", "weighted", "hash"]),
    "queue": queues,
    "scaling": st.fixed_dictionaries({"contention": shares}, optional={"coherency": shares}),
}
OF_STORES: Options = {
    "shards": whole,
    "copies": st.sampled_from(["1", "2", "3", "8+4"]),
    "skew": st.sampled_from(["1", "1.5", "3", "1M"]),
    "overhead": st.sampled_from(["0.1", "1.5x", "1M"]),
    "disk": sizes,
    "iops": rates,
    "bandwidth": st.sampled_from(["0B/s", "1MB/s"]),
    "write_amplification": st.sampled_from(["0.1", "10", "1M"]),
    "disk_failures": rates,
    "rebuild": periods,
    "site_loss": rates,
    "durability": shares,
    "lag": laws(),
    "backup": st.sampled_from([{"every": "1h", "restore": "0B/s"}, {"every": "1y", "restore": "0s"}]),
    "replication": replications,
}
OF_CACHES: Options = {"hit": shares, "ttl": times, "sliding": yes, "jitter": shares}
OF_STREAMS: Options = {"partitions": whole, "retention": times, "message": sizes}
PRICES: Options = {
    "hour": st.just("1 USD/h"),
    "requests": st.sampled_from(["1 USD/1M", {"price": "1 USD/1M", "free": "1M/month"}]),
    "stored": st.just("1 USD/GB/month"),
    "memory_time": st.just("1 USD/GB/h"),
    "cross_zone": st.just("1 USD/GB"),
    "cross_region": st.just("1 USD/GB"),
}
METERS: Options = {
    "requests": limits,
    "connections": whole,
    "in": st.just("1MB/s"),
    "unit": st.one_of(limits, st.just({"sustained": "1k/s", "burst": "3k/s", "tokens": "1M"})),
}


@st.composite
def components(draw: DrawFn, in_regions: bool) -> dict[str, object]:
    """One component: any kind, and any of the fields that this kind has."""
    kind = draw(st.sampled_from(KINDS))
    found: dict[str, object] = {"kind": kind, **some(draw, OPTIONS), **draw(availabilities)}
    found |= draw(_metered())
    if kind in STORES:
        found.pop("replicas", None)
        found |= some(draw, OF_STORES)
    if kind in ("cache", "cdn"):
        found |= some(draw, OF_CACHES, 1)
    if kind == "cache":
        found |= some(draw, {"policy": st.sampled_from(["lru", "fifo", "random"])}, 1)
    if kind == "database":
        engines = {
            "engine": "lsm",
            "memtable": draw(sizes),
            "level_ratio": draw(st.sampled_from(["1", "10"])),
        }
        found |= draw(st.sampled_from([{}, {"engine": "b-tree", "page": "16KB"}, engines]))
    if kind in ("stream", "queue"):
        found |= some(draw, OF_STREAMS)
    if in_regions and draw(st.integers(0, 4)) == 0:
        found["regions"] = ["us"]
    return {**found, "price": some(draw, PRICES)}


@st.composite
def _metered(draw: DrawFn) -> dict[str, object]:
    """Limits, and an operation that uses a meter and may have a time of its own."""
    found = some(draw, METERS, 5)
    if not found:
        return {}
    return {
        "limits": found,
        "ops": {"read": {"uses": {"unit": draw(counts)}, **some(draw, {"service_time": laws()})}},
    }
