"""Shipped and random designs, held against their simulation, and the command that does it."""

import json
from pathlib import Path

import pytest

from sdplan.cli.app import app
from sdplan.pipeline import run
from sdplan.simulate import verified
from sdplan.simulate.comparing import disagreements
from sdplan.simulate.samples import sample
from sdplan.simulate.validation import solved

DESIGNS = sorted((Path(__file__).parents[2] / "designs").glob("*.yaml"))
RANDOM = 50


def differing(solution, runs):
    """What the simulation contradicts, as sentences; a design with nothing to compare is no evidence."""
    verification = verified(solution, runs)
    assert verification.compared or verification.left_out
    return [finding.message for finding in disagreements(verification.compared)]


@pytest.mark.parametrize("file", DESIGNS, ids=lambda file: file.stem)
def test_a_shipped_design_agrees_with_its_simulation(file):
    solution = run(file.name, file.read_bytes()).solution
    assert solution is not None
    assert differing(solution, 4_000) == []


@pytest.mark.parametrize("seed", range(RANDOM))
def test_a_random_design_agrees_with_its_simulation(seed):
    assert differing(solved(sample(seed)), 5_000) == []


WRONG = """\
sdplan: 1
id: small
title: A small design
flows:
  buy: {rate: 80/s, steps: [api]}
components:
  api: {kind: worker, replicas: 1, cores: 1, service_time: 10ms, availability: 99.9%}
"""


def called(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        app(["verify", *arguments], standalone_mode=False)
    printed = capsys.readouterr()
    assert printed.err == ""  # no bar where there is no terminal
    return ended.value.code, printed.out


def test_the_command_shows_both_numbers_and_ends_clean(tmp_path, capsys):
    file = tmp_path / "small.yaml"
    file.write_text(WRONG, encoding="utf-8")
    code, out = called(capsys, str(file), "--runs", "20000")
    assert code == 0
    assert "flows.buy.latency.p99" in out
    assert "✓" in out and "differs" not in out.replace("0 differ", "")


def test_the_command_fails_where_a_number_is_wrong(tmp_path, capsys, monkeypatch):
    from sdplan.simulate import verification

    real = verification.compared

    def halved(solution, numbers):
        path = ("flows", "buy", "latency", "p99")
        record = solution.records[path]
        changed = dict(solution.records) | {path: record._replace(value=record.value / 2)}
        return real(solution._replace(records=changed), numbers)

    monkeypatch.setattr(verification, "compared", halved)
    file = tmp_path / "small.yaml"
    file.write_text(WRONG, encoding="utf-8")
    code, out = called(capsys, str(file), "--runs", "20000", "--format", "json")
    assert code == 1
    (one,) = json.loads(out)["designs"]
    assert [finding["path"] for finding in one["findings"]] == ["flows.buy.latency.p99"]
    assert {"path", "computed", "label", "unit", "simulated", "interval", "samples", "verdict"} == set(
        one["numbers"][0]
    )


def test_the_command_says_the_same_for_the_same_seed(tmp_path, capsys):
    file = tmp_path / "small.yaml"
    file.write_text(WRONG, encoding="utf-8")
    first, again, other = (
        called(capsys, str(file), "--runs", "5000", "--seed", seed) for seed in ("3", "3", "4")
    )
    assert first == again
    assert first != other


def test_what_is_overloaded_is_left_out_and_said_because_demand_is_not_what_can_be_seen():
    text = (DESIGNS[0].parent / "order-service.yaml").read_text(encoding="utf-8")
    solution = run("order-service.yaml", text.replace("cores: 3", "cores: 2").encode()).solution
    assert solution is not None

    verification = verified(solution, 4_000)

    assert solution.value("components", "db", "utilization") == pytest.approx(1.0)
    assert "db is overloaded: computed is what it is asked for, and simulated what it does" in (
        verification.left_out
    )
    assert not [one for one in verification.compared if one.record.path[:2] == ("components", "db")]
    assert disagreements(verification.compared) == []


def test_a_storm_of_retries_is_no_contradiction():
    """Each of four attempts is late, so twice the load that there are servers for is asked for."""
    assert differing(solved(sample(245)), 5_000) == []
