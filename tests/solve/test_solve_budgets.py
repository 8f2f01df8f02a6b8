"""Error budgets and burn rates, against the tables of the SRE books."""

import json
from pathlib import Path

import pytest

from tests.strategies import faults_of_records, number, solved

CASES = json.loads((Path(__file__).parent.parent / "cases" / "reliability_caches_latency.json").read_text())


def promised(slo, rate="1000/s"):
    return solved(f"""
flows: {{f: {{rate: {rate}, steps: [api]}}}}
components: {{api: {{kind: external, sla: 99.95%}}}}
slos: {{up: {{flow: f, {slo}}}}}
""")


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["model"] == "downtime"], ids=lambda case: case["id"]
)
def test_the_budget_in_time_is_that_of_the_published_table(case):
    share = case["inputs"]["availability"]
    for window, minutes in (("30d", "month30_min"), ("365d", "year365_min"), ("90d", "quarter90_min")):
        solution = promised(f"availability: {share * 100:g}%, window: {window}")
        budget = number(solution, "slos.up.error_budget.availability.time")
        assert budget / 60 == pytest.approx(case["expected"][minutes], rel=1e-9)


def test_a_window_of_thirty_days_has_the_burn_rates_of_the_workbook():
    """The Site Reliability Workbook, table 5-8: 14.4 in 1 h and 5 min, 6 in 6 h and 30 min, 1 in 3 d and 6 h."""
    solution = promised("availability: 99.9%")
    table = {
        alert: [
            number(solution, f"slos.up.burn_rates.availability.{alert}.{name}")
            for name in ("burn_rate", "window", "short_window", "budget_share")
        ]
        for alert in ("fast", "medium", "slow")
    }
    assert table["fast"] == pytest.approx([14.4, 3600, 300, 0.02])
    assert table["medium"] == pytest.approx([6, 6 * 3600, 1800, 0.05])
    assert table["slow"] == pytest.approx([1, 3 * 86400, 6 * 3600, 0.10])
    days = number(solution, "slos.up.burn_rates.availability.fast.exhausted_after") / 86400
    assert days == pytest.approx(30 / 14.4)
    assert number(solution, "slos.up.burn_rates.availability.fast.error_share") == pytest.approx(0.0144)
    assert number(solution, "slos.up.burn_rates.availability.fast.requests.f") == pytest.approx(
        1000 * 3600 * 0.0144
    )
    assert faults_of_records(solution) == []


def test_the_budget_in_requests_and_what_is_spent_of_it():
    solution = promised("availability: 99.9%")
    assert number(solution, "slos.up.error_budget.availability.requests.f") == pytest.approx(2_592_000)
    assert number(solution, "slos.up.error_budget.availability.spent.f") == pytest.approx(0.5)


def test_a_shorter_window_has_slower_burn_rates_and_none_that_would_not_spend_it():
    solution = promised("availability: 99.9%, window: 7d")
    assert number(solution, "slos.up.burn_rates.availability.fast.burn_rate") == pytest.approx(3.36)
    assert solution.value("slos", "up", "burn_rates", "availability", "slow", "burn_rate") is None


def test_an_alert_that_can_never_fire_is_none():
    solution = promised("availability: 90%")
    assert solution.value("slos", "up", "burn_rates", "availability", "fast", "burn_rate") is None
    assert number(solution, "slos.up.burn_rates.availability.medium.error_share") == pytest.approx(0.6)


@pytest.mark.parametrize("slo", ["availability: 100%", "availability: 0%", "errors: 0%, window: 0s"])
def test_a_budget_of_nothing_or_of_everything_has_no_alerts(slo):
    solution = promised(slo)
    assert not [path for path in solution.records if path[:3] == ("slos", "up", "burn_rates")]
    assert faults_of_records(solution) == []


def test_an_slo_on_errors_is_a_budget_as_it_stands():
    solution = promised("errors: 0.5%")
    assert number(solution, "slos.up.error_budget.errors.share") == pytest.approx(0.005)
    assert number(solution, "slos.up.error_budget.errors.spent.f") == pytest.approx(0.1)
