"""Scaling: what more workers give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sdplan.formulas import xp
from sdplan.formulas._formula import formula

_GUNTHER = "Gunther 2007, Guerrilla Capacity Planning, ch. 4 to 6"


@formula(
    "S",
    source="Amdahl 1967, Validity of the Single Processor Approach, AFIPS 30",
    validity="The work is fixed and its parallel part splits evenly and without cost.",
    outside="Work without a serial part on workers without end has no bound.",
    domain=lambda serial_fraction, workers: (
        (workers > 0) & (serial_fraction * workers + 1 - serial_fraction > 0)
    ),
)
def amdahl_speedup(*, serial_fraction: float, workers: float) -> float:
    """Speedup of a fixed amount of work.

    With workers without end it tends to one over the serial fraction.
    """
    return 1 / (serial_fraction + (1 - serial_fraction) / workers)


@formula(
    "S_G",
    source="Gustafson 1988, Reevaluating Amdahl's Law, CACM 31(5)",
    validity="The work grows with the workers; the serial fraction is measured on the parallel machine.",
)
def gustafson_speedup(*, serial_fraction: float, workers: float) -> float:
    """Scaled speedup when the work grows with the workers."""
    return serial_fraction + (1 - serial_fraction) * workers


@formula(
    "e",
    source="Karp and Flatt 1990, Measuring Parallel Processor Performance, CACM 33(5)",
    outside="With one worker there is nothing to measure.",
    domain=lambda speedup, workers: (workers > 1) & (speedup > 0),
)
def karp_flatt(*, speedup: float, workers: float) -> float:
    """Serial fraction that a measured speedup reveals."""
    return (1 / speedup - 1 / workers) / (1 - 1 / workers)


@formula(
    "C(N)",
    source=_GUNTHER,
    validity="A model fitted to measurements; it holds in the range that was measured.",
    outside="Without workers there is no capacity.",
    domain=lambda workers, contention, coherency: workers > 0,
    limit=0.0,
)
def usl_capacity(*, workers: float, contention: float, coherency: float) -> float:
    """Relative capacity by the universal scalability law, one for one worker."""
    return workers / (1 + contention * (workers - 1) + coherency * workers * (workers - 1))


@formula("X(N)", source=_GUNTHER, validity="A model fitted to measurements.")
def usl_throughput(*, workers: float, contention: float, coherency: float, single_throughput: float) -> float:
    """Throughput by the universal scalability law [1/s]."""
    return single_throughput * usl_capacity(workers=workers, contention=contention, coherency=coherency)


@formula(
    r"N_{\mathrm{peak}}",
    source=_GUNTHER,
    outside="Without coherency cost the capacity has no peak.",
    domain=lambda contention, coherency: (coherency > 0) & (contention <= 1),
)
def usl_peak(*, contention: float, coherency: float) -> float:
    """Workers beyond which the universal scalability law loses capacity."""
    return xp.sqrt((1 - contention) / coherency)


@formula(
    r"N_{\mathrm{opt}}",
    source=_GUNTHER,
    validity="Where the line of perfect scaling meets the ceiling that contention sets.",
    outside="Without contention there is no ceiling.",
    domain=lambda contention: contention > 0,
)
def usl_optimal(*, contention: float) -> float:
    """Workers at which perfect scaling would reach the ceiling of contention."""
    return 1 / contention


class UslFit(NamedTuple):
    """The parameters of the universal scalability law that fit measurements best, and how well they do."""

    contention: float
    coherency: float
    single_throughput: float  # 1/s
    determination: float  # share of the variance that the law explains


def usl_fit(*, workers: Sequence[float], throughputs: Sequence[float]) -> UslFit | None:
    """The universal scalability law through measured throughputs [1/s] by least squares, none of it negative.

    Gauss and Newton with Levenberg's damping from the quadratic fit of workers over throughput (Gunther
    2007, s. 5.5).  None for fewer than three different numbers of workers, or where nothing was measured.
    """
    if len(set(workers)) < 3 or min(throughputs) <= 0 or min(workers) <= 0:
        return None
    import numpy as np

    n, x = np.asarray(workers, dtype=float), np.asarray(throughputs, dtype=float)
    scale = float(x.max())
    terms = np.stack([np.ones_like(n), n - 1, n * (n - 1)], axis=1)  # of 1/gamma, alpha/gamma, beta/gamma
    found = np.maximum(np.linalg.lstsq(terms, n * scale / x, rcond=None)[0], 0.0)
    found[0] = max(found[0], 1e-9)
    damping, error = 1e-3, _misfit(terms, found, n, x / scale)
    for _ in range(500):
        predicted = n / (terms @ found)
        slopes = -(predicted**2 / n)[:, None] * terms
        free = (found > 0) | (slopes.T @ (x / scale - predicted) > 0)
        normal = slopes[:, free].T @ slopes[:, free]
        damped = normal + damping * np.diag(np.diag(normal))
        step = np.zeros(3)
        step[free] = np.linalg.lstsq(damped, slopes[:, free].T @ (x / scale - predicted), rcond=None)[0]
        trial = np.maximum(found + step, [1e-12, 0.0, 0.0])
        missed = _misfit(terms, trial, n, x / scale)
        settled = bool(np.all(np.abs(trial - found) <= 1e-12 * (np.abs(found) + 1e-12)))
        if missed <= error:
            found, error, damping = trial, missed, damping / 10
        else:
            damping *= 10
        if settled or damping > 1e12:
            break
    spread = float(((x / scale - (x / scale).mean()) ** 2).sum())
    inverse, contention, coherency = (float(value) for value in found)
    determination = 1 - error / spread if spread else 1.0
    return UslFit(contention / inverse, coherency / inverse, scale / inverse, determination)


def _misfit(terms: Any, found: Any, workers: Any, throughputs: Any) -> float:
    return float(((throughputs - workers / (terms @ found)) ** 2).sum())
