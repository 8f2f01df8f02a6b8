"""The glossary: one row per quantity that a formula may take.

A row feeds the quantity's symbol in equations, its unit, its meaning on the formula pages and the range
from which tests and plots draw.  Units are seconds, bytes and money; counts and ratios have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Quantity(NamedTuple):
    """What a parameter name stands for."""

    symbol: str  # LaTeX
    unit: str  # s, B, money and their quotients; "" where there is no dimension
    meaning: str
    typical: tuple[float, float]  # the range that tests and plots draw from
    integer: bool = False
    many: bool = False  # a sequence of values, one per part


GLOSSARY: Mapping[str, Quantity] = {
    # traffic
    "users": Quantity("U", "", "people or devices that use the system", (1e3, 1e8), True),
    "requests_per_user": Quantity("r", "", "requests of one user in the period", (1, 100)),
    "runs": Quantity("N", "", "how often something happens in the period", (1e3, 1e9)),
    "period": Quantity("P", "s", "the time that is looked at: a day, a month, a year", (3600, 31536000)),
    "active_time": Quantity("P_a", "s", "the part of the period in which the traffic comes", (600, 86400)),
    "interval": Quantity(r"\Delta", "s", "time from one event to the next of one source", (1, 600)),
    "mean_rate": Quantity(
        r"\lambda_m", "1/s", "arrivals per second, averaged over the active time", (1, 1e5)
    ),
    "peak_factor": Quantity("f", "", "peak rate over mean rate", (1, 10)),
    "arrival_rate": Quantity(r"\lambda", "1/s", "requests that arrive per second", (1, 1000)),
    "arrival_rates": Quantity(r"\lambda", "1/s", "arrival rates of several flows", (1, 1000), many=True),
    "probability": Quantity("p", "", "probability of the branch or event", (0.001, 0.999)),
    "weight": Quantity("w", "", "weight of one server in a weighted round robin", (1, 10)),
    "weights": Quantity("w", "", "weights of all servers in a weighted round robin", (1, 10), many=True),
    "fan_out": Quantity("n", "", "calls or deliveries that one request makes at once", (1, 200), True),
    # retries
    "failure_probability": Quantity("p", "", "probability that one attempt fails", (0.001, 0.9)),
    "attempts": Quantity("n", "", "attempts at most, the first one included", (1, 6), True),
    "layers": Quantity("d", "", "layers of callers that each retry", (1, 5), True),
    # stations
    "service_time": Quantity("S", "s", "mean time for which one request keeps one server busy", (1e-3, 0.1)),
    "servers": Quantity("c", "", "servers that work in parallel on one queue", (1, 64), True),
    "queues": Quantity("n_q", "", "equal queues, each with its own servers", (1, 12), True),
    "shortest_residual": Quantity(
        r"\gamma", "s", "mean time until the first of the busy servers is free", (1e-3, 0.1)
    ),
    "offered_load": Quantity(
        "a", "", "mean number of busy servers that the traffic asks for, in erlang", (0.1, 50)
    ),
    "utilization": Quantity(r"\rho", "", "share of the time in which a server is busy", (0.05, 0.95)),
    "target_utilization": Quantity(r"\rho_t", "", "utilization that should not be passed", (0.5, 0.9)),
    "throughput": Quantity("X", "1/s", "requests completed per second", (1, 1000)),
    "response_time": Quantity("R", "s", "time from arrival to answer", (1e-3, 1)),
    "population": Quantity("N", "", "clients that take turns thinking and waiting", (10, 1000), True),
    "think_time": Quantity("Z", "s", "time between an answer and the client's next request", (0.01, 1)),
    "service_scv": Quantity("C_s^2", "", "squared coefficient of variation of the service time", (0, 4)),
    "arrival_scv": Quantity(
        "C_a^2", "", "squared coefficient of variation of the time between arrivals", (0, 4)
    ),
    "room": Quantity("r", "", "requests that may wait; one more is refused", (1, 100), True),
    "patience": Quantity(r"\theta", "s", "mean time that a request waits before it gives up", (0.05, 10)),
    "higher_rate": Quantity(
        r"\lambda_h", "1/s", "arrivals per second of all classes served before", (1, 300)
    ),
    "lower_rate": Quantity(r"\lambda_l", "1/s", "arrivals per second of all classes served after", (1, 300)),
    "quality": Quantity(r"\beta", "", "spare servers over the square root of the offered load", (0.1, 3)),
    "branches": Quantity("n", "", "parallel parts of one request", (2, 30), True),
    "answers_needed": Quantity("k", "", "parallel parts of which the answer is awaited", (1, 2), True),
    "level": Quantity("q", "", "level of a percentile: 0.99 for p99", (0.5, 0.9999)),
    "time": Quantity("t", "s", "the time that is asked about", (1e-3, 1)),
    "service_rate": Quantity("C", "1/s", "requests per second that the whole station can serve", (1, 2000)),
    "backlog": Quantity("B", "", "messages that wait", (1e3, 1e7)),
    "lag": Quantity("t_l", "s", "time from an event to its arrival where it is processed", (0.1, 60)),
    "batch_interval": Quantity("t_b", "s", "time from one batch to the next", (1, 3600)),
    "stage_times": Quantity("t", "s", "times of the stages of a chain", (1e-3, 1), many=True),
    # pools
    "wait_time": Quantity("W", "s", "time in which a thread waits for others", (1e-3, 0.5)),
    "compute_time": Quantity("S", "s", "time in which a thread computes", (1e-3, 0.1)),
    "cores": Quantity("m", "", "processor cores", (1, 64), True),
    "spindles": Quantity("d", "", "discs that can seek at the same time", (1, 8), True),
    "threads": Quantity("T", "", "threads that share a pool", (1, 64), True),
    "connections_per_thread": Quantity("k", "", "connections that one thread holds at once", (1, 5), True),
    "producer_throughput": Quantity("p", "B/s", "what one partition takes in", (1e6, 1e7)),
    "consumer_throughput": Quantity("k", "B/s", "what one consumer takes from one partition", (1e6, 1e7)),
    # caches
    "hit_ratio": Quantity("h", "", "share of look-ups that the cache answers", (0.05, 0.99)),
    "hit_time": Quantity("t_h", "s", "time of a look-up in the cache", (1e-4, 5e-3)),
    "miss_time": Quantity("t_m", "s", "time of a read from what the cache stands in front of", (5e-3, 0.2)),
    "fill_time": Quantity("t_w", "s", "time to write the value into the cache after a miss", (1e-4, 5e-3)),
    "distinct_items": Quantity("N", "", "different items that are asked for", (1e3, 1e9), True),
    "cache_items": Quantity("K", "", "items that fit into the cache", (10, 1e5), True),
    "zipf_exponent": Quantity(r"\alpha", "", "exponent of the Zipf popularity; 0 is uniform", (0.6, 1.2)),
    "rank": Quantity("i", "", "place of an item in the order of popularity, from 1", (1, 1000), True),
    "tier_items": Quantity("N", "", "items of each popularity tier", (10, 1e5), many=True),
    "tier_shares": Quantity(
        "s", "", "share of the requests that goes to each popularity tier", (0.1, 0.9), many=True
    ),
    "ttl": Quantity(r"\tau", "s", "time for which an item stays valid after it was written", (1, 3600)),
    "idle_time": Quantity("T", "s", "time after which a cache drops an item nobody asked for", (1, 600)),
    # storage
    "items": Quantity("N", "", "items kept", (1e3, 1e11)),
    "item_size": Quantity("b", "B", "mean size of one item", (50, 1e6)),
    "item_overhead": Quantity("o", "B", "bytes that the store adds to each item", (0, 200)),
    "retention": Quantity("D", "s", "time for which an item is kept", (86400, 1.6e8)),
    "logical_bytes": Quantity("V", "B", "stored bytes before copies and overhead", (1e9, 1e15)),
    "replication_factor": Quantity("r", "", "full copies that are kept", (1, 5), True),
    "data_chunks": Quantity("k", "", "data chunks of an erasure code", (2, 12), True),
    "parity_chunks": Quantity("m", "", "parity chunks of an erasure code", (1, 4), True),
    "initial_amount": Quantity("V_0", "", "amount today", (1, 1e15)),
    "growth": Quantity("g", "", "growth in one period, 0.2 for 20 %", (0, 1)),
    "periods": Quantity("y", "", "periods of growth, usually years", (0, 10)),
    "amount": Quantity("V", "", "what must fit", (1, 1e12)),
    "headroom": Quantity("h", "", "share of the capacity that must stay free", (0, 0.5)),
    "shards": Quantity("s", "", "parts that the data or traffic is split into evenly", (1, 256), True),
    "ingest": Quantity("x", "B/s", "bytes per second that the application writes", (1e5, 1e9)),
    "write_amplification": Quantity(
        "A_w", "", "bytes written to the device per byte of the application", (1, 30)
    ),
    "size_ratio": Quantity("r", "", "how many times larger each level of a merge tree is", (2, 12)),
    "levels": Quantity("n", "", "levels of a merge tree on disc", (1, 7), True),
    "first_level_ratio": Quantity(
        "r_1", "", "bytes of the first level over the files merged into it", (1, 4)
    ),
    "last_level_fill": Quantity("f", "", "how full the last level is", (0.1, 1)),
    "data_ratio": Quantity("R", "", "bytes of all data over those of the write buffer", (10, 1e5)),
    "page_size": Quantity("b_p", "B", "size of one page", (4096, 32768)),
    "page_writes": Quantity("n_w", "", "times that a page is written: 2 with a double-write buffer", (1, 2)),
    "items_per_shard": Quantity("m", "", "items of each shard on average", (1, 1000)),
    "virtual_nodes": Quantity("v", "", "points of each node on a hash ring", (1, 200), True),
    # network
    "message_size": Quantity("b", "B", "size of one message", (50, 1e6)),
    "bandwidth": Quantity("v", "B/s", "bytes per second that pass", (1e3, 1e9)),
    "link_capacity": Quantity("v_c", "B/s", "bytes per second that the link can pass", (1e6, 1e10)),
    "round_trip_time": Quantity("t_r", "s", "time for a packet there and back", (1e-4, 0.3)),
    "round_trips": Quantity("n", "", "round trips that are needed", (1, 4), True),
    "processing_time": Quantity("t_p", "s", "time to process outside the network", (1e-4, 0.1)),
    # availability
    "mtbf": Quantity("t_u", "s", "mean time that a thing works between two failures", (3.6e5, 3.6e8)),
    "mttr": Quantity("t_d", "s", "mean time to repair", (60, 86400)),
    "availability": Quantity("A", "", "share of the time in which a thing works", (0.9, 0.99999)),
    "availabilities": Quantity(
        "A", "", "availabilities of several independent parts", (0.9, 0.99999), many=True
    ),
    "unavailability": Quantity("u", "", "share of the time in which a thing does not work", (1e-6, 0.1)),
    "unavailabilities": Quantity(
        "u", "", "unavailabilities of several independent parts", (1e-6, 0.1), many=True
    ),
    "replicas": Quantity("n", "", "equal parts of which some are needed", (1, 12), True),
    "needed": Quantity("k", "", "replicas that must work", (1, 8), True),
    "common_cause": Quantity(
        r"\beta", "", "share of the failures that strike all replicas at once", (0, 0.3)
    ),
    "primary_availability": Quantity("A_1", "", "availability of the primary", (0.9, 0.99999)),
    "standby_availability": Quantity("A_2", "", "availability of the standby", (0.9, 0.99999)),
    "coverage": Quantity("c", "", "share of the failures of the primary in which failover works", (0.8, 1)),
    "zones": Quantity("z", "", "zones over which the replicas are spread evenly", (1, 5), True),
    "zone_unavailability": Quantity("v", "", "share of the time in which a zone does not work", (1e-6, 0.01)),
    "crews": Quantity("m", "", "repairs that can be under way at once", (1, 4), True),
    "failover_time": Quantity("t_f", "s", "time from a failure until the standby serves", (1, 600)),
    "budget_share": Quantity("b", "", "share of the error budget that is spent", (0.01, 0.5)),
    "alert_window": Quantity("t_w", "s", "time over which an alert looks back", (300, 259200)),
    "fragments": Quantity("s", "", "copies or chunks in which one piece of data is kept", (2, 14), True),
    "fragments_needed": Quantity("r", "", "copies or chunks from which the data can be read", (1, 6), True),
    "requests": Quantity("N", "", "requests in the period", (1e3, 1e10)),
    # replication
    "nodes": Quantity("n", "", "nodes of a group", (1, 1000), True),
    "faults": Quantity("f", "", "nodes that may be at fault", (1, 10), True),
    "write_quorum": Quantity("w", "", "replicas that must confirm a write", (1, 5), True),
    "read_quorum": Quantity("r", "", "replicas that must answer a read", (1, 5), True),
    # scaling
    "serial_fraction": Quantity("s", "", "share of the work that cannot run in parallel", (0.001, 0.5)),
    "workers": Quantity("N", "", "workers among which the work is shared", (1, 256), True),
    "contention": Quantity(r"\alpha", "", "cost of waiting for shared things (USL)", (0.001, 0.2)),
    "coherency": Quantity(r"\beta", "", "cost of keeping every pair of workers in step (USL)", (1e-6, 1e-3)),
    "single_throughput": Quantity(r"\gamma", "1/s", "throughput of one worker", (1, 1000)),
    "speedup": Quantity("S", "", "measured speedup", (1.1, 50)),
    # cost
    "instances": Quantity("n", "", "instances that run", (1, 500), True),
    "hourly_price": Quantity("p_h", "money/s", "price of one instance over time", (1e-6, 1e-2)),
    "metered_units": Quantity("x", "", "units of a meter in the period", (0, 1e9)),
    "free_units": Quantity("x_0", "", "units of the meter that cost nothing", (0, 1e6)),
    "unit_price": Quantity("p", "money", "price of one unit of the meter", (1e-8, 1e-2)),
    "cost": Quantity("K", "money", "money spent in the period", (1, 1e6)),
}
