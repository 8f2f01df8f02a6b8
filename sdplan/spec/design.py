"""The design as a whole: its blocks, and what it was not told but the catalogue knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, SkipValidation, model_validator

from sdplan.findings import Path
from sdplan.spec.base import NOTHING, Duration, Map, Period, Share, Spec, Text, Texts, refuse
from sdplan.spec.components import Component, Failover
from sdplan.spec.decisions import Decision, Deployment, Observability, Requirements, Risk, Runbook, Security
from sdplan.spec.entities import Entity
from sdplan.spec.flows import Flow
from sdplan.spec.inputs import InputOrShort
from sdplan.spec.objectives import Result, Scenario, Slo
from sdplan.units import Calendar


class CalendarBlock(Spec):
    """How long a month and a year are, where the design says otherwise than 30 and 365 days."""

    month: Period | None = None
    year: Period | None = None


class Lossy(Spec):
    """What may be lost as a whole: how often it is up, or how often it fails and for how long."""

    availability: Share | None = None
    mtbf: Period | None = None
    mttr: Duration | None = None

    @model_validator(mode="after")
    def _one_availability(self) -> Lossy:
        if (self.mtbf is None) != (self.mttr is None):
            refuse("SP205", "`mtbf` and `mttr` belong together", "state both, or an `availability`")
        if self.availability is not None and self.mtbf is not None:
            refuse("SP205", "availability is stated twice: `availability` and `mtbf`", "keep one of them")
        return self


class Region(Lossy):
    """A part of the world that every component exists in once: its share of the traffic and its distances."""

    share: Share
    rtt: Map[Duration] = NOTHING
    failover: Failover | None = None


class Zones(Lossy):
    """One zone as a whole, any of them alike: the cause of failure that all replicas in it share."""

    rtt: Duration | None = None


class Default(NamedTuple):
    """A value that the design did not state, and where it comes from."""

    tech: str
    source: str


class Design(Spec):
    """A system: what it needs, what it is made of, what must hold."""

    sdplan: Literal["1"] = Field(description="the version of the language")
    id: Text
    title: Text = ""
    owner: Text = ""
    status: Literal["proposed", "accepted", "built", "retired"] = "proposed"
    tags: Texts = ()
    summary: Text = ""
    context: Text = ""
    requirements: Requirements = Requirements.model_construct()
    horizon: Duration | None = None
    calendar: CalendarBlock | None = None
    zones: Zones | None = None
    inputs: Map[InputOrShort] = NOTHING
    entities: Map[Entity] = NOTHING
    flows: Map[Flow] = NOTHING
    components: Annotated[Map[Component], SkipValidation] = NOTHING
    regions: Map[Region] = NOTHING
    slos: Map[Slo] = NOTHING
    scenarios: Map[Scenario] = NOTHING
    results: Map[Result] = NOTHING
    decisions: Map[Decision] = NOTHING
    risks: Map[Risk] = NOTHING
    security: Security | None = None
    observability: Observability | None = None
    deployment: Deployment | None = None
    runbooks: Map[Runbook] = NOTHING
    clock: Annotated[Calendar, SkipValidation] = Field(default=Calendar(), exclude=True)
    defaults: Annotated[Mapping[Path, Default], SkipValidation] = Field(default={}, exclude=True)
    lost: Annotated[frozenset[str], SkipValidation] = Field(default=frozenset(), exclude=True)
    short: Annotated[frozenset[str], SkipValidation] = Field(default=frozenset(), exclude=True)


_OWN = ("clock", "defaults", "lost", "short")  # what no file says: `lost` and `short` are scenarios'
KEYS = tuple(name for name in Design.model_fields if name not in _OWN)
