"""The JSON Schema of a design, for editors and other tools."""

from sdplan.schema.building import design_schema, schema_text

__all__ = ["design_schema", "schema_text"]
