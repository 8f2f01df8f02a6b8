"""SLOs, scenarios and results: what must hold, what may happen, and which numbers must come out."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, PlainValidator, model_validator
from pydantic.json_schema import WithJsonSchema

from sdplan.expressions import Comparison, ExpressionError, parse_comparison
from sdplan.spec.base import (
    NOTHING,
    SCALAR,
    AlsoAs,
    AnyAmount,
    Count,
    Duration,
    Map,
    Period,
    Positive,
    Share,
    Spec,
    Spend,
    Text,
    Texts,
    refuse,
)

PERCENTILES = ("p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99", "max")


def _percentiles(value: object) -> object:
    if isinstance(value, dict):
        for key in value:
            if key not in PERCENTILES:
                refuse("SP201", f"unknown percentile `{key}`", f"write one of {', '.join(PERCENTILES)}")
    return value


class Condition(NamedTuple):
    """A comparison of two expressions, as it was written."""

    text: str
    comparison: Comparison


def _condition(value: object) -> Condition:
    if isinstance(value, Condition):
        return value
    if not isinstance(value, str):
        refuse("SP202", "expected a comparison such as `entities.link.stored > 10TB`")
    try:
        text = value.removeprefix("=").strip()
        return Condition(text, parse_comparison(text))
    except ExpressionError as fault:
        refuse("SP303", fault.message, fault.hint)


Holds = Annotated[
    Condition,
    PlainValidator(_condition),
    WithJsonSchema({"type": "string", "examples": ["entities.link.stored > 10TB"]}),
]
Percentiles = Annotated[Map[Duration], BeforeValidator(_percentiles)]
OBJECTIVES = (
    "latency",
    "wait",
    "freshness",
    "availability",
    "undegraded",
    "errors",
    "durability",
    "rpo",
    "rto",
    "cost",
    "holds",
)


class Slo(Spec):
    """An objective on a flow, a component or the whole design."""

    flow: Texts = ()
    component: Text = ""
    latency: Percentiles = NOTHING
    wait: Percentiles = NOTHING
    freshness: Percentiles = NOTHING
    availability: Share | None = None
    undegraded: Share | None = None
    errors: Share | None = None
    durability: Share | None = None
    rpo: Duration | None = None
    rto: Duration | None = None
    cost: Spend | None = None
    holds: Holds | None = None
    at: Literal["mean", "peak"] = "peak"
    window: Duration | None = None
    alert: Text = ""
    owner: Text = ""
    why: Text = ""

    @model_validator(mode="after")
    def _has_objective(self) -> Slo:
        if not any(getattr(self, name) for name in OBJECTIVES):
            refuse(
                "SP205",
                f"an SLO needs one of {', '.join(OBJECTIVES)}",
                "write for example `latency: {p99: 100ms}`",
            )
        needs_subject = any(getattr(self, name) for name in OBJECTIVES[:6])
        if needs_subject and bool(self.flow) == bool(self.component):
            refuse(
                "SP205",
                "this SLO needs one subject: a `flow` or a `component`",
                "write `flow: name`, or `flow: all`",
            )
        return self


class Lost(Spec):
    """What a scenario takes away."""

    zones: Count | None = None
    regions: Texts = ()
    components: Texts = ()
    replicas: Map[Count] = NOTHING


def _factors(value: object) -> object:
    return {"all": value} if isinstance(value, str) else value


class Scenario(Spec):
    """What may happen, and which SLOs must still be met then."""

    traffic: Annotated[Map[Positive], BeforeValidator(_factors), AlsoAs(SCALAR)] = NOTHING
    slow: Map[Text] = NOTHING
    lose: Lost | None = None
    set: Annotated[Map[object], WithJsonSchema({"type": "object"})] = NOTHING
    years: Count | None = None
    lasts: Period | None = None
    expect: Map[Literal["met", "missed"]] = NOTHING
    why: Text = ""


class Result(Spec):
    """A number that was published or promised: what the design must give for it."""

    value: AnyAmount
    unit: Text = ""
    expect: AnyAmount | None = None
    tolerance: Share | None = None
    source: Text = ""
    why: Text = ""
