"""Availability of the flows: the exact probability that a run can succeed, over components shared by name.

A component that several calls use counts once.  Retries are not redundancy: they count for nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sdplan.findings import Path
from sdplan.solve.availability import ZONE, causes, component_groups
from sdplan.solve.bounds import BOTH
from sdplan.solve.decision_diagram import TooManyStates
from sdplan.solve.failover import Outages
from sdplan.solve.groups import Group
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run, place_id
from sdplan.solve.solution import Label, Part, Prefix, Record
from sdplan.solve.stations import POINTS
from sdplan.solve.structure import Structure, may_degrade
from sdplan.solve.tree import Place, calls
from sdplan.spec.design import Design
from sdplan.units import NUMBER, RATE


class Reading(NamedTuple):
    """A flow's structure function at one load point."""

    structure: Structure
    function: int
    value: float
    suffix: str


class Availabilities:
    """The parts of a design and the states of its regions, for every flow to be read from."""

    def __init__(self, design: Design, runs: Iterable[Run], ledger: Ledger) -> None:
        self.design = design
        self.ledger = ledger
        self.runs = tuple(runs)
        self.outages = Outages(design, self.runs, causes(design, ledger), ledger)
        self.groups: dict[str, dict[Place, Group]] = {point: {} for point in POINTS}
        for place in self._places():
            for point, group in component_groups(place, design, ledger).items():
                self.groups[point][place] = group

    def _places(self) -> Iterable[Place]:
        """Every component that is called, regions that are lost included."""
        called = [call.place for run in self.runs for call in calls(run.tree)]
        for one in self.outages.losable:
            left = (run for run in self.runs if run.region != one.name)
            trees = (self.outages.tree(run.flow, run.region, (one.name,)) for run in left)
            called += [call.place for tree in trees for call in calls(tree)]
        return dict.fromkeys(called)

    def flow(self, run: Run) -> tuple[Part, ...]:
        """Available and undegraded shares of a flow, entered under it, and what each component costs it."""
        peak = self._reading(run, "peak", undegraded=False)
        degrades = peak is None or self.outages.losable or may_degrade(run.tree)
        whole = self._reading(run, "peak", undegraded=True) if degrades else peak
        if whole is not None:
            self._enter(run, "lost_quality", whole)
            _undegraded(run, self.ledger)
        if peak is None:
            return ()
        self._enter(run, "unavailability", peak)
        self._available(run, "")
        if "mean" not in self.ledger.points:
            return self._shares(run, peak)
        mean = peak._replace(suffix="_at_mean")
        again = mean if self._alike(peak) else self._reading(run, "mean", undegraded=False)
        if again is not None:
            self._enter(run, "unavailability_at_mean", again)
            self._available(run, "_at_mean")
            self._over_time(run)
        return self._shares(run, peak)

    def with_worst_regions(self, parts: Mapping[str, tuple[Part, ...]]) -> dict[str, tuple[Part, ...]]:
        """What each component costs a flow as a whole: what it costs in the region that is down most."""
        found = dict(parts)
        for run in self.runs:
            ids = [str(other.path[1]) for other in self.runs if other.flow == run.flow]
            if run.flow not in found:
                found[run.flow] = parts[max(ids, key=self._down)]
        return found

    def _down(self, flow: str) -> float:
        return self.ledger.value(("flows", flow, "unavailability"))

    def _alike(self, reading: Reading) -> bool:
        """Whether the load makes no difference: as many are needed at the mean as at the peak."""
        peak, mean = self.groups["peak"], self.groups["mean"]
        used = {owner[0] for owner in reading.structure.owners.values()}
        return not self.outages.losable and all(peak.get(place) == mean.get(place) for place in used)

    def _reading(self, run: Run, point: str, *, undegraded: bool) -> Reading | None:
        """The probability that a run fails, or the reason why there is none."""
        suffix = POINTS[point]
        name = "undegraded" if undegraded else f"availability{suffix}"
        structure = Structure(self.ledger, self.groups[point], self.ledger.value(ZONE), undegraded)
        try:
            function = self.outages.function(run, structure, point)
        except TooManyStates:
            self.ledger.missing[(*run.path, name)] = (
                "its failures combine in too many ways to be counted exactly"
            )
            return None
        if structure.lost:
            lost = ", ".join(sorted(structure.lost))
            self.ledger.missing[(*run.path, name)] = f"{lost} cannot carry the {point}"
            return None
        return Reading(structure, function, structure.diagram.unavailability(function), suffix)

    def _enter(self, run: Run, name: str, reading: Reading) -> None:
        """An unavailability with all that it follows from, and how far it may be trusted."""
        ledger, rough = self.ledger, reading.structure.rough
        inputs = tuple(self._inputs(reading))
        used = [ledger.records[where] for _, where in inputs]
        unstated = any(record.prefix == "at least " for record in used) or self._unstated()
        above = rough or any(record.label == "bound" and not record.prefix for record in used)
        notes = {record.note for record in used if record.label != "stated"} | {rough}
        note = "; ".join(sorted(notes - {""}))
        label: Label = "approximation" if unstated and above else "bound" if unstated or above else "exact"
        prefix: Prefix = "at least " if label == "bound" and unstated else ""
        note = BOTH if label == "approximation" else note
        if label == "bound" and not note:
            note = "nothing says how often a region is up"
        ledger.enter(
            Record(
                (*run.path, name),
                reading.value,
                NUMBER,
                label,
                "structure function",
                inputs,
                note,
                prefix=prefix,
            )
        )

    def _unstated(self) -> bool:
        """Whether a region counts as always up because nobody says how often it is."""
        return len(self.outages.losable) < len(self.design.regions)

    def _inputs(self, reading: Reading) -> Iterable[tuple[str, Path]]:
        structure, ledger = reading.structure, self.ledger
        for place in dict.fromkeys(owner[0] for owner in structure.owners.values()):
            path = ("components", place_id(place))
            at = (*path, f"unavailability{reading.suffix}")
            where = at if ledger.has(at) else (*path, "unavailability")
            if ledger.has(where):
                yield place_id(place), where
        for one in self.outages.losable:
            yield f"region {one.name}", ("regions", one.name, "unavailability")
        if any(name.startswith("zone ") for name in structure.causes):
            yield "zone", ZONE

    def _available(self, run: Run, suffix: str) -> None:
        down = (*run.path, f"unavailability{suffix}")
        available = (*run.path, f"availability{suffix}")
        if self.ledger.has(down):
            self.ledger.follow(available, "1 - unavailability", {"unavailability": down}, is_share=True)
            _mirror(available, down, self.ledger)

    def _over_time(self, run: Run) -> None:
        """Both load points by their time, where the design says how long the peak lasts."""
        share = ("flows", run.flow, "peak_time")
        if not self.ledger.has(share):
            return
        inputs: dict[str, Path] = {
            "peak_time": share,
            "at_peak": (*run.path, "unavailability"),
            "at_mean": (*run.path, "unavailability_at_mean"),
        }
        text = "peak_time * at_peak + (1 - peak_time) * at_mean"
        self.ledger.follow((*run.path, "unavailability_over_time"), text, inputs)
        self._available(run, "_over_time")

    def _shares(self, run: Run, reading: Reading) -> tuple[Part, ...]:
        """What each component's own failures cost: its unavailability times its Birnbaum importance."""
        structure, diagram = reading.structure, reading.structure.diagram
        rates = dict(zip(diagram.names, diagram.false_probability, strict=True))
        importances = diagram.importances(reading.function)
        lost: dict[Place, float] = {}
        for name, importance in importances.items():
            if name in structure.owners:
                place = structure.owners[name][0]
                lost[place] = lost.get(place, 0.0) + rates[name] * importance
        self._lost_to_causes(run, reading)
        self._outages(run, reading, importances)
        parts = [Part(("components", place_id(place)), value) for place, value in lost.items()]
        return tuple(sorted(parts, key=lambda part: (-part.value, part.component)))

    def _lost_to_causes(self, run: Run, reading: Reading) -> None:
        """What the loss of zones and of regions costs: what would be gained if none were ever lost."""
        structure, whole = reading.structure, self.ledger.records[(*run.path, "unavailability")]
        for what in ("zone", "region"):
            sure = {name for name in structure.causes if name.startswith(f"{what} ")}
            inputs = tuple(item for item in whole.inputs if item[0].startswith(what))
            if sure and inputs:
                gained = reading.value - structure.diagram.unavailability(reading.function, sure)
                path = (*run.path, f"lost_to_{what}s")
                word = f"less that with every {what} up"
                self.ledger.enter(
                    whole._replace(path=path, value=max(0.0, gained), formula=word, inputs=inputs)
                )

    def _outages(self, run: Run, reading: Reading, importances: Mapping[str, float]) -> None:
        """How often the flow fails as a whole and for how long, where every part says how often it does."""
        frequency = 0.0
        for name, importance in importances.items():
            often = self._often(name, reading.structure)
            if often is None:
                if importance:
                    return
                continue
            frequency += importance * often
        whole = self.ledger.records[(*run.path, "unavailability")]
        if frequency <= 0.0 or whole.value <= 0.0:
            return
        path = (*run.path, "failure_frequency")
        self.ledger.enter(
            whole._replace(path=path, value=frequency, dimension=RATE, formula="Birnbaum importance")
        )
        inputs = {"unavailability": whole.path, "failure_frequency": path}
        self.ledger.follow((*run.path, "mean_outage"), "unavailability / failure_frequency", inputs)

    def _often(self, name: str, structure: Structure) -> float | None:
        """How often a variable turns false [1/s]; None for what nobody says, and for draws of a run."""
        if name in structure.owners:
            place, left, needed = structure.owners[name]
            return structure.groups[place].frequency(left, needed)
        if name not in structure.causes or name.startswith("failover "):
            return None
        path: Path = ("zones",) if name.startswith("zone ") else ("regions", name.removeprefix("region "))
        mttr = self.ledger.value((*path, "mttr"))
        return self.ledger.value((*path, "unavailability")) / mttr if mttr else None


def _mirror(path: Path, down: Path, ledger: Ledger) -> None:
    """An availability is at most where the unavailability is at least, and the other way round."""
    record, below = ledger.records[path], ledger.records[down]
    if below.label == "bound":
        ledger.records[path] = record._replace(prefix="at most " if below.prefix else "at least ")


def _undegraded(run: Run, ledger: Ledger) -> None:
    """A run is whole when nothing that it calls is down, and nothing answers too late."""
    lost, late, degradation = ((*run.path, name) for name in ("lost_quality", "late", "degradation"))
    if ledger.has(late):
        ledger.follow(degradation, "lost + late - lost * late", {"lost": lost, "late": late})
    else:
        ledger.follow(degradation, "lost", {"lost": lost})
    undegraded = (*run.path, "undegraded")
    ledger.follow(undegraded, "1 - degradation", {"degradation": degradation}, is_share=True)
    if ledger.records[lost].prefix:
        ledger.records[undegraded] = ledger.records[undegraded]._replace(prefix="at most ")
