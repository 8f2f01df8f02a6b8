"""The ledger: every number is written once, together with what it was computed from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from sdplan.expressions import evaluate, parse_expression
from sdplan.findings import Path
from sdplan.solve.solution import Label, Record, Uncounted
from sdplan.units import BANDWIDTH, DURATION, MONEY, NUMBER, RATE, SIZE, Calendar, Dimension, Quantity

if TYPE_CHECKING:
    from sdplan.formulas._formula import Formula

SPEND = Dimension(time=-1, money=1)
DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {"": NUMBER, "s": DURATION, "1/s": RATE, "B": SIZE, "B/s": BANDWIDTH, "money": MONEY, "money/s": SPEND}
)
_RANK: Mapping[Label, int] = MappingProxyType(
    {"stated": 0, "exact": 1, "bound": 2, "simulated": 3, "approximation": 4}
)
_TOO_LARGE = 1e300


class Ledger:
    """Records by path; the only thing in the solver that grows, and it forgets and overwrites nothing."""

    def __init__(self, stated: Mapping[Path, Record], calendar: Calendar) -> None:
        self.records: dict[Path, Record] = dict(stated)
        self.missing: dict[Path, str] = {}
        self.uncounted: list[Uncounted] = []
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
        inputs = [where for _, where in record.inputs if where in self.records]
        label = self.label_of(record.label, inputs)
        note = record.note if label == record.label else self.note_of(inputs)
        return self.write(record._replace(label=label, note=note))

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
    ) -> float:
        """A formula of the registry applied to the numbers at `inputs`."""
        arguments = {name: self.records[where].value for name, where in inputs.items()}
        dimension = DIMENSIONS[formula.unit]
        return self.write(
            Record(
                path,
                float(formula(**arguments)),
                dimension,
                self.label_of(formula.label, inputs.values()),
                formula.name,
                tuple(inputs.items()),
                note or self.note_of(inputs.values()),
                self._currency(inputs.values()),
                is_share,
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
        known = {name: self.quantity(where) for name, where in inputs.items()}
        result = evaluate(parse_expression(text), known.__getitem__, self.calendar)
        return self.write(
            Record(
                path,
                result.value,
                result.dimension,
                self.label_of(label, inputs.values()),
                f"= {text}",
                tuple(inputs.items()),
                note or self.note_of(inputs.values()),
                result.currency,
                is_share,
            )
        )

    def fold(
        self,
        path: Path,
        word: Literal["sum", "largest", "smallest"],
        terms: Iterable[Path],
        *,
        is_share: bool = False,
        note: str = "",
    ) -> float:
        """The sum, the largest or the smallest of several numbers of one dimension."""
        inputs = tuple((f"term{n}", term) for n, term in enumerate(terms) if term in self.records)
        values = [self.records[term].value for _, term in inputs]
        combine: Any = {"sum": math.fsum, "largest": max, "smallest": min}[word]
        first = self.records[inputs[0][1]]
        where = [term for _, term in inputs]
        return self.write(
            Record(
                path,
                combine(values),
                first.dimension,
                self.label_of("exact", where),
                word,
                inputs,
                note or self.note_of(where),
                first.currency,
                is_share,
            )
        )

    def quantity(self, path: Path) -> Quantity:
        record = self.records[path]
        return Quantity(record.value, record.dimension, record.currency)

    def not_counted(self, path: Path, code: str, what: str, effect: str, hint: str = "") -> None:
        entry = Uncounted(path, code, what, effect, hint)
        if entry not in self.uncounted:
            self.uncounted.append(entry)

    def label_of(self, own: Label, inputs: Iterable[Path]) -> Label:
        """A number is as good as the worst that went into it; what was stated counts as exact."""
        labels: list[Label] = [own, *(self.records[path].label for path in inputs)]
        worst = max(labels, key=_RANK.__getitem__)
        return "exact" if worst == "stated" else worst

    def note_of(self, inputs: Iterable[Path]) -> str:
        """Why it is no better than its worst input: that input's own note."""
        records = [
            self.records[path] for path in inputs if self.records[path].label in ("approximation", "bound")
        ]
        return max(records, key=lambda record: _RANK[record.label]).note if records else ""

    def _currency(self, inputs: Iterable[Path]) -> str:
        return next((self.records[path].currency for path in inputs if self.records[path].currency), "")
