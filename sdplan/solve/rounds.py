"""Rounds: load, stations and limits for one choice of what the design leaves open.

Hit ratios and open replica counts feed back into the load, so the solver goes round until two rounds
agree.  Each round writes a fresh ledger, and nothing of an earlier round is left in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sdplan.findings import Finding, Path
from sdplan.solve.bandwidth import Sizes, call_sizes, flow_bandwidth, meters, place_bandwidth
from sdplan.solve.bursts import mark_bursts, mark_cancelled
from sdplan.solve.caches import hit_ratio, needs_hit_ratio
from sdplan.solve.circulation import NO_PASS, Circulation, Pass, without_overfull
from sdplan.solve.closed_flows import closed_rates, rates_agree
from sdplan.solve.compile import compile_flow
from sdplan.solve.departures import Departures, mark_departures
from sdplan.solve.devices import device_utilization
from sdplan.solve.entities import entities, storage
from sdplan.solve.ledger import Ledger
from sdplan.solve.limits import limit_utilization, needs, tightest
from sdplan.solve.load import arrivals
from sdplan.solve.metastability import overloaded_solutions
from sdplan.solve.nodes import Nodes, count_nodes
from sdplan.solve.regions import GUESS, merge_rates
from sdplan.solve.runs import Run, Site, Trials, place_id
from sdplan.solve.solution import Record
from sdplan.solve.tree import Place
from sdplan.solve.trials import are_rare
from sdplan.spec.design import Design
from sdplan.spec.references import walk


class Open(NamedTuple):
    """What the rounds settle: replicas left open, and hit ratios that have to be computed."""

    replicas: Mapping[str, float]
    hits: Mapping[Place, Record]
    behind_hits: Mapping[Path, Record]  # what the hit ratios were computed from
    rates: Mapping[str, Record] = MappingProxyType({})  # of the flows that state their clients
    trials: Trials = MappingProxyType({})  # what becomes of the calls, where hardly any fails


NOTHING_SETTLED = Open({}, {}, {})


def unstated(state: Open, known: Mapping[Path, Record]) -> Open:
    """What is open, without what a design states after all."""
    return state._replace(
        hits={place: record for place, record in state.hits.items() if record.path not in known},
        behind_hits={path: record for path, record in state.behind_hits.items() if path not in known},
        rates={flow: record for flow, record in state.rates.items() if record.path not in known},
    )


class Round(NamedTuple):
    """One round: everything up to the means."""

    ledger: Ledger
    runs: list[Run]
    found: Pass
    nodes: Mapping[str, Nodes]
    sizes: Mapping[Path, Sizes]
    findings: list[Finding]


def solve_round(design: Design, known: Mapping[Path, Record], points: Collection[str], state: Open) -> Round:
    """Load, sizes, stations and limits, for one choice of what is open."""
    ledger = Ledger(known, design.clock, points)
    nodes: dict[str, Nodes] = {}
    findings: list[Finding] = []
    for name, spec in design.components.items():
        nodes[name], wrong = count_nodes(name, spec, state.replicas.get(name, 1.0), ledger)
        findings += wrong
    for record in (*state.behind_hits.values(), *state.hits.values(), *state.rates.values()):
        ledger.write(record)
    for path in {("components", place[0], "hit") for place in _caches(design)} - set(ledger.records):
        ledger.write(Record(path, 0.0, label="bound", note=GUESS))
    regions = tuple(design.regions) or ("",)
    runs = [
        Run(flow, region, compile_flow(design, flow, region, ledger))
        for flow in design.flows
        for region in regions
    ]
    if findings:
        return Round(ledger, runs, NO_PASS, nodes, {}, findings)
    circulation = Circulation(design, runs, nodes, ledger)
    found = circulation.solve(state.trials)
    if found is None:
        return solve_round(design, known, points, state._replace(trials={}))
    findings += circulation.findings
    if any(finding.severity == "error" for finding in findings):
        return Round(ledger, runs, found, nodes, {}, findings)
    merge_rates(design, ledger)
    entities(design, ledger)
    sizes: dict[Path, Sizes] = {}
    for run in runs:
        sizes |= call_sizes(design, run, ledger)
        flow_bandwidth(run, ledger)
    findings += _uses(design, found.places, sizes, nodes, ledger)
    found = without_overfull(design, found, ledger)
    for point, suffix in ledger.points.items():
        departures = Departures(found.journeys[point])
        mark_departures(departures.follow(runs), suffix, ledger)
        overloaded_solutions(runs, found, point, ledger)
    return Round(ledger, runs, found, nodes, sizes, findings)


def needed_points(design: Design, wanted: Collection[str]) -> frozenset[str]:
    """The load points to solve for: what caches and streams hold follows from the load over all hours."""
    keeps = bool(_caches(design)) or any(spec.delivers for spec in design.components.values())
    return frozenset({"peak", *wanted, *(("mean",) if keeps else ())})


def _caches(design: Design) -> list[Place]:
    """The caches whose hit ratio nobody states."""
    open_ = {
        call.component
        for flow in design.flows.values()
        for call in walk(flow.steps)
        if call.miss
        and call.options.hit is None
        and getattr(design.components[call.component], "hit", None) is None
    }
    return [(name, "") for name in sorted(open_)]


def _uses(
    design: Design,
    places: Mapping[Place, list[Site]],
    sizes: Mapping[Path, Sizes],
    nodes: Mapping[str, Nodes],
    ledger: Ledger,
) -> list[Finding]:
    """How much of each of its limits every place uses, and what would do."""
    findings: list[Finding] = []
    for place, sites in places.items():
        place_bandwidth(place, sites, sizes, ledger)
        findings += meters(design, place, sites, sizes, ledger)
    storage(design, nodes, ledger)
    for place, sites in places.items():
        spec = design.components[place[0]]
        for suffix in ledger.points.values():
            mark_bursts(place, spec, sites, suffix, ledger)
            mark_cancelled(place, sites, suffix, ledger)
        limit_utilization(design, place, sites, nodes[place[0]], ledger)
        device_utilization(place, spec, sites, sizes, nodes[place[0]], ledger)
        tightest(place, spec, ledger)
        needs(place, spec, nodes[place[0]], ledger)
    return findings


def next_round(
    design: Design, one: Round, state: Open, least: Mapping[str, float]
) -> tuple[Open, list[Finding]]:
    """What the next round should take for what is open; no fewer replicas than `least`."""
    replicas: dict[str, float] = {}
    for place in one.found.stations["peak"]:
        name = place[0]
        if one.nodes[name].automatic:
            unit = "shards_needed" if design.components[name].is_store else "replicas_needed"
            wanted = one.ledger.value(("components", place_id(place), unit), 1.0)
            wanted = max(wanted, one.ledger.value(("components", name, "shards_for_disk"), 1.0))
            replicas[name] = max(wanted, replicas.get(name, least.get(name, 1.0)))
    hits: dict[Place, Record] = {}
    behind = dict(state.behind_hits)
    findings: list[Finding] = []
    base = _without_guesses(design, one, state)
    for place, sites in arrivals(one.found.sites).items():
        looked = needs_hit_ratio(sites, base)
        if looked:
            scratch = Ledger(base.records, design.clock)
            record, wrong = hit_ratio(design, place, looked, one.found.sites, scratch)
            findings += wrong
            if record is not None:
                hits[place] = record
                behind |= {
                    path: new for path, new in scratch.records.items() if new is not base.records.get(path)
                }
    rates = closed_rates(design, one.found.sites, one.found.stations["peak"], state.rates, one.ledger)
    trials = one.found.trials if are_rare(one.found.trials) else {}
    return Open(replicas, hits, behind, rates, trials), findings


def _without_guesses(design: Design, one: Round, state: Open) -> Ledger:
    """The ledger of a round without the hit ratios that it was given to start from."""
    given = {record.path for record in state.hits.values()}
    given |= {("components", place[0], "hit") for place in _caches(design)}
    if not given:
        return one.ledger
    return Ledger(
        {path: record for path, record in one.ledger.records.items() if path not in given}, design.clock
    )


def agree(one: Open, other: Open) -> bool:
    if dict(one.replicas) != dict(other.replicas) or set(one.hits) != set(other.hits):
        return False
    if not rates_agree(one.rates, other.rates):
        return False
    return all(abs(one.hits[place].value - other.hits[place].value) <= 1e-12 for place in one.hits)
