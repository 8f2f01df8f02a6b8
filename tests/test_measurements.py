"""Measured service times: a file beside a design, read, used and refused."""

import numpy as np
import pytest

from sdplan.pipeline import run
from sdplan.source.measurements import Refused, read_measurements

DESIGN = """sdplan: 1
id: shop
flows:
  f: {rate: 1/s, steps: [db]}
components:
  db: {kind: external, service_time: {measured: times.csv}}
"""


def solved(folder, times, design=DESIGN):
    (folder / "times.csv").write_text(times)
    return run(str(folder / "shop.yaml"), design.encode())


def test_the_percentiles_of_a_flow_are_those_of_the_measurements(tmp_path):
    times = np.random.default_rng(3).lognormal(1.0, 0.8, 20_000)
    outcome = solved(tmp_path, "ms\n" + "\n".join(f"{time:.6f}" for time in times) + "\n")

    for level, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)):
        ours = outcome.solution.records["flows", "f", "latency", level].value
        assert ours * 1000 == pytest.approx(np.quantile(times, share), rel=0.01)
    assert outcome.solution.value("components", "db", "service_time") * 1000 == pytest.approx(times.mean())


def test_times_may_come_with_how_often_they_were_seen(tmp_path):
    outcome = solved(tmp_path, "us,count\n100,990\n20000,10\n")

    assert outcome.solution.value("flows", "f", "latency", "mean") == pytest.approx(0.99 * 1e-4 + 0.01 * 0.02)
    assert outcome.solution.value("flows", "f", "latency", "p95") == pytest.approx(1e-4)


def test_a_slower_day_makes_measured_times_longer(tmp_path):
    more = "slos:\n  fast: {flow: f, latency: {p95: 250us}}\n"
    more += "scenarios:\n  slow-day: {slow: {db: 3x}, expect: {fast: missed}}\n"
    outcome = solved(tmp_path, "us\n100\n", DESIGN + more)

    assert [finding.code for finding in outcome.findings if finding.severity == "error"] == []


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ("100\n200\n", "line 1 is to be one of"),
        ("ms\n1\nsoon\n", "line 3 is not a number"),
        ("ms\n1\n-2\n", "line 3 is below zero"),
        ("ms\nnan\n", "line 2 is below zero, or has no end"),
        ("ms,count\n1\n", "line 2 has 1 parts"),
        ("ms\n", "there is no time in it"),
        ("", "line 1 is to be one of"),
    ],
)
def test_what_is_no_list_of_times_is_a_finding_on_the_line_that_names_it(tmp_path, times, said):
    outcome = solved(tmp_path, times)

    assert outcome.solution is None
    (finding,) = [one for one in outcome.findings if one.severity == "error"]
    assert finding.code == "SP307"
    assert said in finding.message
    assert finding.path == ("components", "db", "service_time", "measured")


@pytest.mark.parametrize("name", ["/etc/passwd", "../times.csv", "a/../../times.csv", "nul\0", "missing.csv"])
def test_no_file_is_read_outside_of_the_designs_folder(tmp_path, name):
    (tmp_path / "times.csv").write_text("ms\n1\n")
    folder = tmp_path / "designs"
    folder.mkdir()

    assert isinstance(read_measurements(str(folder / "shop.yaml"), name), Refused)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "times.csv").write_text("ms\n1\n")
    folder = tmp_path / "designs"
    folder.mkdir()
    (folder / "times.csv").symlink_to(tmp_path / "times.csv")

    found = read_measurements(str(folder / "shop.yaml"), "times.csv")
    assert isinstance(found, Refused)
    assert "leads out of the folder" in found.message


@pytest.mark.parametrize(("law", "p999"), [("lognormal", 0.535), ("weibull", 0.380), ("gamma", 0.335)])
def test_the_law_through_two_percentiles_is_the_one_that_is_stated(tmp_path, law, p999):
    # The same p50 and p99, 10 and 200 ms, and three laws: the published p99.9 differ by 1.6 times.
    design = DESIGN.replace("{measured: times.csv}", f"{{p50: 10ms, p99: 200ms, law: {law}}}")
    outcome = run("shop.yaml", design.encode())

    assert outcome.solution.value("flows", "f", "latency", "p99.9") == pytest.approx(p999, abs=0.0006)
