"""Graphviz from outside: which renderer is asked, and what is said when none can draw."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from sdplan.render import draw
from sdplan.render.draw import DrawingFailed, drawings

DOT = "digraph {a -> b}"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a `dot` on the PATH that does what a few lines of Python say."""

    def install(code: str) -> None:
        file = tmp_path / "dot"
        file.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path))

    return install


def test_without_dot_the_child_draws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    (drawn,) = drawings(DOT)

    assert drawn.count('class="node"') == 2


def test_dot_on_the_path_is_asked_first(program) -> None:
    program("import sys; print('<svg>', sys.argv[1], sys.stdin.read(), '</svg>')")

    assert next(drawings(DOT)).split() == ["<svg>", "-Tsvg", *DOT.split(), "</svg>"]


def test_a_dot_that_crashes_gives_way_to_the_child(program) -> None:
    program("import os; os.abort()")

    assert 'class="edge"' in next(drawings(DOT))


def test_a_dot_that_hangs_is_ended_in_time(program, monkeypatch: pytest.MonkeyPatch) -> None:
    program("import time; time.sleep(60)")
    monkeypatch.setattr(draw, "TIME_LIMIT", 3.0)

    assert 'class="edge"' in next(drawings(DOT))


def test_when_none_can_draw_each_says_why(program) -> None:
    program("import sys; sys.exit('no fonts\\x1b[31m here')")

    with pytest.raises(DrawingFailed) as failed:
        list(drawings("this is no graph"))

    said = str(failed.value)
    assert r"dot ended with status 1: no fonts\x1b[31m here." in said
    assert "pygraphviz ended with status" in said


def test_modules_in_the_current_folder_are_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pygraphviz.py").write_text("raise SystemExit('loaded')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PYTHONPATH", raising=False)

    assert next(drawings(DOT)).count('class="node"') == 2
