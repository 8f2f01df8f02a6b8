"""Availability, fan-out, durability and rules of thumb: published values at their tolerance."""

import math

import pytest
from reference_cases import CASES, pairs, reproduce

from sdplan.formulas.amplification import (
    lsm_best_levels,
    lsm_leveled_write_amplification,
    lsm_tiered_write_amplification,
)
from sdplan.formulas.availability import (
    availability_from_mtbf,
    common_cause_unavailability,
    downtime,
    failover_availability,
    fan_out_level,
    fan_out_probability,
    k_of_n_unavailability,
    parallel_availability,
    parallel_unavailability,
    series_availability,
    series_unavailability,
)
from sdplan.formulas.durability import time_to_data_loss_parallel, time_to_data_loss_serial
from sdplan.formulas.pools import database_pool_size, deadlock_free_pool_size, partitions_needed
from sdplan.formulas.replication import quorum_level
from sdplan.formulas.traffic import worst_case_attempts
from sdplan.formulas.uneven import ring_fullest_ratio

YEAR = 365 * 86400.0
MINUTE = 60.0


def fan_out_of_exponentials(*, K, p):  # noqa: N803
    return {"quantiles": [-math.log1p(-fan_out_level(level=level, fan_out=K)) for level in p]}


def series(*, a):
    return {"availability": series_availability(availabilities=a)}


def from_mtbf(*, mtbf_h, mttr_h):
    return {"availability": availability_from_mtbf(mtbf=mtbf_h, mttr=mttr_h)}


def downtimes(*, availability):
    lost = {
        period: downtime(unavailability=1 - availability, period=period) for period in (365, 90, 30, 7, 1)
    }
    return {
        "year365_min": lost[365] * 24 * 60,
        "quarter90_min": lost[90] * 24 * 60,
        "month30_min": lost[30] * 24 * 60,
        "week_s": lost[7] * 86400,
        "day_s": lost[1] * 86400,
    }


def shared_cause(*, k, n, q, beta):
    group = {"unavailability": q, "replicas": n, "needed": k}
    return {
        "unavailability": common_cause_unavailability(**group, common_cause=beta),
        "independent": k_of_n_unavailability(**group),
    }


def shared_cause_over_time(*, k_fail, n, lam, beta, t):
    """Failure rates split by the beta factor; the survivor functions multiply."""
    alone = k_of_n_unavailability(
        unavailability=-math.expm1(-(1 - beta) * lam * t), replicas=n, needed=n - k_fail + 1
    )
    cause = -math.expm1(-beta * lam * t)
    return {
        "indep_exact": k_of_n_unavailability(
            unavailability=-math.expm1(-lam * t), replicas=n, needed=n - k_fail + 1
        ),
        "ccf_term": cause,
        "total": series_unavailability(unavailabilities=[alone, cause]),
    }


def shared_dependency(*, auth, web, paths):
    pair = parallel_availability(availabilities=[web] * paths)
    return {"availability": series_availability(availabilities=[auth, pair])}


def coverage(*, a1, a2, coverage):
    pair = {"primary_availability": a1, "standby_availability": a2}
    return {
        "availability": failover_availability(**pair, coverage=coverage),
        "wrong_perfect": failover_availability(**pair, coverage=1.0),
    }


def error_budget(*, slo, deps, dep_slo, outages):
    budget = downtime(unavailability=1 - slo, period=YEAR) / MINUTE
    eaten = deps * downtime(unavailability=1 - dep_slo, period=YEAR) / MINUTE
    full = outages["full"] + 0.2 * outages["shard_20pct"]
    return {
        "budget_min": budget,
        "deps_min": eaten,
        "own_min": budget - eaten,
        "equiv_outages": full,
        "minutes_per_outage": (budget - eaten) / full,
    }


def outages_against_budget(*, slo, outages, minutes_each):
    budget = downtime(unavailability=1 - slo, period=YEAR) / MINUTE
    used = outages * minutes_each
    return {"used_min": used, "budget_min": budget, "ok": used <= budget}


def faster_repair(*, recovery_time_cut):
    """By how much the rate of losses drops when repairs take a share less time, one at a time."""

    def drop(fragments, needed):
        code = {"mtbf": 1 / 0.0081345, "fragments": fragments, "fragments_needed": needed}
        before, after = (
            time_to_data_loss_serial(**code, mttr=share / 66.013) for share in (1.0, 1 - recovery_time_cut)
        )
        return 1 - before / after

    return {"R3_unavail_drop": drop(3, 1), "RS63_unavail_drop": drop(9, 6)}


def fullest_of_a_ring(*, nodes):
    points = {"v1_exact": 1, "v10": 10, "v50": 50, "v100": 100, "v256": 256, "v1000": 1000}
    ratios = {name: ring_fullest_ratio(nodes=nodes, virtual_nodes=v) for name, v in points.items()}
    return {**ratios, "v1": ratios["v1_exact"]}


def leveled_tree(*, T, levels, l0_trigger, L1_files, memtable_files, updates, wal):  # noqa: N803
    first = L1_files / (l0_trigger * memtable_files)
    total = lsm_leveled_write_amplification(
        size_ratio=T, levels=levels, first_level_ratio=first, last_level_fill=1
    )
    deeper = lsm_leveled_write_amplification(
        size_ratio=T, levels=levels + 1, first_level_ratio=first, last_level_fill=1
    )
    return {"total": total + wal, "formula_inner_level": deeper - total}


