"""Random designs as a measure of every approximation: the figures, the page, and what they rest on."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from sdplan.cli.app import app
from sdplan.render.scatter import scatter
from sdplan.render.validation import percent
from sdplan.simulate.errors import (
    FEWEST,
    TOLD,
    bounds_hold,
    confirmed,
    contradicted,
    errors,
    figures,
)
from sdplan.simulate.samples import FAMILIES, sample
from sdplan.simulate.validation import Seen, Trial, quantity, solved, trial, trials, validation
from sdplan.solve.measured import FIGURES, kinds

PAGE = Path(__file__).parents[2] / "site" / "validation.md"
MEASURED = json.loads(FIGURES.read_text(encoding="utf-8"))
AGAIN = "the approximations have changed: run `make validation`"


def seen(computed, simulated, *, label="approximation", prefix="", kind="rough", of="p50", wide=0.01):
    """A number whose interval is this wide, and twice as wide where it is judged."""
    half = wide * simulated
    ends = (simulated - half, simulated + half, simulated - 2 * half, simulated + 2 * half)
    note = kind if label in ("approximation", "bound") else ""
    return Seen("flows.f.latency.p50", of, label, prefix, note, computed, simulated, *ends, 10_000, 0.5)


def measured(*values):
    """A trial for each number."""
    return [Trial(seed, "one queue", (one,), ()) for seed, one in enumerate(values)]


def test_errors_are_shares_of_the_simulated_number():
    (found,) = errors(measured(*(seen(computed, 100.0) for computed in (101.0, 98.0, 104.0, 100.0, 110.0))))
    assert (found.kind, found.of, found.designs) == ("rough", "p50", 5)
    assert found.median == 0.02  # of 0, 1, 2, 4 and 10 %
    assert found.p95 == pytest.approx(0.088)  # four fifths of the way from 4 to 10 %
    assert found.half_width == 0.01
    (row,) = figures([found])["rough"]
    expected = {"of": "p50", "median": 0.02, "p95": 0.088, "designs": 5, "range": "utilization 50–50 %"}
    assert row == expected


def test_what_the_simulation_is_unsure_of_measures_nothing():
    sharp = measured(seen(110.0, 100.0), seen(110.0, 100.0), seen(110.0, 100.0))
    assert errors([*sharp, *measured(seen(900.0, 100.0, wide=0.3))])[0].numbers == 3
    few = seen(900.0, 100.0, of="p99.9")._replace(samples=50_000)  # 50 of them above
    assert {one.of for one in errors([*sharp, *measured(few, few, few)])} == {"p50"}


def test_exact_numbers_have_to_lie_in_the_interval_and_bounds_on_their_side():
    found = measured(
        seen(101.9, 100.0, label="exact"),
        seen(102.1, 100.0, label="exact"),
        seen(300.0, 100.0, label="bound"),
        seen(90.0, 100.0, label="bound"),
        seen(90.0, 100.0, prefix="at least "),
    )
    assert [seed for seed, _ in contradicted(found)] == [1]
    assert [bounds_hold(one.seen[0]) for one in found[2:]] == [True, False, True]
    assert [tuple(row) for row in confirmed(found)] == [("percentile of a latency", 1, 2), ("bounds", 2, 3)]


def test_each_family_of_designs_is_solved_and_its_stations_are_busy():
    busy = []
    for seed in range(2 * len(FAMILIES)):
        records = solved(sample(seed)).records
        busy.append(max(r.value for path, r in records.items() if path[2:] == ("utilization",)))
    assert len({sample(seed).family for seed in range(len(FAMILIES))}) == len(FAMILIES) > 10
    assert sum(0.3 <= one <= 0.95 for one in busy) >= 0.9 * len(busy)
    assert sample(7) == sample(7) != sample(7 + len(FAMILIES))


def test_an_interrupted_validation_goes_on_where_it_was(tmp_path):
    file = tmp_path / "trials.jsonl"
    whole = validation(file, 2, 500)
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text(f"{lines[0]}\n{lines[1][:40]}", encoding="utf-8")
    assert list(trials(file)) == whole[:1]
    assert validation(file, 2, 500) == whole
    assert validation(file, 2, 500) == list(trials(file))


def test_the_command_writes_the_page_and_the_figures(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        app(["validation", str(tmp_path), "--designs", "16", "--runs", "1000"], standalone_mode=False)
    told = capsys.readouterr().err.splitlines()
    assert ended.value.code == (1 if len(told) > 2 else 0)  # each contradicted number is told
    page = (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert "Here 16 random designs were solved" in page
    assert page.count("<svg") == page.count("</svg>") == 3
    assert isinstance(json.loads((tmp_path / "measured.json").read_text(encoding="utf-8")), dict)


def test_equal_numbers_stand_on_the_diagonal_of_a_plot():
    svg = scatter({"a": [(0.001, 0.001), (1.0, 1.0), (0.01, 0.01)]}, "a <plot>", "s")
    ends = re.search(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', svg)
    x1, y1, x2, y2 = map(float, ends.groups())
    dots = re.findall(r"M([\d.]+) ([\d.]+)h0", svg)
    assert len(dots) == 3
    for x, y in dots:
        along = (float(x) - x1) / (x2 - x1)
        assert float(y) == pytest.approx(y1 + along * (y2 - y1), abs=0.2)
    assert [text for text in ("1 ms", "10 ms", "100 ms", "1 s") if text in svg] == [
        "1 ms",
        "10 ms",
        "100 ms",
        "1 s",
    ]
    assert "<plot>" not in svg and "a &lt;plot&gt;" in svg


def test_every_approximation_that_the_designs_rest_on_is_measured():
    used = Counter()
    for seed in range(96):
        records = solved(sample(seed)).records
        used.update(
            {
                next(kinds(one.note))
                for path, one in records.items()
                if one.label == "approximation" and path[0] == "flows" and path[2:] == ("latency", "p99")
            }
        )
    assert len(used) > 5
    assert {kind for kind, designs in used.items() if designs >= 2 * FEWEST} <= set(MEASURED), AGAIN


def test_the_page_shows_the_figures_of_the_labels():
    page = PAGE.read_text(encoding="utf-8")
    designs = int(re.search(r"Here (\d+) random designs", page).group(1))
    assert designs >= 200
    parts = re.split(r"<p><strong>(.*?)</strong><br>", page)
    shown = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert len(shown) == len(MEASURED)
    for kind, text in shown.items():
        rows = MEASURED[kind.replace("&#39;", "'")]
        cells = re.findall(r'<td class="sd-figure">([^<]+)</td>', text)
        pairs = [tuple(cells[4 * number : 4 * number + 2]) for number in range(len(rows))]
        assert pairs == [(percent(row["median"]), percent(row["p95"])) for row in rows]
        assert all(FEWEST <= row["designs"] <= designs for row in rows)


@pytest.mark.parametrize("seed", [0, 3, 13])
def test_a_design_simulated_again_has_errors_as_measured(seed):
    again = trial(sample(seed), 4_000)
    assert again.seen
    assert contradicted([again]) == []
    for one in again.seen:
        if one.kind and one.of in TOLD and one.simulated > 0 and one.kind in MEASURED:
            known = {row["of"]: row["p95"] for row in MEASURED[one.kind]}
            assert one.error <= 2 * known.get(one.of, 0.5) + 2 * one.half_width, one.path


def test_quantities_are_named_by_what_they_are():
    assert quantity(("flows", "f", "latency_at_mean", "p99.9")) == "p99.9"
    assert quantity(("components", "a", "wait_at_mean")) == "wait"
    assert quantity(("components", "a", "wait", "p99")) == "wait.p99"
