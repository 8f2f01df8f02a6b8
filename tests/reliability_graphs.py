"""Networks whose links fail, as functions on our decision diagram: which terminals stay connected.

The function is built link by link; of the links seen so far nothing counts but how they join the nodes
that later links touch.  Source: Hardy, Lucet and Limnios 2007, K-Terminal Network Reliability Measures
With Binary Decision Diagrams, IEEE Transactions on Reliability 56(3).
"""

from functools import cache

from sdplan.solve.decision_diagram import FALSE, TRUE, DecisionDiagram


def unreliability(links, terminals):
    """Probability that the terminals are not all joined by links `(one, other, probability to work)`."""
    terminals = frozenset(terminals)
    order = outwards(links, min(terminals, key=str))
    links = sorted(links, key=lambda link: sorted((order[link[0]], order[link[1]]), reverse=True))
    last = {node: k for k, link in enumerate(links) for node in link[:2]}
    diagram = DecisionDiagram()
    variables = [diagram.variable(f"link {k}", 1 - link[2]) for k, link in enumerate(links)]

    @cache
    def function(k, groups):
        """Whether the terminals get joined, given the groups of open nodes, each with its terminals' number."""
        if any(count == len(terminals) for _, count in groups):
            return TRUE
        if k == len(links):
            return FALSE
        ends = frozenset(links[k][:2])
        seen = frozenset().union(*(nodes for nodes, _ in groups))
        apart = groups | {(frozenset({node}), int(node in terminals)) for node in ends - seen}
        meeting = {group for group in apart if group[0] & ends}
        one = (frozenset().union(*(nodes for nodes, _ in meeting)), sum(count for _, count in meeting))
        works, fails = (after_link(k, state) for state in ((apart - meeting) | {one}, apart))
        return diagram.choice(variables[k], works, fails)

    def after_link(k, groups):
        """Close the nodes that no later link touches; a terminal that is cut off ends the search."""
        closed = {(frozenset(node for node in nodes if last[node] > k), count) for nodes, count in groups}
        if any(not nodes and 0 < count < len(terminals) for nodes, count in closed):
            return FALSE
        return function(k + 1, frozenset(group for group in closed if group[0] or group[1]))

    return diagram.unavailability(function(0, frozenset()))


def outwards(links, start):
    """Nodes numbered by their distance from the start, so that few groups are open at a time."""
    neighbours = {}
    for one, other, _ in links:
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    order = {start: 0}
    for node in (waiting := [start]):
        for there in neighbours[node]:
            if there not in order:
                order[there] = len(order)
                waiting.append(there)
    return order


def grid(rows, columns, works):
    """Links of a grid between neighbours."""
    across = [((r, c), (r, c + 1), works) for r in range(rows) for c in range(columns - 1)]
    down = [((r, c), (r + 1, c), works) for r in range(rows - 1) for c in range(columns)]
    return across + down


def ring(nodes, works):
    """Links from each node to the next one, and from the last to the first."""
    return [(one, other, works) for one, other in zip(nodes, [*nodes[1:], nodes[0]], strict=True)]


def paths(links, start, goal):
    """The nodes of every path without a loop."""
    found, waiting = [], [(start,)]
    while waiting:
        path = waiting.pop()
        if path[-1] == goal:
            found.append(path)
            continue
        for link in links:
            if path[-1] in link:
                there = link[1] if link[0] == path[-1] else link[0]
                if there not in path:
                    waiting.append((*path, there))
    return found


def unreliability_with_failing_nodes(links, start, goal, node_works):
    """Probability that no path of working nodes leads from the start to the goal, its ends included."""
    diagram = DecisionDiagram()
    every = sorted({node for link in links for node in link})
    works = {node: diagram.variable(f"node {node}", 1 - node_works) for node in every}
    whole = [diagram.conjunction(works[node] for node in path) for path in paths(links, start, goal)]
    return diagram.unavailability(diagram.disjunction(whole))
