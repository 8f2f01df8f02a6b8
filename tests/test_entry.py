"""The console script: what an unchanged check is answered from, and what a check loads at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
    assert not roots & {*OTHERS_WORK, "typer", "json", "hashlib", "unittest", "asyncio"}
    assert "email.message" not in modules
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
