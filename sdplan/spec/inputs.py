"""Inputs: the only place for assumptions."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field
from pydantic_core import core_schema

from sdplan.spec.base import SCALAR, AlsoAs, AnyAmount, Rate, Share, Spec, Text, refuse
from sdplan.units import Calendar, Quantity, UnitError, parse_range


class Interval(NamedTuple):
    """The 5th to the 95th percentile of what is believed of an input."""

    text: str
    low: Quantity
    high: Quantity


def _interval(value: object, info: core_schema.ValidationInfo) -> Interval:
    if isinstance(value, Interval):
        return value
    if not isinstance(value, str):
        refuse("SP202", "expected a range such as 2x..5x")
    try:
        low, high = parse_range(value, info.context["calendar"] if info.context else Calendar())
    except UnitError as fault:
        refuse("SP301", fault.message, fault.hint)
    return Interval(value, low, high)


def _short(value: object) -> object:
    return {"value": value} if isinstance(value, str) else value


class _Ranged:
    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.with_info_plain_validator_function(_interval)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {
            "type": "string",
            "description": "5th to 95th percentile",
            "examples": ["2x..5x", "50:1..200:1"],
        }


class Input(Spec):
    """An assumption: its value, how sure it is, and where it comes from."""

    value: AnyAmount
    range: Annotated[Interval, _Ranged()] | None = None
    source: Text = ""
    why: Text = ""
    status: Literal["assumed", "measured"] = "assumed"
    growth: Share | Rate | None = Field(default=None, description="growth a year, such as 20%/year")


InputOrShort = Annotated[Input, BeforeValidator(_short), AlsoAs(SCALAR)]
