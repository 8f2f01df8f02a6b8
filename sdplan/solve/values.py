"""Stated values: every amount of a design as a number, expressions evaluated, each with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import BaseModel

from sdplan.expressions import ExpressionError, evaluate
from sdplan.findings import Finding, Path, dotted
from sdplan.solve.contradictions import contradictions
from sdplan.solve.solution import Record
from sdplan.spec.base import Amount
from sdplan.spec.design import Design
from sdplan.spec.references import choices
from sdplan.spec.steps import CallStep, ChooseStep, ParallelStep
from sdplan.units import NUMBER, Quantity, format_share

_ROUNDING = 1e-9
_PLAIN = (str, bool, int, float)
_VISIBLE = "flows.F.rate, .request, .response and entities.E.size, .count"


def stated(design: Design) -> tuple[dict[Path, Record], list[Finding]]:
    """A record for every amount of the design but the results, which may see solved numbers."""
    reader = _Reader(design)
    for path in reader.amounts:
        reader.record(path)
    if not reader.findings:
        reader.findings += _whole_shares(design, reader.records)
        reader.findings += _one_currency(reader.records)
        reader.findings += contradictions(design, reader.records)
    return reader.records, reader.findings


def _whole_shares(design: Design, records: Mapping[Path, Record]) -> Iterator[Finding]:
    """Shares of one whole must come to 100 %."""
    for flow in design.flows.values():
        for step in choices(flow.steps):
            shares = [
                records[path].value
                for branch in step.branches
                if (path := (*branch.source, "share")) in records
            ]
            yield from _sum_of_shares(step.source, shares, rest=len(shares) < len(step.branches))
    for name, entity in design.entities.items():
        if entity.popularity is not None and entity.popularity.tiers:
            tiers: Path = ("entities", name, "popularity", "tiers")
            shares = [records[(*tiers, n, 1)].value for n in range(len(entity.popularity.tiers))]
            yield from _sum_of_shares(tiers, shares, rest=False)
    if design.regions:
        shares = [records["regions", region, "share"].value for region in design.regions]
        yield from _sum_of_shares(("regions",), shares, rest=False)


def _one_currency(records: Mapping[Path, Record]) -> Iterator[Finding]:
    """A design counts in one currency: there is no rate of exchange in it."""
    priced = [record for record in records.values() if record.currency]
    other = next((record for record in priced if record.currency != priced[0].currency), None)
    if other is not None:
        message = f"this design counts in {priced[0].currency}, and here in {other.currency}"
        yield Finding("SP304", "error", other.path, message, f"convert it to {priced[0].currency}")


def _sum_of_shares(path: Path, shares: list[float], *, rest: bool) -> Iterator[Finding]:
    total = sum(shares)
    if total > 1 + _ROUNDING or (not rest and total < 1 - _ROUNDING):
        hint = "write `share: rest` for one of them" if path[0] == "flows" else "let them come to 100 %"
        yield Finding("SP304", "error", path, f"the shares come to {format_share(total)}, not to 100 %", hint)


@cache
def _keys(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields of a block, each with its key in the YAML."""
    return tuple((name, field.alias or name) for name, field in model.model_fields.items())


def amounts(value: object, path: Path) -> Iterator[tuple[Path, Amount]]:
    """Every amount inside a block, at the path that it has in the YAML."""
    if isinstance(value, Amount):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, key in _keys(type(value)):
            inner = getattr(value, name)
            if inner and type(inner) not in _PLAIN:
                yield from amounts(inner, (*path, key))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from amounts(item, (*path, key) if key else path)
    elif isinstance(value, CallStep):
        yield from amounts(value.options, value.source)
        for steps in (value.calls, value.miss, value.fallback):
            yield from amounts(steps, value.source)
    elif isinstance(value, ParallelStep):
        yield from amounts(value.options, value.source)
        yield from amounts(value.calls, value.source)
    elif isinstance(value, ChooseStep):
        for branch in value.branches:
            yield from amounts(branch.share, (*branch.source, "share"))
            yield from amounts(branch.calls, branch.source)
    elif type(value) is tuple:
        for index, item in enumerate(value):
            yield from amounts(item, (*path, index))


def _short(path: Path) -> Path:
    """Where people look for a number: an input by its name, a service time given as a mean by its own key."""
    return path[:2] if path[0] == "inputs" and path[-1] == "value" else path


def _belongs_to_calls(path: Path) -> bool:
    """What an operation uses of a meter depends on the sizes of each call, so it is evaluated there."""
    return path[0] == "components" and len(path) > 4 and path[4] == "uses"


