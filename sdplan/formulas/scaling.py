"""Scaling: what more workers give."""

from __future__ import annotations

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
