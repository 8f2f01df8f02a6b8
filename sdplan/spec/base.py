"""The ground of every block: the frozen model, amounts with dimensions, and small scalar types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, NoReturn, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from sdplan.expressions import Expression, ExpressionError, parse_expression
from sdplan.units import (
    BANDWIDTH,
    DURATION,
    MONEY,
    NUMBER,
    RATE,
    SIZE,
    Calendar,
    Dimension,
    Quantity,
    UnitError,
    describe,
    parse_quantity,
)

T = TypeVar("T")

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
RESERVED = frozenset({"parallel", "choose", "all", "rest", "others"})


class Spec(BaseModel):
    """A frozen block of the design; a key that it does not know is a finding."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", defer_build=True, arbitrary_types_allowed=True, populate_by_name=True
    )


def refuse(code: str, message: str, hint: str = "") -> NoReturn:
    """Refuse a value from inside a validator: the code, what is wrong, and what to write instead."""
    raise PydanticCustomError("sdplan", "{message}", {"code": code, "message": message, "hint": hint})


class Amount(NamedTuple):
    """A quantity, or an expression that follows from other quantities, as it was written."""

    text: str
    measure: Measure
    quantity: Quantity | None = None
    expression: Expression | None = None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return core_schema.is_instance_schema(cls)  # the field's own Measure reads it


class Fault(NamedTuple):
    """Why a quantity does not fit its field."""

    code: str
    message: str
    hint: str


class Measure:
    """Annotates an `Amount` field with the dimensions and the values that it may have."""

    def __init__(
        self,
        *dimensions: Dimension,
        examples: tuple[str, ...] = (),
        most: float = float("inf"),
        above_zero: bool = False,
        whole: bool = False,
        largest: float = float("inf"),
    ) -> None:
        self.dimensions = dimensions
        self.examples = examples
        self.most = most
        self.above_zero = above_zero
        self.whole = whole
        self.largest = largest
        self.wanted = " or ".join(describe(one) for one in dimensions) or "a quantity"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return core_schema.with_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.json_schema()

    def json_schema(self) -> dict[str, Any]:
        """What an editor may say of such a field."""
        shown = [*self.examples, "= an_input * 2"]
        return {
            "type": ["string", "number"],
            "description": f"{self.wanted}, or `= expression`",
            "examples": shown,
        }

    def _validate(self, value: object, info: core_schema.ValidationInfo) -> Amount:
        if isinstance(value, Amount):
            return value
        if not isinstance(value, str):
            refuse("SP202", f"expected {self.wanted}, got a {_shape(value)}")
        return self.read(value, info.context["calendar"] if info.context else Calendar())

    def read(self, text: str, calendar: Calendar) -> Amount:
        """Read one scalar; a literal that does not fit is refused here, an expression once evaluated."""
        stripped = text.strip()
        if stripped.startswith("="):
            return Amount(stripped, self, expression=_expression(stripped))
        try:
            quantity = parse_quantity(stripped, calendar)
        except UnitError as wrong:
            refuse("SP301", wrong.message, wrong.hint)
        fault = self.fault(quantity, stripped)
        if fault is not None:
            refuse(*fault)
        return Amount(stripped, self, quantity=quantity)

    def fault(self, quantity: Quantity, text: str) -> Fault | None:
        """What is wrong with a quantity in this field, if anything."""
        if self.dimensions and quantity.dimension not in self.dimensions:
            return self._wrong_dimension(quantity, text)
        value = quantity.value
        if value > self.most:
            return Fault("SP304", f"expected a share from 0% to 100%, got `{text}`", _share_hint(value, text))
        if self.whole and (value < 1 or value != int(value)):
            hint = f"write `{max(1, round(value))}`"
            return Fault("SP304", f"expected a whole number of 1 or more, got `{text}`", hint)
        if value > self.largest:
            hint = f"check this number: write at most `{self.largest:.0f}`"
            return Fault("SP304", f"expected at most {self.largest:,.0f}, got `{text}`", hint)
        if self.above_zero and value <= 0:
            return Fault(
                "SP304", f"expected more than zero, got `{text}`", "write a number above 0, or leave it out"
            )
        if value < 0:
            return Fault(
                "SP304", f"expected zero or more, got `{text}`", "check the subtraction in this expression"
            )
        return None

    def _wrong_dimension(self, quantity: Quantity, text: str) -> Fault:
        got = describe(quantity.dimension).split(" such as")[0]
        message = f"expected {self.wanted}, got {got}: `{text}`"
        return Fault("SP302", message, self._mend(quantity, text))

    def _mend(self, quantity: Quantity, text: str) -> str:
        unit = _missing_unit(self.dimensions) if quantity.dimension == NUMBER else ""
        if text.startswith("="):
            ask = "per what? divide by a time, for example `/ day`"
            return ask if unit == "/s" else "check the units in this expression"
        if unit == "/s":
            return f"per what? write `{text}/s` or `{text}/day`"
        if unit and quantity.value:
            return f"add the unit that is meant: `{text}{unit}`"
        return f"write for example `{self.examples[0]}`" if self.examples else ""


