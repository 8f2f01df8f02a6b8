"""The JSON Schema: valid itself, taking every shipped design, refusing what the language refuses."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sdplan.schema import design_schema, schema_text
from sdplan.spec.components import kinds
from sdplan.starter import starter
from tests.processes import DESIGNS
from tests.small_designs import GOOD


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text()))


def faults(text: str) -> list[str]:
    """Where the schema finds something wrong, and what, after a plain YAML load."""
    plain = json.loads(json.dumps(yaml.safe_load(text), default=str))  # JSON has no dates
    found = validator().iter_errors(plain)
    return [f"{error.json_path}: {error.message}" for error in found]


def objects(schema: Any, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of the schema that describes the keys of a map."""
    if isinstance(schema, dict):
        if "properties" in schema and "const" not in next(iter(schema["properties"].values())):
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}.{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from objects(value, f"{path}[{index}]")


def test_the_schema_is_a_valid_schema_of_2020_12() -> None:
    schema = design_schema()

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"$id", "title", "description", "$defs"} <= set(schema)


@pytest.mark.parametrize("design", sorted(DESIGNS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_design_is_valid(design: Path) -> None:
    assert faults(design.read_text(encoding="utf-8")) == []


def test_the_starter_is_valid() -> None:
    assert faults(starter("my-service")) == []


def test_a_peer_that_reads_schemas_agrees(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(schema_text(), encoding="utf-8")
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(GOOD.replace("replicas", "replcas"), encoding="utf-8")
    peer = [str(Path(sys.executable).with_name("check-jsonschema")), "--schemafile", "schema.json"]
    good, bad = (
        subprocess.run([*peer, name], cwd=tmp_path, capture_output=True, text=True, check=False)
        for name in ("good.yaml", "bad.yaml")
    )

    assert good.returncode == 0, good.stdout
    assert bad.returncode == 1
    assert "'replcas' was unexpected" in bad.stdout


WRONG = {
    "a block": ("slos:", "sloes:", "$: Additional properties are not allowed ('sloes' was unexpected)"),
    "a field of a component": ("replicas", "replcas", "$.components.api: "),
    "a field of a flow": ("request", "reqest", "$.flows.buy: "),
    "an option of a call": ("[api]", "[api: {timout: 3s}]", "$.flows.buy.steps[0].api: "),
    "an option of a nested call": ("[api]", "[api: [api: {hti: 1%}]]", "$.flows.buy.steps[0].api[0].api: "),
    "an option of a branch": ("[api]", "[choose: {a: {shre: 1%}}]", "$.flows.buy.steps[0].choose.a: "),
    "a chain": ("[api]", "['api > > db']", "$.flows.buy.steps[0]: "),
    "a kind": ("kind: service", "kind: servce", "$.components.api.kind: 'servce' is not one of ["),
    "no kind": ("kind: service, ", "", "$.components.api: 'kind' is a required property"),
    "a percentile": ("p99", "p98", "$.slos.fast.latency: 'p98' is not one of ["),
    "a list where a size is due": ("request: 1KB", "request: [1KB]", "$.flows.buy.request: "),
    "an id with a space": ("  api:", "  an api:", "$.components: 'an api' does not match "),
    "another version": ("sdplan: 1", "sdplan: 2", "$.sdplan: 2 is not one of [1, '1']"),
    "a word": ("service_time: 10ms", "balance: fair", "$.components.api.balance: 'fair' is not one of ["),
    "a field of a service time": ("10ms", "{p5: 1ms}", "$.components.api.service_time: "),
}


@pytest.mark.parametrize(("right", "wrong", "fault"), WRONG.values(), ids=WRONG)
def test_what_is_misspelt_fails_where_it_stands(right: str, wrong: str, fault: str) -> None:
    assert right in GOOD
    found = faults(GOOD.replace(right, wrong, 1))

    assert len(found) == 1
    assert found[0].startswith(fault)


def test_numbers_and_booleans_that_yaml_made_of_words_are_valid() -> None:
    text = GOOD.replace("[api]", "[{api: {times: 2, need: 1, optional: true, fill: true}}]")

    assert faults(text.replace("title: ", "title: 1984 ")) == []


def test_every_kind_has_a_branch_of_its_own() -> None:
    branches = design_schema()["properties"]["components"]["additionalProperties"]["allOf"]

    assert sorted(branch["if"]["properties"]["kind"]["const"] for branch in branches) == list(kinds())


def test_nothing_of_the_inside_shows() -> None:
    schema = design_schema()

    assert not {"clock", "defaults"} & set(schema["properties"])
    assert "null" not in schema_text()
    assert not [name for name in schema["$defs"] if name.startswith("sdplan__")]


def test_every_field_says_what_it_means() -> None:
    silent = [
        f"{path}.{key}"
        for path, part in objects(design_schema())
        for key, field in part["properties"].items()
        if not field.get("description") and not path.endswith((".choose", ".parallel"))
    ]

    assert silent == []


def test_every_definition_is_used_and_described() -> None:
    schema = design_schema()
    text = json.dumps(schema)

    for name, definition in schema["$defs"].items():
        assert f'"#/$defs/{name}"' in text
        assert definition["title"]
        assert definition["description"]


def test_amounts_have_examples_that_the_language_reads() -> None:
    from sdplan.units import parse_quantity

    definitions = design_schema()["$defs"]
    shown = [example for one in definitions.values() for example in one.get("examples", ())]
    literal = [each for each in shown if isinstance(each, str) and each[0].isdigit()]

    assert len(literal) > 20
    assert all(parse_quantity(each) for each in literal)


def test_building_it_twice_gives_the_same_text() -> None:
    before = copy.deepcopy(design_schema())

    assert design_schema() == before
    assert schema_text() == schema_text()
