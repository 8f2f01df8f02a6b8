"""Changes: what a scenario does to a design, as a design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sdplan.expressions import LARGEST, ExpressionError
from sdplan.findings import Finding, Path, dotted
from sdplan.solve.overrides import Fault, overridden, path_in_design
from sdplan.solve.solution import Record, Solution
from sdplan.solve.values import stated
from sdplan.solve.variants import duration, scaled, with_other_time
from sdplan.spec.design import Design
from sdplan.spec.flows import Flow
from sdplan.spec.objectives import Lost
from sdplan.spec.references import check_references
from sdplan.units import DURATION, NUMBER, RATE, Quantity, UnitError, parse_quantity

Records = Mapping[Path, Record]
_FORM = "write a factor on its service time such as `3x`, or a delay such as `+200ms`"


def changed(before: Solution, name: str) -> tuple[Design, list[Finding]]:
    """The design of a solution as a scenario leaves it; or what is wrong with the scenario.

    Counts of nodes that the design leaves open follow the load, except where something is lost: what is left
    then is what was there before.
    """
    design = _pinned(before) if before.design.scenarios[name].lose is not None else before.design
    design = design.model_copy(update={"scenarios": {name: design.scenarios[name]}})
    for step in (_set, _grown, _lost, _loaded):
        design, findings = step(design, name)
        if findings:
            return before.design, findings
    return design.model_copy(update={"scenarios": {}}), []


def _pinned(before: Solution) -> Design:
    from sdplan.solve.losing import pinned

    return pinned(before)


def _set(design: Design, name: str) -> tuple[Design, list[Finding]]:
    """Values set at paths, in the order of the scenario."""
    for text, raw in design.scenarios[name].set.items():
        path, where = path_in_design(text), ("scenarios", name, "set", text)
        try:
            design = overridden(design, path, raw)
            wrong = check_references(design)
        except Fault as fault:
            wrong = fault.findings
        errors = [finding for finding in wrong if finding.severity == "error"]
        if errors:
            return design, [_moved(finding, path, where) for finding in errors]
    return design, []


def _moved(finding: Finding, path: Path, where: Path) -> Finding:
    """A finding about a value of the design, at the line of the scenario that sets it."""
    inside = finding.path[len(path) :] if finding.path[: len(path)] == path else ()
    return finding._replace(path=(*where, *inside))


def _grown(design: Design, name: str) -> tuple[Design, list[Finding]]:
    """Inputs as they will be after some years."""
    years = design.scenarios[name].years
    if years is None:
        return design, []
    from sdplan.solve.growth import grown

    records, findings = _values(design, name)
    if findings:
        return design, findings
    return grown(design, records["scenarios", name, "years"].value), []


def _lost(design: Design, name: str) -> tuple[Design, list[Finding]]:
    """Without what the scenario takes away."""
    lost = design.scenarios[name].lose
    if lost is None:
        return design, []
    records, findings = _values(design, name)
    if findings:
        return design, findings
    return _without(design, lost, ("scenarios", name, "lose"), records), []


def _without(design: Design, lost: Lost, where: Path, records: Records) -> Design:
    from sdplan.solve.losing import with_fewer_replicas, without_components, without_regions, without_zones

    if lost.zones is not None:
        design = without_zones(design, records[(*where, "zones")].value)
    if lost.regions:
        design = without_regions(design, lost.regions)
    if lost.replicas:
        counts = {name: records[(*where, "replicas", name)].value for name in lost.replicas}
        design = with_fewer_replicas(design, counts)
    return without_components(design, lost.components) if lost.components else design


def _loaded(design: Design, name: str) -> tuple[Design, list[Finding]]:
    """With more or less traffic, and with components that are slower."""
    scenario = design.scenarios[name]
    if not scenario.traffic and not scenario.slow:
        return design, []
    records, findings = _values(design, name)
    findings = findings or [*_unfit_traffic(design, name, records)]
    if findings:
        return design, findings
    factors = {flow: records["scenarios", name, "traffic", flow].value for flow in scenario.traffic}
    flows = {
        flow: _busier(spec, ("flows", flow), factors.get(flow, factors.get("all", 1.0)), records)
        for flow, spec in design.flows.items()
    }
    design = design.model_copy(update={"flows": MappingProxyType(flows)})
    for component, text in scenario.slow.items():
        try:
            design = _slower(design, component, text, records)
        except Fault as fault:
            where = ("scenarios", name, "slow", component)
            return design, [finding._replace(path=where) for finding in fault.findings]
    return design, []


def _unfit_traffic(design: Design, name: str, records: Records) -> Iterator[Finding]:
    for flow in design.scenarios[name].traffic:
        where: Path = ("scenarios", name, "traffic", flow)
        trigger = design.flows[flow].trigger if flow in design.flows else None
        if trigger is not None:
            message = f"{flow} runs on the messages of {trigger.stream} and has no traffic of its own"
            hint = f"multiply the flows that write to {trigger.stream}, or `all`"
            yield Finding("SP205", "error", where, message, hint)
        most = max((one.value for path, one in records.items() if path[0] == "flows"), default=1.0)
        if most * records[where].value > LARGEST:
            yield Finding("SP304", "error", where, "this is more traffic than can be calculated with", "")


def _busier(flow: Flow, path: Path, factor: float, records: Records) -> Flow:
    """A flow with its mean and its peak multiplied; one that messages trigger follows what it reads."""
    if factor == 1.0 or flow.trigger is not None:
        return flow
    update: dict[str, object] = {}
    if flow.rate is not None:
        update["rate"] = scaled(flow.rate, records[(*path, "rate")], factor)
    if flow.peak is not None and records[(*path, "peak")].dimension == RATE:
        update["peak"] = scaled(flow.peak, records[(*path, "peak")], factor)
    if flow.clients is not None:
        count = scaled(flow.clients.count, records[(*path, "clients", "count")], factor)
        update["clients"] = flow.clients.model_copy(update={"count": count})
    return flow.model_copy(update=update)


def _slower(design: Design, name: str, text: str, records: Records) -> Design:
    """One component, or one operation of it, with a factor on its time or a delay on the way there."""
    component, _, op = name.partition(".")
    spec = design.components[component]
    asked = _asked(text, design)
    if asked.dimension == NUMBER:
        times = spec.ops[op].service_time if op in spec.ops else spec.service_time
        if times is None and (op or not any(one.service_time for one in spec.ops.values())):
            message = f"{name} states no service time, and a factor on no time is no time"
            raise _fault("SP205", message, "write a delay, such as `+200ms`")
        return with_other_time(design, records, component, asked.value, op)
    if op:
        message = f"a delay is on the way to the whole of {component}, not to `{op}` alone"
        raise _fault("SP205", message, f"write `{component}: {text}`, or a factor such as `3x`")
    before = records.get(("components", component, "rtt"))
    rtt = duration(asked.value + (before.value if before is not None else 0.0))
    slower = spec.model_copy(update={"rtt": rtt})
    return design.model_copy(
        update={"components": MappingProxyType({**design.components, component: slower})}
    )


def _asked(text: str, design: Design) -> Quantity:
    """A factor, or a delay: what `slow` says."""
    written = text.strip()
    try:
        asked = parse_quantity(written.removeprefix("+").strip(), design.clock)
    except UnitError as wrong:
        raise _fault("SP301", wrong.message, wrong.hint or _FORM) from None
    if asked.dimension != (DURATION if written.startswith("+") else NUMBER) or asked.value <= 0:
        raise _fault("SP302", f"expected a factor or a delay, got `{text}`", _FORM)
    return asked


def _fault(code: str, message: str, hint: str) -> Fault:
    return Fault([Finding(code, "error", (), message, hint)])


def _values(design: Design, name: str) -> tuple[Records, list[Finding]]:
    """The stated values of a design on its way through a scenario; a fault is the scenario's."""
    try:
        records, findings = stated(design)
    except ExpressionError as wrong:
        return {}, [Finding("SP305", "error", ("scenarios", name), wrong.message, wrong.hint)]
    return records, [of_scenario(one, design, name) for one in findings]


def of_scenario(finding: Finding, design: Design, name: str) -> Finding:
    """A fault of the changed design, at the line of the scenario that brings it about."""
    scenario: Path = ("scenarios", name)
    for text in design.scenarios[name].set:
        path = path_in_design(text)
        if finding.path[: len(path)] == path:
            return finding._replace(path=(*scenario, "set", text), span=None)
    place = f"`{dotted(finding.path)}`: " if finding.path else ""
    return finding._replace(
        path=scenario, message=f"scenario {name} has no solution: {place}{finding.message}", span=None
    )
