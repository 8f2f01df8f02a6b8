"""How much of what would be enough for a component's load, from the numbers that the solver gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdplan.rules.resources import resources

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution

HAIR = 1 + 1e-9  # what rounding may add to a utilization that is exactly on its target


def enough(component: str, solution: Solution) -> str:
    """What to write for a component to stay at or below its target utilization at peak."""
    target = solution.records["components", component, "target_utilization"].shown()
    ways = _ways(component, solution)
    if not solution.design.components[component].regional or not ways:
        return f"call {component} less often, or raise the limit, until it is used at most {target}"
    return f"write {' or '.join(ways)} to stay at or below the target of {target}"


def _ways(component: str, solution: Solution) -> list[str]:
    """Lines with numbers of cores or nodes, each of which is enough by itself."""
    from sdplan.solve.variants import node_fields

    ways = []
    cores = solution.value("components", component, "cores_needed")
    if cores is not None and _short_of(component, solution) == {"cores"}:
        ways.append(f"`cores: {cores:g}`")
    unit = "shards_needed" if solution.design.components[component].is_store else "replicas_needed"
    number = solution.value("components", component, unit)
    if number is not None:
        fields = node_fields(solution, component, int(number))
        ways.append(" with ".join(f"`{name}: {value}`" for name, value in fields.items()))
    return ways


def _short_of(component: str, solution: Solution) -> set[str]:
    """The resources of a component that are used above its target."""
    target = solution.records["components", component, "target_utilization"].value
    used = resources(("components", component), solution)
    return {str(one.path[-1]) for one in used if one.value > target * HAIR}
