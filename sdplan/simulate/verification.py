"""The simulation of a solved design, through one door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sdplan.findings import Path
from sdplan.simulate.caches import computed_hits
from sdplan.simulate.comparing import Compared, compared
from sdplan.simulate.forward import feeds_forward, simulate_columns
from sdplan.simulate.measures import Measure
from sdplan.simulate.observed import Observed
from sdplan.simulate.outages import outages
from sdplan.simulate.plan import SUFFIXES, Plan, plan
from sdplan.simulate.reading import numbers
from sdplan.simulate.schedule import schedule, too_many, unsettled
from sdplan.simulate.world import Progress, simulate_events
from sdplan.solve.runs import place_id
from sdplan.solve.solution import Solution
from sdplan.solve.tree import calls
from sdplan.spec.components import Component, Store

_ACTS_A_RUN = 500
_FULL = 1 - 1e-9


class Measured(NamedTuple):
    """Simulated numbers by the paths of the solver's own, and what could not be simulated."""

    numbers: Mapping[Path, Measure]
    left_out: tuple[str, ...]


class Verification(NamedTuple):
    """The numbers that were both computed and simulated, and what could not be simulated."""

    compared: tuple[Compared, ...]
    left_out: tuple[str, ...]


def verified(
    solution: Solution,
    runs: int = 200_000,
    seed: int = 1,
    point: str = "peak",
    progress: Progress | None = None,
) -> Verification:
    """Every number of a solution that a simulation can give, beside what it gives."""
    traffic = simulated(solution, runs, seed, point, progress)
    overloaded = {path[:2]: sentence for path, sentence in _overloaded(solution, point)}
    visible = {path: measure for path, measure in traffic.numbers.items() if path[:2] not in overloaded}
    hits, unknown_hits = computed_hits(solution, runs, seed)
    states, unknown_states = outages(solution, 5 * runs, seed, point)
    found = compared(solution, {**visible, **hits, **states})
    left_out = (*overloaded.values(), *traffic.left_out, *unknown_hits, *unknown_states)
    return Verification(tuple(found), left_out)


def _overloaded(solution: Solution, point: str) -> Iterator[tuple[Path, str]]:
    """Components that are asked for more than they can do: what they are asked for can't be seen."""
    for path, record in solution.records.items():
        is_share = path[0] == "components" and path[2:] == (f"utilization{SUFFIXES[point]}",)
        if is_share and record.value >= _FULL:
            name = str(path[1])
            yield path, f"{name} is overloaded: computed is what it is asked for, and simulated what it does"


def simulated(
    solution: Solution,
    runs: int = 200_000,
    seed: int = 1,
    point: str = "peak",
    progress: Progress | None = None,
) -> Measured:
    """A discrete-event simulation of a solved design at a load point, the same for the same seed."""
    what = plan(solution, point)
    huge = too_many(what)
    if huge:
        return Measured({}, (f"one run of {', '.join(huge)} makes more calls than can be simulated",))
    time = schedule(what, runs)
    if time.window <= 0.0:
        return Measured({}, ("no flow runs",))
    if time.short:
        return Measured({}, ("its calls take much longer than was simulated: raise --runs",))
    if feeds_forward(what):
        seen = simulate_columns(what, time, seed)
    else:
        seen = simulate_events(what, time, seed, _ACTS_A_RUN * runs, progress)
    slow = {place_id(place) for place in unsettled(what, time, seen)}
    endless = {str(path[1]) for path, _ in _overloaded(solution, point)}  # no run is long enough for these
    known = {} if not seen.whole else numbers(what, seen)
    beyond = dict(_beyond(solution, what))
    doubtful = _doubtful(what, slow | set(beyond), seen)
    found = {path: measure for path, measure in known.items() if path[:2] not in doubtful}
    return Measured(found, (*beyond.values(), *_left_out(slow - endless, seen)))


def _beyond(solution: Solution, what: Plan) -> Iterator[tuple[str, str]]:
    """Components that do what the simulation can't, and what that is."""
    for place in what.layouts:
        name = place_id(place)
        spec = solution.design.components[place[0]]
        if getattr(spec, "scaling", None) is not None:
            yield name, f"{name}: servers that slow each other down"
        elif place[1] and _has_far_quorum(spec):
            yield name, f"{name}: a quorum of copies in several regions"
        elif any(path[:3] == ("components", name, "hot_key_share") for path in solution.records):
            yield name, f"{name}: a key that one shard gets all calls for"


def _has_far_quorum(spec: Component) -> bool:
    replication = spec.replication if isinstance(spec, Store) else None
    quorums = (replication.write_quorum, replication.read_quorum) if replication is not None else ()
    return any(quorum in ("quorum", "all") for quorum in quorums)


def _doubtful(what: Plan, slow: set[str], seen: Observed) -> set[Path]:
    """Components that did not settle, flows that call them, and flows whose runs did not all end."""
    found: set[Path] = {("components", name) for name in slow}
    for source in what.sources:
        called = {place_id(call.place) for call in calls(source.tree)}
        if called & slow or seen.flows[source.name].unfinished:
            found.add(("flows", source.name))
    return found


def _left_out(slow: set[str], seen: Observed) -> Iterator[str]:
    if not seen.whole:
        yield "the simulation was stopped before its end: it makes too many calls"
    for name in sorted(slow):
        yield f"{name} settles more slowly than was simulated, and so do the flows through it: raise --runs"
    for name, runs in seen.flows.items():
        if runs.unfinished:
            yield f"{runs.unfinished} runs of {name} did not end"
