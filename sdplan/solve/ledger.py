"""The ledger: every number is written once, together with what it was computed from."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from sdplan.expressions import Arithmetic, Expression, arithmetic
from sdplan.findings import Path
from sdplan.solve.bounds import BOTH, CERTAIN, SURE, Trusted, Value, inherited, reason, worst_label
from sdplan.solve.solution import Label, Record, Uncounted
from sdplan.units import BANDWIDTH, DURATION, MONEY, NUMBER, RATE, SIZE, Calendar, Dimension, Quantity

if TYPE_CHECKING:
    from sdplan.formulas._formula import Formula

SPEND = Dimension(time=-1, money=1)
DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {"": NUMBER, "s": DURATION, "1/s": RATE, "B": SIZE, "B/s": BANDWIDTH, "money": MONEY, "money/s": SPEND}
)
POINTS: Mapping[str, str] = MappingProxyType({"peak": "", "mean": "_at_mean"})
"""Load points, and what the names of their numbers end in."""
_COMBINED = {"sum": math.fsum, "largest": max, "smallest": min}
_TOO_LARGE = 1e300


def _given(formula: Formula, arguments: Mapping[str, float]) -> float:
    return _known(formula, *arguments.items())


@lru_cache(maxsize=1 << 15)
def _known(formula: Formula, *arguments: tuple[str, float]) -> float:
    """What a formula gives; rounds and scenarios come to the same arguments again and again."""
    return float(formula(**dict(arguments)))


def _trusted(own: Label, known: Mapping[str, Record], value: Value, before: float | None) -> Trusted:
    if own != "exact":
        return inherited(own, known, value, before)
    for record in known.values():
        if record.prefix or record.label not in SURE:
            return inherited(own, known, value, before)
    return CERTAIN


class Ledger:
    """Records by path; the only thing in the solver that grows, and it forgets and overwrites nothing."""

    def __init__(
        self, stated: Mapping[Path, Record], calendar: Calendar, points: Collection[str] = tuple(POINTS)
    ) -> None:
        self.points = {point: suffix for point, suffix in POINTS.items() if point in points}
        self.records: dict[Path, Record] = dict(stated)
        self.missing: dict[Path, str] = {}
        self.uncounted: dict[Uncounted, None] = {}  # in the order of their entry, each once
        self.calendar = calendar

    def has(self, path: Path) -> bool:
        return path in self.records

    def value(self, path: Path, otherwise: float = 0.0) -> float:
        record = self.records.get(path)
        return otherwise if record is None else record.value

    def write(self, record: Record) -> float:
        """Enter a number that a fold computed; what is not finite is entered as missing instead."""
        if not math.isfinite(record.value) or abs(record.value) > _TOO_LARGE:
            self.missing.setdefault(record.path, "it grows without bound")
            return record.value
        self.records[record.path] = record
        return record.value

    def enter(self, record: Record) -> float:
        """Enter a number that a fold computed from others, no better than the worst of them."""
        inputs = {name: self.records[where] for name, where in record.inputs if where in self.records}
        label = worst_label(record.label, inputs)
        if label == record.label:
            return self.write(record)
        return self.write(record._replace(label=label, note=reason(inputs)))

    def default(
        self, path: Path, value: float, dimension: Dimension = NUMBER, *, is_share: bool = False
    ) -> float:
        """A value that the language supplies where the design says nothing."""
        if path not in self.records:
            note = "default of the language"
            self.write(Record(path, value, dimension, "stated", note=note, is_share=is_share))
        return self.records[path].value

    def apply(
        self,
        path: Path,
        formula: Formula,
        inputs: Mapping[str, Path],
        *,
        is_share: bool = False,
        note: str = "",
        label: Label | None = None,
    ) -> float:
        """A formula of the registry applied to the numbers at `inputs`; `label` for a weaker claim."""

        value = partial(_given, formula)
        records = self.records
        known = {name: records[where] for name, where in inputs.items()}
        result = value({name: record.value for name, record in known.items()})
        trust = _trusted(label or formula.label, known, value, result)
        return self.write(
            Record(
                path,
                result,
                DIMENSIONS[formula.unit],
                trust.label,
                formula.name,
                tuple(inputs.items()),
                trust.note if trust.note == BOTH else note or trust.note,
                self._currency(inputs.values()),
                is_share,
                prefix=trust.prefix,
            )
        )

    def follow(
        self,
        path: Path,
        text: str,
        inputs: Mapping[str, Path],
        *,
        is_share: bool = False,
        note: str = "",
        label: Label = "exact",
    ) -> float:
        """A number that follows by plain arithmetic: the text is what is evaluated and what is shown."""
        said = arithmetic(text, self.calendar)
        records = self.records
        known = {name: records[where] for name, where in inputs.items()}
        result = said.of(known)
        trust = _trusted(label, known, partial(said.number, known=known), result.value)
        record = Record(
            path,
            result.value,
            result.dimension,
            trust.label,
            f"= {text}",
            tuple(inputs.items()),
            note or trust.note,
            result.currency,
            is_share,
            "",
            trust.prefix,
        )
        return self.write(record)

    def fold(
        self,
        path: Path,
        word: Literal["sum", "largest", "smallest"],
        terms: Iterable[Path],
        *,
        is_share: bool = False,
        note: str = "",
        label: Label = "exact",
    ) -> float:
        """The sum, the largest or the smallest of several numbers of one dimension."""
        records = self.records
        inputs = {f"term{n}": term for n, term in enumerate(terms) if term in records}
        known = {name: records[term] for name, term in inputs.items()}
        combine: Any = _COMBINED[word]
        first = next(iter(known.values()))
        result = combine([record.value for record in known.values()])
        trust = _trusted(label, known, lambda values: float(combine(values.values())), result)
        return self.write(
            Record(
                path,
                result,
                first.dimension,
                trust.label,
                word,
                tuple(inputs.items()),
                note or trust.note,
                first.currency,
                is_share,
                prefix=trust.prefix,
            )
        )

    def arithmetic(self, expression: Expression, inputs: Mapping[str, Path]) -> Value:
        """An expression as a function of the values of its inputs."""
        known = {name: self.quantity(where) for name, where in inputs.items()}
        return partial(Arithmetic(expression, self.calendar).number, known=known)

    def trust(
        self, own: Label, inputs: Mapping[str, Path], value: Value, before: float | None = None
    ) -> Trusted:
        """How far a number may be trusted that `value` gives from `inputs`, `before` where it is known."""
        return _trusted(own, {name: self.records[where] for name, where in inputs.items()}, value, before)

    def quantity(self, path: Path) -> Quantity:
        record = self.records[path]
        return Quantity(record.value, record.dimension, record.currency)

    def not_counted(self, path: Path, code: str, what: str, effect: str, hint: str = "") -> None:
        self.uncounted[Uncounted(path, code, what, effect, hint)] = None

    def _currency(self, inputs: Iterable[Path]) -> str:
        return next((self.records[path].currency for path in inputs if self.records[path].currency), "")