def tiered_tree(*, levels):
    tree = {"data_ratio": 1e6 / 1e3}
    return {
        "T10_2levels": lsm_tiered_write_amplification(size_ratio=10, levels=2, **tree),
        "T4_4levels": lsm_tiered_write_amplification(size_ratio=4, levels=4, **tree),
    }


def any_slow(*, p_slow, n):
    return {"p_any_slow": fan_out_probability(probability=p_slow, fan_out=n)}


def leaf_levels(*, n):
    return {
        "leaf_q_for_p50": fan_out_level(level=0.5, fan_out=n),
        "leaf_q_for_p99": fan_out_level(level=0.99, fan_out=n),
    }


def order_statistics(*, k, n):
    levels = {"p50": 0.5, "p99": 0.99, "p999": 0.999}
    return {
        "replica_level": {
            name: quorum_level(level=level, replicas=n, needed=k) for name, level in levels.items()
        }
    }


def complements(*, pair_unavail, series20):
    return {
        "pair": parallel_unavailability(unavailabilities=[pair_unavail] * 2),
        "series": series_unavailability(unavailabilities=[series20] * 20),
    }


def stripe(*, s, r, lam_per_day, rho_per_day, repair):
    code = {"mtbf": 1 / lam_per_day, "mttr": 1 / rho_per_day, "fragments": s, "fragments_needed": r}
    return {"mttdl_days": time_to_data_loss_serial(**code)}


def drives(*, s, r, afr, mttr_h):
    code = {"mtbf": 1 / afr, "mttr": mttr_h / 8760, "fragments": s, "fragments_needed": r}
    return {
        "serial_years": time_to_data_loss_serial(**code),
        "parallel_years": time_to_data_loss_parallel(**code),
    }


def retry_layers():
    return {
        "layers3_attempts4": worst_case_attempts(attempts=4, layers=3),
        "layers5_attempts3": worst_case_attempts(attempts=3, layers=5),
    }


def pool(*, cores, spindles):
    return {"pool": database_pool_size(cores=cores, spindles=spindles)}


def held_pool(*, threads, conns_per_thread):
    return {
        "pool": deadlock_free_pool_size(threads=threads, connections_per_thread=conns_per_thread),
        "pool_3threads_4conns": deadlock_free_pool_size(threads=3, connections_per_thread=4),
    }


def partitions(*, target, producer, consumer):
    return {
        "partitions": partitions_needed(
            ingest=target, producer_throughput=producer, consumer_throughput=consumer
        )
    }


COVERED = {
    fan_out_of_exponentials: "compose-fanout-10",
    series: "aws-series-3 aws-mixed-sla",
    from_mtbf: "aws-mtbf-mttr",
    downtimes: "downtime-0.99 downtime-0.999 downtime-0.9995 downtime-0.9999",
    shared_cause: "ccf-beta-2of3-q01",
    shared_cause_over_time: "ccf-beta-2oo3-1000h",
    shared_dependency: "shared-dep",
    coverage: "coverage-failover",
    error_budget: "sre-calculus",
    outages_against_budget: "sre-3x20min",
    faster_repair: "mttdl-repair-sensitivity",
    fullest_of_a_ring: "ring-vnodes",
    leveled_tree: "lsm-leveled-T10",
    tiered_tree: "lsm-tiered",
    any_slow: "tas-63",
    leaf_levels: "fanout100-needed",
    order_statistics: "quorum-3of5-level quorum-95of100-level quorum-100of100-level",
    complements: "numerics-complement",
    stripe: "mttdl-ford-R5 mttdl-ford-RS84 mttdl-ford-RS96 mttdl-ford-RS128",
    drives: "mttdl-afr136-R2 mttdl-afr136-RS104 mttdl-afr136-RS173",
    retry_layers: "retry-layers",
    pool: "hikari-4core",
    held_pool: "hikari-deadlock",
    partitions: "kafka-partitions",
}


@pytest.mark.parametrize(
    ("identity", "compute"), pairs(COVERED), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_reference_case_is_reproduced(identity, compute):
    reproduce(identity, compute)


# a rule without a number, and a table of measurements
APART = {"lsm-levels-optimum", "ford-table3"}


@pytest.mark.parametrize("data_ratio", [20.0, 1e3, 1e5])
def test_a_leveled_tree_writes_least_with_the_logarithm_of_its_size_as_levels(data_ratio):
    expected = CASES["lsm-levels-optimum"]["expected"]
    best = lsm_best_levels(data_ratio=data_ratio)

    def written(levels):
        return levels * data_ratio ** (1 / levels)

    fewest = min(range(1, 40), key=written)
    assert fewest in (math.floor(best), math.ceil(best))
    assert data_ratio ** (1 / best) == pytest.approx(math.e)
    assert expected == {"levels": "ceil or floor(ln T)", "fanout": "e"}


@pytest.mark.parametrize(
    ("measured", "fragments", "needed"),
    [("R3_days", 3, 1), ("RS63_days", 9, 6), ("RS84_days", 12, 8), ("RS94_days", 13, 9)],
)
def test_data_in_production_were_lost_much_sooner_than_independent_failures_explain(
    measured, fragments, needed
):
    days = CASES["ford-table3"]["expected"][measured]
    alone = time_to_data_loss_serial(
        mtbf=1 / 0.0081345, mttr=1 / 66.013, fragments=fragments, fragments_needed=needed
    )

    assert alone > 100 * days
