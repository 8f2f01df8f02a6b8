"""The worked designs: each solves, keeps its promises, and gives the numbers that were published."""

import math
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import NormalDist

import pytest
import yaml

from sdplan.findings import dotted
from sdplan.pipeline import run
from sdplan.solve.texts import unknown_numbers

FOLDER = Path(__file__).parent.parent / "designs"
FILES = sorted(FOLDER.glob("*.yaml"))
NAMES = [file.stem for file in FILES]
SEEDS = Path(__file__).parent / "cases" / "seed_cases.yaml"
CASES = {case["id"]: case for case in yaml.safe_load(SEEDS.read_text(encoding="utf-8"))}
PROMISED = {"ads", "chat", "ecommerce", "recommender", "two-regions", "url-shortener", "video"}


@cache
def solved(name):
    outcome = run(f"{name}.yaml", (FOLDER / f"{name}.yaml").read_bytes())
    assert outcome.solution is not None, outcome.findings
    return outcome


def value(name, *path):
    return solved(name).solution.records[path].value


def changed(name, *pairs):
    """A design with some of its text replaced, solved again."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return run(f"{name}.yaml", text.encode())


def in_scenario(name, scenario, *path):
    return solved(name).solution.scenarios[scenario].solution.records[path].value


def verdicts(outcome, slo):
    return {verdict.met for verdict in outcome.solution.slos if verdict.slo == slo}


def test_the_promised_designs_are_there():
    assert {"order-service", "chat-fanout"} | PROMISED <= set(NAMES)


def test_the_list_of_designs_names_each_of_them():
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"[{name}]({name}.yaml)" not in listed] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_design_has_its_file_name_as_its_id(name):
    assert solved(name).design.id == name


@pytest.mark.parametrize("name", NAMES)
def test_a_design_checks_clean(name):
    serious = [finding for finding in solved(name).findings if finding.severity != "advice"]
    assert [(finding.code, dotted(finding.path), finding.message) for finding in serious] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_objective_of_a_design_is_met(name):
    judged = solved(name).solution.slos
    assert judged
    assert [(dotted(one.path), one.subject, one.reason) for one in judged if one.met is not True] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_published_number_of_a_design_comes_out(name):
    compared = [one for one in solved(name).solution.results if one.expected is not None]
    assert compared
    assert [dotted(one.path) for one in compared if one.met is not True] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_of_a_design_ends_as_it_is_expected_to(name):
    outcomes = solved(name).solution.scenarios
    assert list(outcomes) == list(solved(name).design.scenarios)
    expectations = [one for outcome in outcomes.values() for one in outcome.expectations if one.expected]
    surprising = [one for one in expectations if (one.expected == "met") is not (one.met is True)]
    assert [dotted(one.path) for one in surprising] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_decision_of_a_design_still_stands(name):
    premises = solved(name).solution.decisions
    assert len(premises) == len(solved(name).design.decisions)
    assert [dotted(one.path) for one in premises if one.met is not True] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_decision_of_a_design_names_what_it_was_taken_against(name):
    for decision in solved(name).design.decisions.values():
        assert decision.outcome in decision.options
        rejected = [option for key, option in decision.options.items() if key != decision.outcome]
        assert rejected
        assert all(option.good and option.bad for option in rejected)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_in_the_text_of_a_design_exists(name):
    outcome = solved(name)
    assert unknown_numbers(outcome.design, outcome.solution) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_assumption_of_a_design_has_a_source_or_a_reason(name):
    inputs = solved(name).design.inputs
    assert [key for key, given in inputs.items() if not given.source and not given.why] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_risk_of_a_design_names_a_runbook_that_exists(name):
    design = solved(name).design
    named = [risk.runbook for risk in design.risks.values() if risk.runbook]
    assert [runbook for runbook in named if runbook not in design.runbooks] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_design_says_what_a_reviewer_asks_first(name):
    design = solved(name).design
    asked = ("title", "owner", "summary", "context", "decisions", "risks", "observability", "deployment")
    assert [word for word in asked if not getattr(design, word)] == []
    assert design.requirements.functional


def test_the_url_shortener_gives_the_numbers_of_its_exercise():
    case = CASES["url-shortener-volume"]["exact"]
    links = 100_000_000 * 5 * 365
    assert value("url-shortener", "flows", "shorten", "rate") == pytest.approx(case["writes_per_s"], rel=1e-9)
    assert value("url-shortener", "entities", "link", "count") == pytest.approx(links, rel=1e-12)
    assert links == float(case["links_kept"])
    assert value("url-shortener", "entities", "link", "stored") == pytest.approx(links * 523, rel=1e-12)
    peak = 100_000_000 * 100 * 3 / 86400
    assert value("url-shortener", "flows", "redirect", "peak_rate") == pytest.approx(peak, rel=1e-12)


def test_the_url_shortener_is_as_available_as_its_parts():
    edge, others = Fraction(999, 1000), Fraction(9999, 10000)
    without_cache = edge * (Fraction(6, 10) + Fraction(4, 10) * others * others)
    with_perfect_cache = edge * (Fraction(6, 10) + Fraction(4, 10) * others)
    got = value("url-shortener", "flows", "redirect", "availability")
    assert float(without_cache) < got < float(with_perfect_cache)


def test_the_cache_of_the_url_shortener_pays_for_itself_from_one_hit_in_six():
    even = 16 * Fraction("0.2142") * 720 / (120_000 * Fraction("0.125"))  # 120,000 million reads a month
    assert value("url-shortener", "results", "break-even", "value") == pytest.approx(float(even), rel=1e-9)
    assert value("url-shortener", "components", "hot-links", "hit") > 2 * even


def test_two_zones_of_the_url_shortener_carry_its_peak():
    busy = Fraction(100_000_000 * 3, 86400) * (1 + 40) / 1000 / (40 * 4)
    solved_share = value("url-shortener", "results", "busy-in-two-zones", "value")
    assert solved_share == pytest.approx(float(busy), rel=1e-9) and busy < 1


def test_the_url_shortener_keeps_its_objective_with_a_cold_cache():
    cold = changed("url-shortener", ("    ttl: 1d\n", "    ttl: 1d\n    hit: 0%\n"))
    assert verdicts(cold, "redirect-fast") == {True}


def test_three_cores_of_the_order_service_wait_as_erlang_says():
    # M/M/3 with two busy servers: C = 4/9, and the mean wait is C / (3 mu - lambda) = (4/9) / 500 s.
    assert value("order-service", "components", "db", "utilization", "cores") == pytest.approx(2 / 3)
    wait = Fraction(4, 9) / (3 * 500 - 1000)
    assert value("order-service", "components", "db", "wait") == pytest.approx(float(wait), rel=1e-9)


def test_the_order_service_with_two_cores_is_refused():
    two = changed("order-service", ("    cores: 3\n", "    cores: 2\n"))
    load = CASES["order-iops"]["exact"]["offered_load_erlangs"]
    assert two.solution.records["components", "db", "offered_load"].value == load
    assert two.solution.records["components", "db", "utilization", "cores"].value == 1.0
    assert two.solution.records["components", "db", "cores_needed"].value == 3
    refused = [finding for finding in two.findings if finding.severity == "error"]
    (overload,) = [finding for finding in refused if finding.path == ("components", "db", "cores")]
    assert "100 %" in overload.message
    assert "cores: 3" in overload.hint


def test_the_chat_fan_out_gives_the_numbers_of_its_exercise():
    exact = CASES["chat-fanout"]["exact"]
    results = {
        name: value("chat-fanout", "results", name, "value")
        for name in ("deliveries", "network", "per-shard")
    }
    assert results["deliveries"] == pytest.approx(exact["deliveries_per_s"], rel=1e-9)
    assert results["network"] == pytest.approx(float(exact["redis_bytes_per_s"]), rel=1e-9)
    assert results["per-shard"] == pytest.approx(float(exact["per_shard_bytes_per_s"]), rel=1e-9)


def test_a_worker_of_the_order_service_is_held_for_all_five_statements():
    # Little's law: 50 orders a second at each node, 5 ms of its own and five stays of 2 ms and their wait.
    stay = 0.005 + 5 * (0.002 + value("order-service", "components", "db", "wait"))
    held = value("order-service", "components", "api", "held_workers")
    assert held == pytest.approx(50 * stay, rel=1e-3)


@pytest.mark.parametrize(("shards", "busy"), [("6", Fraction(64, 100)), ("4", Fraction(96, 100))])
def test_four_threads_of_the_chat_fan_out_have_no_room_left(shards, busy):
    path = ("components", "channels", "utilization", "cores")
    there = value("chat-fanout", *path) if shards == "6" else in_scenario("chat-fanout", "four-shards", *path)
    assert there == pytest.approx(float(busy), rel=1e-9)


def test_one_thread_of_the_chat_fan_out_waits_as_pollaczek_and_khinchine_say():
    # M/D/1 at 64 % with a service time of 480 us: rho S / 2 (1 - rho).
    wait = Fraction(64, 100) * Fraction(480, 10**6) / (2 * Fraction(36, 100))
    assert value("chat-fanout", "components", "channels", "wait") == pytest.approx(float(wait), rel=1e-9)


def test_the_budget_of_the_ads_comes_to_the_sum_of_its_lines():
    lines = CASES["latency-budget-ads"]["inputs"]["budget"]
    assert value("ads", "results", "budget", "value") == pytest.approx(sum(lines.values()) / 1000)


def test_adding_the_percentiles_of_the_ads_says_more_than_their_composition():
    composed = value("ads", "flows", "serve", "latency", "p99")
    assert composed < value("ads", "flows", "serve", "adding", "p99") < 0.060


@pytest.mark.parametrize("lag", [0, 1])
def test_the_recommender_is_as_fresh_as_its_exercise_says(lag):
    case = CASES["recommender-freshness"]
    stated = case["inputs"]["ingestion_lag"][lag]
    outcome = changed("recommender", ("stream_lag: {value: 10s,", f"stream_lag: {{value: {stated},"))
    longest = outcome.solution.records["flows", "features", "freshness", "max"].value
    assert longest == pytest.approx(case["exact"]["freshness_s"][lag], rel=1e-3)
    assert verdicts(outcome, "fresh") == {case["exact"]["met"][lag]}


def test_the_shop_meets_the_objectives_of_its_exercise_at_ten_times_the_mean():
    exact = CASES["ecommerce-milestone"]["exact"]
    assert (exact["slo_p95"], exact["availability"], exact["peak"]) == ("200ms", "99.99%", "10x")
    peak = Fraction(10_000_000 * 20 * 10, 86400)
    assert value("ecommerce", "flows", "browse", "peak_rate") == pytest.approx(float(peak), rel=1e-12)
    assert value("ecommerce", "flows", "browse", "latency", "p95") < 0.200
    for flow in ("browse", "checkout"):
        assert value("ecommerce", "flows", flow, "unavailability") < 1e-4


def test_the_shop_says_that_a_hundred_times_the_mean_is_too_much():
    crowd = changed("ecommerce", ("  dau: {value: 10M users,", "  dau: {value: 100M users,"))
    assert verdicts(crowd, "fast") == {False}


def test_one_region_carries_the_load_of_both():
    alone = changed(
        "two-regions", ("us: {share: 60%,", "us: {share: 100%,"), ("eu: {share: 40%,", "eu: {share: 0%,")
    )
    assert verdicts(alone, "near") == {True}


@pytest.mark.parametrize(("lost", "left"), [("us", "eu"), ("eu", "us")])
def test_a_region_that_is_left_is_as_busy_as_the_load_of_both_makes_it(lost, left):
    busy = Fraction(2 * (40_000 + 4_000) * 3, 1000) / (96 * 4)
    there = in_scenario("two-regions", f"{lost}-lost", "components", f"api@{left}", "utilization", "cores")
    assert there == pytest.approx(float(busy), rel=1e-9)
    assert value("two-regions", "results", "load-of-both", "value") == pytest.approx(float(busy), rel=1e-9)


def test_a_video_of_five_minutes_is_ready_later_when_one_machine_encodes_it_whole():
    whole = changed(
        "video",
        ("encoder: {fan_out: = renditions * length / chunk,", "encoder: {fan_out: = renditions,"),
        ("{mean: = chunk * encode_factor,", "{mean: = length * encode_factor,"),
    )
    assert verdicts(whole, "ready") == {False}


def test_the_bytes_of_the_videos_are_those_of_the_arithmetic():
    a_day = 500_000
    assert value("video", "entities", "video", "stored") == pytest.approx(a_day * 5 * 50e6 * 30)
    assert value("video", "entities", "rendition", "stored") == pytest.approx(a_day * 5 * (5 * 6e6) * 3 * 365)
    assert value("video", "flows", "watch", "rate") == pytest.approx(a_day * 300 * 30 / 86400)


def test_every_consumer_of_the_chat_has_a_partition():
    consumers = value("chat", "flows", "deliver", "consumers")
    assert consumers == 96 == value("chat", "components", "bus", "partitions")


def test_the_disks_of_the_chat_hold_what_five_years_bring():
    kept = 10_000_000 * 40 * 350 * 5 * 365 * 3
    assert value("chat", "components", "messages", "stored") == pytest.approx(kept, rel=1e-9)
    full = in_scenario("chat", "goal-passed", "components", "messages", "node_bytes")
    assert full == pytest.approx(1.5 * kept / 72, rel=1e-9)


def test_the_lines_of_the_ads_are_objectives_of_their_parts():
    lines = CASES["latency-budget-ads"]["inputs"]["budget"]
    names = ("edge", "auth", "features", "candidates", "ranking", "pricing", "logging", "slack")
    targets = [value("ads", "slos", name, "latency", "p99") for name in names]
    assert [1000 * target for target in targets] == pytest.approx(list(lines.values()))


def test_a_second_call_of_ranking_costs_the_ads_five_in_a_hundred_calls_more():
    path = ("components", "ranking", "peak_rate")
    more = in_scenario("ads", "hedged-ranking", *path) / value("ads", *path)
    assert more == pytest.approx(1.05, rel=1e-3)


def test_a_lognormal_search_of_the_recommender_is_asked_again_as_often_as_its_tail_says():
    # p50 12 ms and p99 60 ms: sigma = ln 5 / 2.326, and P(T > 30 ms) = Phi(-ln 2.5 / sigma).
    sigma = math.log(5) / NormalDist().inv_cdf(0.99)
    again = NormalDist().cdf(-math.log(2.5) / sigma)
    first = value("recommender", "flows", "recommend", "peak_rate")
    asked = value("recommender", "components", "vectors", "peak_rate")
    assert asked == pytest.approx(first * (1 + again), rel=2e-3)


def test_the_shop_window_takes_every_page_when_the_edge_is_gone():
    busy = Fraction(10_000_000 * 20 * 10, 86400) / (6 * 5500)
    path = ("components", "window", "utilization", "gets")
    assert in_scenario("ecommerce", "edge-lost", *path) == pytest.approx(float(busy), rel=1e-3) and busy < 1


def test_two_zones_of_the_shop_carry_its_sale():
    pages, searches, changes = (Fraction(n, 86400) for n in (60_000_000 * 10, 20_000_000 * 10, 5_000_000))
    busy = (pages + searches + changes) * 8 / 1000 / (30 * 4)
    there = in_scenario("ecommerce", "zone-lost", "components", "web", "utilization", "cores")
    assert there == pytest.approx(float(busy), rel=1e-3)


def test_a_zone_of_the_url_shortener_leaves_what_its_arithmetic_says():
    there = in_scenario("url-shortener", "zone-loss", "components", "api", "utilization", "cores")
    assert there == pytest.approx(value("url-shortener", "results", "busy-in-two-zones", "value"), rel=1e-6)
