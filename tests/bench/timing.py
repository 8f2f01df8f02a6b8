"""How long processes take, side by side: each round runs all of them, so a slow minute is slow for all."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Took(NamedTuple):
    """The time of one run: on the clock, and on the processor."""

    wall: float  # s
    cpu: float  # s


class Command(NamedTuple):
    """What is run, and what is done before each run."""

    arguments: Sequence[str]
    prepare: Callable[[], None] = lambda: None


def interleaved(
    commands: Mapping[str, Command], rounds: int, environment: Mapping[str, str]
) -> dict[str, list[Took]]:
    """The times of each command in as many rounds, after one that is not counted."""
    times: dict[str, list[Took]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            command.prepare()
            took = run(command.arguments, environment)
            if number:
                times[name].append(took)
    return times


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> Took:
    """Run a process to its end, its output thrown away."""
    before, started = _used(), time.perf_counter()
    done = subprocess.run(
        arguments, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    took = Took(time.perf_counter() - started, _used() - before)
    if done.returncode:
        raise RuntimeError(f"{arguments} ended with {done.returncode}: {done.stderr.decode()}")
    return took


def median(times: Sequence[Took]) -> Took:
    """The median of each time."""
    return Took(statistics.median(each.wall for each in times), statistics.median(each.cpu for each in times))


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def clean_environment(folder: str) -> dict[str, str]:
    """The environment of this process with a cache and compiled modules in a folder of their own."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "NO_COLOR", "FORCE_COLOR", "SDPLAN_DEBUG"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, "XDG_CACHE_HOME": f"{folder}/cache", "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
