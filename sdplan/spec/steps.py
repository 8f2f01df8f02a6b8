"""Steps: the calls of a flow as they were written, chains taken apart, options checked.

`a > b > c: {options}` is a call of a that calls b that calls c; the options belong to c.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError
from pydantic.json_schema import WithJsonSchema

from sdplan.findings import Finding, Path
from sdplan.spec.base import AlsoAs, Amount, Count, Duration, Flag, Period, Share, Size, Spec, Text, refuse
from sdplan.spec.faults import faults
from sdplan.units import Calendar

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}(@[A-Za-z][A-Za-z0-9_-]{0,62})?")
_NESTED = ("calls", "miss", "fallback")
_MOST_NESTED = 24


def _need(value: object) -> object:
    if value not in ("all", "any") and not (isinstance(value, str) and value.isdigit() and int(value) >= 1):
        message = f"expected `all`, `any` or a whole number, got `{value}`"
        refuse("SP204", message, "write `need: 2` for two of them")
    return value


Need = Annotated[
    str, BeforeValidator(_need), WithJsonSchema({"type": ["string", "integer"], "examples": ["all", 2]})
]


def _hedge(value: object) -> object:
    if isinstance(value, Hedge):
        return value
    return {"percentile": value} if isinstance(value, str) and value.startswith("p") else {"after": value}


class Hedge(Spec):
    """A second call after a time, or after a percentile of the first one's own latency."""

    after: Duration | None = None
    percentile: Literal["p50", "p75", "p90", "p95", "p99", "p99.9"] | None = None


class CallOptions(Spec):
    """What is said of one call, beside the calls inside it."""

    op: Text = ""
    entity: Text = ""
    request: Size | None = None
    response: Size | None = None
    times: Count | None = None
    fan_out: Count | None = None
    need: Need = "all"
    timeout: Period | None = None
    retries: Count | None = None
    backoff: Duration | None = None
    jitter: Share | None = None
    hedge: (
        Annotated[Hedge, BeforeValidator(_hedge), AlsoAs({"type": "string", "examples": ["15ms", "p95"]})]
        | None
    ) = None
    shared_slowness: Share | None = None
    idempotent: Flag | None = None
    breaker: Text = ""
    cancel: Flag = False
    async_: Flag = Field(default=False, alias="async")
    optional: Flag = False
    hit: Share | None = None
    fill: Literal["true", "async", "false"] | None = None


class GroupOptions(Spec):
    """What is said of a `parallel`, beside its calls."""

    timeout: Period | None = None
    need: Need = "all"


class BranchOptions(Spec):
    """What is said of one branch of a `choose`, beside its calls."""

    share: Literal["rest"] | Share | None = None
    rest: Flag = False


class CallStep(NamedTuple):
    """One call: of what, where, how, and the steps that go with it."""

    component: str
    region: str  # "" is the caller's own; a region's id, or "others"
    options: CallOptions
    calls: tuple[Step, ...]
    miss: tuple[Step, ...]
    fallback: tuple[Step, ...]
    path: Path  # readable and unique in the design: flows.redirect.steps[0].lb.api
    source: Path  # where it stands in the YAML


class ParallelStep(NamedTuple):
    """Several steps at once."""

    options: GroupOptions
    calls: tuple[Step, ...]
    path: Path
    source: Path


class Branch(NamedTuple):
    """One way that a run may take."""

    name: str
    share: Amount | None  # None: the rest
    calls: tuple[Step, ...]
    path: Path
    source: Path


class ChooseStep(NamedTuple):
    """One of several ways, by share."""

    branches: tuple[Branch, ...]
    path: Path
    source: Path


Step = CallStep | ParallelStep | ChooseStep
_NO_OPTIONS = CallOptions.model_construct()

STEPS_SCHEMA: dict[str, Any] = {
    "type": "array",
    "description": "calls in order: `a > b > c`, `name: [calls]`, `name: {options}`, `parallel`, `choose`",
    "items": {
        "anyOf": [
            {"type": "string", "examples": ["lb > api > links"]},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "properties": {
                    "choose": {"type": "object", "description": "branches by name: {share or rest, calls}"},
                    "parallel": {
                        "type": ["array", "object"],
                        "description": "calls at once: {timeout, need, calls}",
                    },
                },
                "additionalProperties": {"type": ["array", "object", "null"]},
            },
        ]
    },
}


