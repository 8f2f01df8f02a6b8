"""`check` as its users meet it: what it prints, in which formats, and its exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.processes import DESIGNS, ROOT, SCHEMAS, sdplan
from tests.small_designs import GOOD, MISSPELT, SORTS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a design of each sort."""
    place = tmp_path / "here"
    place.mkdir()
    for name, text in SORTS.items():
        (place / f"{name}.yaml").write_text(text)
    return place


class TestExitCodes:
    """0 in order, 1 findings, 2 usage or unreadable input."""

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["good.yaml"], 0),
            (["advised.yaml"], 0),
            (["--fail-on", "warning", "advised.yaml"], 0),
            (["--fail-on", "advice", "advised.yaml"], 1),
            (["misspelt.yaml"], 1),
            (["missed.yaml"], 1),
            (["good.yaml", "missed.yaml"], 1),
            (["."], 1),
            (["g*.yaml"], 0),
            ([], 2),
            (["nothing.yaml"], 2),
            (["good.yaml", "nothing.yaml"], 2),
            (["x*.yaml"], 2),
            (["--format", "xml", "good.yaml"], 2),
            (["--format", "json", "--format", "github", "good.yaml"], 2),
            (["--format", "json", "--output", "no/such/folder", "good.yaml"], 2),
        ],
    )
    def test_of_check(self, folder: Path, arguments: list[str], code: int) -> None:
        run = sdplan("check", *arguments, cwd=folder)

        assert run.returncode == code, run.stdout + run.stderr
        assert b"Traceback" not in run.stdout + run.stderr
        assert run.stdout or run.stderr

    @pytest.mark.parametrize(
        ("name", "raw", "told"),
        [
            ("empty.yaml", b"", b"holds no design"),
            ("wide.yaml", GOOD.encode("utf-16"), b"UTF-16"),
            ("latin.yaml", GOOD.replace("small", "gr\xf6\xdfe").encode("latin-1"), b"is not valid UTF-8"),
        ],
    )
    def test_of_input_that_can_not_be_read(self, folder: Path, name: str, raw: bytes, told: bytes) -> None:
        (folder / name).write_bytes(raw)
        run = sdplan("check", name, cwd=folder)

        assert run.returncode == 2
        assert told in run.stdout

    def test_of_a_folder_without_a_design(self, folder: Path) -> None:
        (folder / "empty").mkdir()
        run = sdplan("check", "empty", cwd=folder)

        assert run.returncode == 2
        assert run.stderr == b"sdplan: there is no design in empty\n"

    @pytest.mark.parametrize("command", ["solve", "diagram", "onepager"])
    def test_of_showing_a_design_that_can_not_be_solved(self, folder: Path, command: str) -> None:
        run = sdplan(command, "misspelt.yaml", cwd=folder)

        assert run.returncode == 1
        assert run.stdout == b""
        assert b"did you mean `replicas`?" in run.stderr

    def test_of_no_command(self, folder: Path) -> None:
        assert sdplan(cwd=folder).returncode == 2
        assert sdplan("chekc", cwd=folder).returncode == 2


class TestCheck:
    def test_a_design_in_order_is_one_line(self, folder: Path) -> None:
        run = sdplan("check", "good.yaml", cwd=folder)

        assert re.fullmatch(rb"ok  good\.yaml  tightest: fast p99 .* of 200 ms \(\d+ % left\)\n", run.stdout)

    def test_a_design_comes_from_the_standard_input(self, folder: Path) -> None:
        run = sdplan("check", "-", cwd=folder, stdin=MISSPELT.encode())

        assert run.returncode == 1
        assert run.stdout.startswith(b"<stdin>:6:")

    def test_advice_is_counted_and_shown_when_asked_for(self, folder: Path) -> None:
        plain = sdplan("check", "advised.yaml", cwd=folder).stdout
        verbose = sdplan("check", "--verbose", "advised.yaml", cwd=folder).stdout

        assert b"--verbose lists the advice" in plain
        assert b"advice SP904" in verbose
        assert b"advice SP904" not in plain

    def test_several_reports_are_written_in_one_run(self, folder: Path) -> None:
        run = sdplan(
            "check", "--format", "text", "--format", "json", "-o", "-", "-o", "out.json", ".", cwd=folder
        )
        document = json.loads((folder / "out.json").read_text())
        schema = json.loads((SCHEMAS / "check-1.json").read_text())

        assert run.returncode == 1
        assert b"error SP201" in run.stdout
        assert len(document["designs"]) == 4
        Draft202012Validator(schema).validate(document)

    def test_github_gets_commands_and_a_summary(self, folder: Path) -> None:
        summary = folder.parent / "summary.md"
        summary.write_text("before\n")
        run = sdplan("check", "--format", "github", ".", cwd=folder, GITHUB_STEP_SUMMARY=str(summary))

        assert run.stdout.startswith(b"::error file=")
        assert summary.read_text().startswith("before\n## sdplan\n")

    def test_a_link_out_of_the_folder_is_passed_over_with_a_note(self, folder: Path) -> None:
        (folder.parent / "outside.yaml").write_text(GOOD)
        (folder / "link.yaml").symlink_to(folder.parent / "outside.yaml")
        for _ in range(2):
            run = sdplan("check", ".", cwd=folder)

            assert b"note: ./link.yaml is a link that leads out of its folder" in run.stderr
            assert b"link.yaml" not in run.stdout

    def test_no_colour_without_a_terminal(self, folder: Path) -> None:
        assert b"\x1b" not in sdplan("check", ".", cwd=folder, FORCE_COLOR="1", TERM="xterm").stdout

    def test_the_bytes_depend_on_the_input_alone(self, folder: Path) -> None:
        worlds = [
            {"PYTHONHASHSEED": "1", "COLUMNS": "40", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
            {"PYTHONHASHSEED": "2", "COLUMNS": "200", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "3", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0", "TERM": "dumb"},
        ]
        for arguments in (
            ("check", "--no-cache", "--verbose", "."),
            ("check", "--format", "json", "."),
            ("solve", "good.yaml"),
            ("explain", "good.yaml", "flows.buy.latency.p99"),
            ("check", "--help"),
        ):
            told = {sdplan(*arguments, cwd=folder, **world).stdout for world in worlds}

            assert len(told) == 1, arguments
            assert told.pop().decode("utf-8")


def test_the_shipped_designs_check_clean() -> None:
    run = sdplan("check", "--no-cache", str(DESIGNS), cwd=ROOT)

    assert run.returncode == 0, run.stdout.decode()
