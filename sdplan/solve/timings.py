"""Timings: the percentiles of every component and flow, at both load points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sdplan.distributions import Law, trees
from sdplan.findings import Path
from sdplan.solve.asked import Asked
from sdplan.solve.bounds import BOTH
from sdplan.solve.flow_trust import flow_label
from sdplan.solve.journey import LEVELS, Journey, Unstable
from sdplan.solve.latency import (
    Trust,
    enter_lateness,
    enter_percentiles,
    station_tree,
)
from sdplan.solve.ledger import Ledger
from sdplan.solve.load import Run, place_id
from sdplan.solve.parts import adding
from sdplan.solve.revisits import with_one_wait
from sdplan.solve.solution import Record
from sdplan.solve.stations import POINTS, Station
from sdplan.solve.tree import Place, calls
from sdplan.units import DURATION


def latencies(
    runs: Iterable[Run],
    stations_at: Mapping[str, Mapping[Place, Station]],
    journeys: Mapping[str, Journey],
    logs: Collection[str],
    asked: Asked,
    ledger: Ledger,
) -> None:
    """Percentiles of every component and flow that is asked for, at the load points that are."""
    for point in (one for one in POINTS if one in asked.points):
        suffix, journey, stations = POINTS[point], journeys[point], stations_at[point]
        for place, found in stations.items():
            if not asked.of_component(place[0]):
                continue
            path: Path = ("components", place_id(place))
            if found.services:
                trust = _stay(path, suffix, ledger)
                enter_percentiles(path, f"latency{suffix}", station_tree(found, journey), trust, ledger)
            _waits(path, suffix, found.wait or _of_pool(journey.pools.get(place)), ledger)
        for run in (one for one in runs if asked.of_flow(one.flow)):
            law = journey.law(run.tree)
            one_wait = None if isinstance(law, Unstable) else with_one_wait(run.tree, journey)
            label, note = flow_label(run, journey, one_wait is not None, suffix, ledger)
            trust = Trust(label, note, "composition", _hops(run, ledger))
            if _untimed(run, stations, logs):
                label = "approximation" if trust.label == "bound" else trust.label
                trust = trust._replace(prefix="at least ", label=label)
            elif reason := _too_low(run, suffix, ledger):
                low = trust._replace(prefix="at least ", label="approximation", note=reason)
                trust = low if one_wait is None else low._replace(prefix="", note=BOTH)
            enter_percentiles(run.path, f"latency{suffix}", law, trust, ledger, one_wait)
            if point == "peak":
                adding(run, law, ledger)
                enter_lateness(run, law, ledger)


def _stay(path: Path, suffix: str, ledger: Ledger) -> Trust:
    """A stay is a wait and a service."""
    wait = ledger.records.get((*path, f"wait{suffix}"))
    label, note = (wait.label, wait.note) if wait is not None else ("exact", "")
    pool = ledger.records.get((*path, f"worker_wait{suffix}"))
    if pool is not None:
        label, note = "approximation", pool.note
    names = (f"mean_service_time{suffix}", f"wait{suffix}") if wait is not None else ("service_time",)
    own = tuple((name, where) for name in names if ledger.has(where := (*path, name)))
    trust = Trust(label, note, "stay", own or _operations(path, ledger))
    return trust._replace(prefix="at least ") if wait is not None and wait.prefix == "at least " else trust


def _too_low(run: Run, suffix: str, ledger: Ledger) -> str:
    """Why the waits of a run read too low, if one does: bursts, or more load than was computed."""
    places = (call.place for call in calls(run.tree) if not call.detached)
    waits = (ledger.records.get(("components", place_id(place), f"wait{suffix}")) for place in places)
    return next((wait.note for wait in waits if wait is not None and wait.prefix == "at least "), "")


def _operations(path: Path, ledger: Ledger) -> tuple[tuple[str, Path], ...]:
    name = str(path[1]).partition("@")[0]
    found = [
        where for where in ledger.records if where[:2] == ("components", name) and where[-1] == "service_time"
    ]
    return tuple((str(where[-2] if where[2] == "ops" else "service_time"), where) for where in found)


def _untimed(run: Run, stations: Mapping[Place, Station], logs: Collection[str]) -> bool:
    """Whether a run waits for a call whose own time nobody stated; a write to a log needs none."""
    waited = (call for call in calls(run.tree) if not call.detached and call.place in stations)
    return any(call.op not in stations[call.place].services and call.place[0] not in logs for call in waited)


def _of_pool(pool: trees.Node | Unstable | None) -> Law | None:
    """The law of the wait for a worker, where there is one."""
    return pool.law if isinstance(pool, trees.Hop) else None


def _waits(path: Path, suffix: str, law: Law | None, ledger: Ledger) -> None:
    """Percentiles of the wait alone."""
    wait = ledger.records.get((*path, f"wait{suffix}"))
    if wait is None or law is None:
        return
    chance = (*path, f"waiting{suffix}")
    inputs = (("wait", wait.path), *((("waiting", chance),) if ledger.has(chance) else ()))
    for level, share in LEVELS.items():
        ledger.write(
            Record(
                (*path, f"wait{suffix}", level),
                law.quantile(share),
                DURATION,
                wait.label,
                "tail of the wait",
                inputs,
                wait.note,
                prefix=wait.prefix,
            )
        )


def _hops(run: Run, ledger: Ledger) -> tuple[tuple[str, Path], ...]:
    """The components that a run waits for, by their mean stay, or by their wait where none is computed."""
    places = dict.fromkeys(place_id(call.place) for call in calls(run.tree) if not call.detached)
    found: list[tuple[str, Path]] = []
    for place in places:
        stay: Path = ("components", place, "latency", "mean")
        wait: Path = ("components", place, "wait")
        found += [(place, path) for path in (stay, wait) if ledger.has(path)][:1]
    return tuple(found)
