"""Validation: random designs solved and simulated, and every number that both give, kept in a file.

Each design is a line of the file, so that an interrupted validation goes on where it was.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path as File
from typing import Any, NamedTuple

from sdplan.findings import Path, dotted
from sdplan.simulate.comparing import Compared
from sdplan.simulate.samples import Sample, sample
from sdplan.simulate.verification import verified
from sdplan.simulate.world import Progress
from sdplan.solve.measured import kinds
from sdplan.solve.runs import place_id
from sdplan.solve.solution import Record, Solution
from sdplan.solve.solve import solve
from sdplan.solve.tree import calls
from sdplan.source.reading import read_text
from sdplan.spec.validation import validate


class Seen(NamedTuple):
    """A number of a design, computed and simulated; times in seconds."""

    path: str
    of: str  # p50, p99, mean, wait, hit, unavailability …
    label: str
    prefix: str
    kind: str  # of the approximation: the record's note without its counts
    computed: float
    simulated: float
    low: float  # of the interval of 99 %
    high: float
    lowest: float  # of the interval by which exact numbers are judged, 99.99 %
    highest: float
    samples: int
    utilization: float  # of the busiest station that has a part in it

    @property
    def error(self) -> float:
        """The difference as a share of the simulated number."""
        return abs(self.computed - self.simulated) / self.simulated

    @property
    def half_width(self) -> float:
        """Half of the interval of 99 % as a share of the simulated number."""
        return 0.5 * (self.high - self.low) / self.simulated


class Trial(NamedTuple):
    """A random design and what was seen of it."""

    seed: int
    family: str
    seen: tuple[Seen, ...]
    left_out: tuple[str, ...]


def validation(file: File, designs: int, runs: int, progress: Progress | None = None) -> list[Trial]:
    """The trials of so many random designs; those that the file has are not made again."""
    known = {one.seed: one for one in trials(file)}
    for seed in range(designs):
        if progress is not None:
            progress(seed / designs)
        if seed not in known:
            known[seed] = trial(sample(seed), runs)
            with file.open("a", encoding="utf-8") as end:
                end.write(json.dumps(known[seed]) + "\n")
    return [known[seed] for seed in range(designs)]


def fingerprint() -> str:
    """What tells the code of a validation from every other: trials of other code are not gone on with."""
    rooms = ("formulas", "distributions", "spec", "solve", "simulate")
    package = File(__file__).parents[1]
    files = sorted(file for room in rooms for file in (package / room).rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def trials(file: File) -> Iterator[Trial]:
    """The trials that a file keeps; a last line that was cut off is none."""
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue
            seed, family, seen, left_out = found
            yield Trial(seed, family, tuple(Seen(*one) for one in seen), tuple(left_out))


def trial(one: Sample, runs: int) -> Trial:
    """A random design solved, simulated and compared."""
    solution = solved(one)
    verification = verified(solution, runs, one.seed)
    busy = _busy(solution)
    seen = tuple(_seen(each, busy) for each in verification.compared if _is_new(each.record))
    return Trial(one.seed, one.family, seen, verification.left_out)


def solved(one: Sample) -> Solution:
    """The solution of a random design, in which nothing is wrong."""
    document, findings = read_text(one.text, f"{one.seed}.yaml")
    design, found = validate(document) if document is not None else (None, [])
    solution, late = solve(design) if design is not None else (None, [])
    if solution is None:
        raise ValueError(
            f"random design {one.seed}: {'; '.join(each.message for each in [*findings, *found, *late])}"
        )
    return solution


def _is_new(record: Record) -> bool:
    return "followers" not in record.path and "leaders" not in record.path


def _seen(one: Compared, busy: dict[Path, float]) -> Seen:
    record, measure = one.record, one.measure
    kind = next(kinds(record.note)) if record.label in ("approximation", "bound") else ""
    high, highest = (min(end.high, _most(measure.value)) for end in (measure.shown, measure.judged))
    return Seen(
        dotted(record.path),
        quantity(record.path),
        record.label,
        record.prefix,
        kind,
        record.value,
        measure.value,
        measure.shown.low,
        high,
        measure.judged.low,
        highest,
        measure.samples,
        busy.get(record.path[:2], 0.0),
    )


def _most(value: float) -> float:
    """In place of an open end."""
    return 1e6 * value if value > 0.0 else math.inf


def quantity(path: Path) -> str:
    """What a number is: a percentile or the mean of a latency, or the name of the number."""
    name = str(path[2]).removesuffix("_at_mean")
    if name in ("latency", "freshness"):
        return str(path[3])
    return ".".join([name, *(str(part) for part in path[3:])])


def _busy(solution: Solution) -> dict[Path, float]:
    """The utilization of each component, and of the busiest that each flow calls."""
    found: dict[Path, float] = {}
    for path, record in solution.records.items():
        if path[0] == "components" and path[2:] == ("utilization",):
            found[path[:2]] = record.value
    for name, tree in solution.trees.items():
        called: Any = (found.get(("components", place_id(call.place)), 0.0) for call in calls(tree))
        found["flows", name] = max(called, default=0.0)
    return found
