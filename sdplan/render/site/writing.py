"""Writing the site to disk: only into its folder, only what changed, and nothing that is no longer made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sdplan.render.prose import quoted
from sdplan.render.site.pages import Draw, drawn, pages, slugs
from sdplan.render.site.portfolio_table import portfolio_table
from sdplan.render.templates import fill

if TYPE_CHECKING:
    from sdplan.render.checked import Checked

MANIFEST = "designs/.generated"
"""The list of what the last run wrote, so that a page whose design is gone goes too."""


def site(checks: Sequence[Checked], folder: Path, draw: Draw = drawn) -> list[Path]:
    """Write the generated pages below a folder of hand-written ones; what was written."""
    return write(pages(checks, draw), folder)


def portfolio(
    checks: Sequence[Checked], folder: Path, title: str = "Designs", draw: Draw = drawn
) -> list[Path]:
    """Write a site that stands alone: the generated pages, a home page and the builder's configuration."""
    text = pages(checks, draw)
    text["index.md"] = fill("home.md.j2", title=title, table=portfolio_table(slugs(checks), "designs/"))
    written = write(text, folder / "pages")
    return [*written, *_changed({"mkdocs.yml": fill("mkdocs.yml.j2", site_name=quoted(title))}, folder)]


def write(text: Mapping[str, str], folder: Path) -> list[Path]:
    """Write these files below a folder and remove those that an earlier run wrote and this one did not."""
    for name in _listed(folder / MANIFEST) - set(text):
        target = folder / name
        if _inside(target, folder) and target.is_file():
            target.unlink()
    manifest = "".join(f"{name}\n" for name in sorted(text))
    return _changed({**text, MANIFEST: manifest}, folder)


def _changed(text: Mapping[str, str], folder: Path) -> list[Path]:
    written = []
    for name, content in text.items():
        target = folder / name
        if not _inside(target, folder):
            raise ValueError(f"{name} lies outside the site")
        raw = content.encode()
        if not target.is_file() or target.read_bytes() != raw:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(raw)
            written.append(target)
    return written


def _listed(manifest: Path) -> set[str]:
    return set(manifest.read_text(encoding="utf-8").splitlines()) if manifest.is_file() else set()


def _inside(target: Path, folder: Path) -> bool:
    """Whether a file lies below the folder, wherever links may lead."""
    return target.resolve().is_relative_to(folder.resolve())
