"""Build the site with Zensical too: the same sources and the same mkdocs.yml, into a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "zensical"


def build(sources: Path, configuration: Path, folder: Path) -> str:
    """Build a copy of the sources, strictly, since Zensical wants them below its configuration."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sources, folder / "site")
    text = configuration.read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        text.replace("site_dir: build/site\n", "site_dir: pages\n"), encoding="utf-8"
    )
    program = str(Path(sys.executable).with_name("zensical"))
    command = [program, "build", "--strict", "--clean", "--config-file", "mkdocs.yml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    printed = done.stdout + done.stderr
    if done.returncode or "warning" in printed.lower():
        sys.exit(f"zensical build failed:\n{printed}")
    return printed


if __name__ == "__main__":
    print(build(ROOT / "site", ROOT / "mkdocs.yml", FOLDER).strip().splitlines()[-1])
