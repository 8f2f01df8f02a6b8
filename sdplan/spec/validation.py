"""Validation: from a document to a design, block by block, so that only the models in use are built."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from sdplan.catalog import row
from sdplan.findings import Finding, Path
from sdplan.source import Document
from sdplan.spec.base import IDENTIFIER, RESERVED, Duration, Spec, Text, Texts
from sdplan.spec.components import Component, kind_model, kinds
from sdplan.spec.decisions import Decision, Deployment, Observability, Requirements, Risk, Runbook, Security
from sdplan.spec.design import KEYS, CalendarBlock, Default, Design, Region, Zones
from sdplan.spec.entities import Entity
from sdplan.spec.faults import faults, suggestion
from sdplan.spec.flows import Flow
from sdplan.spec.inputs import Input
from sdplan.spec.objectives import Result, Scenario, Slo
from sdplan.spec.references import check_references
from sdplan.spec.steps import StepReader
from sdplan.units import Calendar, unit_constant

_BLOCKS: Mapping[str, type[BaseModel]] = {
    "inputs": Input,
    "entities": Entity,
    "flows": Flow,
    "regions": Region,
    "slos": Slo,
    "scenarios": Scenario,
    "results": Result,
    "decisions": Decision,
    "risks": Risk,
    "runbooks": Runbook,
}
_NOTES: Mapping[str, type[BaseModel]] = {
    "zones": Zones,
    "requirements": Requirements,
    "security": Security,
    "observability": Observability,
    "deployment": Deployment,
}
_TEXTS = ("id", "title", "owner", "summary", "context")
_LISTS = ("tags",)


def validate(document: Document) -> tuple[Design | None, list[Finding]]:
    """The design that a document says, or the findings that stand in its way; references are checked too."""
    builder = _Builder(document)
    design = builder.build()
    errors = [finding for finding in builder.findings if finding.severity == "error"]
    if errors:
        return None, builder.findings
    findings = [*builder.findings, *check_references(design)]
    return (None if any(f.severity == "error" for f in findings) else design), findings


class _Builder:
    """Builds the blocks one by one, so that each model is made only when a design uses it."""

    def __init__(self, document: Document) -> None:
        self.data: Mapping[str, Any] = document.data
        self.findings: list[Finding] = []
        self.defaults: dict[Path, Default] = {}
        self.context: dict[str, Any] = {"calendar": Calendar()}

    def build(self) -> Design:
        if "sdplan" not in self.data:
            hint = "begin the file with `sdplan: 1`"
            self._fault("SP203", (), "`sdplan` is missing: the version of the design language", hint)
        self._unknown_keys()
        self._calendar()
        values: dict[str, Any] = {
            name: self._map(name, model) for name, model in _BLOCKS.items() if name in self.data
        }
        values |= {
            name: self._one(model, self.data[name], (name,))
            for name, model in _NOTES.items()
            if name in self.data
        }
        values |= self._head()
        if "components" in self.data:
            values["components"] = self._components()
        if "flows" in values:
            values["flows"] = self._steps(values["flows"])
        return Design.model_construct(
            **{key: value for key, value in values.items() if value is not None},
            clock=self.context["calendar"],
            defaults=MappingProxyType(self.defaults),
        )

    def _fault(self, code: str, path: Path, message: str, hint: str = "", *, on_key: bool = False) -> None:
        self.findings.append(Finding(code, "error", path, message, hint, on_key=on_key))

    def _unknown_keys(self) -> None:
        for key in self.data:
            if key not in KEYS:
                self._fault("SP201", (key,), f"unknown block `{key}`", suggestion(key, KEYS), on_key=True)

    def _head(self) -> dict[str, Any]:
        given = {
            key: self.data[key]
            for key in ("sdplan", *_TEXTS, *_LISTS, "status", "horizon")
            if key in self.data
        }
        if not isinstance(given.get("id"), str) or not IDENTIFIER.fullmatch(given["id"]):
            if "id" not in given:
                self._fault("SP203", (), "`id` is missing: the design's own name", "add `id: my-design`")
            else:
                self._bad_identifier(given["id"], ("id",))
        head = self._one(_head_model(), given, ())
        return {} if head is None else {key: getattr(head, key) for key in given}

    def _calendar(self) -> None:
        block = (
            self._one(CalendarBlock, self.data["calendar"], ("calendar",))
            if "calendar" in self.data
            else None
        )
        if block is None:
            return
        usual = Calendar()
        month, year = (
            stated.quantity.value if stated is not None and stated.quantity is not None else otherwise
            for stated, otherwise in ((block.month, usual.month), (block.year, usual.year))
        )
        self.context["calendar"] = Calendar(month, year)

    def _one(self, model: type[BaseModel], raw: object, path: Path) -> Any:
        try:
            return model.model_validate(raw, context=self.context)
        except ValidationError as error:
            self.findings += faults(error, path, model)
        except PydanticCustomError as error:
            detail = error.context or {}
            self._fault(detail["code"], path, detail["message"], detail["hint"])
        return None

    def _entries(self, block: str) -> Mapping[str, Any]:
        raw = self.data[block]
        if raw in ("", None):
            return {}
        if not isinstance(raw, Mapping):
            self._fault(
                "SP202",
                (block,),
                f"`{block}` is a map of `name: …`",
                f"write `{block}:` and one entry a line below it",
            )
            return {}
        folded: dict[str, str] = {}
        for name in raw:
            self._identifier(block, name, folded)
        return raw

    def _identifier(self, block: str, name: str, folded: dict[str, str]) -> None:
        path = (block, name)
        if not IDENTIFIER.fullmatch(name):
            self._bad_identifier(name, path)
            return
        if block == "components" and name in RESERVED:
            self._fault(
                "SP207",
                path,
                f"`{name}` is a word of the language and names no component",
                f"write `{name}-1`",
                on_key=True,
            )
        if block == "inputs" and "-" in name:
            hint = f"write `{name.replace('-', '_')}`"
            self._fault(
                "SP207",
                path,
                f"an input's name takes no `-`: `{name}` would read as a subtraction",
                hint,
                on_key=True,
            )
        if block == "inputs" and unit_constant(name, self.context["calendar"]) is not None:
            self._fault(
                "SP207", path, f"`{name}` is a unit and names no input", f"write `{name}_value`", on_key=True
            )
        same = name.replace("-", "_").lower()
        if same in folded:
            self._fault(
                "SP208",
                path,
                f"`{name}` and `{folded[same]}` differ only in case or in `-` and `_`",
                "give one of them another name",
                on_key=True,
            )
        folded[same] = name

    def _bad_identifier(self, name: object, path: Path) -> None:
        hint = "write a letter, then at most 62 letters, digits, `-` or `_`"
        self._fault("SP207", path, f"`{str(name)[:70]}` is no identifier", hint, on_key=True)

    def _map(self, block: str, model: type[BaseModel]) -> Mapping[str, Any]:
        read = {}
        for name, raw in self._entries(block).items():
            if block == "flows" and isinstance(raw, Mapping):
                raw = {key: value for key, value in raw.items() if key != "steps"}
            if block == "inputs" and isinstance(raw, str):
                raw = {"value": raw}
            read[name] = self._one(model, raw, (block, name))
        return MappingProxyType({name: value for name, value in read.items() if value is not None})

    def _components(self) -> Mapping[str, Component]:
        read = {name: self._component(name, raw) for name, raw in self._entries("components").items()}
        return MappingProxyType({name: value for name, value in read.items() if value is not None})

    def _component(self, name: str, raw: object) -> Component | None:
        path = ("components", name)
        if not isinstance(raw, Mapping):
            self._fault("SP202", path, "a component is a map", f"write `{name}: {{kind: service}}`")
            return None
        kind = raw.get("kind")
        if not isinstance(kind, str):
            self._fault("SP203", path, "`kind` is missing", f"write one of {', '.join(kinds())}")
            return None
        model = kind_model(kind)
        if model is None:
            self._fault("SP204", (*path, "kind"), f"unknown kind `{kind}`", suggestion(kind, kinds()))
            return None
        component: Component | None = self._one(model, self._with_defaults(name, kind, raw), path)
        return component

    def _with_defaults(self, name: str, kind: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the design states, over what the catalogue knows of its technology."""
        known = row(raw["tech"]) if isinstance(raw.get("tech"), str) else None
        if known is None or kind not in known.kinds:
            return raw
        availability = {"availability", "sla", "mtbf", "mttr"}
        taken = {*raw, *(availability if availability & set(raw) else ())}
        added = {field: value for field, value in known.fields.items() if field not in taken}
        for field in added:
            self.defaults["components", name, field] = Default(known.tech, known.sources[field])
        return {**raw, **added}

    def _steps(self, flows: Mapping[str, Flow]) -> Mapping[str, Flow]:
        reader = StepReader(self.context["calendar"])
        read = {}
        written = self.data["flows"]
        for name, given in written.items() if isinstance(written, Mapping) else ():
            where = ("flows", name, "steps")
            raw = given.get("steps", []) if isinstance(given, Mapping) else []
            steps = reader.steps(raw, where, where) if raw else ()
            if name in flows:  # the steps of a faulty flow are read for their own faults
                read[name] = flows[name].model_copy(update={"steps": steps})
        self.findings += reader.findings
        return MappingProxyType(read)


class _Head(Spec):
    """The scalar fields of the top level."""

    sdplan: Literal["1"] = "1"
    id: Text = ""
    title: Text = ""
    owner: Text = ""
    status: Literal["proposed", "accepted", "built", "retired"] = "proposed"
    tags: Texts = ()
    summary: Text = ""
    context: Text = ""
    horizon: Duration | None = None


def _head_model() -> type[BaseModel]:
    return _Head
