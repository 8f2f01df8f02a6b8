"""Build the site with Zensical too: the same sources and the same mkdocs.yml, into a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "zensical"


def configured(text: str) -> str:
    """The configuration with its folders seen from below the build folder."""
    return text.replace("docs_dir: site\n", "docs_dir: ../../site\n").replace("site_dir: build/site\n", "site_dir: pages\n")


def build(configuration: Path, folder: Path) -> str:
    """Build, strictly; what the builder printed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mkdocs.yml").write_text(configured(configuration.read_text(encoding="utf-8")), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict", "--clean", "--config-file", "mkdocs.yml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    printed = done.stdout + done.stderr
    if done.returncode or "warning" in printed.lower():
        sys.exit(f"zensical build failed:\n{printed}")
    return printed


if __name__ == "__main__":
    print(build(ROOT / "mkdocs.yml", FOLDER).strip().splitlines()[-1])
