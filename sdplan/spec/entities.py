"""Entities: what is kept, how large it is, what creates it and how long it stays."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator
from pydantic.json_schema import WithJsonSchema

from sdplan.spec.base import (
    NOTHING,
    SCALAR,
    AlsoAs,
    Count,
    Duration,
    Flag,
    Map,
    Positive,
    Share,
    Size,
    Spec,
    Text,
    refuse,
)


class Popularity(Spec):
    """How unevenly items are asked for: a Zipf exponent, stated tiers, or every item alike."""

    zipf: Positive | None = None
    tiers: tuple[tuple[Count, Share], ...] = ()
    uniform: Flag = False

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:
        return {"uniform": "true"} if value == "uniform" else value

    @model_validator(mode="after")
    def _one_form(self) -> Popularity:
        if (self.zipf is not None) + bool(self.tiers) + self.uniform != 1:
            refuse(
                "SP205",
                "a popularity is one of `zipf`, `tiers` or `uniform`",
                "write `popularity: {zipf: 0.9}`",
            )
        return self


def _sizes(value: object) -> object:
    return {"": value} if isinstance(value, str) else value


def _creators(value: object) -> object:
    return {value: "1"} if isinstance(value, str) else value


_amounts = {"type": "object", "additionalProperties": SCALAR}

Sizes = Annotated[
    Map[Size],
    BeforeValidator(_sizes),
    WithJsonSchema(
        {"anyOf": [SCALAR, _amounts], "examples": ["2KB"], "description": "a size, or a map of parts"}
    ),
]
Creators = Annotated[
    Map[Count],
    BeforeValidator(_creators),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, _amounts], "examples": ["shorten", {"signup": 1, "import": "20%"}]}
    ),
]
Forever = Annotated[Literal["forever"], WithJsonSchema({"const": "forever"})]


class Entity(Spec):
    """A kind of record: items are what was there from the start and what flows create and keep."""

    size: Sizes
    count: Count | None = None
    created_by: Creators = NOTHING
    keep: Map[Forever | Duration] = NOTHING
    popularity: Annotated[Popularity, AlsoAs({"const": "uniform"})] | None = None
    consistency: Text = ""
    personal: Flag = False
    why: Text = ""
