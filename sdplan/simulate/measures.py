"""Measures: a number from a simulation with its interval, by the method of batch means.

Samples that follow each other depend on each other; the means of long batches of them hardly do, so
their spread says how sure the whole is (Law, "Simulation Modeling and Analysis", 5th ed. 2015, section 9.5).
"""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np

from sdplan.distributions.normal import Array
from sdplan.simulate.observed import BATCHES, Samples

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
SHOWN, JUDGED = 0.99, 0.9999
"""Confidence of the interval that is shown, and of the one by which an answer is judged."""
_STUDENT = {SHOWN: 2.8609346064649794, JUDGED: 4.897461588862216}  # two-sided, BATCHES - 1 degrees of freedom
_NORMAL = {SHOWN: 2.5758293035489004, JUDGED: 3.890591886413123}
_ABOVE = 20  # samples above a percentile, for its interval to mean something
_FEWEST = 10  # samples of a batch, for its mean to be near normal


class Interval(NamedTuple):
    """Where the true number lies, with a stated confidence."""

    low: float
    high: float


class Measure(NamedTuple):
    """A simulated number with the interval that is shown and the wider one by which an answer is judged."""

    value: float
    shown: Interval
    judged: Interval
    samples: int
    scale: float = 0.0  # of the samples that are not 0, where many are

    @property
    def half_width(self) -> float:
        """Half of the interval that is shown; infinite where it has an open end."""
        return 0.5 * (self.shown.high - self.shown.low)


def of_batches(batches: Array, samples: int) -> Measure:
    """The mean of batches that weigh the same."""
    value = float(batches.mean())
    spread = float(batches.std(ddof=1)) / math.sqrt(len(batches))
    shown, judged = (
        Interval(value - factor * spread, value + factor * spread) for factor in _STUDENT.values()
    )
    return Measure(value, shown, judged, samples)


def ratio(tops: Array, bottoms: Array, samples: int) -> Measure | None:
    """The ratio of two sums, by the linear form of its error; nothing where the lower one is 0."""
    bottom = float(bottoms.mean())
    if bottom <= 0.0:
        return None
    value = float(tops.mean()) / bottom
    return of_batches(value + (tops - value * bottoms) / bottom, samples)


def _sums(samples: Samples, values: Array | Flags) -> tuple[Array, Array]:
    """The sum over each batch, and its size."""
    edges = samples.edges
    add = np.count_nonzero if values.dtype == np.bool_ else np.sum
    sums = [float(add(values[first:last])) for first, last in itertools.pairwise(edges)]
    return np.array(sums), np.diff(edges).astype(np.float64)


def mean(samples: Samples) -> Measure | None:
    """The mean of samples; nothing where there are too few."""
    if len(samples.values) < _FEWEST * BATCHES:
        return None
    return ratio(*_sums(samples, samples.values), len(samples.values))


def seldom_mean(samples: Samples, scale: float) -> Measure | None:
    """The mean of samples most of which may be 0: no surer than how many are not.

    `scale` is the least size that one that is not 0 is taken to have.
    """
    measured, some = mean(samples), share(samples, samples.values > 0.0)
    if measured is None or some is None:
        return None
    size = max(scale, measured.value / some.value if some.value > 0.0 else 0.0)
    shown, judged = (
        Interval(min(own.low, chance.low * size), max(own.high, chance.high * size))
        for own, chance in ((measured.shown, some.shown), (measured.judged, some.judged))
    )
    return measured._replace(shown=shown, judged=judged, scale=size)


def share(samples: Samples, happened: Flags) -> Measure | None:
    """How often something happened; where that is seldom, at least as wide as Wilson's interval."""
    count = len(happened)
    if count < _FEWEST * BATCHES:
        return None
    return counted(*_sums(samples, happened))


def counted(tops: Array, bottoms: Array) -> Measure | None:
    """How many of those that were counted it happened to, by batch: as sure as `share`."""
    count = int(bottoms.sum())
    measured = ratio(tops, bottoms, count)
    if measured is None:
        return None
    shown, judged = (
        _wider(interval, _wilson(measured.value, count, z))
        for interval, z in ((measured.shown, _NORMAL[SHOWN]), (measured.judged, _NORMAL[JUDGED]))
    )
    return measured._replace(shown=shown, judged=judged)


def _wider(one: Interval, other: Interval) -> Interval:
    return Interval(max(0.0, min(one.low, other.low)), min(1.0, max(one.high, other.high)))


def _wilson(value: float, count: int, z: float) -> Interval:
    middle = (value + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(value * (1 - value) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return Interval(middle - half, middle + half)


def percentiles(samples: Samples, levels: dict[str, float]) -> dict[str, Measure]:
    """Percentiles, each with the values at the ends of the interval of its level.

    A level is left out where the samples are too few for one above it.
    """
    count = len(samples.values)
    if count < _FEWEST * BATCHES:
        return {}
    ordered = np.sort(samples.values)
    found = {}
    for name, level in levels.items():
        if count * (1.0 - level) >= _ABOVE:
            found[name] = _percentile(samples, ordered, level)
    return found


def _percentile(samples: Samples, ordered: Array, level: float) -> Measure:
    count = len(ordered)
    value = float(ordered[min(count - 1, math.ceil(level * count) - 1)])
    below = share(samples, samples.values <= value)
    assert below is not None
    ends = []
    for interval in (below.shown, below.judged):
        low, high = level - (below.value - interval.low), level + (interval.high - below.value)
        first = max(0, math.floor(low * count) - 1)
        last = math.ceil(high * count)
        ends.append(
            Interval(
                float(ordered[first]) if low > 0 else 0.0,
                float(ordered[last]) if last < count else math.inf,
            )
        )
    return Measure(value, ends[0], ends[1], count)
