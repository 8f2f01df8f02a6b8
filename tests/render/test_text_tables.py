"""The tables of `solve`."""

from __future__ import annotations

import small_shop

from sdplan.render.frames import columns
from sdplan.render.tables import LEGEND, solve_text, tail


def lines_of(text: str, title: str) -> list[str]:
    """The table below a title, its head first."""
    return text.split(f"\n{title}\n")[1].split("\n\n")[0].splitlines()


def test_the_whole_page_is_as_it_was_read(golden):
    golden("solve.txt", solve_text(small_shop.solution()))


def test_precise_gives_all_digits():
    wait = small_shop.solution().records["components", "api", "wait"]

    assert wait.shown(precise=True) in solve_text(small_shop.solution(), precise=True)
    assert wait.shown(precise=True) not in solve_text(small_shop.solution())


def test_each_label_has_its_mark():
    text = solve_text(small_shop.solution())
    flows = lines_of(text, "Flows")[1]

    assert "= 3/s" in flows  # exact
    assert "≈ 215 ms" in flows  # approximation
    assert "≤ 99.85 %" in flows  # at most
    assert LEGEND in text


def test_a_lower_bound_points_the_other_way():
    solution = small_shop.solution()
    out = solution.records["flows", "buy", "out"]._replace(prefix="at least ")

    assert "≥ 1 KB/s" in solve_text(solution._replace(records={**solution.records, out.path: out}))


def test_columns_that_no_row_fills_are_left_out():
    head = lines_of(solve_text(small_shop.solution()), "Components")[0]

    assert "wait" in head
    assert "hit" not in head


def test_the_cells_of_a_table_stand_below_each_other():
    for title in ("Flows", "Components", "Entities", "SLOs", "Results", "Decisions"):
        rows = lines_of(solve_text(small_shop.solution()), title)
        assert len(rows) > 1
        assert all(row.startswith("  ") for row in rows)
    head, *rows = lines_of(solve_text(small_shop.solution()), "Entities")
    assert {columns(row) for row in rows} == {columns(head)}


def test_components_of_a_region_follow_their_component():
    solution = small_shop.solution()
    replicas = solution.records["components", "api", "replicas"]
    regional = [
        replicas._replace(path=("components", f"api@{region}", "replicas")) for region in ("us", "eu")
    ]
    records = {**solution.records, **{record.path: record for record in regional}}

    rows = lines_of(solve_text(solution._replace(records=records)), "Components")[1:]

    assert [row.split()[0] for row in rows] == ["api", "api@us", "api@eu", "orders"]
    assert [row.split()[1] for row in rows] == ["service", "service", "service", "database"]


def test_an_slo_that_could_not_be_judged_says_why():
    assert "? not judged: the flow is not triggered by a stream" in solve_text(small_shop.solution())


def test_a_missed_slo_shows_by_how_much():
    solution = small_shop.solution()
    missed = solution.slos[0]._replace(met=False, margin=-0.37)

    text = solve_text(solution._replace(slos=(missed,)))

    assert "-37 %  ✗ missed" in text


def test_a_percentile_keeps_its_dot():
    assert tail("latency.p99.9") == ("latency", "p99.9")
    assert tail("rate") == ("rate",)
