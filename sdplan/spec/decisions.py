"""Decisions, risks, requirements and the notes that a review reads."""

from __future__ import annotations

from typing import Literal

from sdplan.spec.base import NOTHING, Duration, Flag, Map, Spec, Text, Texts
from sdplan.spec.objectives import Holds


class Argued(Spec):
    """What speaks for something and what against it."""

    title: Text = ""
    good: Texts = ()
    neutral: Texts = ()
    bad: Texts = ()


class Decision(Spec):
    """An architecture decision record (MADR 4), with the condition under which it stands."""

    title: Text
    status: Literal["proposed", "rejected", "accepted", "deprecated", "superseded"] = "proposed"
    date: Text = ""
    deciders: Texts = ()
    context: Text = ""
    drivers: Texts = ()
    options: Map[Argued] = NOTHING
    outcome: Text = ""
    because: Text = ""
    consequences: Argued = Argued.model_construct()
    holds_while: Holds | None = None
    supersedes: Text = ""


class Risk(Spec):
    """Something that may go wrong, and what then."""

    what: Text
    likelihood: Literal["low", "medium", "high"] = "medium"
    impact: Literal["low", "medium", "high"] = "medium"
    mitigation: Text = ""
    runbook: Text = ""
    owner: Text = ""


class Question(Spec):
    """Something that was asked, and the answer if there is one."""

    ask: Text
    answer: Text = ""


class Requirements(Spec):
    """What the system must do, what binds it, and what it leaves out."""

    functional: Map[Text] = NOTHING
    constraints: Map[Text] = NOTHING
    out_of_scope: Texts = ()
    questions: Map[Question] = NOTHING


class Encryption(Spec):
    """Whether data is encrypted on the wire and on disk."""

    in_transit: Flag | None = None
    at_rest: Flag | None = None


class Security(Spec):
    """How callers are known, and how data and secrets are kept."""

    authentication: Text = ""
    authorization: Text = ""
    token_life: Duration | None = None
    encryption: Encryption | None = None
    secrets: Text = ""
    personal_data: Text = ""
    rate_limits: Text = ""


class Observability(Spec):
    """What is measured, traced and alerted on."""

    metrics: Texts = ()
    logs: Texts = ()
    traces: Text = ""
    dashboards: Texts = ()
    alerts: Texts = ()


class FeatureFlag(Spec):
    """A switch in production, who owns it and when it goes."""

    owner: Text = ""
    expiry: Text = ""
    what: Text = ""


class Deployment(Spec):
    """How a change reaches production, and how it is taken back."""

    strategy: Text = ""
    rollback: Text = ""
    flags: Map[FeatureFlag] = NOTHING
    steps: Texts = ()


class Runbook(Spec):
    """What to do when it happens."""

    title: Text = ""
    owner: Text = ""
    steps: Texts = ()
