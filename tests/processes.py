"""Runs sdplan as its users do: in a process of its own, with a cache folder of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DESIGNS = ROOT / "designs"
SCHEMAS = ROOT / "sdplan" / "render" / "schemas"
MAIN = "from sdplan.entry import main; main()"


def environment(cache: Path, **changed: str) -> dict[str, str]:
    """The environment of a child: nothing of the terminal or the CI that the tests run in."""
    dropped = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_STEP_SUMMARY", "SDPLAN_DEBUG", "PYTHONWARNINGS"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache), **changed}


def sdplan(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a command of sdplan."""
    return python("-c", MAIN, *arguments, cwd=cwd, **options)


def python(
    *arguments: str, cwd: Path, stdin: bytes = b"", **changed: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the interpreter, its cache beside the folder that it runs in; `changed` goes to its environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment(cwd.parent / f"{cwd.name}-cache", **changed),
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )
