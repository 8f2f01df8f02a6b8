"""What the solver gives back: records, verdicts, and what was not counted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from sdplan.findings import Path
from sdplan.units import DURATION, NUMBER, Dimension, Quantity, format_quantity, format_share, written

if TYPE_CHECKING:
    from sdplan.solve.rounds import Open
    from sdplan.solve.tree import Node
    from sdplan.spec.design import Design

Label = Literal["exact", "approximation", "bound", "stated", "simulated"]
_NO_TIME = 1e-12  # s; what takes less is shown as no time
Prefix = Literal["", "at least ", "at most "]


class Record(NamedTuple):
    """One number: its value in base units, how it follows from others, and how far it may be trusted."""

    path: Path
    value: float
    dimension: Dimension = NUMBER
    label: Label = "exact"
    formula: str = (
        ""  # a formula's name; `= …` for an expression; a fold's word such as `sum`; "" when stated
    )
    inputs: tuple[tuple[str, Path], ...] = ()  # parameter name and the path of its number
    note: str = ""  # the assumption that makes it an approximation or a bound, or the source of a default
    currency: str = ""
    is_share: bool = False  # printed as a percentage
    unit_shown: str = ""  # the unit that the design asks for
    prefix: Prefix = ""  # when something that it depends on was not stated

    @property
    def unit(self) -> str:
        """The base unit as text: `s`, `B`, `1/s`, `USD/s`, or nothing for a plain number."""
        text = written(self.dimension)
        return text.replace("money", self.currency or "USD")

    def shown(self, *, precise: bool = False) -> str:
        """The number for people: three significant figures, or all digits."""
        if self.is_share:
            return self.prefix + format_share(self.value, precise=precise)
        value = (
            0.0 if self.dimension == DURATION and abs(self.value) < _NO_TIME and not precise else self.value
        )
        quantity = Quantity(value, self.dimension, self.currency)
        return self.prefix + format_quantity(quantity, unit=self.unit_shown, precise=precise)


class Verdict(NamedTuple):
    """One line of an SLO against the number that the design gives."""

    path: Path  # slos.redirect-fast.latency.p99
    slo: str
    subject: str  # "flow redirect", "component api" or "the design"
    subject_path: Path
    measure: str  # "latency p99", "availability"
    solved: Path  # the record that it was held against
    target: Record
    met: bool | None  # None: this number could not be computed
    margin: (
        float | None
    )  # share of the target that is left: (target - value) / target; of the error budget for availability
    reason: str = ""  # why met is None


class Comparison(NamedTuple):
    """A published or promised number against what the design gives."""

    path: Path  # results.writes
    solved: Path  # results.writes.value
    expected: Record | None
    tolerance: float
    met: bool | None
    reason: str = ""


class Premise(NamedTuple):
    """The condition under which a decision stands."""

    path: Path  # decisions.ADR-0001.holds_while
    text: str
    left: Record | None
    right: Record | None
    met: bool | None
    reason: str = ""


class Uncounted(NamedTuple):
    """What was not stated, or is not computed yet, and what that means for the numbers."""

    path: Path
    code: str  # the rule that reports it
    what: str
    effect: str
    hint: str = ""


class Part(NamedTuple):
    """The share of one component in a flow's result: in its p99, or in its unavailability."""

    component: Path
    value: float  # seconds, or probability


class Expectation(NamedTuple):
    """One SLO in a scenario: what is expected of it, and the lines that it was judged by."""

    path: Path  # scenarios.launch-day.expect.redirect-fast
    slo: str
    expected: Literal["met", "missed", ""]  # "": nothing, it is shown
    verdicts: tuple[Verdict, ...]

    @property
    def met(self) -> bool | None:
        """Whether every line of the SLO is met; nothing where one of them could not be judged."""
        met = [verdict.met for verdict in self.verdicts]
        return False if False in met else None if None in met or not met else True

    @property
    def as_expected(self) -> bool | None:
        """Whether it came as expected; nothing where nothing was expected, or nothing could be judged."""
        if not self.expected or self.met is None:
            return None
        return self.met == (self.expected == "met")


class Backlog(NamedTuple):
    """What piles up before a triggered flow while a scenario lasts, and how long it takes to go away."""

    flow: Path
    size: Record  # messages at the end of the scenario
    drain: Record | None  # s after its end; nothing where the flow is too slow even then


class Outcome(NamedTuple):
    """What a scenario makes of a design."""

    path: Path  # scenarios.launch-day
    solution: Solution  # of the changed design, with no SLOs but those that are asked for
    expectations: tuple[Expectation, ...]
    emptied: tuple[Path, ...] = ()  # buckets that run dry while it lasts
    backlogs: tuple[Backlog, ...] = ()


class Solution(NamedTuple):
    """Everything that was computed of one design."""

    design: Design
    records: Mapping[Path, Record]
    missing: Mapping[
        Path, str
    ]  # a number that has no value, and why: an unstable station, an input not stated
    slos: tuple[Verdict, ...]
    results: tuple[Comparison, ...]
    decisions: tuple[Premise, ...]
    uncounted: tuple[Uncounted, ...]
    trees: Mapping[str, Node]  # by flow
    latency_parts: Mapping[str, tuple[Part, ...]]  # by flow, largest first
    downtime_parts: Mapping[str, tuple[Part, ...]]  # by flow, largest first
    scenarios: Mapping[str, Outcome] = MappingProxyType({})
    settled: Open | None = None  # what the rounds ended with, for designs like this one to begin with

    def value(self, *path: str) -> float | None:
        """The number at a path, or nothing."""
        record = self.records.get(path)
        return None if record is None else record.value
