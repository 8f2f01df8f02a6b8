"""Flows: how often something happens, and which calls it makes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, SkipValidation, model_validator
from pydantic.json_schema import WithJsonSchema

from sdplan.spec.base import (
    NOTHING,
    WORD,
    AlsoAs,
    Count,
    Fraction,
    Map,
    Period,
    Positive,
    Rate,
    RateOrFactor,
    Share,
    Size,
    Spec,
    Text,
    refuse,
)
from sdplan.spec.steps import STEPS_SCHEMA, Step


class Trigger(Spec):
    """A stream or queue whose messages start runs, one by one or in batches."""

    stream: Text
    every: Period | None = None
    batch: Positive | None = None
    share: Share | None = None


class Clients(Spec):
    """A closed population: so many clients, each thinking before it asks again."""

    count: Positive
    think: Period


def _trigger(value: object) -> object:
    return {"stream": value} if isinstance(value, str) else value


class Flow(Spec):
    """One kind of request or job: its rate, its sizes and its steps."""

    title: Text = ""
    rate: Rate | None = None
    trigger: (
        Annotated[
            Trigger,
            BeforeValidator(_trigger),
            AlsoAs(WORD),
        ]
        | None
    ) = None
    clients: Clients | None = None
    active: Fraction | None = None
    peak: RateOrFactor | None = None
    peak_time: Fraction | None = None
    connections: Map[Count] = NOTHING
    deadline: Period | None = None
    api: Text = ""
    request: Size | None = None
    response: Size | None = None
    steps: Annotated[tuple[Step, ...], SkipValidation, WithJsonSchema(STEPS_SCHEMA)] = ()
    auth: Text = ""
    rate_limit: Text = ""
    why: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _driven_once(cls, value: Any) -> Any:
        if isinstance(value, dict):
            given = [key for key in ("rate", "trigger", "clients") if key in value]
            misspelt = not given and any(key not in cls.model_fields for key in value)
            if (
                len(given) != 1 and not misspelt
            ):  # a key that is unknown is told first: it may be the missing one
                said = " and ".join(f"`{key}`" for key in given) or "none of them"
                refuse(
                    "SP205",
                    f"a flow has one of `rate`, `trigger` and `clients`; this one has {said}",
                    "write for example `rate: 20k/s`, or `trigger: a_stream`",
                )
        return value
