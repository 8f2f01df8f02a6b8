"""Measured times: a file beside a design, with one time a line.

The first line says the unit, and after a comma `count` where each time comes with how often it was seen:

    ms,count
    1.25,4000
    80,12
"""

from __future__ import annotations

import math
import os
from typing import NamedTuple

from sdplan.source.files import STDIN, Unreadable, load, shown_name

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}
_LONGEST_NAME = 200
_MOST_BYTES = 1 << 20
Sample = tuple[tuple[float, float], ...]


class Refused(NamedTuple):
    """Why a file of measurements can't be used, and what to write instead."""

    message: str
    hint: str


def read_measurements(design: str, name: str) -> Sample | Refused:
    """The times [s] in a file beside a design, each with how often it was seen."""
    if design == shown_name(STDIN):
        return Refused("a design from the standard input has no files beside it", "check it by its file name")
    if not _is_beside(name):
        return Refused("measurements lie in the folder of the design, or below it", "write `times.csv`")
    path = os.path.join(os.path.dirname(design), name)
    folder = os.path.realpath(os.path.dirname(design) or ".")
    if not os.path.realpath(path).startswith(folder + os.sep):
        return Refused("this file leads out of the folder of the design", "copy it beside the design")
    try:
        raw = load(path)
    except Unreadable as wrong:
        return Refused(wrong.message, "the name is relative to the folder of the design")
    if len(raw) > _MOST_BYTES:
        return Refused("more than 1 MiB of measurements", "count equal times together: `ms,count`")
    try:
        return _parsed(raw.decode("utf-8").splitlines())
    except (UnicodeDecodeError, ValueError) as wrong:
        said = str(wrong) if not isinstance(wrong, UnicodeDecodeError) else "it is not UTF-8 text"
        return Refused(f"these are no measurements: {said}", "the first line is `ms`, each other one a time")


def _is_beside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return (
        0 < len(name) <= _LONGEST_NAME and not os.path.isabs(name) and ".." not in parts and "\0" not in name
    )


def _parsed(lines: list[str]) -> Sample:
    head = [part.strip() for part in (lines[0] if lines else "").split(",")]
    if head[0] not in UNITS or head[1:] not in ([], ["count"]):
        raise ValueError(f"line 1 is to be one of {', '.join(UNITS)}, and may go on `,count`")
    unit, counted = UNITS[head[0]], len(head) == 2
    found: dict[float, float] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            time, count = _line(line, number, counted)
            found[time * unit] = found.get(time * unit, 0.0) + count
    if not any(found.values()):
        raise ValueError("there is no time in it")
    return tuple(sorted(found.items()))


def _line(line: str, number: int, counted: bool) -> tuple[float, float]:
    parts = line.split(",")
    if len(parts) != (2 if counted else 1):
        raise ValueError(f"line {number} has {len(parts)} parts")
    try:
        time, count = float(parts[0]), float(parts[1]) if counted else 1.0
    except ValueError:
        raise ValueError(f"line {number} is not a number") from None
    if not (0.0 <= time < math.inf and 0.0 <= count < math.inf):
        raise ValueError(f"line {number} is below zero, or has no end")
    return time, count
