"""Settling: rounds until two agree, then distributions, availability, storage, cost and verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sdplan.findings import Finding, Path
from sdplan.solve import judge
from sdplan.solve.availability import component_unavailability, flow_availability
from sdplan.solve.cost import place_cost, priced_places, whole_cost
from sdplan.solve.coverage import uncovered, uncovered_stations
from sdplan.solve.entities import storage
from sdplan.solve.freshness import backlog, freshness
from sdplan.solve.latency import Journey
from sdplan.solve.ledger import Ledger
from sdplan.solve.parts import LatencyParts
from sdplan.solve.regions import merge_components, merge_flows
from sdplan.solve.rounds import Open, Round, agree, next_round, solve_round
from sdplan.solve.solution import Part, Record, Solution
from sdplan.solve.stations import POINTS
from sdplan.solve.timings import latencies
from sdplan.solve.tree import calls
from sdplan.spec.design import Design

_MOST_ROUNDS = 60
_FREE_ROUNDS = 20  # after these, replicas only grow: fewer would go round in a circle


def settled(design: Design, known: Mapping[Path, Record]) -> tuple[Solution | None, list[Finding]]:
    """The solution whose rounds agree, or the findings that stand in the way."""
    state = Open({}, {}, {})
    for number in range(_MOST_ROUNDS):
        one = solve_round(design, Ledger(known, design.clock), state)
        if any(finding.severity == "error" for finding in one.findings):
            return None, one.findings
        least = state.replicas if number >= _FREE_ROUNDS else {}
        proposed, found = next_round(design, one, state, least)
        if found:
            return None, found
        if agree(proposed, state):
            return _finish(design, one)
        state = proposed
    return None, [_unsettled()]


def _unsettled() -> Finding:
    message = "hit ratios and replica counts do not settle on one solution"
    hint = "state `replicas` or `hit` for the components that depend on each other"
    return Finding("SP407", "error", (), message, hint)


def _finish(design: Design, one: Round) -> tuple[Solution | None, list[Finding]]:
    """Distributions, availability, storage, cost and verdicts, on the ledger of the last round."""
    ledger, findings = one.ledger, list(one.findings)
    rtts = {name: ledger.value(("components", name, "rtt")) for name in design.components}
    journeys = {point: Journey(one.stations[point], rtts, ledger) for point in POINTS}
    logs = {name for name, spec in design.components.items() if spec.delivers}
    latencies(one.runs, one.stations, journeys, logs, ledger)
    slow = LatencyParts(one.runs, journeys["peak"])
    down = _availabilities(design, one)
    _freshness(design, one, journeys)
    storage(design, one.nodes, ledger)
    places = priced_places(design, one.stations["peak"])
    for place in places:
        findings += place_cost(place, design.components[place[0]], ledger)
    merge_flows(design, ledger)
    merge_components(places, ledger)
    whole_cost(design, places, ledger)
    for entry in (*uncovered(design), *uncovered_stations(design, one.stations["peak"])):
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
    compared, wrong_results = judge.results(design, ledger)
    premises, wrong_conditions = judge.decisions(design, ledger)
    verdicts, wrong_objectives = judge.slos(design, ledger)
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
    for place in dict.fromkeys(call.place for run in one.runs for call in calls(run.tree)):
        component_unavailability(place, design.components[place[0]], ledger)
    down: dict[str, tuple[Part, ...]] = {}
    for run in one.runs:
        down.setdefault(run.flow, flow_availability(run, ledger))
        available, timeouts = (*run.path, "availability"), (*run.path, "timeouts")
        if ledger.has(available) and ledger.has(timeouts):
            text = "1 - (1 - timeouts) * availability"
            ledger.follow(
                (*run.path, "errors"), text, {"timeouts": timeouts, "availability": available}, is_share=True
            )
    return down


def _freshness(design: Design, one: Round, journeys: Mapping[str, Journey]) -> None:
    """Freshness and backlog of every flow that messages trigger."""
    for run in one.runs:
        trigger = design.flows[run.flow].trigger
        if trigger is None:
            continue
        writers = [
            site.run
            for site in one.sites
            if site.call.place[0] == trigger.stream and site.call.op != "read"
            if site.run.region in ("", run.region)
        ]
        freshness(design, run, writers[0] if writers else None, journeys["peak"], one.ledger)
        backlog(run, one.ledger)
