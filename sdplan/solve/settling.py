"""Settling: rounds until two agree, then distributions, availability, storage, cost and verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sdplan.findings import Finding, Path
from sdplan.solve import judge
from sdplan.solve.asked import Asked
from sdplan.solve.budget import budgets
from sdplan.solve.cost import place_cost, priced_places, whole_cost
from sdplan.solve.coverage import uncovered, uncovered_stations
from sdplan.solve.flow_availability import Availabilities
from sdplan.solve.freshness import backlogs, freshnesses
from sdplan.solve.parts import LatencyParts
from sdplan.solve.provisions import provisions
from sdplan.solve.regions import merge_components, merge_flows
from sdplan.solve.results import results
from sdplan.solve.rounds import Open, Round, agree, needed_points, next_round, solve_round, unstated
from sdplan.solve.solution import Part, Record, Solution
from sdplan.solve.timings import latencies
from sdplan.solve.unit_costs import unit_costs
from sdplan.spec.design import Design

_KEPT = ("durability", "rpo", "rto")
_LOST = ("availability", "undegraded", "errors")
_MOST_ROUNDS = 60
_FREE_ROUNDS = 20  # after these, replicas only grow: fewer would go round in a circle


def settled(
    design: Design, known: Mapping[Path, Record], asked: Asked, start: Open
) -> tuple[Solution | None, list[Finding]]:
    """The solution whose rounds agree, or the findings that stand in the way.

    `start` is what the first round takes for what is open: what a similar design has settled on saves rounds.
    """
    state = unstated(start, known)
    points = needed_points(design, asked.loads)
    seen: list[Open] = []
    only_more = False
    for number in range(_MOST_ROUNDS):
        one = solve_round(design, known, points, state)
        if any(finding.severity == "error" for finding in one.findings):
            return None, one.findings
        least = state.replicas if only_more or number >= _FREE_ROUNDS else {}
        proposed, found = next_round(design, one, state, least)
        if found:
            return None, found
        if agree(proposed, state):
            solution, findings = _finish(design, one, asked)
            start = state._replace(trials=proposed.trials)
            return None if solution is None else solution._replace(settled=start), findings
        if any(
            agree(proposed, before) for before in seen
        ):  # a circle, which may end where replicas only grow
            if only_more:
                break
            only_more, seen = True, []
        seen.append(state)
        state = proposed
    return None, [_unsettled()]


def _unsettled() -> Finding:
    message = "hit ratios and replica counts do not settle on one solution"
    hint = "state `replicas` or `hit` for the components that depend on each other"
    return Finding("SP407", "error", (), message, hint)


def _finish(design: Design, one: Round, asked: Asked) -> tuple[Solution | None, list[Finding]]:
    """Distributions, availability, storage, cost and verdicts, on the ledger of the last round."""
    ledger, findings = one.ledger, list(one.findings)
    journeys = one.found.journeys
    logs = {name for name, spec in design.components.items() if spec.delivers}
    latencies(one.runs, one.found.stations, journeys, logs, asked, ledger)
    slow = LatencyParts(one.runs, journeys["peak"])
    down = _availabilities(design, one) if asked.of_any(_LOST) else {}
    if asked.of_any(("freshness",)):
        freshnesses(design, one.runs, one.found.sites, journeys["peak"], ledger)
    backlogs(design, one.runs, ledger)
    if asked.of_any(_KEPT):
        provisions(design, one.runs, one.found.places, journeys["peak"], ledger)
    places = priced_places(design, one.found.stations["peak"])
    spends = asked.of_any(("cost",))
    for place in places if spends else ():
        findings += place_cost(place, design.components[place[0]], ledger)
    merge_flows(design, ledger)
    merge_components(places, ledger)
    if spends:
        whole_cost(design, places, ledger)
        unit_costs(design, one.runs, one.found.sites, ledger)
    for entry in (*uncovered(design), *uncovered_stations(design, one.found.stations["peak"])):
        ledger.not_counted(*entry)
    return _judged(design, one, slow, down, findings)


def _judged(
    design: Design,
    one: Round,
    slow: Mapping[str, tuple[Part, ...]],
    down: Mapping[str, tuple[Part, ...]],
    findings: list[Finding],
) -> tuple[Solution | None, list[Finding]]:
    ledger = one.ledger
    compared, wrong_results = results(design, ledger)
    premises, wrong_conditions = judge.decisions(design, ledger)
    verdicts, wrong_objectives = judge.slos(design, ledger)
    budgets(design, ledger)
    findings = [*findings, *wrong_results, *wrong_conditions, *wrong_objectives]
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    trees = {run.flow: run.tree for run in reversed(one.runs)} | {
        str(run.path[1]): run.tree for run in one.runs
    }
    return Solution(
        design,
        MappingProxyType(ledger.records),
        MappingProxyType(ledger.missing),
        tuple(verdicts),
        tuple(compared),
        tuple(premises),
        tuple(ledger.uncounted),
        MappingProxyType(trees),
        slow,
        down,
    ), findings


def _availabilities(design: Design, one: Round) -> dict[str, tuple[Part, ...]]:
    """Availability of every component that a flow may call, and of every flow."""
    ledger = one.ledger
    parts = Availabilities(design, one.runs, ledger)
    down: dict[str, tuple[Part, ...]] = {}
    for run in one.runs:
        down[str(run.path[1])] = parts.flow(run)
        available, timeouts = (*run.path, "availability"), (*run.path, "timeouts")
        if ledger.has(available) and ledger.has(timeouts):
            text = "1 - (1 - timeouts) * availability"
            ledger.follow(
                (*run.path, "errors"), text, {"timeouts": timeouts, "availability": available}, is_share=True
            )
    return parts.with_worst_regions(down)
