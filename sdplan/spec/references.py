"""Every name that points at something else in the design must point at something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sdplan.catalog import row, techs
from sdplan.findings import Finding, Path
from sdplan.spec.faults import suggestion
from sdplan.spec.steps import CallStep, ChooseStep, ParallelStep, Step

if TYPE_CHECKING:
    from sdplan.spec.design import Design


def check_references(design: Design) -> list[Finding]:
    """A finding for each name that is used and not defined, with the nearest one that is."""
    return [
        *_step_references(design),
        *_flow_references(design),
        *_entity_references(design),
        *_component_references(design),
        *_region_references(design),
        *_slo_references(design),
        *_scenario_references(design),
        *_decision_references(design),
    ]


def walk(steps: Iterable[Step]) -> Iterator[CallStep]:
    """Every call of a list of steps, at any depth."""
    for step in steps:
        if isinstance(step, CallStep):
            yield step
            yield from walk((*step.calls, *step.miss, *step.fallback))
        elif isinstance(step, ParallelStep):
            yield from walk(step.calls)
        else:
            for branch in step.branches:
                yield from walk(branch.calls)


def choices(steps: Iterable[Step]) -> Iterator[ChooseStep]:
    """Every `choose` of a list of steps, at any depth."""
    for step in steps:
        if isinstance(step, CallStep):
            yield from choices((*step.calls, *step.miss, *step.fallback))
        elif isinstance(step, ParallelStep):
            yield from choices(step.calls)
        else:
            yield step
            for branch in step.branches:
                yield from choices(branch.calls)


def _unknown(
    what: str, name: str, known: Iterable[str], path: Path, *, on_key: bool = False
) -> Iterator[Finding]:
    names = set(known)
    if name not in names:
        yield Finding(
            "SP401", "error", path, f"unknown {what} `{name}`", suggestion(name, names), on_key=on_key
        )


def _step_references(design: Design) -> Iterator[Finding]:
    for flow in design.flows.values():
        for call in walk(flow.steps):
            on_key = isinstance(call.source[-1], str)
            yield from _unknown("component", call.component, design.components, call.source, on_key=on_key)
            if call.region:
                yield from _unknown(
                    "region", call.region, (*design.regions, "others"), call.source, on_key=on_key
                )
            if call.options.entity:
                yield from _unknown("entity", call.options.entity, design.entities, (*call.source, "entity"))
            if call.options.retries is not None and call.options.timeout is None:
                hint = "add a timeout, for example `timeout: 200ms`"
                yield Finding(
                    "SP205", "error", (*call.source, "retries"), "`retries` needs a `timeout`", hint
                )


def _flow_references(design: Design) -> Iterator[Finding]:
    streams = [name for name, component in design.components.items() if component.delivers]
    for name, flow in design.flows.items():
        if flow.trigger is not None:
            yield from _unknown(
                "stream or queue", flow.trigger.stream, streams, ("flows", name, "trigger", "stream")
            )
        for component in flow.connections:
            path = ("flows", name, "connections", component)
            yield from _unknown("component", component, design.components, path, on_key=True)


def _entity_references(design: Design) -> Iterator[Finding]:
    for name, entity in design.entities.items():
        for flow in entity.created_by:
            yield from _unknown("flow", flow, design.flows, ("entities", name, "created_by", flow))
        for store in entity.keep:
            path = ("entities", name, "keep", store)
            yield from _unknown("component", store, design.components, path, on_key=True)
        kept_for_ever = [store for store, time in entity.keep.items() if time == "forever"]
        if kept_for_ever and entity.created_by and design.horizon is None:
            hint = "state at the top how far the plan looks, for example `horizon: 5y`"
            path = ("entities", name, "keep", kept_for_ever[0])
            yield Finding(
                "SP402", "error", path, "what is created and kept forever needs the design's `horizon`", hint
            )


def _component_references(design: Design) -> Iterator[Finding]:
    for name, component in design.components.items():
        path = ("components", name)
        if component.tech:
            known = row(component.tech)
            if known is None:
                near = suggestion(component.tech, techs())
                hint = f"{near}{'; or ' if near else ''}leave `tech` out and state the numbers here"
                yield Finding(
                    "SP403", "warning", (*path, "tech"), f"no catalogue row for `{component.tech}`", hint
                )
            elif component.kind not in known.kinds:
                message = f"`{component.tech}` is a {' or '.join(known.kinds)}, not a {component.kind}"
                yield Finding("SP403", "warning", (*path, "tech"), message, f"write `kind: {known.kinds[0]}`")
        for region in component.regions:
            yield from _unknown("region", region, design.regions, (*path, "regions"))


def _slo_references(design: Design) -> Iterator[Finding]:
    for name, slo in design.slos.items():
        for flow in slo.flow:
            yield from _unknown("flow", flow, (*design.flows, "all"), ("slos", name, "flow"))
        if slo.component:
            yield from _unknown("component", slo.component, design.components, ("slos", name, "component"))


def _region_references(design: Design) -> Iterator[Finding]:
    for name, region in design.regions.items():
        for other in region.rtt:
            path = ("regions", name, "rtt", other)
            yield from _unknown("region", other, design.regions, path, on_key=True)


def _scenario_references(design: Design) -> Iterator[Finding]:
    for name, scenario in design.scenarios.items():
        for slo in scenario.expect:
            yield from _unknown("SLO", slo, design.slos, ("scenarios", name, "expect", slo), on_key=True)
        for flow in scenario.traffic:
            yield from _unknown("flow", flow, (*design.flows, "all"), ("scenarios", name, "traffic", flow))
        for slowed in scenario.slow:
            component = slowed.partition(".")[0]
            where = ("scenarios", name, "slow", slowed)
            yield from _unknown("component", component, design.components, where)
        if scenario.lose is not None:
            lost = ("scenarios", name, "lose")
            for component in (*scenario.lose.components, *scenario.lose.replicas):
                yield from _unknown("component", component, design.components, lost)
            for region in scenario.lose.regions:
                yield from _unknown("region", region, design.regions, (*lost, "regions"))


def _decision_references(design: Design) -> Iterator[Finding]:
    for name, decision in design.decisions.items():
        if decision.supersedes:
            yield from _unknown(
                "decision", decision.supersedes, design.decisions, ("decisions", name, "supersedes")
            )
        if decision.outcome and decision.options:
            yield from _unknown("option", decision.outcome, decision.options, ("decisions", name, "outcome"))
