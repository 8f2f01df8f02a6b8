"""Service times: the law of what a component states of each of its operations."""

from __future__ import annotations

from sdplan.distributions.empirical import empirical_from_counts
from sdplan.distributions.laws import Law
from sdplan.distributions.service import (
    fixed,
    from_mean_and_scv,
    gamma_from_quantiles,
    lognormal_from_mean_and_p99,
    lognormal_from_quantiles,
    weibull_from_mean_and_scv,
    weibull_from_quantiles,
)
from sdplan.findings import Finding, Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Record
from sdplan.spec.components import Component
from sdplan.spec.service_time import ServiceTime
from sdplan.units import DURATION

_STATED = ("mean", "fixed", "p50", "p99")


def service_law(spec: ServiceTime, path: Path, ledger: Ledger) -> Law:
    """The law of a stated service time."""
    value = {name: ledger.value((*path, name)) for name in ("mean", "scv", "p50", "p99", "fixed")}
    if spec.measured:
        if not spec.sample:
            raise ValueError(f"The times of {spec.measured} were not read.")
        return empirical_from_counts(spec.sample)
    if spec.fixed is not None:
        return fixed(value["fixed"])
    if spec.p50 is not None:
        if spec.law == "gamma":
            return gamma_from_quantiles(p50=value["p50"], p99=value["p99"])
        if spec.law == "weibull":
            return weibull_from_quantiles(p50=value["p50"], p99=value["p99"])
        return lognormal_from_quantiles(p50=value["p50"], p99=value["p99"])
    if spec.law == "weibull":
        return weibull_from_mean_and_scv(mean=value["mean"], scv=value["scv"])
    if spec.p99 is not None:
        return lognormal_from_mean_and_p99(mean=value["mean"], p99=value["p99"])
    return from_mean_and_scv(mean=value["mean"], scv=value["scv"] if spec.scv is not None else 1.0)


def service_laws(name: str, spec: Component, ledger: Ledger) -> tuple[dict[str, Law], list[Finding]]:
    """The laws of a component's operations; "" stands for every operation that has none of its own."""
    laws: dict[str, Law] = {}
    findings: list[Finding] = []
    stated = {"": spec.service_time, **{op: one.service_time for op, one in spec.ops.items()}}
    for op, time in stated.items():
        if time is None:
            continue
        path: Path = ("components", name, *(("ops", op) if op else ()), "service_time")
        try:
            laws[op] = service_law(time, path, ledger)
        except ValueError as wrong:
            findings.append(
                Finding("SP304", "error", path, str(wrong).rstrip("."), "check the two percentiles")
            )
            continue
        ledger.write(_mean_of(time, path, laws[op]))
    return laws, findings


def _mean_of(time: ServiceTime, path: Path, law: Law) -> Record:
    """The mean of a stated service time, as it was stated or as its law has it."""
    stated = tuple((key, (*path, key)) for key in _STATED if getattr(time, key) is not None)
    formula = (
        "= mean" if time.mean is not None else "= fixed" if time.fixed is not None else "mean of the law"
    )
    note = f"{time.law or 'lognormal'} through the two percentiles" if time.p50 is not None else ""
    if time.measured:
        formula, note = "mean of the measurements", f"measured: {time.measured}"
    return Record(path, law.mean, DURATION, "exact", formula, stated, note)
