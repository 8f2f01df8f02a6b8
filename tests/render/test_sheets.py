"""Sheets: the tables that only some designs have, in the terminal and on the pages."""

from __future__ import annotations

from functools import cache

import small_shop

from sdplan.pipeline import run
from sdplan.render.cells import Words
from sdplan.render.onepager import onepager
from sdplan.render.sheets import as_table, burn_rates, error_budgets, sheets
from sdplan.render.tables import WIDTH, solve_text

SHOP = """\
sdplan: 1
id: shop
flows:
  buy: {rate: 100/s, peak: 2x, steps: [api: [stock: {timeout: 6ms, retries: 2}]]}
  look: {rate: 1k/s, steps: [stock]}
entities: {item: {size: 1KB, count: 1M, keep: {stock: forever}}}
components:
  api: {kind: service, replicas: 4, cores: 2, service_time: 2ms, availability: 99.9%}
  stock:
    kind: database
    shards: 1
    copies: 3
    cores: 2
    service_time: 1ms
    availability: 99.9%
    replication: {mode: leader, write_quorum: 2, failover: {takes: 30s}}
    disk_failures: 2%/year
    rebuild: 12h
    site_loss: 1/1000y
    price: {hour: 1 USD/h}
slos:
  up: {flow: [buy, look], availability: 99.9%}
  kept: {durability: 99%, rpo: 1s, rto: 1min}
"""


@cache
def solution():
    found = run("shop.yaml", SHOP.encode()).solution
    assert found is not None
    return found


def rows(title: str) -> list[list[str]]:
    """The words of a table of `solve`, its head first, the sentence on top left out."""
    lines = solve_text(solution()).split(f"\n{title}\n")[1].split("\n\n")[0].splitlines()
    cells = [[one.strip() for one in line.split("  ") if one.strip()] for line in lines]
    return [each for each in cells if len(each) > 1]


def test_a_budget_of_three_nines_is_43_minutes_and_a_thousandth_of_the_requests():
    head, buy, look = rows("Error budgets")

    assert head[3:] == ["window", "time", "requests", "spent", "fast", "medium", "slow"]
    assert buy[:6] == ["up", "buy", "availability", "30 d", "= 43.2 min", "= 259k"]  # 100/s * 30 d / 1000
    assert look[5] == "= 2.59M"
    assert buy[-3:] == ["= 1.44 %", "= 0.6 %", "= 0.1 %"]  # 14.4, 6 and 1 times the budget


def test_the_alerts_are_those_of_the_sre_workbook():
    table = as_table(burn_rates(solution()), solution())
    fast, medium, slow = ([cell.text for cell in row] for row in table.rows)

    assert fast[3:6] == ["1 h", "5 min", "14.4"]
    assert medium[3:6] == ["6 h", "30 min", "6"]
    assert slow[3:6] == ["3 d", "6 h", "1"]


def test_durability_and_recovery_end_with_those_of_the_design():
    head, stock, whole = rows("Durability and recovery")

    assert head == ["store", "durability a year", "loss a year", "writes lost (rpo)", "back after (rto)"]
    assert stock[0] == "stock"
    assert [whole[0], whole[-1]] == ["the design", "= 30 s"]


def test_the_cost_of_the_flows_is_the_bill_of_what_they_call():
    records = solution().records
    flows = sum(records["flows", name, "cost"].value for name in ("buy", "look"))

    assert abs(flows - records["cost",].value) < 1e-12 * flows
    assert [row[0] for row in rows("Cost of each flow")] == ["flow", "buy", "look"]


def test_a_call_that_is_made_again_shows_its_attempts_and_how_many_there_may_be():
    head, call = rows("Calls that are made again")
    assert head[:4] == ["flow", "call", "attempts", "at most"]
    assert call[1:4] == ["steps[0].api[0].stock", "≈ 1.02", "= 3"]


def test_a_design_without_any_of_it_has_none_of_these_tables():
    quiet = small_shop.solution()

    assert sheets(quiet) == []
    assert "Error budgets" not in solve_text(quiet)


def test_a_second_solution_is_shown_where_retries_could_keep_one_up():
    busy = run("shop.yaml", SHOP.replace("rate: 100/s", "rate: 250/s").encode()).solution
    assert busy is not None
    assert ("components", "stock", "overloaded_utilization") in busy.records

    text = solve_text(busy)

    assert "Second solutions" in text
    assert "Second solutions" not in solve_text(solution())


def test_sentences_above_a_table_fit_a_narrow_terminal():
    said = [line for line in solve_text(solution()).splitlines() if line.endswith(".")]

    assert said
    assert all(len(line) <= WIDTH for line in said)


def test_a_number_that_a_row_has_not_is_an_empty_cell_on_a_page():
    sheet = error_budgets(solution())
    without = sheet._replace(rows=[[*sheet.rows[0][:-1], ("nowhere",)], *sheet.rows[1:]])

    assert as_table(without, solution()).rows[0][-1] == Words("")


def test_the_one_pager_has_the_same_tables():
    for form in ("markdown", "html"):
        text = onepager(solution().design, solution(), format=form)
        assert all(sheet.title in text for sheet in sheets(solution()))


def test_numbers_that_are_missing_for_one_reason_are_listed_once():
    open_end = run("shop.yaml", SHOP.replace("    disk_failures: 2%/year\n", "").encode()).solution
    assert open_end is not None

    text = solve_text(open_end)

    assert "  components.stock.durability, durability: stock does not say how often its disks fail" in text
