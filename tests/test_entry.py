"""The console script: what an unchanged check is answered from, and what a check loads at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sdplan.cli import answers
from tests.processes import MAIN, ROOT, environment, python, sdplan
from tests.small_designs import ADVISED, GOOD, MISSPELT

OTHERS_WORK = {"sympy", "scipy", "jinja2", "graphviz", "pygraphviz", "mkdocs", "rich", "networkx", "pint"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one design."""
    place = tmp_path / "here"
    place.mkdir()
    (place / "a.yaml").write_text(GOOD)
    return place


def cached(folder: Path) -> list[Path]:
    place = folder.parent / f"{folder.name}-cache" / "sdplan"
    return sorted(place.iterdir()) if place.is_dir() else []


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that a run loads beyond those of an empty program."""
    run = python("-X", "importtime", "-c", MAIN, *arguments, cwd=folder)
    empty = python("-X", "importtime", "-c", "pass", cwd=folder)
    return _imported(run.stderr) - _imported(empty.stderr)


def _imported(report: bytes) -> set[str]:
    lines = [line for line in report.decode().splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def test_an_unchanged_check_is_answered_with_the_same_bytes_and_code(folder: Path) -> None:
    first = sdplan("check", "a.yaml", cwd=folder)
    kept = cached(folder)
    second = sdplan("check", "a.yaml", cwd=folder)

    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout
    assert first.stdout.startswith(b"ok  a.yaml")
    assert len(kept) == 1
    assert cached(folder) == kept


def test_an_unchanged_check_loads_hardly_anything(folder: Path) -> None:
    sdplan("check", "a.yaml", cwd=folder)

    assert loaded(folder, "check", "a.yaml") <= {
        "sdplan",
        "sdplan.entry",
        "sdplan.cli",
        "sdplan.cli.answers",
        "_blake2",
    }


def test_a_check_loads_neither_the_command_line_nor_what_it_has_no_use_for(folder: Path) -> None:
    modules = loaded(folder, "check", "a.yaml")
    roots = {name.partition(".")[0] for name in modules}

    assert "numpy" in roots
    assert not roots & {*OTHERS_WORK, "typer", "email.message", "unittest", "asyncio"}
    assert not modules & {
        f"sdplan.{name}" for name in ("schema", "render.tables", "render.json", "render.templates")
    }


def test_a_check_through_the_command_line_loads_nothing_of_others_work_either(folder: Path) -> None:
    roots = {name.partition(".")[0] for name in loaded(folder, "check", "--no-cache", "a.yaml")}

    assert "typer" in roots
    assert not roots & OTHERS_WORK


def test_a_design_with_specification_errors_loads_no_numpy_and_no_solver(folder: Path) -> None:
    (folder / "a.yaml").write_text(MISSPELT)
    modules = loaded(folder, "check", "a.yaml")
    unwanted = ("numpy", "sdplan.solve", "sdplan.rules", "sdplan.formulas", "sdplan.distributions")

    assert not {name for name in modules if name.startswith(unwanted)}


def test_a_design_that_does_not_read_loads_no_models(folder: Path) -> None:
    (folder / "a.yaml").write_text(GOOD + "id: again\n")
    modules = loaded(folder, "check", "a.yaml")

    assert not {name for name in modules if name.startswith(("pydantic", "sdplan.spec"))}


@pytest.mark.parametrize("option", ["--no-cache", "--untrusted"])
def test_without_the_cache_nothing_is_kept_and_nothing_used(folder: Path, option: str) -> None:
    sdplan("check", option, "a.yaml", cwd=folder)

    assert cached(folder) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yaml", ADVISED), ("a.yaml", MISSPELT), ("b.yaml", GOOD.replace("small", "other"))],
    ids=["another design", "an error", "a new file"],
)
def test_a_changed_folder_is_checked_again(folder: Path, name: str, text: str) -> None:
    before = sdplan("check", ".", cwd=folder)
    (folder / name).write_text(text)
    after = sdplan("check", ".", cwd=folder)

    assert after.stdout != before.stdout
    assert after.stdout == sdplan("check", "--no-cache", ".", cwd=folder).stdout


class TestAnswers:
    """The cache itself, in this process."""

    @pytest.fixture(autouse=True)
    def place(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        cache = folder.parent / "cache"
        monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
        monkeypatch.chdir(folder)
        return cache / "sdplan"

    @staticmethod
    def keep(*arguments: str, colour: bool = False) -> None:
        given = list(arguments)
        answers.remember(given, answers.look_at(given), 1, b"what was said\n", colour=colour)

    def test_an_answer_comes_back_whole(self) -> None:
        self.keep("a.yaml")

        assert answers.recall(["a.yaml"], colour=False) == (1, b"what was said\n")

    def test_an_answer_belongs_to_its_arguments_and_colour(self) -> None:
        self.keep("a.yaml")

        assert answers.recall(["./a.yaml"], colour=False) is None
        assert answers.recall(["a.yaml"], colour=True) is None

    def test_an_answer_belongs_to_its_folder(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keep("a.yaml")
        other = folder.parent / "other"
        other.mkdir()
        (other / "a.yaml").write_text(GOOD)
        monkeypatch.chdir(other)

        assert answers.recall(["a.yaml"], colour=False) is None

    def test_an_answer_ends_with_the_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keep("a.yaml")
        tomorrow = answers.today() + 1
        monkeypatch.setattr(answers, "today", lambda: tomorrow)

        assert answers.recall(["a.yaml"], colour=False) is None

    def test_an_answer_ends_when_the_program_changes(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        program = tmp_path / "program"
        program.mkdir()
        (program / "solve.py").write_text("1")
        monkeypatch.setattr(answers, "_PACKAGE", str(program))
        self.keep("a.yaml")
        assert answers.recall(["a.yaml"], colour=False) is not None

        (program / "solve.py").write_text("22")

        assert answers.recall(["a.yaml"], colour=False) is None

    def test_a_file_that_becomes_a_link_ends_the_answer(self, folder: Path) -> None:
        self.keep("a.yaml")
        (folder / "a.yaml").rename(folder / "b.yaml")
        (folder / "a.yaml").symlink_to("b.yaml")

        assert answers.recall(["a.yaml"], colour=False) is None

    def test_a_file_that_changed_during_the_check_is_not_remembered(self, folder: Path, place: Path) -> None:
        looks = answers.look_at(["a.yaml"])
        (folder / "a.yaml").write_text(ADVISED)
        answers.remember(["a.yaml"], looks, 0, b"", colour=False)

        assert not place.exists()

    @pytest.mark.parametrize("argument", ["nothing.yaml", "pipe", "*.yaml", "a\nb.yaml"])
    def test_what_no_digest_can_stand_for_is_not_remembered(self, folder: Path, argument: str) -> None:
        os.mkfifo(folder / "pipe")
        (folder / "a\nb.yaml").write_text(GOOD)

        assert answers.look_at([argument]) == []

    @pytest.mark.parametrize("damage", ["cut", "flip", "empty", "swap"])
    def test_a_damaged_answer_is_ignored(self, place: Path, damage: str) -> None:
        self.keep("a.yaml")
        (file,) = place.iterdir()
        raw = file.read_bytes()
        damaged = {
            "cut": raw[:-1],
            "flip": raw.replace(b"said", b"sold"),
            "empty": b"",
            "swap": raw.replace(b" 1 1\n", b" 0 1\n"),
        }[damage]
        assert damaged != raw
        file.write_bytes(damaged)

        assert answers.recall(["a.yaml"], colour=False) is None

    def test_the_cache_is_closed_to_others(self, place: Path) -> None:
        self.keep("a.yaml")
        (file,) = place.iterdir()

        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_a_cache_that_others_may_write_to_is_not_used(self, place: Path) -> None:
        place.mkdir(parents=True)
        place.chmod(0o777)
        self.keep("a.yaml")

        assert list(place.iterdir()) == []

    def test_a_cache_inside_of_what_is_checked_is_not_used(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / ".cache"))
        self.keep("a.yaml")
        monkeypatch.chdir(folder.parent)
        self.keep("here/a.yaml")
        self.keep("here")

        assert not (folder / ".cache").exists()

    def test_a_cache_that_can_not_be_written_is_no_fault(self, place: Path) -> None:
        place.parent.mkdir(exist_ok=True)
        place.write_text("a file where the folder should be")
        self.keep("a.yaml")

        assert answers.recall(["a.yaml"], colour=False) is None

    def test_the_cache_keeps_the_newest_answers(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(answers, "MOST_ANSWERS", 3)
        for name in "pqrst":
            Path(f"{name}.yaml").write_text(GOOD)
            self.keep(f"{name}.yaml")
            for age, file in enumerate(sorted(place.iterdir(), key=lambda each: -each.stat().st_mtime_ns)):
                os.utime(file, ns=(10**18 - age * 10**9,) * 2)

        assert len(list(place.iterdir())) == 3
        assert answers.recall(["t.yaml"], colour=False) is not None
        assert answers.recall(["p.yaml"], colour=False) is None


def test_the_module_runs_as_a_script_too(folder: Path) -> None:
    run = python("-m", "sdplan.entry", "check", "a.yaml", cwd=folder)

    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(b"ok  a.yaml")


def test_an_internal_error_is_one_sentence_and_exit_code_3(folder: Path) -> None:
    broken = "import sdplan.pipeline, sdplan.entry\ndef run(*_): raise RuntimeError('a secret')\n"
    code = f"{broken}sdplan.pipeline.run = run\nsdplan.entry.main()"
    run = python("-c", code, "check", "a.yaml", cwd=folder)
    told = run.stderr.decode()

    assert run.returncode == 3
    assert told == "sdplan: internal error (RuntimeError): please report it, and the design if you may\n"

    debugged = python("-c", code, "check", "a.yaml", cwd=folder, SDPLAN_DEBUG="1")
    assert "Traceback" in debugged.stderr.decode()


@pytest.mark.parametrize("command", ["schema", "rule", "solve a.yaml", "check a.yaml"])
def test_a_reader_that_leaves_early_hears_no_complaint(folder: Path, command: str) -> None:
    shell = f"{sys.executable} -c '{MAIN}' {command} | true; exit ${{PIPESTATUS[0]}}"
    for _ in range(2):  # worked out, then from the cache
        run = subprocess.run(
            ["bash", "-c", shell],
            cwd=folder,
            env=environment(folder.parent / "pipes"),
            capture_output=True,
            check=False,
        )

        assert run.stderr == b""
        assert run.returncode in (0, 141)


def test_the_entry_imports_nothing_at_its_top_but_what_is_loaded_already() -> None:
    source = (ROOT / "sdplan" / "entry.py").read_text()
    top = [line for line in source.splitlines() if line.startswith(("import ", "from "))]

    assert top == ["import os", "import sys"]
