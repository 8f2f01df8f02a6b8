"""Which files are designs, and what happens to those that can't be read."""

import io
import os
import sys
from pathlib import Path

import pytest

from sdplan.source import Unreadable, find_designs, load, read_file

DESIGN = "sdplan: 1\nid: a\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with designs and other YAML."""
    files = {
        "designs/b.yaml": DESIGN,
        "designs/a.yml": "# a comment\n" + DESIGN,
        "designs/deep/er/c.yaml": "\ufeff" + DESIGN,
        "designs/ci.yaml": "jobs: {build: {}}\ntext: |\n  sdplan: 1\n",
        "designs/late.yaml": "# " + "x" * 65_536 + "\n" + DESIGN,
        "designs/.hidden/d.yaml": DESIGN,
        "designs/notes.txt": DESIGN,
        "other/none.yaml": "a: 1\n",
        "outside/secret.yaml": DESIGN,
    }
    for name, text in files.items():
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def _message(arguments: list[str]) -> str:
    with pytest.raises(Unreadable) as refused:
        find_designs(arguments)
    return refused.value.message


def test_a_folder_gives_its_designs_in_order_and_no_other_yaml(tree: Path) -> None:
    paths, notes = find_designs(["designs"])

    assert paths == [
        os.path.join("designs", *name.split("/")) for name in ("a.yml", "b.yaml", "deep/er/c.yaml")
    ]
    assert notes == []


def test_a_named_file_always_counts(tree: Path) -> None:
    assert find_designs(["designs/ci.yaml", "designs/notes.txt"])[0] == [
        "designs/ci.yaml",
        "designs/notes.txt",
    ]


def test_a_design_that_is_named_twice_is_read_once(tree: Path) -> None:
    paths, _ = find_designs(["designs/b.yaml", "designs", "./designs/b.yaml"])

    assert paths[0] == "designs/b.yaml"
    assert len(paths) == 3


def test_a_pattern_gives_what_it_matches_in_order(tree: Path) -> None:
    assert find_designs(["designs/?.y*ml"])[0] == ["designs/a.yml", "designs/b.yaml"]
    assert find_designs(["designs/**/c.yaml"])[0] == ["designs/deep/er/c.yaml"]
    assert _message(["designs/*.json"]) == "no file matches designs/*.json"


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree: Path) -> None:
    (tree / "a[1].yaml").write_text(DESIGN)

    assert find_designs(["a[1].yaml"])[0] == ["a[1].yaml"]


def test_what_can_not_be_read_is_said_in_a_sentence(tree: Path) -> None:
    assert _message(["gone.yaml"]) == "cannot read gone.yaml: there is no such file"
    assert (
        _message(["designs/b.yaml/x"]) == "cannot read designs/b.yaml/x: a part of its path is not a folder"
    )
    assert _message(["other"]) == "there is no design in other"
    assert _message(["designs", "other"]) == "there is no design in other"
    assert _message([]) == "there is no design to read"
    assert _message(["a\0b"]) == "cannot read a\\x00b: this is not a file name"
    assert _message(["\x1b[2J"]) == "no file matches \\x1b[2J"


def test_a_folder_or_a_pipe_is_not_read_as_a_file(tree: Path) -> None:
    os.mkfifo("pipe.yaml")
    with pytest.raises(Unreadable, match="it is a folder"):
        load("designs")
    with pytest.raises(Unreadable, match="not a regular file"):
        load("pipe.yaml")
    with pytest.raises(Unreadable, match="not a regular file"):
        load(os.devnull)


def test_a_file_without_permission_is_said_in_a_sentence(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", forbidden)

    with pytest.raises(Unreadable, match=r"cannot read designs/b.yaml: reading it is not permitted"):
        load("designs/b.yaml")


def test_a_pipe_in_a_folder_is_passed_over(tree: Path) -> None:
    os.mkfifo("designs/pipe.yaml")

    assert len(find_designs(["designs"])[0]) == 3


def test_links_that_leave_the_folder_are_passed_over_with_a_note(tree: Path) -> None:
    os.symlink("../outside/secret.yaml", "designs/secret.yaml")
    os.symlink("../outside", "designs/outside")
    os.symlink("gone.yaml", "designs/dangling.yaml")
    os.symlink("self.yaml", "designs/self.yaml")
    os.symlink("..", "designs/deep/loop")
    os.symlink("b.yaml", "designs/same.yaml")
    paths, notes = find_designs(["designs"])

    assert len(paths) == 3
    assert notes == [
        "designs/dangling.yaml is a link that leads nowhere and was not read",
        "designs/deep/loop is a link to a folder and was not followed",
        "designs/outside is a link to a folder and was not followed",
        "designs/secret.yaml is a link that leads out of its folder and was not read",
        "designs/self.yaml is a link that leads nowhere and was not read",
    ]


@pytest.mark.parametrize("target", ["../outside-of-all.yaml", "gone.yaml", "link.yaml", "/etc/hostname"])
def test_a_named_link_that_leads_out_or_nowhere_is_passed_over_with_a_note(tree: Path, target: str) -> None:
    (tree.parent / "outside-of-all.yaml").write_text(DESIGN)
    os.symlink(target, "link.yaml")
    paths, notes = find_designs(["link.yaml", "designs/b.yaml"])

    assert paths == ["designs/b.yaml"]
    assert [note.split(" is a link")[0] for note in notes] == ["link.yaml"]
    assert _message(["link.yaml"]) == f"there is no design to read: {notes[0]}"


def test_a_link_inside_the_working_folder_is_read(tree: Path) -> None:
    os.symlink("designs/b.yaml", "link.yaml")
    os.symlink("designs", "folder")

    assert find_designs(["link.yaml"]) == (["link.yaml"], [])
    assert len(find_designs(["folder"])[0]) == 3


def test_a_dash_is_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"id: x\n")))
    document, findings = read_file("-")

    assert find_designs(["-"]) == (["-"], [])
    assert findings == []
    assert document is not None
    assert (document.name, document.data) == ("<stdin>", {"id": "x"})


def test_a_file_is_read_with_its_name(tree: Path) -> None:
    document, _ = read_file("designs/b.yaml")

    assert document is not None
    assert (document.name, document.data["id"]) == ("designs/b.yaml", "a")


def test_no_more_than_the_limit_of_a_file_is_read(tree: Path) -> None:
    with open("big.yaml", "wb") as file:
        file.truncate(1 << 32)
    document, (finding,) = read_file("big.yaml")

    assert document is None
    assert finding.code == "SP107"
    assert len(load("big.yaml")) == (1 << 20) + 1
