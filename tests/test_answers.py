"""The cache of answers: when one comes back, when it has ended, and where it is kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sdplan.cli import answers
from tests.small_designs import ADVISED, GOOD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one design."""
    place = tmp_path / "here"
    place.mkdir()
    (place / "a.yaml").write_text(GOOD)
    return place


@pytest.fixture(autouse=True)
def place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    cache = folder.parent / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.chdir(folder)
    return cache / "sdplan"


def keep(*arguments: str, colour: bool = False) -> None:
    given = list(arguments)
    answers.remember(given, answers.look_at(given), 1, b"what was said\n", colour=colour)


def test_an_answer_comes_back_whole() -> None:
    keep("a.yaml")

    assert answers.recall(["a.yaml"], colour=False) == (1, b"what was said\n")


def test_an_answer_belongs_to_its_arguments_and_colour() -> None:
    keep("a.yaml")

    assert answers.recall(["./a.yaml"], colour=False) is None
    assert answers.recall(["a.yaml"], colour=True) is None


def test_an_answer_belongs_to_its_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("a.yaml")
    other = folder.parent / "other"
    other.mkdir()
    (other / "a.yaml").write_text(GOOD)
    monkeypatch.chdir(other)

    assert answers.recall(["a.yaml"], colour=False) is None


def test_an_answer_ends_with_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    keep("a.yaml")
    tomorrow = answers.today() + 1
    monkeypatch.setattr(answers, "today", lambda: tomorrow)

    assert answers.recall(["a.yaml"], colour=False) is None


def test_an_answer_ends_when_the_program_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / "solve.py").write_text("1")
    monkeypatch.setattr(answers, "_PACKAGE", str(program))
    keep("a.yaml")
    assert answers.recall(["a.yaml"], colour=False) is not None

    (program / "solve.py").write_text("22")

    assert answers.recall(["a.yaml"], colour=False) is None


def test_a_file_that_becomes_a_link_ends_the_answer(folder: Path) -> None:
    keep("a.yaml")
    (folder / "a.yaml").rename(folder / "b.yaml")
    (folder / "a.yaml").symlink_to("b.yaml")

    assert answers.recall(["a.yaml"], colour=False) is None


def test_a_file_that_changed_during_the_check_is_not_remembered(folder: Path, place: Path) -> None:
    looks = answers.look_at(["a.yaml"])
    (folder / "a.yaml").write_text(ADVISED)
    answers.remember(["a.yaml"], looks, 0, b"", colour=False)

    assert not place.exists()


@pytest.mark.parametrize("argument", ["nothing.yaml", "pipe", "*.yaml", "a\nb.yaml"])
def test_what_no_digest_can_stand_for_is_not_remembered(folder: Path, argument: str) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "a\nb.yaml").write_text(GOOD)

    assert answers.look_at([argument]) == []


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "swap"])
def test_a_damaged_answer_is_ignored(place: Path, damage: str) -> None:
    keep("a.yaml")
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


def test_the_cache_is_closed_to_others(place: Path) -> None:
    keep("a.yaml")
    (file,) = place.iterdir()

    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_cache_that_others_may_write_to_is_not_used(place: Path) -> None:
    place.mkdir(parents=True)
    place.chmod(0o777)
    keep("a.yaml")

    assert list(place.iterdir()) == []


def test_a_cache_inside_of_what_is_checked_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / ".cache"))
    keep("a.yaml")
    monkeypatch.chdir(folder.parent)
    keep("here/a.yaml")
    keep("here")

    assert not (folder / ".cache").exists()


def test_a_cache_that_can_not_be_written_is_no_fault(place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    place.write_text("a file where the folder should be")
    keep("a.yaml")

    assert answers.recall(["a.yaml"], colour=False) is None


def test_the_cache_keeps_the_newest_answers(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_ANSWERS", 3)
    for name in "pqrst":
        Path(f"{name}.yaml").write_text(GOOD)
        keep(f"{name}.yaml")
        for age, file in enumerate(sorted(place.iterdir(), key=lambda each: -each.stat().st_mtime_ns)):
            os.utime(file, ns=(10**18 - age * 10**9,) * 2)

    assert len(list(place.iterdir())) == 3
    assert answers.recall(["t.yaml"], colour=False) is not None
    assert answers.recall(["p.yaml"], colour=False) is None