class _Reader:
    def __init__(self, design: Design) -> None:
        self.design = design
        self.calendar = design.clock
        self.records: dict[Path, Record] = {}
        self.findings: list[Finding] = []
        self._open: list[Path] = []
        self._failed: set[Path] = set()
        self.amounts: dict[Path, Amount] = {}
        for block in ("inputs", "entities", "flows", "components", "regions", "zones", "slos", "scenarios"):
            for path, amount in amounts(getattr(design, block), (block,)):
                if not _belongs_to_calls(path):
                    self.amounts.setdefault(_short(path), amount)
        if design.horizon is not None:
            self.amounts["horizon",] = design.horizon

    def record(self, path: Path) -> Record | None:
        """The record at a path, evaluated when it is first asked for."""
        if path in self.records or path in self._failed:
            return self.records.get(path)
        if path in self._open:
            self._cycle(path)
            return None
        amount = self.amounts[path]
        self._open.append(path)
        try:
            if amount.expression is not None:
                self._follow(path, amount)
            elif amount.quantity is not None:
                self._literal(path, amount.quantity)
        finally:
            self._open.pop()
        return self.records.get(path)

    def _literal(self, path: Path, quantity: Quantity) -> None:
        default = self.design.defaults.get(path[:3])
        note = f"catalogue, {default.tech}: {default.source}" if default is not None else ""
        amount = self.amounts[path]
        percent = amount.text.endswith("%") or amount.measure.most == 1.0
        is_share = quantity.dimension == NUMBER and percent
        self.records[path] = Record(
            path,
            quantity.value,
            quantity.dimension,
            "stated",
            note=note,
            currency=quantity.currency,
            is_share=is_share,
        )

    def _follow(self, path: Path, amount: Amount) -> None:
        assert amount.expression is not None
        inputs: dict[str, Path] = {}

        def lookup(name: str) -> Quantity:
            where = self._resolve(name)
            inputs[name] = where
            if where not in self.amounts:
                return self._whole(where)
            record = self.record(where)
            if record is None:
                raise _Upstream
            return Quantity(record.value, record.dimension, record.currency)

        try:
            quantity = evaluate(amount.expression, lookup, self.calendar)
        except _Upstream:
            self._failed.add(path)
            return
        except ExpressionError as wrong:
            self._fault(path, "SP305", wrong.message, wrong.hint)
            return
        fault = amount.measure.fault(quantity, amount.text)
        if fault is not None:
            self._fault(path, fault.code, fault.message, fault.hint)
            return
        is_share = quantity.dimension == NUMBER and amount.measure.most == 1.0
        self.records[path] = Record(
            path,
            quantity.value,
            quantity.dimension,
            "exact",
            amount.text,
            tuple(inputs.items()),
            currency=quantity.currency,
            is_share=is_share,
        )

    def _resolve(self, name: str) -> Path:
        """Where a name of an expression points to; the design itself sees inputs and a few stated fields."""
        parts = tuple(name.split("."))
        if len(parts) == 1:
            return self._known(("inputs", name), name, self.design.inputs)
        if parts[0] == "inputs" and len(parts) == 2:
            return self._known(parts, parts[1], self.design.inputs)
        seen = {"flows": ("rate", "request", "response"), "entities": ("size", "count")}
        if len(parts) == 3 and parts[2] in seen.get(parts[0], ()):
            block: Mapping[str, object] = getattr(self.design, parts[0])
            return self._known(parts, parts[1], block)
        message = f"an expression of the design itself cannot see `{name}`"
        raise ExpressionError(
            message, f"it sees inputs, {_VISIBLE}; solved numbers are for results and `holds`", 0
        )

    def _known(self, path: Path, name: str, block: Mapping[str, object]) -> Path:
        from sdplan.spec.faults import suggestion

        if name not in block:
            raise ExpressionError(
                f"unknown name `{name}`", suggestion(name, block) or "define it under `inputs`", 0
            )
        return path

    def _whole(self, path: Path) -> Quantity:
        """A size given in parts is their sum; what is not stated at all cannot be used."""
        parts = [where for where in self.amounts if where[:3] == path and len(where) == 4]
        records = [record for where in parts if (record := self.record(where)) is not None]
        if not parts:
            raise ExpressionError(f"`{dotted(path)}` is not stated", "state it, or use an input", 0)
        if len(records) < len(parts):
            raise _Upstream
        quantity = Quantity(sum(record.value for record in records), records[0].dimension)
        inputs = tuple((str(where[-1]), where) for where in parts)
        self.records[path] = Record(path, quantity.value, quantity.dimension, "exact", "sum", inputs)
        return quantity

    def _cycle(self, path: Path) -> None:
        loop = self._open[self._open.index(path) :]
        chain = " → ".join(dotted(one) for one in (*loop, path))
        if not self._failed.intersection(loop):
            hint = "break the circle: give one of them a value of its own"
            self._fault(path, "SP306", f"this expression needs its own value: {chain}", hint)
        self._failed.update(loop)

    def _fault(self, path: Path, code: str, message: str, hint: str) -> None:
        self._failed.add(path)
        self.findings.append(Finding(code, "error", path, message, hint))


class _Upstream(Exception):
    """A name that an expression needs has a fault of its own, already reported."""
