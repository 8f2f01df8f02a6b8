"""The page of numbers names every number that the shipped designs have, and none that nothing writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sdplan.pipeline import run
from sdplan.solve.values import stated

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "site" / "guide" / "numbers.md"
DESIGNS = sorted((ROOT / "designs").glob("*.yaml"))
CALL = r"flows\.[^.]+\.steps\..+"
PARTS = {
    "CALL": CALL,
    "PCT": r"(mean|p\d+(\.\d+)?)",
    "POINT": "(mean|peak)",
    "MEASURE": "(availability|undegraded|errors|latency|wait|freshness|durability|rpo|rto|cost)",
    "ALERT": "(fast|medium|slow)",
}


@cache
def documented() -> dict[str, re.Pattern[str]]:
    """Every path of the page, and what it stands for as a pattern."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            for path in re.findall(r"`([^`]+)`", line.split("|")[1]):
                found[path] = re.compile(pattern(path))
    return found


def pattern(path: str) -> str:
    said = re.escape(path.replace("[_at_mean]", "~")).replace(r"\~", "~").replace("~", "(_at_mean)?")
    return re.sub(r"[A-Z]{2,}", lambda word: PARTS.get(word.group(), r"[^.]+"), said)


def computed(design: Path) -> Iterator[str]:
    """The paths of the numbers of a design and its scenarios that it does not state itself."""
    outcome = run(design.name, design.read_bytes())
    assert outcome.solution is not None
    for solution in (outcome.solution, *(one.solution for one in outcome.solution.scenarios.values())):
        said, _ = stated(solution.design)
        for path, record in solution.records.items():
            if path not in said and (record.formula or record.label != "stated"):
                yield ".".join(str(part) for part in path)


@cache
def written() -> str:
    """The source of the solver."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "sdplan" / "solve").glob("*.py"))


@pytest.mark.parametrize("design", DESIGNS, ids=[path.stem for path in DESIGNS])
def test_every_computed_number_of_a_shipped_design_is_on_the_page(design):
    known = documented().values()
    missing = {path for path in computed(design) if not any(one.fullmatch(path) for one in known)}

    assert not missing


def is_written(name: str) -> bool:
    """Whether the solver writes a name, as a whole or put together from two parts."""
    cuts = [cut.start() for cut in re.finditer("_", name)]
    halves = ((name[: cut + 1], name[cut:]) for cut in cuts)
    return bool(re.search(rf"\b{name}\b", written())) or any(
        f'"{head}{{' in written() or f"}}{tail}" in written() or f"{head[:-1]}{{" in written()
        for head, tail in halves
    )


@pytest.mark.parametrize("path", documented())
def test_every_name_on_the_page_is_one_that_the_solver_knows(path):
    parts = path.replace("[_at_mean]", "").split(".")

    assert is_written(next(part for part in reversed(parts) if not part.isupper()))


def test_a_name_that_nothing_writes_is_noticed():
    assert not is_written("flying_saucers")