class StepReader:
    """Reads the steps of one flow, gathering findings on the way."""

    def __init__(self, calendar: Calendar) -> None:
        self._context = {"calendar": calendar}
        self.findings: list[Finding] = []

    def steps(self, raw: object, path: Path, source: Path, depth: int = 0) -> tuple[Step, ...]:
        """The steps of a list; a single step stands for a list of one."""
        items = raw if isinstance(raw, list) else [raw]
        if depth > _MOST_NESTED:
            self._too_deep(source)
            return ()
        read = []
        for index, item in enumerate(items):
            at = (*source, index) if isinstance(raw, list) else source
            step = self._step(item, (*path, index), at, depth)
            if step is not None:
                read.append(step)
        return tuple(read)

    def _step(self, raw: object, path: Path, source: Path, depth: int) -> Step | None:
        if isinstance(raw, str):
            return self._chain(raw, {}, path, source, source, depth)
        if isinstance(raw, Mapping) and len(raw) == 1:
            ((key, value),) = raw.items()
            if key == "parallel":
                return self._parallel(value, (*path, key), (*source, key), depth)
            if key == "choose":
                return self._choose(value, (*path, key), (*source, key), depth)
            return self._chain(key, value, path, (*source, key), source, depth)
        hint = "write one step a list item: `- name: {options}`"
        self._fault(source, "expected a step: a name, a chain `a > b`, or one `name: …`", hint)
        return None

    def _chain(self, text: str, value: object, path: Path, source: Path, at: Path, depth: int) -> Step | None:
        names = [part.strip() for part in text.split(">")]
        for name in names:
            if not _NAME.fullmatch(name):
                self._fault(
                    at,
                    f"`{text}` is not a call",
                    "write a component's id, or a chain such as `lb > api > db`",
                )
                return None
        depth += len(names) - 1
        if depth > _MOST_NESTED:
            self._too_deep(at)
            return None
        sites = [(*path, *names[: n + 1]) for n in range(len(names))]
        step: Step = self._call(names[-1], value, sites[-1], source, depth)
        for name, site in zip(reversed(names[:-1]), reversed(sites[:-1]), strict=True):
            component, _, region = name.partition("@")
            step = CallStep(component, region, _NO_OPTIONS, (step,), (), (), site, source)
        return step

    def _call(self, name: str, value: object, path: Path, source: Path, depth: int) -> CallStep:
        component, _, region = name.partition("@")
        if isinstance(value, list):
            calls = self.steps(value, path, source, depth + 1)
            return CallStep(component, region, _NO_OPTIONS, calls, (), (), path, source)
        if not isinstance(value, Mapping):
            value = {"op": value} if value else {}
        options = self._options(CallOptions, {k: v for k, v in value.items() if k not in _NESTED}, source)
        calls, miss, fallback = (
            self.steps(value[key], (*path, key), (*source, key), depth + 1) if key in value else ()
            for key in _NESTED
        )
        return CallStep(component, region, options, calls, miss, fallback, path, source)

    def _parallel(self, value: object, path: Path, source: Path, depth: int) -> ParallelStep:
        if isinstance(value, list):
            return ParallelStep(
                GroupOptions.model_construct(), self.steps(value, path, source, depth + 1), path, source
            )
        given = dict(value) if isinstance(value, Mapping) else {}
        if "calls" not in given:
            self._fault(
                source,
                "`parallel` needs calls",
                "write `parallel: [a, b]` or `parallel: {timeout: 50ms, calls: [a, b]}`",
            )
        calls = self.steps(given.pop("calls", []), path, (*source, "calls"), depth + 1)
        return ParallelStep(self._options(GroupOptions, given, source), calls, path, source)

    def _choose(self, value: object, path: Path, source: Path, depth: int) -> ChooseStep | None:
        if not isinstance(value, Mapping) or not value:
            self._fault(
                source,
                "`choose` needs branches",
                "write `choose: {fast: {share: 80%, calls: [a]}, slow: {share: rest, calls: [b]}}`",
            )
            return None
        branches = tuple(
            self._branch(name, raw, (*path, name), (*source, name), depth) for name, raw in value.items()
        )
        rests = [
            name
            for name, raw in value.items()
            if isinstance(raw, Mapping) and (raw.get("share") == "rest" or "rest" in raw)
        ]
        if len(rests) > 1:
            self._fault(
                (*source, rests[1]),
                f"`{rests[0]}` and `{rests[1]}` both take the rest",
                "give one of them a share of its own, such as `share: 20%`",
            )
        return ChooseStep(branches, path, source)

    def _branch(self, name: str, raw: object, path: Path, source: Path, depth: int) -> Branch:
        given = dict(raw) if isinstance(raw, Mapping) else {"calls": raw}
        calls = self.steps(given.pop("calls", []), path, (*source, "calls"), depth + 1)
        options = self._options(BranchOptions, given, source)
        if options.share is None and not options.rest:
            self._fault(
                source,
                f"branch `{name}` has no share",
                "write `share: 20%`, or `share: rest` for one of them",
            )
        share = options.share if isinstance(options.share, Amount) else None
        return Branch(name, share, calls, path, source)

    def _options(self, model: type[Any], raw: Mapping[str, object], source: Path) -> Any:
        if not raw:
            return model.model_construct()
        try:
            return model.model_validate(raw, context=self._context)
        except ValidationError as error:
            self.findings += faults(error, source, model)
            return model.model_construct()

    def _too_deep(self, source: Path) -> None:
        hint = "give the inner steps a flow of their own"
        self._fault(source, f"steps are nested more than {_MOST_NESTED} deep", hint)

    def _fault(self, source: Path, message: str, hint: str) -> None:
        self.findings.append(Finding("SP206", "error", source, message, hint))
