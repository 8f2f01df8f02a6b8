"""`diagram`, `onepager`, `adr` and `site`: pages and pictures, written only where the user said."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sdplan.cli.checking import examine, verdict
from sdplan.cli.output import Refusal, save, tell, unwritable
from sdplan.cli.showing import solved, tell_findings
from sdplan.findings import safe_text

if TYPE_CHECKING:
    from sdplan.render.diagram import Graph


def diagram(file: str, form: str, output: str) -> int:
    """Draw the capacity diagram of a design."""
    one = solved(file)
    from sdplan.render.diagram import DrawingFailed, capacity_graph, to_dot, to_mermaid, to_svg

    notations: dict[str, Callable[[Graph], str]] = {"svg": to_svg, "dot": to_dot, "mermaid": to_mermaid}
    try:
        save(output, notations[form](capacity_graph(one.design, one.solution)))
    except DrawingFailed as wrong:
        raise Refusal(f"no picture: {wrong}", "--format dot and --format mermaid need none") from None
    return 0


def onepager(file: str, form: Literal["markdown", "html"], output: str) -> int:
    """Write the review outline of a design."""
    one = solved(file)
    from sdplan.render.onepager import onepager as written

    save(output, written(one.design, one.solution, format=form))
    return 0


def adr(file: str, folder: str) -> int:
    """Write the decision records of a design, one file each."""
    one = solved(file)
    from sdplan.render.adr import adr as records

    written = records(one.design, one.solution)
    if not written:
        raise Refusal(f"{safe_text(file)} states no decisions", "add one under `decisions:`")
    _write_all(written, folder)
    return 0


def _write_all(texts: Mapping[str, str], folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
        for name, text in texts.items():
            _write_below(folder, name, text)
            tell(f"wrote {os.path.join(folder, name)}")
    except (OSError, ValueError) as wrong:
        raise unwritable(folder, wrong) from None


def _write_below(folder: str, name: str, text: str) -> None:
    """Write one file of a folder; never through a link, because its name comes from the design."""
    target = os.path.join(folder, os.path.basename(name))
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(target, flags, 0o666), "wb") as file:
        file.write(text.encode())


def site(files: list[str], folder: str, *, standalone: bool) -> int:
    """Write the pages of all designs into a folder."""
    checks = examine(files)
    from sdplan.render.site import portfolio
    from sdplan.render.site import site as pages

    try:
        written = (portfolio if standalone else pages)(checks, Path(folder))
    except (OSError, ValueError) as wrong:
        raise unwritable(folder, wrong) from None
    designs = f"{len(checks)} design{'s' if len(checks) != 1 else ''}"
    tell(f"{designs}: {len(written)} pages were new or had changed in {safe_text(folder)}")
    code = verdict(checks, "error")
    if code:
        tell_findings(checks)
    return code
