"""Overrides: a design with another value at one path, read by the type of the field that stands there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from sdplan.findings import Finding, Path, dotted
from sdplan.spec.base import Duration, Spec
from sdplan.spec.components import Component, kind_model
from sdplan.spec.design import Design
from sdplan.spec.faults import faults, suggestion
from sdplan.spec.inputs import Input
from sdplan.spec.references import walk
from sdplan.spec.steps import CallOptions, CallStep, ChooseStep, ParallelStep, Step

BLOCKS = ("inputs", "entities", "flows", "components", "regions", "slos")
_UPTIME = ("availability", "sla", "mtbf", "mttr")
_PART = re.compile(r"p99\.9+(?![^.])|[^.\[\]]+|\[\d{1,6}\]")


class _Head(Spec):
    """What a scenario may set at the top of a design."""

    horizon: Duration | None = None


class Fault(Exception):
    """A path that leads nowhere, or a value that does not fit there."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


def path_in_design(text: str) -> Path:
    """A dotted path as its parts: `flows.read.steps[0].api.timeout`; `p99.9` is one part."""
    return tuple(int(part[1:-1]) if part.startswith("[") else part for part in _PART.findall(text))


def overridden(design: Design, path: Path, raw: object) -> Design:
    """The design with a value as it would be written at a path; a Fault says why there is none."""
    block = path[0] if path else ""
    if path == ("horizon",):
        head = _read(_Head, {"horizon": raw}, (), design)
        return design.model_copy(update={"horizon": head.horizon})
    if block not in BLOCKS:
        raise _fault("SP201", path[:1], f"a scenario does not set `{block}`", suggestion(str(block), BLOCKS))
    entries: Mapping[str, BaseModel] = getattr(design, str(block))
    name = str(path[1]) if len(path) > 1 else ""
    if name not in entries:
        message = f"there is no `{dotted(path[:2])}` to set"
        raise _fault("SP401", path[:2], message, suggestion(name, entries))
    if path[0] == "flows" and path[2:3] == ("steps",):
        flow = design.flows[name]
        if not any(_stands_at(call, path) for call in walk(flow.steps)):
            raise _fault("SP401", path, f"no call stands at `{dotted(path)}`", _calls_hint(flow.steps))
        steps = _steps(flow.steps, path, raw, design)
        return _with_entry(design, "flows", name, flow.model_copy(update={"steps": steps}))
    changed = _changed_entry(entries[name], path, raw, design)
    return _without_default(_with_entry(design, str(block), name, changed), path[:3])


def _changed_entry(entry: BaseModel, path: Path, raw: object, design: Design) -> BaseModel:
    rest = path[2:]
    if isinstance(entry, Input) and not rest and isinstance(raw, str):
        rest = ("value",)
    if not rest and not isinstance(raw, Mapping):
        keys = [field.alias or name for name, field in type(entry).model_fields.items()]
        hint = f"name the field: `{dotted(path)}.{keys[0]}`, for example"
        raise _fault("SP202", path, f"`{dotted(path)}` is a map of fields", hint)
    if isinstance(entry, Component):
        entry = _without_other_uptime(entry, path, design)
    written = _written(entry, rest, raw)
    model = kind_model(str(written["kind"])) if isinstance(entry, Component) and "kind" in written else None
    changed: BaseModel = _read(model or type(entry), written, path[:2], design)
    return changed


def _without_other_uptime(entry: Component, path: Path, design: Design) -> Component:
    """What is set takes the place of what the catalogue says of a technology's availability."""
    known = {field for field in _UPTIME if (*path[:2], field) in design.defaults}
    if not known or path[2:3] not in {(field,) for field in _UPTIME}:
        return entry
    kept = {name: getattr(entry, name) for name in entry.model_fields_set if name not in known}
    return type(entry).model_construct(**kept)


def _without_default(design: Design, path: Path) -> Design:
    if path not in design.defaults:
        return design
    kept = {where: default for where, default in design.defaults.items() if where != path}
    return design.model_copy(update={"defaults": MappingProxyType(kept)})


def _written(value: object, rest: Path, raw: object) -> Any:
    """A value as a map that can be read again, with another one at the end of a path inside it."""
    if not rest:
        return raw
    key = rest[0]
    if isinstance(value, tuple) and isinstance(key, int) and key < len(value):
        return [*value[:key], _written(value[key], rest[1:], raw), *value[key + 1 :]]
    given: dict[Any, Any] = dict(value) if isinstance(value, Mapping) else {}
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        given = {fields[name].alias or name: getattr(value, name) for name in value.model_fields_set}
    return {**given, key: _written(given.get(key), rest[1:], raw)}


def _read(model: type[BaseModel], written: object, path: Path, design: Design) -> Any:
    try:
        return model.model_validate(written, context={"calendar": design.clock})
    except ValidationError as error:
        raise Fault(faults(error, path, model)) from None


def _with_entry(design: Design, block: str, name: str, entry: BaseModel) -> Design:
    entries = {**getattr(design, block), name: entry}
    return design.model_copy(update={block: MappingProxyType(entries)})


def _steps(steps: tuple[Step, ...], path: Path, raw: object, design: Design) -> tuple[Step, ...]:
    """The same steps, with one option of the call that stands at a path changed."""
    return tuple(_step(step, path, raw, design) for step in steps)


def _step(step: Step, path: Path, raw: object, design: Design) -> Step:
    if isinstance(step, ParallelStep):
        return step._replace(calls=_steps(step.calls, path, raw, design))
    if isinstance(step, ChooseStep):
        branches = (one._replace(calls=_steps(one.calls, path, raw, design)) for one in step.branches)
        return step._replace(branches=tuple(branches))
    if _stands_at(step, path):
        at = len(step.path)
        options = _read(CallOptions, _written(step.options, path[at:], raw), path[:at], design)
        return step._replace(options=options)
    calls, miss, fallback = (
        _steps(steps, path, raw, design) for steps in (step.calls, step.miss, step.fallback)
    )
    return step._replace(calls=calls, miss=miss, fallback=fallback)


def _stands_at(call: CallStep, path: Path) -> bool:
    """Whether a path names an option of this call."""
    rest = path[len(call.path) :]
    if path[: len(call.path)] != call.path or not rest:
        return False
    return any(rest[0] in (name, field.alias) for name, field in CallOptions.model_fields.items())


def _calls_hint(steps: tuple[Step, ...]) -> str:
    shown = ", ".join(f"`{dotted(call.path)}.timeout`" for call in [*walk(steps)][:3])
    return f"an option of a call is set by its path, such as {shown}" if shown else ""


def _fault(code: str, path: Path, message: str, hint: str) -> Fault:
    return Fault([Finding(code, "error", path, message, hint)])
