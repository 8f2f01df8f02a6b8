"""Measured service times: the files that a design names, and the design with what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from sdplan.findings import Finding, Path
from sdplan.source.measurements import Refused, Sample, read_measurements
from sdplan.spec.components import Component
from sdplan.spec.design import Design
from sdplan.spec.service_time import ServiceTime

Read = Callable[[str], Sample | Refused]


def named_files(design: Design) -> Iterator[tuple[Path, str]]:
    """Where a design names a file of measured times, and which."""
    for name, spec in design.components.items():
        for path, time in _times(("components", name), spec):
            if time.measured:
                yield (*path, "measured"), time.measured


def _times(base: Path, spec: Component) -> Iterator[tuple[Path, ServiceTime]]:
    stated: list[tuple[Path, object]] = [
        (("service_time",), spec.service_time),
        (("lag",), getattr(spec, "lag", None)),
        *((("ops", op, "service_time"), one.service_time) for op, one in spec.ops.items()),
    ]
    for tail, time in stated:
        if isinstance(time, ServiceTime):
            yield (*base, *tail), time


def with_measurements(design: Design, file: str) -> tuple[Design, list[Finding]]:
    """The design with the times of the files that it names; each that can't be used is a finding."""
    samples: dict[str, Sample] = {}
    findings = []
    for path, name in named_files(design):
        found = read_measurements(file, name)
        if isinstance(found, Refused):
            findings.append(Finding("SP307", "error", path, found.message, found.hint))
        else:
            samples[name] = found
    if findings or not samples:
        return design, findings
    components = {name: _filled(spec, samples) for name, spec in design.components.items()}
    return design.model_copy(update={"components": MappingProxyType(components)}), []


def _filled(spec: Component, samples: Mapping[str, Sample]) -> Component:
    def filled(time: ServiceTime | None) -> ServiceTime | None:
        sample = samples.get(time.measured) if time is not None else None
        return time if time is None or sample is None else time.model_copy(update={"sample": sample})

    ops = {
        op: one.model_copy(update={"service_time": filled(one.service_time)}) for op, one in spec.ops.items()
    }
    update: dict[str, object] = {"service_time": filled(spec.service_time), "ops": MappingProxyType(ops)}
    lag = getattr(spec, "lag", None)
    if isinstance(lag, ServiceTime):
        update["lag"] = filled(lag)
    return spec.model_copy(update=update)
