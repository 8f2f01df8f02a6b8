"""`solve`, `explain`, `rule` and the help: what is shown and never written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.processes import SCHEMAS, sdplan
from tests.small_designs import SORTS

COMMANDS = (
    "check",
    "solve",
    "explain",
    "verify",
    "init",
    "schema",
    "rule",
    "diagram",
    "onepager",
    "adr",
    "site",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a design of each sort."""
    place = tmp_path / "here"
    place.mkdir()
    for name, text in SORTS.items():
        (place / f"{name}.yaml").write_text(text)
    return place


class TestShowing:
    def test_solve_shows_tables(self, folder: Path) -> None:
        run = sdplan("solve", "good.yaml", cwd=folder)

        assert run.returncode == 0
        assert "✓ met" in run.stdout.decode()

    def test_solve_gives_a_document_that_fits_its_schema(self, folder: Path) -> None:
        document = json.loads(sdplan("solve", "good.yaml", "--format", "json", cwd=folder).stdout)

        Draft202012Validator(json.loads((SCHEMAS / "solve-1.json").read_text())).validate(document)
        assert document["flows"]["buy"]["rate"]["value"] == 100
        # 100 calls a second of 10 ms keep one of eight cores busy.
        assert document["components"]["api"]["utilization"]["value"] == pytest.approx(1 / 8)

    def test_precise_shows_all_digits(self, folder: Path) -> None:
        plain, precise = (
            sdplan("explain", "good.yaml", "flows.buy.latency.p99", *more, cwd=folder).stdout.decode()
            for more in ((), ("--precise",))
        )

        assert re.search(r"latency\.p99 = \d\d\.\d ms\n", plain)
        assert re.search(r"latency\.p99 = \d\d\.\d{8,} ms\n", precise)

    def test_explain_speaks_markdown_with_latex(self, folder: Path) -> None:
        run = sdplan("explain", "good.yaml", "flows.buy.peak_rate", "--format", "markdown", cwd=folder)

        assert run.stdout.startswith(b"# `flows.buy.peak_rate`\n")
        assert b"$$" in run.stdout

    def test_an_unknown_number_is_a_sentence_with_the_nearest_one(self, folder: Path) -> None:
        run = sdplan("explain", "good.yaml", "flows.buy.peak_rat", cwd=folder)

        assert run.returncode == 2
        assert run.stdout == b""
        assert b"did you mean `flows.buy.peak_rate`?" in run.stderr

    def test_a_folder_of_designs_is_not_one_design(self, folder: Path) -> None:
        run = sdplan("solve", ".", cwd=folder)

        assert run.returncode == 2
        assert b"4 designs" in run.stderr


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_has_an_example(self, folder: Path, command: str) -> None:
        told = sdplan(command, "--help", cwd=folder).stdout.decode()

        assert f"Example: sdplan {command}" in " ".join(told.split())
        assert max(map(len, told.splitlines())) <= 90

    def test_the_list_of_commands_is_whole(self, folder: Path) -> None:
        told = sdplan("--help", cwd=folder).stdout.decode()

        assert re.findall(r"^  ([a-z]+)  +[A-Z]", told, re.MULTILINE) == list(COMMANDS)

    def test_the_version_is_that_of_the_package(self, folder: Path) -> None:
        assert re.fullmatch(rb"sdplan \S+\n", sdplan("--version", cwd=folder).stdout)

    def test_a_rule_shows_its_page_by_code_and_by_name(self, folder: Path) -> None:
        by_code, by_name = (sdplan("rule", each, cwd=folder).stdout for each in ("sp102", "duplicate_key"))

        assert by_code == by_name
        assert by_code.startswith(b"SP102 duplicate-key (error")
        assert b"<- SP102" in by_code

    def test_all_rules_are_listed(self, folder: Path) -> None:
        from sdplan.rules import registry

        listed = sdplan("rule", cwd=folder).stdout.decode().splitlines()

        assert [line.split()[0] for line in listed] == list(registry())

    def test_an_unknown_rule_is_a_sentence(self, folder: Path) -> None:
        run = sdplan("rule", "duplicate-kye", cwd=folder)

        assert run.returncode == 2
        assert b"did you mean `duplicate-key`?" in run.stderr
