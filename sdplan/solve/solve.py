"""The solver's map: from a design to its solution.

Hit ratios and open replica counts feed back into the load, so the numbers are solved in rounds, each
on a fresh ledger, until two rounds agree; only then are distributions composed and SLOs judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sdplan.distributions import Law
from sdplan.findings import Finding
from sdplan.solve import judge
from sdplan.solve.availability import component_unavailability, flow_availability
from sdplan.solve.bandwidth import Sizes, call_sizes, flow_bandwidth, meters, place_bandwidth
from sdplan.solve.caches import hit_ratio, needs_hit_ratio
from sdplan.solve.compile import compile_flow
from sdplan.solve.cost import place_cost, whole_cost
from sdplan.solve.coverage import uncovered
from sdplan.solve.entities import entities, storage
from sdplan.solve.freshness import backlog, freshness
from sdplan.solve.holding import held_workers
from sdplan.solve.latency import Journey, enter_percentiles, flow_label, station_tree
from sdplan.solve.ledger import Ledger
from sdplan.solve.limits import limit_utilization, needs, tightest
from sdplan.solve.load import RATES, Run, Site, arrivals, load, place_id
from sdplan.solve.nodes import Nodes, count_nodes
from sdplan.solve.parts import adding, latency_parts
from sdplan.solve.solution import Part, Record, Solution
from sdplan.solve.stations import POINTS, Arrivals, Station, node_arrivals, service_laws, station
from sdplan.solve.tree import Place
from sdplan.solve.values import stated
from sdplan.spec.design import Design

_MOST_ROUNDS = 60


class _Open(NamedTuple):
    """What the rounds settle: replicas left open, and hit ratios that have to be computed."""

    replicas: Mapping[str, float]
    hits: Mapping[Place, Record]


class _Round(NamedTuple):
    """One round: everything up to the means."""

    ledger: Ledger
    runs: list[Run]
    sites: list[Site]
    nodes: Mapping[str, Nodes]
    sizes: Mapping[tuple[str | int, ...], Sizes]
    stations: Mapping[str, Mapping[Place, Station]]
    findings: list[Finding]


def solve(design: Design) -> tuple[Solution | None, list[Finding]]:
    """Every number of a design with where it came from, or the findings that stand in the way."""
    known, findings = stated(design)
    if findings:
        return None, findings
    state = _Open({}, {})
    for _ in range(_MOST_ROUNDS):
        one = _round(design, Ledger(known, design.clock), state)
        if any(finding.severity == "error" for finding in one.findings):
            return None, one.findings
        settled, found = _next(design, one, state)
        if found:
            return None, found
        if _same(settled, state):
            return _finish(design, one)
        state = settled
    return None, [Finding("SP407", "error", (), "hit ratios and replica counts do not settle on one solution",
                          "state `replicas` or `hit` for the components that depend on each other")]  # fmt: skip


def _round(design: Design, ledger: Ledger, state: _Open) -> _Round:
    """Load, sizes, stations and limits, for one choice of what is open."""
    nodes: dict[str, Nodes] = {}
    findings: list[Finding] = []
    for name, spec in design.components.items():
        nodes[name], wrong = count_nodes(name, spec, state.replicas.get(name, 1.0), ledger)
        findings += wrong
    for record in state.hits.values():
        ledger.write(record)
    for path in {("components", place[0], "hit") for place in _caches(design)} - set(ledger.records):
        ledger.write(Record(path, 0.0, label="bound", note="first round"))
    regions = tuple(design.regions) or ("",)
    runs = [Run(flow, region, compile_flow(design, flow, region, ledger)) for flow in design.flows for region in regions]
    sites, circle = load(design, runs, ledger)
    if findings or circle:
        return _Round(ledger, runs, sites, nodes, {}, {}, findings + circle)
    _whole_flows(design, ledger)
    entities(design, ledger)
    sizes: dict[tuple[str | int, ...], Sizes] = {}
    for run in runs:
        sizes |= call_sizes(design, run, ledger)
        flow_bandwidth(run, ledger)
    stations, found = _stations(design, arrivals(sites), sizes, nodes, ledger)
    return _Round(ledger, runs, sites, nodes, sizes, stations, found)


def _caches(design: Design) -> list[Place]:
    """The caches whose hit ratio nobody states."""
    from sdplan.spec.references import walk

    open_ = {
        call.component
        for flow in design.flows.values()
        for call in walk(flow.steps)
        if call.miss and call.options.hit is None and getattr(design.components[call.component], "hit", None) is None
    }
    return [(name, "") for name in sorted(open_)]


def _whole_flows(design: Design, ledger: Ledger) -> None:
    """Flows that run in several regions, summed up under their plain paths."""
    for flow in design.flows if design.regions else ():
        for which in RATES:
            terms = [("flows", f"{flow}@{region}", which) for region in design.regions]
            if not ledger.has(("flows", flow, which)):
                ledger.fold(("flows", flow, which), "sum", terms)


def _stations(
    design: Design, places: Mapping[Place, list[Site]], sizes: Mapping[tuple[str | int, ...], Sizes],
    nodes: Mapping[str, Nodes], ledger: Ledger,
) -> tuple[dict[str, dict[Place, Station]], list[Finding]]:  # fmt: skip
    """The queue of every place at both load points, and how full each of its limits is."""
    stations: dict[str, dict[Place, Station]] = {point: {} for point in POINTS}
    findings: list[Finding] = []
    rtts = {name: ledger.value(("components", name, "rtt")) for name in design.components}
    laws: dict[str, dict[str, Law]] = {}
    arriving: dict[tuple[Place, str], Arrivals] = {}
    for place, sites in places.items():
        spec = design.components[place[0]]
        for which in RATES:
            ledger.fold(("components", place_id(place), which), "sum", [site.rate(which) for site in sites])
        if place[0] not in laws:
            laws[place[0]], wrong = service_laws(place[0], spec, ledger)
            findings += wrong
        place_bandwidth(place, sites, sizes, ledger)
        findings += meters(design, place, sites, sizes, ledger)
        for point in POINTS:
            rates = node_arrivals(place, spec, nodes[place[0]], sites, point, ledger)
            arriving[place, point] = rates
            stations[point][place] = station(place, spec, rates, laws[place[0]], point, ledger)
    for place, sites in places.items():
        spec = design.components[place[0]]
        limit_utilization(design, place, spec, ledger)
        for point in POINTS:
            journey = Journey(stations[point], rtts, ledger)
            held_workers(place, spec, sites, arriving[place, point], journey, point, ledger)
        tightest(place, ledger)
        needs(place, spec, nodes[place[0]], ledger)
    return stations, findings


def _next(design: Design, one: _Round, state: _Open) -> tuple[_Open, list[Finding]]:
    """What the next round should take for what is open."""
    replicas = dict(state.replicas)
    for place in one.stations["peak"]:
        name = place[0]
        if one.nodes[name].automatic:
            unit = "shards_needed" if design.components[name].is_store else "replicas_needed"
            wanted = max(1.0, one.ledger.value(("components", place_id(place), unit), 1.0))
            replicas[name] = wanted if name not in replicas else max(wanted, replicas[name])
    hits: dict[Place, Record] = {}
    findings: list[Finding] = []
    base = _without_guesses(design, one)
    for place, sites in arrivals(one.sites).items():
        looked = needs_hit_ratio(sites, base)
        if looked:
            record, wrong = hit_ratio(design, place, looked, base)
            findings += wrong
            if record is not None:
                hits[place] = record
    return _Open(replicas, hits), findings


def _without_guesses(design: Design, one: _Round) -> Ledger:
    """The ledger of a round without the hit ratios that it was given to start from."""
    stated_hits = {path: record for path, record in one.ledger.records.items() if path[-1] != "hit" or record.label == "stated"}
    return Ledger(stated_hits, design.clock)


def _same(one: _Open, other: _Open) -> bool:
    if dict(one.replicas) != dict(other.replicas) or set(one.hits) != set(other.hits):
        return False
    return all(abs(one.hits[place].value - other.hits[place].value) <= 1e-12 for place in one.hits)


def _finish(design: Design, one: _Round) -> tuple[Solution | None, list[Finding]]:
    """Distributions, availability, storage, cost and verdicts, on the ledger of the last round."""
    ledger, findings = one.ledger, list(one.findings)
    rtts = {name: ledger.value(("components", name, "rtt")) for name in design.components}
    journeys = {point: Journey(one.stations[point], rtts, ledger) for point in POINTS}
    for place in one.stations["peak"]:
        component_unavailability(place, design.components[place[0]], one.nodes[place[0]], ledger)
    slow = _latencies(design, one, journeys)
    down = _availabilities(design, one)
    _freshness(design, one, journeys)
    storage(design, one.nodes, ledger)
    for place in one.stations["peak"]:
        findings += place_cost(design, place, design.components[place[0]], ledger)
    whole_cost(design, one.stations["peak"], ledger)
    _whole_components(design, one.stations["peak"], ledger)
    for entry in uncovered(design):
        ledger.not_counted(*entry)
    judged = (judge.results(design, ledger), judge.decisions(design, ledger), judge.slos(design, ledger))
    findings += [finding for _, wrong in judged for finding in wrong]
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    compared, premises, verdicts = (tuple(found) for found, _ in judged)
    trees = {run.flow: run.tree for run in reversed(one.runs)}
    return Solution(
        design, MappingProxyType(ledger.records), MappingProxyType(ledger.missing), verdicts, compared, premises,  # type: ignore[arg-type]
        tuple(ledger.uncounted), trees, slow, down,
    ), findings  # fmt: skip


def _latencies(design: Design, one: _Round, journeys: Mapping[str, Journey]) -> dict[str, tuple[Part, ...]]:
    """Percentiles of every component and flow, at both load points."""
    slow: dict[str, tuple[Part, ...]] = {}
    for point, suffix in POINTS.items():
        journey, stations = journeys[point], one.stations[point]
        for place, found in stations.items():
            path = ("components", place_id(place))
            record = one.ledger.records.get((*path, f"wait{suffix}"))
            label, note = (record.label, record.note) if record is not None else ("exact", "")
            inputs = tuple((name, (*path, name)) for name in ("mean_service_time", "wait") if one.ledger.has((*path, name)))
            if found.services:
                enter_percentiles(path, f"latency{suffix}", station_tree(found, journey), label, note, "stay", inputs, one.ledger)
            _waits(path, suffix, found, one.ledger)
        for run in one.runs:
            label, note = flow_label(run, stations, one.ledger, suffix)
            law = journey.law(run.tree)
            inputs = _hops(run, one.ledger)
            enter_percentiles(run.path, f"latency{suffix}", law, label, note, "composition", inputs, one.ledger)
            if point == "peak":
                adding(run, law, one.ledger)
                slow[run.flow] = latency_parts(run, journey, one.ledger)
    return slow


def _waits(path: tuple[str, ...], suffix: str, found: Station, ledger: Ledger) -> None:
    """Percentiles of the wait alone."""
    from sdplan.distributions import Wait
    from sdplan.solve.latency import LEVELS
    from sdplan.units import DURATION

    wait = ledger.records.get((*path, f"wait{suffix}"))
    if wait is None or found.waiting <= 0:
        return
    law = Wait(waiting=found.waiting, rate=found.decay)
    for level, share in LEVELS.items():
        inputs = (("wait", wait.path), ("waiting", (*path, f"waiting{suffix}")))
        ledger.write(Record((*path, f"wait{suffix}", level), law.quantile(share), DURATION, wait.label, "tail of the wait", inputs, wait.note))


def _hops(run: Run, ledger: Ledger) -> tuple[tuple[str, tuple[str | int, ...]], ...]:
    """The components that a run waits for, by the mean of their stay."""
    from sdplan.solve.tree import calls

    places = dict.fromkeys(place_id(call.place) for call in calls(run.tree) if not call.detached)
    paths = [(place, ("components", place, "latency", "mean")) for place in places]
    return tuple((place, path) for place, path in paths if ledger.has(path))


def _availabilities(design: Design, one: _Round) -> dict[str, tuple[Part, ...]]:
    down: dict[str, tuple[Part, ...]] = {}
    ledger = one.ledger
    for run in one.runs:
        down[run.flow] = flow_availability(run, ledger)
        available, timeouts = (*run.path, "availability"), (*run.path, "timeouts")
        if ledger.has(available) and ledger.has(timeouts):
            ledger.follow((*run.path, "errors"), "1 - (1 - timeouts) * availability", is_share=True,
                          timeouts=timeouts, availability=available)  # fmt: skip
    for flow in design.flows if design.regions else ():
        _worst_region(flow, tuple(design.regions), ledger)
    return down


def _worst_region(flow: str, regions: tuple[str, ...], ledger: Ledger) -> None:
    """A plain path takes the worst region of latency and availability, and the sum of bytes."""
    first = ("flows", f"{flow}@{regions[0]}")
    tails = [path[2:] for path in ledger.records if path[:2] == first]
    for tail in tails:
        path = ("flows", flow, *tail)
        terms = [where for region in regions if ledger.has(where := ("flows", f"{flow}@{region}", *tail))]
        if ledger.has(path) or isinstance(tail[0], str) and tail[0] in ("steps", "messages") or len(terms) < len(regions):
            continue
        word = "sum" if tail[-1] in ("in", "out", "peak_in", "peak_out") else "smallest" if tail[-1] in ("availability", "undegraded") else "largest"
        ledger.fold(path, word, terms, is_share=ledger.records[terms[0]].is_share)  # type: ignore[arg-type]
    for (block, name, *rest), reason in list(ledger.missing.items()):
        if block == "flows" and str(name).startswith(f"{flow}@"):
            ledger.missing.setdefault(("flows", flow, *rest), reason)


def _whole_components(design: Design, places: Mapping[Place, Station], ledger: Ledger) -> None:
    """Plain paths of components in several regions: rates, bytes and money summed, the worst of the rest."""
    summed = {*RATES, "in", "out", "peak_in", "peak_out", "stored", "cost", "capacity"}
    by_name: dict[str, list[str]] = {}
    for name, region in places:
        if region:
            by_name.setdefault(name, []).append(f"{name}@{region}")
    for name, ids in by_name.items():
        tails = {path[2:] for path in ledger.records if path[:2] == ("components", ids[0])}
        for tail in sorted(tails, key=str):
            terms = [where for one in ids if ledger.has(where := ("components", one, *tail))]
            if ledger.has(("components", name, *tail)) or tail[0] in ("calls", "node", "node_rate", "load", "used"):
                continue
            word = "sum" if tail[0] in summed else "smallest" if tail[0] == "group_availability" else "largest"
            ledger.fold(("components", name, *tail), word, terms, is_share=ledger.records[terms[0]].is_share)  # type: ignore[arg-type]
        for (_, one, *rest), reason in list(ledger.missing.items()):
            if one in ids:
                ledger.missing.setdefault(("components", name, *rest), reason)


def _freshness(design: Design, one: _Round, journeys: Mapping[str, Journey]) -> None:
    for run in one.runs:
        trigger = design.flows[run.flow].trigger
        if trigger is None:
            continue
        writers = [
            site.run for site in one.sites
            if site.call.place[0] == trigger.stream and site.call.op != "read" and site.run.region in ("", run.region)
        ]  # fmt: skip
        freshness(design, run, {run.flow: writers[0]} if writers else {}, journeys, one.ledger)
        backlog(design, run, one.sites, one.ledger)


