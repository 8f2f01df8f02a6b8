"""Every worked number of the seed documents, recomputed by the formulas."""

from pathlib import Path

import pytest
import yaml

from sdplan.distributions import Branch, Hop, Series, fixed, percentiles, sum_of_percentiles
from sdplan.formulas.availability import downtime, parallel_availability, unavailability
from sdplan.formulas.bandwidth import bits_per_second, link_utilization, message_bandwidth
from sdplan.formulas.caches import cache_memory, effective_access_time, ttl_live_objects
from sdplan.formulas.queueing import offered_load, stretch_mm1
from sdplan.formulas.replication import (
    byzantine_nodes_needed,
    crash_faults_tolerated,
    gossip_rounds,
    quorum_overlap,
)
from sdplan.formulas.scaling import amdahl_speedup
from sdplan.formulas.storage import (
    amount_per_shard,
    capacity_with_headroom,
    device_write_bandwidth,
    grown_amount,
    items_kept,
    replicated_bytes,
    stored_bytes,
)
from sdplan.formulas.streams import batch_freshness, stages_time
from sdplan.formulas.traffic import fan_out_rate, mean_rate, peak_rate, period_requests, weighted_share
from sdplan.pipeline import run

FILE = Path(__file__).parent / "cases" / "seed_cases.yaml"
CASES = {case["id"]: case for case in yaml.safe_load(FILE.read_text(encoding="utf-8"))}
OF_WHOLE_DESIGNS = {"sum-of-p99", "ecommerce-milestone"}  # their tests stand at the end
DESIGNS = Path(__file__).parent.parent / "designs"
DAY, YEAR = 86400.0, 365 * 86400.0
UNITS = {
    "MB/s": 1e6,
    "MB": 1e6,
    "KB": 1e3,
    "B": 1.0,
    "ms": 1e-3,
    "s": 1.0,
    "y": YEAR,
    "%": 0.01,
    "M": 1e6,
    "x": 1.0,
    "": 1.0,
}


def read(value):
    """A quantity of the cases in seconds and bytes: `12ms`, `1.5KB`, `20%`; lists and maps part by part."""
    if isinstance(value, list):
        return [read(part) for part in value]
    if isinstance(value, dict):
        return {name: read(part) for name, part in value.items()}
    if isinstance(value, str) and value[0].isdigit():
        unit = next(unit for unit in UNITS if value.endswith(unit))
        return float(value.removesuffix(unit)) * UNITS[unit]
    return float(value) if isinstance(value, str) else value


def dau_to_rps(*, daily_active_users, requests_per_user_per_day, peak_factor):
    requests = period_requests(users=daily_active_users, requests_per_user=requests_per_user_per_day)
    rate = mean_rate(runs=requests, period=DAY)
    return {
        "requests_per_day": requests,
        "mean_rps": rate,
        "peak_rps": peak_rate(mean_rate=rate, peak_factor=peak_factor),
    }


def storage_growth(*, users, bytes_per_user, replication_factor, growth_per_year, years):
    logical = stored_bytes(items=users, item_size=bytes_per_user)
    replicated = replicated_bytes(logical_bytes=logical, replication_factor=replication_factor)
    grown = grown_amount(initial_amount=replicated, growth=growth_per_year, periods=years)
    return {"logical": logical, "replicated": replicated, "after_5_years": grown}


def bandwidth(*, rps, request, response):
    def bits(size):
        return bits_per_second(bandwidth=message_bandwidth(arrival_rate=rps, message_size=size))

    return {"in_bits_per_s": bits(request), "out_bits_per_s": bits(response)}


def amdahl(*, serial_fraction, n):
    return {"speedup": [amdahl_speedup(serial_fraction=serial_fraction, workers=workers) for workers in n]}


def downtime_per_year(*, availability):
    return {
        "downtime_s": [
            downtime(unavailability=unavailability(availability=a), period=YEAR) for a in availability
        ]
    }


