"""Scenarios: the design solved again as each of them leaves it, and held against what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sdplan.findings import Finding, Path
from sdplan.formulas.streams import drain_time
from sdplan.solve.asked import asked_by
from sdplan.solve.changes import changed, of_scenario
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Backlog, Expectation, Outcome, Record, Solution
from sdplan.solve.solve import solve_alone
from sdplan.spec.components import Bucket
from sdplan.spec.design import Design


class Emptied(NamedTuple):
    """A bucket that runs dry: whose, of which meter."""

    component: str
    meter: str


def outcomes(solution: Solution) -> tuple[Mapping[str, Outcome], list[Finding]]:
    """What every scenario makes of a solved design, or what is wrong with the scenario."""
    found: dict[str, Outcome] = {}
    findings: list[Finding] = []
    for name in solution.design.scenarios:
        outcome, wrong = _outcome(name, solution)
        findings += wrong
        if outcome is not None:
            found[name] = outcome
    return MappingProxyType(found), findings


def _outcome(name: str, before: Solution) -> tuple[Outcome | None, list[Finding]]:
    design, findings = changed(before, name)
    if findings:
        return None, findings
    expect = before.design.scenarios[name].expect
    slos = {slo: design.slos[slo] for slo in expect or design.slos}
    design = design.model_copy(update={"slos": slos, "results": {}, "decisions": {}})
    asked = asked_by(slos.values())
    solution, findings = solve_alone(design, asked, before)
    emptied = [] if solution is None else [*_emptied(name, solution, before)]
    if emptied:
        solution, findings = solve_alone(_at_sustained_rates(design, emptied), asked, solution)
    if solution is None:
        errors = (finding for finding in findings if finding.severity == "error")
        return None, [of_scenario(finding, before.design, name) for finding in errors][:1]
    path: Path = ("scenarios", name)
    expectations = tuple(
        Expectation(
            (*path, "expect", slo) if slo in expect else path,
            slo,
            expect.get(slo, ""),
            tuple(verdict for verdict in solution.slos if verdict.slo == slo),
        )
        for slo in slos
    )
    buckets: tuple[Path, ...] = tuple(("components", one.component, "limits", one.meter) for one in emptied)
    return Outcome(path, solution, expectations, buckets, (*_backlogs(name, solution, before),)), []


def _emptied(name: str, solution: Solution, before: Solution) -> Iterator[Emptied]:
    """The buckets that a peak empties before the scenario is over."""
    lasts = before.value("scenarios", name, "lasts")
    for component, spec in solution.design.components.items() if lasts is not None else ():
        for meter, bucket in spec.limits.items():
            if lasts is not None and bucket.burst is not None and bucket.tokens is not None:
                base: Path = ("components", component, "limits", meter)
                tokens = solution.records[(*base, "tokens")].value
                spare = solution.records[(*base, "sustained")].value - _most_used(solution, component, meter)
                if spare < 0 and tokens < -spare * lasts:
                    yield Emptied(component, meter)


def _most_used(solution: Solution, component: str, meter: str) -> float:
    """What the busiest node uses of a meter at peak, in the busiest region."""
    places = (component, *(f"{component}@{region}" for region in solution.design.regions))
    used = (solution.value("components", place, "used", meter, "peak") for place in places)
    return max((one for one in used if one is not None), default=0.0)


def _at_sustained_rates(design: Design, emptied: list[Emptied]) -> Design:
    """The design once these buckets are empty: what is left is the rate that they fill at."""
    components = dict(design.components)
    for one in emptied:
        spec = components[one.component]
        limits: dict[str, Bucket] = dict(spec.limits)
        limits[one.meter] = limits[one.meter].model_copy(update={"burst": None, "tokens": None})
        components[one.component] = spec.model_copy(update={"limits": limits})
    return design.model_copy(update={"components": components})


def _backlogs(name: str, solution: Solution, before: Solution) -> Iterator[Backlog]:
    """What piles up while the scenario lasts, and how long it takes to go away at the usual peak."""
    lasts = before.records.get(("scenarios", name, "lasts"))
    if lasts is None:
        return
    for path, growth in solution.records.items():
        if len(path) == 3 and path[0] == "flows" and path[2] == "backlog_growth" and growth.value > 0:
            yield _backlog(("scenarios", name, str(path[1])), growth, lasts, before)


def _backlog(path: Path, growth: Record, lasts: Record, before: Solution) -> Backlog:
    numbers = Ledger({growth.path: growth, lasts.path: lasts}, before.design.clock)
    size, drain = (*path, "backlog"), (*path, "drain_time")
    numbers.follow(size, "growth * lasts", {"growth": growth.path, "lasts": lasts.path})
    after = {key: before.records.get(where) for key, where in growth.inputs}
    known = {key: record for key, record in after.items() if record is not None}
    if len(known) == len(after) > 0 and known["service_rate"].value > known["arrival_rate"].value:
        for record in known.values():
            numbers.write(record)
        inputs = {"backlog": size, **{key: record.path for key, record in known.items()}}
        numbers.apply(drain, drain_time, inputs)
    return Backlog(("flows", path[-1]), numbers.records[size], numbers.records.get(drain))
