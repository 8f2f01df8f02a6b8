"""What a simulation saw, before anything is made of it: samples in the order of time, and counts by batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sdplan.distributions.normal import Array
from sdplan.solve.tree import Place

BATCHES = 20


class Samples(NamedTuple):
    """Measured values in the order of time, in batches that begin at `edges`."""

    values: Array
    edges: tuple[int, ...]  # BATCHES + 1 of them


class RunsSeen(NamedTuple):
    """The runs of a flow that began in the window."""

    started: Array  # by batch
    times: Samples  # s from start to end; not a number where the run failed
    fresh: Samples  # s from the start of the run that published to the end of a run that its message began
    unfinished: int


class NodesSeen(NamedTuple):
    """The calls at the nodes of one kind, in the window."""

    name: str
    nodes: int
    calls: Array  # by batch, as the three that follow
    refused: Array
    busy: Array  # s of servers
    held: Array  # s of workers
    waits: Samples
    worker_waits: Samples
    stays: Samples


class Observed(NamedTuple):
    """What was seen in the window, which is BATCHES times `batch` seconds long."""

    batch: float
    flows: Mapping[str, RunsSeen]
    places: Mapping[Place, tuple[NodesSeen, ...]]
    whole: bool  # False where it was stopped before its end


def even(values: Array) -> Samples:
    """Samples in batches of equal size."""
    return Samples(values, tuple(len(values) * number // BATCHES for number in range(BATCHES + 1)))


def as_array(values: list[float]) -> Array:
    """A list of measured values as an array."""
    return np.array(values, dtype=np.float64)
