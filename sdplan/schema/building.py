"""The JSON Schema (2020-12) of a design, built from the models of the language: it says what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, create_model

from sdplan.schema.generating import generated
from sdplan.schema.steps import STEPS, step_definitions
from sdplan.source import read_file
from sdplan.spec import base
from sdplan.spec.components import any_component
from sdplan.spec.design import KEYS, Design
from sdplan.spec.objectives import PERCENTILES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDENTITY = "urn:sdplan:schema:design:1"
MEANINGS = Path(__file__).with_name("meanings.yaml")

_AMOUNTS = "AnyAmount Count Whole Positive Share Duration Size Rate RateOrFactor Bandwidth Spend Price Limit"
_NAMED = KEYS[KEYS.index("inputs") : KEYS.index("risks") + 1]  # maps by id
_BY_PERCENTILE = ("latency", "wait", "freshness")


def schema_text() -> str:
    """The schema as the text of a file."""
    return json.dumps(design_schema(), indent=2, ensure_ascii=False) + "\n"


def design_schema() -> dict[str, Any]:
    """The JSON Schema of a design file."""
    maps: Any = base.Map
    components: Any = (maps[any_component()], base.NOTHING)
    whole = create_model("Design", __base__=Design, __doc__=Design.__doc__, components=components)
    schema = generated(whole)
    definitions = schema.pop("$defs") | step_definitions()
    schema["properties"] = {key: schema["properties"][key] for key in KEYS}
    definitions["Flow"]["properties"]["steps"] = dict(STEPS)
    definitions["Slo"]["properties"] |= {key: _percentiles() for key in _BY_PERCENTILE}
    for block in _NAMED:
        schema["properties"][block]["propertyNames"] = {"pattern": f"^{base.IDENTIFIER.pattern}$"}
    amounts = {name: get_args(getattr(base, name))[1].json_schema() for name in _AMOUNTS.split()}
    schema, definitions = _shared(schema, amounts), _shared(definitions, amounts)
    definitions |= {name: {"title": name, **amount} for name, amount in amounts.items()}
    component = schema["properties"]["components"]["additionalProperties"]
    _explain({"Design": schema, "Component": component, **definitions})
    head = {"$schema": DIALECT, "$id": IDENTITY, "title": "A design in the language of sdplan, version 1"}
    return {**schema, **head, "$defs": _used(schema, definitions)}


def _percentiles() -> dict[str, Any]:
    duration = get_args(base.Duration)[1].json_schema()
    return {
        "type": "object",
        "propertyNames": {"enum": list(PERCENTILES)},
        "additionalProperties": duration,
        "examples": [{"p99": "100ms"}],
    }


def _shared(schema: Any, amounts: Mapping[str, Any]) -> Any:
    """The schema with each amount that it spells out replaced by a reference."""
    if isinstance(schema, list):
        return [_shared(item, amounts) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for name, amount in amounts.items():
        if schema == amount:
            return {"$ref": f"#/$defs/{name}"}
    return {key: _shared(value, amounts) for key, value in schema.items()}


def _explain(schemas: Mapping[str, Any]) -> None:
    """Give every field its meaning: that of its model, or of the nearest model above it that has one."""
    document, _ = read_file(str(MEANINGS))
    told: Any = {} if document is None else document.data
    models = {model.__name__: model for model in _below(base.Spec)}
    for name, schema in schemas.items():
        line = models[name].__mro__ if name in models else ()
        meanings: dict[str, str] = {}
        for model in reversed(line):
            meanings |= told.get(model.__name__, {})
        for field, shape in schema.get("properties", {}).items():
            if field in meanings:
                shape["description"] = meanings[field]


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _below(child)


def _used(schema: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The definitions that a schema needs, those of other definitions included, by name."""
    needed: set[str] = set()
    waiting = set(_references(schema))
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting |= set(_references(definitions[name])) - needed
    return {name: definitions[name] for name in sorted(needed)}


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)
