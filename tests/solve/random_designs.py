"""Random designs: any kinds, any steps, numbers from nothing to absurd; most of them make sense to nobody."""

from __future__ import annotations

import json

from hypothesis import strategies as st

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
NAMES = ["a", "b", "c", "d"]

whole = st.sampled_from(["1", "2", "3", "7", "64", "100k"])
shares = st.sampled_from(["0%", "0.001%", "10%", "50%", "99.9%", "100%", "9 nines"])
times = st.sampled_from(["0s", "1ns", "1us", "5ms", "1s", "3h", "100y"])
sizes = st.sampled_from(["0B", "1B", "4KB", "1GB", "999PB"])
rates = st.sampled_from(["0/s", "1/year", "1/s", "1k/s", "20M/s", "999T/s", "every 3h"])
counts = st.sampled_from(["0", "10%", "1", "2.5", "3", "120", "1M"])
busy = st.sampled_from(["1us", "60s", "1y"])
busy_rates = st.sampled_from(["1/year", "1k/s", "999T/s"])
busy_counts = st.sampled_from(["0.5", "1", "500"])
factors = st.sampled_from(["0", "0.1", "1", "3", "1M"])


def some(draw, options, chance=3):
    """A few of the options; each is a strategy by its key."""
    return {key: draw(value) for key, value in options.items() if draw(st.integers(0, chance)) == 0}


@st.composite
def laws(draw):
    return draw(
        st.one_of(
            times,
            st.builds(lambda time: {"fixed": time}, times),
            st.builds(lambda time, scv: {"mean": time, "scv": scv}, times, factors),
            st.sampled_from([{"p50": "1ms", "p99": "1.001ms"}, {"p50": "1us", "p99": "30s"}]),
            st.sampled_from([{"mean": "1s", "p99": "1.5s"}, {"mean": "1ms", "p99": "3ms"}]),
        )
    )


@st.composite
def components(draw):
    kind = draw(st.sampled_from(KINDS))
    options = {
        "replicas": whole,
        "cores": whole,
        "workers": whole,
        "memory": sizes,
        "service_time": laws(),
        "rtt": times,
        "target_utilization": st.sampled_from(["0.001%", "70%", "100%"]),
        "common_cause": shares,
        "balance": st.sampled_from(["random", "round-robin"]),
        "queue": st.just({"shared": "true"}),
    }
    found = {"kind": kind, **some(draw, options)}
    found |= draw(
        st.sampled_from(
            [
                {},
                {},
                {"sla": "99.9%"},
                {"availability": "0%"},
                {"availability": "99%"},
                {"mtbf": "1h", "mttr": "0s"},
            ]
        )
    )
    limits = some(
        draw, {"requests": busy_rates, "connections": whole, "in": st.just("1MB/s"), "unit": busy_rates}, 5
    )
    if limits:
        found["limits"] = limits
        found["ops"] = {"read": {"uses": {"unit": draw(counts)}}}
    if kind in STORES:
        found.pop("replicas", None)
        more = {
            "shards": whole,
            "copies": st.sampled_from(["1", "3", "8+4"]),
            "skew": factors,
            "overhead": st.sampled_from(["0.1", "1.5x", "1M"]),
            "disk": sizes,
            "iops": rates,
            "bandwidth": st.sampled_from(["0B/s", "1MB/s"]),
            "disk_failures": rates,
            "rebuild": st.sampled_from(["1us", "24h", "1y"]),
            "site_loss": rates,
            "backup": st.sampled_from([{"every": "1h", "restore": "0B/s"}, {"every": "1y", "restore": "0s"}]),
            "replication": st.sampled_from(
                [{"reads": "any"}, {"reads": "followers"}, {"mode": "leaderless", "read_quorum": "2"}]
            ),
        }
        found |= some(draw, more)
    if kind in ("cache", "cdn"):
        found["hit"] = draw(shares)
        found |= some(draw, {"ttl": times, "sliding": st.just("true")})
    if kind == "database":
        engines = {"engine": "lsm", "memtable": draw(sizes), "level_ratio": draw(st.sampled_from(["1", "10"]))}
        found |= draw(st.sampled_from([{}, {"engine": "b-tree", "page": "16KB"}, engines]))
    if kind in ("stream", "queue"):
        found |= some(draw, {"retention": times, "message": sizes, "lag": laws()})
    prices = {
        "hour": st.just("1 USD/h"),
        "requests": st.just("1 USD/1M"),
        "stored": st.just("1 USD/GB/month"),
        "memory_time": st.just("1 USD/GB/h"),
        "cross_zone": st.just("1 USD/GB"),
        "cross_region": st.just("1 USD/GB"),
    }
    found["price"] = some(draw, prices)
    return found


@st.composite
def steps(draw, depth):
    kind = draw(st.sampled_from(["chain", "call", "call", "parallel", "choose"]))
    if kind == "chain" or not depth:
        return " > ".join(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3)))
    below = st.lists(steps(depth - 1), max_size=3)
    if kind == "parallel":
        options = some(draw, {"timeout": times, "need": st.sampled_from(["any", "all", "2", "9"])})
        return {"parallel": {**options, "calls": draw(below)}}
    if kind == "choose":
        share = draw(shares)
        return {
            "choose": {
                "x": {"share": share, "calls": draw(below)},
                "y": {"share": "rest", "calls": draw(below)},
            }
        }
    options = {
        "times": counts,
        "fan_out": counts,
        "need": st.sampled_from(["any", "2"]),
        "timeout": times,
        "async": st.just("true"),
        "optional": st.just("true"),
        "request": sizes,
        "response": sizes,
        "hit": shares,
        "fill": st.sampled_from(["true", "async", "false"]),
        "entity": st.just("item"),
        "op": st.sampled_from(["read", "write", "scan"]),
        "calls": below,
        "miss": below,
        "fallback": below,
    }
    found = some(draw, options, 4)
    return {draw(st.sampled_from(NAMES)): {"hit": "60%", **found} if "miss" in found else found}


@st.composite
def flows(draw):
    found = {
        "steps": draw(st.lists(steps(2), max_size=3)),
        **some(draw, {"request": sizes, "response": sizes}),
    }
    if draw(st.integers(0, 3)) == 0:
        found["trigger"] = {
            "stream": "log",
            **some(draw, {"every": busy, "batch": busy_counts, "share": shares}),
        }
    else:
        found["rate"] = draw(rates)
    return found | some(
        draw,
        {
            "peak": st.one_of(factors, rates),
            "active": st.sampled_from(["1h/day", "10%", "100%"]),
            "connections": st.just({"a": "5k"}),
            "deadline": busy,
        },
    )


@st.composite
def designs(draw):
    """The text of a design below its head."""
    entity = {
        "size": draw(sizes),
        "created_by": {"f": draw(counts)},
        "keep": {"a": draw(times), "log": "forever"},
    }
    if draw(st.booleans()):
        entity |= {"count": draw(whole), "popularity": draw(st.sampled_from(["uniform", {"zipf": "0.9"}]))}
    blocks = {
        "horizon": draw(times),
        "entities": {"item": entity},
        "components": {"log": {"kind": "stream"}, **{name: draw(components()) for name in NAMES}},
        "flows": {"f": draw(flows()), "g": draw(flows())},
        "slos": {
            "s": {"flow": "all", "latency": {"p99": "1s"}, "availability": "99.9%"},
            "c": {"cost": "1 USD/h"},
        },
    }
    if draw(st.integers(0, 3)) == 0:
        blocks["regions"] = {"us": {"share": "60%", "rtt": {"eu": draw(times)}}, "eu": {"share": "40%"}}
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in blocks.items())
