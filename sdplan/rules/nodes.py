"""How much of what would be enough for a component's load, from the numbers that the solver gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.rules.resources import Resource

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution


def enough(component: str, resource: Resource, solution: Solution) -> str:
    """What to write for a component to stay at or below its target utilization at peak."""
    target = solution.records["components", component, "target_utilization"].shown()
    ways = _ways(component, resource, solution)
    if not solution.design.components[component].regional or not ways:
        return f"call {component} less often, or raise the limit, until it is used at most {target}"
    return f"write {' or '.join(ways)} to stay at or below the target of {target}"


def _ways(component: str, resource: Resource, solution: Solution) -> list[str]:
    """Lines with numbers of cores or nodes, each of which is enough by itself."""
    from sdplan.solve.variants import node_fields

    ways = []
    cores = solution.value("components", component, "cores_needed")
    if resource.name == "cores" and cores is not None:
        ways.append(f"`cores: {cores:g}`")
    unit = "shards_needed" if solution.design.components[component].is_store else "replicas_needed"
    number = solution.value("components", component, unit)
    if number is not None:
        fields = node_fields(solution, component, int(number))
        ways.append(" with ".join(f"`{name}: {value}`" for name, value in fields.items()))
    return ways
