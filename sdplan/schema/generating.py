"""How pydantic's models become JSON Schema: without null, without titles that only repeat a key.

YAML readers turn `1` and `true` into numbers and booleans before a validator sees them, so the schema takes
those too where the language reads the words.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, JsonSchemaWarningKind
from pydantic_core import core_schema

_READ_AS: dict[str, Any] = {"1": 1, "true": True, "false": False}


class Generator(GenerateJsonSchema):
    """Pydantic's own generator, held to what a design file can say."""

    ignored_warning_kinds: set[JsonSchemaWarningKind] = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        default = schema.get("default")
        return {**inner, "default": default} if isinstance(default, str | bool) and default != "" else inner

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        words = [word for word in schema["expected"] if word != ""]
        also = [_READ_AS[word] for word in words if word in _READ_AS]
        # A bare number, not an enumeration of one: editors then offer it as the only value.
        return {"enum": [*also, *words]} if also or len(words) > 1 else {"const": words[0]}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """One branch a tag: what is wrong in a block is then said of that block, not of every branch."""
        key = str(schema["discriminator"])
        branches = {str(tag): self.generate_inner(branch) for tag, branch in schema["choices"].items()}
        return {
            "type": "object",
            "required": [key],
            "properties": {key: {"enum": list(branches)}},
            "allOf": [
                {"if": {"required": [key], "properties": {key: {"const": tag}}}, "then": branch}
                for tag, branch in branches.items()
            ],
        }


def generated(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of one model, its definitions under `$defs`."""
    return model.model_json_schema(schema_generator=Generator)
