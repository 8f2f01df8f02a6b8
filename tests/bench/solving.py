"""How long a wide design takes to solve, and how much memory: each measured in a process of its own.

Garbage is collected as seldom as in the command line's process.

`python -m tests.bench.solving COMPONENTS FLOWS [mean] [scenarios]` prints the seconds of one solve and
the most memory that its process held.
"""

from __future__ import annotations

import gc
import resource
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

from tests.bench.wide_design import wide_design

SIZE = (1000, 200)  # components, flows
MOST_TIME, MOST_WITH_SCENARIOS, MOST_MEMORY = 2.0, 6.0, 500.0
_ROUNDS = 3
_CASES: dict[str, tuple[tuple[str, ...], float | None]] = {
    "one load point, the peak": ((), MOST_TIME),
    "peak and mean": (("mean",), None),
    "peak, mean and three scenarios": (("mean", "scenarios"), MOST_WITH_SCENARIOS),
}


class Solved(NamedTuple):
    """The processor time of one solve, reading left out, and the largest memory of its process."""

    seconds: float
    megabytes: float


def solve_once(components: int, flows: int, *words: str) -> Solved:
    """Read a wide design and solve it: its percentiles at peak, at `mean` too, or all with `scenarios`."""
    from sdplan.solve.asked import EVERYTHING, Asked
    from sdplan.solve.solve import solve, solve_alone
    from sdplan.source import read_text
    from sdplan.spec.validation import validate

    document, _ = read_text(wide_design(components, flows, scenarios="scenarios" in words), "wide.yaml")
    assert document is not None
    design, found = validate(document)
    assert design is not None, found
    points = EVERYTHING if "mean" in words else Asked(frozenset({"peak"}), frozenset({"peak"}))
    gc.collect()
    gc.set_threshold(100_000, 20, 20)
    started = time.process_time()
    solution, found = solve(design) if "scenarios" in words else solve_alone(design, points)
    took = time.process_time() - started
    assert solution is not None, found
    assert len(solution.scenarios) == len(design.scenarios)
    return Solved(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured(*words: str, size: tuple[int, int] = SIZE) -> Solved:
    """One solve in a process that has solved nothing before."""
    command = [sys.executable, "-m", "tests.bench.solving", *map(str, size), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Solved(*map(float, done.stdout.split()))


def table() -> str:
    """The floors of solving, as Markdown: the median of a few processes each, which take turns."""
    title = f"Solving {SIZE[0]:,} components and {SIZE[1]} flows, one process each."
    rows = ["| | processor time | of the limit | memory |", "|---|---:|---:|---:|"]
    times: dict[str, list[Solved]] = {name: [] for name in _CASES}
    for _ in range(_ROUNDS):
        for name, (words, _) in _CASES.items():
            times[name].append(measured(*words))
    for name, (_, most) in _CASES.items():
        took = statistics.median(one.seconds for one in times[name])
        memory = max(one.megabytes for one in times[name])
        share = "" if most is None else f"{took / most:.2f} of {most:g} s"
        rows.append(f"| {name} | {took:.2f} s | {share} | {memory:.0f} MB |")
    return f"{title}\n\n" + "\n".join(rows) + f"\n\nMemory: at most {MOST_MEMORY:.0f} MB.\n"


if __name__ == "__main__":
    result = solve_once(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
    print(result.seconds, result.megabytes)
