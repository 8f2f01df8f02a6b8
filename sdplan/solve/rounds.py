"""Rounds: load, stations and limits for one choice of what the design leaves open.

Hit ratios and open replica counts feed back into the load, so the solver goes round until two rounds
agree.  Each round writes a fresh ledger, and nothing of an earlier round is left in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sdplan.distributions import Law
from sdplan.findings import Finding, Path
from sdplan.solve.bandwidth import Sizes, call_sizes, flow_bandwidth, meters, place_bandwidth
from sdplan.solve.bursts import mark_bursts
from sdplan.solve.caches import hit_ratio, needs_hit_ratio
from sdplan.solve.compile import compile_flow
from sdplan.solve.entities import entities
from sdplan.solve.holding import held_workers
from sdplan.solve.latency import Journey
from sdplan.solve.ledger import Ledger
from sdplan.solve.limits import limit_utilization, needs, tightest
from sdplan.solve.load import RATES, Run, Site, arrivals, load, peak_sum, place_id
from sdplan.solve.nodes import Nodes, count_nodes
from sdplan.solve.regions import merge_rates
from sdplan.solve.solution import Record
from sdplan.solve.spreading import Arrivals, node_arrivals
from sdplan.solve.stations import POINTS, Station, service_laws, station
from sdplan.solve.tree import Place
from sdplan.spec.design import Design
from sdplan.spec.references import walk


class Open(NamedTuple):
    """What the rounds settle: replicas left open, and hit ratios that have to be computed."""

    replicas: Mapping[str, float]
    hits: Mapping[Place, Record]
    behind_hits: Mapping[Path, Record]  # what the hit ratios were computed from


class Round(NamedTuple):
    """One round: everything up to the means."""

    ledger: Ledger
    runs: list[Run]
    sites: list[Site]
    nodes: Mapping[str, Nodes]
    sizes: Mapping[Path, Sizes]
    stations: Mapping[str, Mapping[Place, Station]]
    findings: list[Finding]


def solve_round(design: Design, ledger: Ledger, state: Open) -> Round:
    """Load, sizes, stations and limits, for one choice of what is open."""
    nodes: dict[str, Nodes] = {}
    findings: list[Finding] = []
    for name, spec in design.components.items():
        nodes[name], wrong = count_nodes(name, spec, state.replicas.get(name, 1.0), ledger)
        findings += wrong
    for record in (*state.behind_hits.values(), *state.hits.values()):
        ledger.write(record)
    for path in {("components", place[0], "hit") for place in _caches(design)} - set(ledger.records):
        ledger.write(Record(path, 0.0, label="bound", note="first round"))
    regions = tuple(design.regions) or ("",)
    runs = [
        Run(flow, region, compile_flow(design, flow, region, ledger))
        for flow in design.flows
        for region in regions
    ]
    sites, circle = load(design, runs, ledger)
    if findings or circle:
        return Round(ledger, runs, sites, nodes, {}, {}, findings + circle)
    merge_rates(design, ledger)
    entities(design, ledger)
    sizes: dict[Path, Sizes] = {}
    for run in runs:
        sizes |= call_sizes(design, run, ledger)
        flow_bandwidth(run, ledger)
    stations, found = _stations(design, arrivals(sites), sizes, nodes, ledger)
    return Round(ledger, runs, sites, nodes, sizes, stations, found)


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


def _stations(
    design: Design,
    places: Mapping[Place, list[Site]],
    sizes: Mapping[Path, Sizes],
    nodes: Mapping[str, Nodes],
    ledger: Ledger,
) -> tuple[dict[str, dict[Place, Station]], list[Finding]]:
    """The queue of every place at both load points, and how full each of its limits is."""
    stations: dict[str, dict[Place, Station]] = {point: {} for point in POINTS}
    findings: list[Finding] = []
    rtts = {name: ledger.value(("components", name, "rtt")) for name in design.components}
    laws: dict[str, dict[str, Law]] = {}
    arriving: dict[tuple[Place, str], Arrivals] = {}
    for place, sites in places.items():
        spec = design.components[place[0]]
        for which in RATES:
            if which == "peak_rate":
                peak_sum(design, ("components", place_id(place), which), sites, ledger)
            else:
                terms = [site.rate(which) for site in sites]
                ledger.fold(("components", place_id(place), which), "sum", terms)
        if place[0] not in laws:
            laws[place[0]], wrong = service_laws(place[0], spec, ledger)
            findings += wrong
        place_bandwidth(place, sites, sizes, ledger)
        findings += meters(design, place, sites, sizes, ledger)
        for point in POINTS:
            rates = node_arrivals(place, spec, nodes[place[0]], sites, point, ledger)
            arriving[place, point] = rates
            stations[point][place] = station(place, spec, rates, laws[place[0]], point, ledger)
            mark_bursts(place, sites, POINTS[point], ledger)
    for place, sites in places.items():
        spec = design.components[place[0]]
        limit_utilization(design, place, sites, nodes[place[0]], ledger)
        for point in POINTS:
            journey = Journey(stations[point], rtts, ledger)
            held_workers(place, spec, sites, arriving[place, point], journey, point, ledger)
        tightest(place, spec, ledger)
        needs(place, spec, nodes[place[0]], ledger)
    return stations, findings


def next_round(
    design: Design, one: Round, state: Open, least: Mapping[str, float]
) -> tuple[Open, list[Finding]]:
    """What the next round should take for what is open; no fewer replicas than `least`."""
    replicas: dict[str, float] = {}
    for place in one.stations["peak"]:
        name = place[0]
        if one.nodes[name].automatic:
            unit = "shards_needed" if design.components[name].is_store else "replicas_needed"
            wanted = one.ledger.value(("components", place_id(place), unit), 1.0)
            replicas[name] = max(wanted, replicas.get(name, least.get(name, 1.0)))
    hits: dict[Place, Record] = {}
    behind = dict(state.behind_hits)
    findings: list[Finding] = []
    base = _without_guesses(design, one, state)
    for place, sites in arrivals(one.sites).items():
        looked = needs_hit_ratio(sites, base)
        if looked:
            scratch = Ledger(base.records, design.clock)
            record, wrong = hit_ratio(design, place, looked, scratch)
            findings += wrong
            if record is not None:
                hits[place] = record
                behind |= {
                    path: new for path, new in scratch.records.items() if new is not base.records.get(path)
                }
    return Open(replicas, hits, behind), findings


def _without_guesses(design: Design, one: Round, state: Open) -> Ledger:
    """The ledger of a round without the hit ratios that it was given to start from."""
    given = {record.path for record in state.hits.values()}
    given |= {("components", place[0], "hit") for place in _caches(design)}
    return Ledger(
        {path: record for path, record in one.ledger.records.items() if path not in given}, design.clock
    )


def agree(one: Open, other: Open) -> bool:
    if dict(one.replicas) != dict(other.replicas) or set(one.hits) != set(other.hits):
        return False
    return all(abs(one.hits[place].value - other.hits[place].value) <= 1e-12 for place in one.hits)
