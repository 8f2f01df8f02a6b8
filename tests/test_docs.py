"""What the documentation shows is what the commands print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "site").rglob("*.md"))]
GENERATED = ("designs", "rules", "formulas")


class Session(NamedTuple):
    """A command as a page shows it, and what it prints there."""

    page: str
    command: str
    shown: str


def hand_written(page: Path) -> bool:
    parts = page.relative_to(ROOT).parts
    return parts[0] != "site" or parts[1] not in GENERATED


def sessions() -> Iterator[Session]:
    """Every `$ command` of the console blocks, with the lines below it."""
    for page in filter(hand_written, PAGES):
        for block in re.findall(
            r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                yield Session(str(page.relative_to(ROOT)), command, shown)


def blocks(language: str) -> Iterator[tuple[str, str]]:
    for page in filter(hand_written, PAGES):
        text = page.read_text(encoding="utf-8")
        for block in re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            yield str(page.relative_to(ROOT)), block


def run(command: str, folder: Path, programs: Path) -> str:
    """What a command prints, with `sdplan` being the code of this checkout."""
    program = programs / "sdplan"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sdplan.entry "$@"\n')
    program.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PATH": path}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=120, env=environment
    )
    return done.stdout + done.stderr


SESSIONS = [session for session in sessions() if "sdplan" in session.command]


def test_the_documentation_shows_commands() -> None:
    assert len(SESSIONS) >= 3


@pytest.mark.parametrize("session", SESSIONS, ids=[f"{one.page}: {one.command}" for one in SESSIONS])
def test_a_console_block_shows_what_the_command_prints(session: Session, tmp_path: Path) -> None:
    (tmp_path / "designs").symlink_to(ROOT / "designs")
    programs = tmp_path / "bin"
    programs.mkdir()

    printed = run(session.command, ROOT if "designs/" in session.command else tmp_path, programs)

    assert printed.rstrip("\n") == session.shown.rstrip("\n")


def test_make_check_shows_what_checking_the_designs_prints(tmp_path: Path) -> None:
    shown = next(session.shown for session in sessions() if session.command == "make check")

    assert run("sdplan check designs/", ROOT, tmp_path).rstrip("\n") == shown.rstrip("\n")


WHOLE_DESIGNS = [(page, block) for page, block in blocks("yaml") if re.match(r"(#.*\n)*sdplan: 1\n", block)]


@pytest.mark.parametrize(
    ("page", "block"), WHOLE_DESIGNS, ids=[f"{page} {n}" for n, (page, _) in enumerate(WHOLE_DESIGNS)]
)
def test_a_whole_design_in_the_documentation_checks_clean(page: str, block: str) -> None:
    from sdplan.pipeline import run as check

    outcome = check(page, block.encode())

    assert [finding for finding in outcome.findings if finding.severity == "error"] == []


def test_links_between_pages_lead_somewhere() -> None:
    for page in filter(hand_written, PAGES):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target) and not set(Path(target).parts) & {*GENERATED, "assets"}:
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
