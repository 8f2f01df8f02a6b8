"""Networks, fault trees and zones on our decision diagram: published values at their tolerance."""

import re

import pytest
from reference_cases import pairs, reproduce

from sdplan.solve.decision_diagram import DecisionDiagram
from tests.reliability_graphs import grid, ring, unreliability, unreliability_with_failing_nodes


def edge_list(text, works):
    """Links written as pairs, two letters, `a b` or `a-b .9`, each with the probability to work."""
    if isinstance(text, str):
        text = [re.split(r"[ -]+", part) for part in text.split(",")]
    return [(*pair[:2], float(pair[2]) if len(pair) > 2 else works) for pair in text]


def two_terminals(*, edges, p_edge=None, s="s", t="t"):
    found = unreliability(edge_list(edges, p_edge), {s, t})
    return {"reliability": 1 - found, "unreliability": found}


def arpanet(*, edges, p_edge):
    lower = {
        name: two_terminals(edges=edges, p_edge=p)["reliability"]
        for name, p in (("p095", 0.95), ("p09", 0.9))
    }
    return {**two_terminals(edges=edges, p_edge=p_edge), **lower}


def several_terminals(*, edges, terminals, p_edge):
    return {"reliability": 1 - unreliability(edge_list(edges, p_edge), set(terminals))}


def corners(*, grid: list, p_edge, s=None, t=None):
    return {"reliability": 1 - unreliability(links(grid, p_edge), {(0, 0), (grid[0] - 1, grid[1] - 1)})}


def links(size, works):
    return grid(*size, works)


def all_nodes(*, grid: list, p_edge):
    return {"reliability": 1 - unreliability(links(grid, p_edge), cells(*grid))}


def cells(rows, columns):
    return {(r, c) for r in range(rows) for c in range(columns)}


def two_rows_and_a_corner(*, grid: list, terminals, p_edge):
    named = {(0, c) for c in range(8)} | {(1, c) for c in range(6)} | {(2, 9)}
    return {"reliability": 1 - unreliability(links(grid, p_edge), named)}


def two_rings(*, edges, p_edge):
    inner, outer = ["s", 1, 2, 3, "t", 4, 5, 6], list(range(7, 15))
    spokes = [("s", 7), (1, 8), (2, 9), (3, 10), ("t", 11), (4, 12), (5, 13), (6, 14)]
    every = ring(inner, p_edge) + ring(outer, p_edge) + [(*spoke, p_edge) for spoke in spokes]
    return {"reliability": 1 - unreliability(every, {"s", "t"})}


def failing_nodes(*, edges, p_node, p_edge, note):
    ends = {"0-1": (0, 1), "0-10": (0, 10), "3-9": (3, 9)}
    return {name: 1 - unreliability_with_failing_nodes(edges, *pair, p_node) for name, pair in ends.items()}


def two_trains(*, top, v, p):
    """The fault tree says what fails, so a variable of the diagram is a part that works."""
    diagram = DecisionDiagram()
    works = {name: diagram.variable(name, {"v": v, "p": p}[name[0]]) for name in ("v1", "p1", "v2", "p2")}
    trains = [diagram.conjunction((works[f"v{k}"], works[f"p{k}"])) for k in (1, 2)]
    cut_sets = [{"v1", "v2"}, {"v1", "p2"}, {"p1", "v2"}, {"p1", "p2"}]
    probability = {"v": v, "p": p}
    rare = sum(probability[a[0]] * probability[b[0]] for a, b in cut_sets)
    return {
        "p_top": diagram.unavailability(diagram.disjunction(trains)),
        "rare_event_approx_clipped": min(1.0, rare),
    }


def instances_in_zones(*, zones, inst_per_zone, need, a_inst, a_zone):
    """Each instance needs its zone; the shortcut gives each its own copy of the zone's failures."""
    shared, apart = DecisionDiagram(), DecisionDiagram()
    up = []
    for z in range(zones):
        zone = shared.variable(f"zone {z}", 1 - a_zone)
        for k in range(inst_per_zone):
            up.append(shared.conjunction((zone, shared.variable(f"instance {z} {k}", 1 - a_inst))))
    alone = [apart.variable(f"instance {k}", 1 - a_inst * a_zone) for k in range(zones * inst_per_zone)]
    return {
        "unavailability": shared.unavailability(shared.at_least(need, up)),
        "wrong_independent": apart.unavailability(apart.at_least(need, alone)),
    }


def one_dependency_of_two(*, D, B, C, tree):  # noqa: N803
    diagram = DecisionDiagram()
    shared, left, right = (diagram.variable(n, 1 - a) for n, a in (("D", D), ("B", B), ("C", C)))
    both = diagram.conjunction((diagram.conjunction((left, shared)), diagram.conjunction((right, shared))))
    return {"availability": 1 - diagram.unavailability(both), "wrong_D_twice": B * D * C * D}


COVERED = {
    two_terminals: "net-bridge-0.9 net-sig1-hetero",
    arpanet: "net-arpanet1973",
    several_terminals: "net-hardy-fig5-p0.3 net-hardy-fig5-p0.5 net-hardy-fig5-p0.9 net-yeh-net5-9term",
    corners: "net-grid-5x5-2t net-grid-6x6-2t net-grid-4x4-2t net-grid-3x12-2t",
    all_nodes: "net-grid-5x5-all",
    two_rows_and_a_corner: "net-grid-3x10-15term",
    two_rings: "net-yeh-2_8",
    failing_nodes: "net-nodefail-Abilene",
    two_trains: "ft-two-train",
    instances_in_zones: "zones-12inst-need8 zones-12inst-need9",
    one_dependency_of_two: "shared-dep-twice",
}


@pytest.mark.parametrize(
    ("identity", "compute"), pairs(COVERED), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_reference_case_is_reproduced(identity, compute):
    reproduce(identity, compute)