def parallel_redundancy(*, component, n):
    return {"availability": parallel_availability(availabilities=[component] * n)}


def effective_access(*, hit_ratio, hit_time, miss_time):
    return {"mean": effective_access_time(hit_ratio=hit_ratio, hit_time=hit_time, miss_time=miss_time)}


def weighted_round_robin(*, weights):
    return {"shares": [weighted_share(weight=weight, weights=weights) for weight in weights]}


def url_shortener_volume(*, new_links_per_day, retention):
    rate = mean_rate(runs=new_links_per_day, period=DAY)
    return {"writes_per_s": rate, "links_kept": items_kept(arrival_rate=rate, retention=retention)}


def twitter_volume(*, users, tweets_per_day):
    return {"tweets_per_s": mean_rate(runs=tweets_per_day, period=DAY)}


def hockey_stick(*, utilization):
    return {"stretch": [stretch_mm1(utilization=rho) for rho in utilization]}


def latency_budget_in_seconds(*, slo, budget):
    return {"sum": stages_time(stage_times=list(budget.values()))}


def latency_budget_in_milliseconds(*, slo, budget):
    return {"sum": stages_time(stage_times=[ms / 1000 for ms in budget.values()])}


def chat_fanout(*, messages_per_s, subscribers_per_channel, message, shards):
    deliveries = fan_out_rate(arrival_rate=messages_per_s, fan_out=subscribers_per_channel)
    out = message_bandwidth(arrival_rate=deliveries, message_size=message)
    return {
        "deliveries_per_s": deliveries,
        "redis_bytes_per_s": out,
        "per_shard_bytes_per_s": amount_per_shard(amount=out, shards=shards),
    }


def order_iops(*, orders_per_min, statements_per_order, mean_statement):
    statements = fan_out_rate(
        arrival_rate=mean_rate(runs=orders_per_min, period=60.0), fan_out=statements_per_order
    )
    return {"offered_load_erlangs": offered_load(arrival_rate=statements, service_time=mean_statement)}


def replication_bandwidth(*, binlog, replication_bandwidth, lag_target):
    return {"utilization": link_utilization(bandwidth=binlog, link_capacity=replication_bandwidth)}


def rate_limiter_memory(*, keys, bytes_per_key, burst_growth):
    return {
        "memory_bytes": stored_bytes(items=keys, item_size=bytes_per_key),
        "grown_bytes": stored_bytes(items=keys * burst_growth, item_size=bytes_per_key),
    }


def recommender_freshness(*, ingestion_lag, batch_cycle, processing, sla):
    ages = [
        batch_freshness(lag=lag, batch_interval=batch_cycle, processing_time=processing)
        for lag in ingestion_lag
    ]
    return {"freshness_s": ages, "met": [age <= sla for age in ages]}


def global_read_cache(*, rps, hit_ratio, item, overhead, ttl):
    live = [ttl_live_objects(arrival_rate=rps, hit_ratio=hit, ttl=ttl) for hit in hit_ratio]
    memory = [cache_memory(items=items, item_size=item, item_overhead=overhead) for items in live]
    return {"working_set": live, "memory_bytes": memory}


def lsm_write_amplification(*, ingest, write_amplification, headroom):
    device = device_write_bandwidth(ingest=ingest, write_amplification=write_amplification)
    return {
        "device_bytes_per_s": device,
        "with_headroom": capacity_with_headroom(amount=device, headroom=headroom),
    }


def quorum(*, n, w, r):
    shared = [quorum_overlap(replicas=n, write_quorum=a, read_quorum=b) for a, b in zip(w, r, strict=True)]
    return {"overlap": [nodes > 0 for nodes in shared]}


def majority_fault_tolerance(*, n, byzantine_f):
    return {
        "crash_faults_tolerated": [crash_faults_tolerated(nodes=nodes) for nodes in n],
        "byzantine_nodes_needed": [byzantine_nodes_needed(faults=faults) for faults in byzantine_f],
    }


def gossip(*, n):
    return {"rounds_log2": [gossip_rounds(nodes=nodes) for nodes in n]}


