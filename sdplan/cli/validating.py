"""`validation`: the errors of all approximations, measured on random designs."""

from __future__ import annotations

import json
from pathlib import Path

from sdplan.cli.bar import bar
from sdplan.cli.checking import CLEAN, FINDINGS
from sdplan.cli.output import tell, unwritable
from sdplan.render.validation import validation_page
from sdplan.simulate.errors import contradicted, errors, figures
from sdplan.simulate.validation import fingerprint
from sdplan.simulate.validation import validation as made


def validation(folder: str, *, designs: int, runs: int) -> int:
    """Write the page and the figures of the labels; 1 where an exact number is contradicted."""
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with bar("random designs") as progress:
            trials = made(place / f"trials-{runs}-{fingerprint()}.jsonl", designs, runs, progress)
        _write(place / "validation.md", validation_page(trials, runs))
        _write(
            place / "measured.json", json.dumps(figures(errors(trials)), indent=1, ensure_ascii=False) + "\n"
        )
    except OSError as wrong:
        raise unwritable(folder, wrong) from None
    wrong_ones = contradicted(trials)
    for seed, one in wrong_ones:
        between = f"{one.lowest:.5g} and {one.highest:.5g}"
        tell(f"random {seed}: {one.path} is {one.computed:.5g}, and simulated between {between}")
    return FINDINGS if wrong_ones else CLEAN


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
    tell(f"wrote {file}")
