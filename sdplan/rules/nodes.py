"""How much of what would be enough for a component's load, from the numbers that the solver gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.rules.resources import Resource

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution


def enough(component: str, resource: Resource, solution: Solution) -> str:
    """What to write for a component to stay at or below its target utilization at peak."""
    spec = solution.design.components[component]
    target = solution.records[("components", component, "target_utilization")].shown()
    ways = [f"`{name}: {number:g}`" for name, number in _ways(component, resource, solution).items()]
    if not spec.regional or not ways:
        return f"call {component} less often, or raise the limit, until it is used at most {target}"
    return f"write {' or '.join(ways)} to stay at or below the target of {target}"


def _ways(component: str, resource: Resource, solution: Solution) -> dict[str, float]:
    """Numbers of cores or nodes, each of which is enough by itself."""
    ways = {}
    cores = solution.value("components", component, "cores_needed")
    if resource.name == "cores" and cores is not None:
        ways["cores"] = cores
    spec = solution.design.components[component]
    unit = "shards" if spec.is_store else "replicas"
    number = solution.value("components", component, f"{unit}_needed")
    if number is None:
        return ways
    if spec.is_store and spec.replicas is not None:
        unit, number = "replicas", number * (solution.value("components", component, "copies") or 1.0)
    return {**ways, unit: number}