WITH_AN_EXACT_VALUE = {
    "dau-to-rps": dau_to_rps,
    "storage-growth": storage_growth,
    "bandwidth": bandwidth,
    "amdahl": amdahl,
    "downtime-per-year": downtime_per_year,
    "parallel-redundancy": parallel_redundancy,
    "effective-access-time": effective_access,
    "weighted-round-robin": weighted_round_robin,
    "url-shortener-volume": url_shortener_volume,
    "twitter-volume": twitter_volume,
    "response-time-hockey-stick": hockey_stick,
    "latency-budget-week1": latency_budget_in_seconds,
    "latency-budget-ads": latency_budget_in_milliseconds,
    "chat-fanout": chat_fanout,
    "order-iops": order_iops,
    "replication-bandwidth": replication_bandwidth,
    "rate-limiter-memory": rate_limiter_memory,
    "recommender-freshness": recommender_freshness,
    "global-read-cache": global_read_cache,
    "lsm-write-amplification": lsm_write_amplification,
    "quorum": quorum,
    "majority-fault-tolerance": majority_fault_tolerance,
    "gossip-rounds": gossip,
}


@pytest.mark.parametrize("identity", WITH_AN_EXACT_VALUE)
def test_a_case_gives_its_exact_value(identity):
    case = CASES[identity]
    computed = WITH_AN_EXACT_VALUE[identity](**read(case["inputs"]))
    expected = read(case["exact"])

    assert set(computed) == set(expected)
    for name, value in expected.items():
        assert computed[name] == pytest.approx(value, rel=1e-6), name


# each has its own test in tests/formulas/test_seed_statements.py
STATED_IN_WORDS = {
    *("cache-aside-access-time", "utilization-law", "mm1-wait", "usl", "thread-pool", "cache-hit-tiers"),
    *("ride-location-updates", "two-phase-commit-latency", "kafka-consumer-scale-down"),
}


COVERED = set(WITH_AN_EXACT_VALUE) | STATED_IN_WORDS | OF_WHOLE_DESIGNS


def test_every_case_is_covered():
    assert set(CASES) == COVERED
    assert {i for i in CASES if "exact" in CASES[i]} <= set(WITH_AN_EXACT_VALUE) | OF_WHOLE_DESIGNS | {"usl"}


def test_the_sum_of_two_p99_is_no_bound_of_the_p99_of_the_sum():
    call = Branch(((0.9901, Hop(fixed(0.0))), (0.0099, Hop(fixed(0.1)))))
    both = Series((call, call))

    assert percentiles(call, (0.99,)).quantiles[0.99] == pytest.approx(0.0, abs=1e-9)
    assert sum_of_percentiles(both, 0.99) == pytest.approx(0.0, abs=1e-9)
    assert percentiles(both, (0.99,)).quantiles[0.99] == pytest.approx(0.1, rel=2e-3)


def test_the_shop_of_the_milestone_project_states_its_objectives_and_meets_them():
    exact, inputs = read(CASES["ecommerce-milestone"]["exact"]), CASES["ecommerce-milestone"]["inputs"]
    solution = run("ecommerce.yaml", (DESIGNS / "ecommerce.yaml").read_bytes()).solution
    fast = [verdict for verdict in solution.slos if verdict.slo == "fast"]
    up = [verdict for verdict in solution.slos if verdict.slo == "up"]
    flow = {name: solution.records["flows", "browse", name].value for name in ("mean_rate", "peak_rate")}

    assert solution.records["inputs", "dau"].value == read(inputs)["daily_active_users"]
    assert flow["peak_rate"] == pytest.approx(read(exact["peak"]) * flow["mean_rate"])
    assert [(v.measure, v.target.value) for v in fast] == [("latency p95", pytest.approx(exact["slo_p95"]))]
    assert {(v.measure, v.target.value) for v in up} == {("availability", exact["availability"])}
    assert all(verdict.met for verdict in (*fast, *up))