def _missing_unit(dimensions: tuple[Dimension, ...]) -> str:
    units = {DURATION: "ms", SIZE: "B", RATE: "/s", BANDWIDTH: "MB/s", MONEY: " USD"}
    return next((units[one] for one in dimensions if one in units), "")


def _share_hint(value: float, text: str) -> str:
    if not text.endswith("%") and value <= 100:
        return f"write `{text}%`"
    return "write a share of at most `100%`, for example `95%`"


def _expression(text: str) -> Expression:
    try:
        return parse_expression(text[1:].strip())
    except ExpressionError as wrong:
        refuse("SP303", wrong.message, wrong.hint)


def _shape(value: object) -> str:
    return "map" if isinstance(value, Mapping) else "list" if isinstance(value, list | tuple) else "value"


_period = Dimension(time=-1, money=1)
_stored_price = Dimension(time=-1, information=-1, money=1)
_size_price = Dimension(information=-1, money=1)

AnyAmount = Annotated[Amount, Measure(examples=("100M users", "3x", "250ms"))]
Count = Annotated[Amount, Measure(NUMBER, examples=("3", "2.5k", "1M"))]
Whole = Annotated[Amount, Measure(NUMBER, examples=("3", "24"), whole=True, largest=1e6)]
Positive = Annotated[Amount, Measure(NUMBER, examples=("4", "0.5"), above_zero=True)]
Share = Annotated[Amount, Measure(NUMBER, examples=("99.9%", "60%", "4 nines"), most=1.0)]
Duration = Annotated[Amount, Measure(DURATION, examples=("250ms", "5min", "30d"))]
Period = Annotated[Amount, Measure(DURATION, examples=("60s", "5min"), above_zero=True)]
Fraction = Annotated[Amount, Measure(NUMBER, examples=("6.5h/day", "30%"), most=1.0, above_zero=True)]
Size = Annotated[Amount, Measure(SIZE, examples=("2KB", "64GB"))]
Rate = Annotated[Amount, Measure(RATE, examples=("20k/s", "100M links/day", "every 30s"))]
RateOrFactor = Annotated[Amount, Measure(NUMBER, RATE, examples=("3x", "30k/s"))]
Bandwidth = Annotated[Amount, Measure(BANDWIDTH, examples=("10Gbit/s", "336MB/s"))]
Spend = Annotated[Amount, Measure(_period, examples=("60k USD/month", "0.34 USD/h"))]
Price = Annotated[
    Amount, Measure(MONEY, _period, _size_price, _stored_price, examples=("0.2 USD/1M", "0.023 USD/GB/month"))
]
Limit = Annotated[Amount, Measure(NUMBER, RATE, BANDWIDTH, SIZE, examples=("8k/s", "100k"), above_zero=True)]


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "True", "TRUE"):
        return True
    if value in ("false", "False", "FALSE"):
        return False
    refuse(
        "SP202",
        f"expected true or false, got `{value}`" if isinstance(value, str) else "expected true or false",
    )


def _text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    refuse(
        "SP202",
        f"expected text, got a {_shape(value)}",
        "quote text that begins with a bracket or holds `: `",
    )


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class AlsoAs:
    """Tells the JSON Schema which short form a field has; a validator before the field reads them."""

    def __init__(self, form: dict[str, Any]) -> None:
        self.form = form

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # Not `anyOf`: a fault inside the long form is then said of it, and not that no form fits.
        return {"if": {"type": ["object", "array"]}, "then": handler(schema), "else": self.form}


SCALAR: dict[str, Any] = {"type": ["string", "number"]}
WORD: dict[str, Any] = {"type": "string"}

Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number", "boolean"]})]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed), AlsoAs(SCALAR)]
Map = Annotated[Mapping[str, T], AfterValidator(MappingProxyType)]


class _Nothing(Mapping[str, Any]):
    """The empty map; pydantic copies defaults, and a copy of nothing is nothing."""

    def __getitem__(self, key: str) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "{}"

    def __deepcopy__(self, memo: object) -> _Nothing:
        return self


NOTHING: Mapping[str, Any] = _Nothing()
