"""Service times: how a design says how long a component's own work for one call takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SkipValidation, model_validator
from pydantic.json_schema import SkipJsonSchema

from sdplan.spec.base import SCALAR, AlsoAs, Count, Duration, Spec, Text, refuse

_LAWS = {
    frozenset({"p50", "p99"}): ("lognormal", "gamma", "weibull"),
    frozenset({"mean", "scv"}): ("gamma", "weibull"),
}


class ServiceTime(Spec):
    """Own time for one call, nested calls excluded: a mean and spread, two percentiles, fixed or measured."""

    mean: Duration | None = None
    scv: Count | None = None
    p50: Duration | None = None
    p99: Duration | None = None
    fixed: Duration | None = None
    measured: Text = ""
    law: Literal["lognormal", "gamma", "weibull"] | None = None
    sample: Annotated[tuple[tuple[float, float], ...], SkipValidation, SkipJsonSchema()] = Field(
        default=(), exclude=True
    )

    @model_validator(mode="before")
    @classmethod
    def _says_no_sample(cls, value: Any) -> Any:
        if isinstance(value, dict) and "sample" in value:
            refuse("SP201", "unknown key `sample`", "measured times lie in a file: `measured: times.csv`")
        return value

    @model_validator(mode="after")
    def _one_form(self) -> ServiceTime:
        given = {name for name in ("mean", "scv", "p50", "p99", "fixed") if getattr(self, name) is not None}
        given |= {"measured"} if self.measured else set()
        forms = ({"mean"}, {"mean", "scv"}, {"mean", "p99"}, {"p50", "p99"}, {"fixed"}, {"measured"})
        if given not in forms:
            hint = (
                "write `5ms` for a mean, or `{p50: 5ms, p99: 20ms}`, `{mean, p99}`, `{mean, scv}`, `{fixed}`"
            )
            said = (
                "one percentile alone"
                if given in ({"p50"}, {"p99"})
                else "+".join(sorted(given)) or "nothing"
            )
            refuse("SP205", f"a service time needs a mean or two percentiles, got {said}", hint)
        if self.law is not None and self.law not in _LAWS.get(frozenset(given), ()):
            said = " and ".join(f"`{name}`" for name in sorted(given))
            hint = "a `law` goes with `p50` and `p99`, or with `mean` and `scv` (gamma and weibull)"
            refuse("SP205", f"no {self.law} law is drawn through {said} here", hint)
        return self


def _service_time(value: object) -> object:
    return {"mean": value} if isinstance(value, str) else value


Time = Annotated[
    ServiceTime,
    BeforeValidator(_service_time),
    AlsoAs({**SCALAR, "description": "an exponential mean", "examples": ["5ms"]}),
]
