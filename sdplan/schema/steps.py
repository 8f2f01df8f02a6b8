"""The JSON Schema of steps: chains, calls with options, groups and branches, nested in each other."""

from __future__ import annotations

from typing import Any

from sdplan.schema.generating import generated
from sdplan.spec.steps import BranchOptions, CallOptions, GroupOptions

_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,62}(@[A-Za-z][A-Za-z0-9_-]{0,62})?"
CHAIN = rf"^\s*{_NAME}(\s*>\s*{_NAME})*\s*$"
NESTED = ("calls", "miss", "fallback")

STEPS: dict[str, Any] = {"$ref": "#/$defs/Steps"}


def step_definitions() -> dict[str, Any]:
    """The definitions that `Steps` stands on."""
    definitions: dict[str, Any] = {}
    for model, nested in ((CallOptions, NESTED), (GroupOptions, ("calls",)), (BranchOptions, ("calls",))):
        schema = generated(model)
        definitions |= schema.pop("$defs", {})
        schema["properties"] |= dict.fromkeys(nested, STEPS)
        definitions[model.__name__] = schema
    definitions["GroupOptions"]["required"] = ["calls"]
    return definitions | {"Steps": _steps(), "Step": _step()}


def _steps() -> dict[str, Any]:
    step = {"$ref": "#/$defs/Step"}
    return {
        "title": "Steps",
        "description": "Calls in order; a single step stands for a list of one.",
        "if": {"type": "array"},
        "then": {"items": step},
        "else": step,
    }


def _step() -> dict[str, Any]:
    calls = {"type": "array", "items": {"$ref": "#/$defs/Step"}}
    options = {"$ref": "#/$defs/CallOptions"}
    return {
        "title": "Step",
        "description": "A chain such as `lb > api > links`, or one call with its options or its calls.",
        "examples": [
            "lb > api > links",
            {"api": {"timeout": "200ms", "retries": 1}},
            {"api": ["db", "cache"]},
        ],
        "type": ["string", "object"],
        "pattern": CHAIN,
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {
            "parallel": _either(calls, {"$ref": "#/$defs/GroupOptions"}, "calls that are made at once"),
            "choose": {
                "description": "branches by name; each run takes one of them",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": _either(
                    STEPS, {"$ref": "#/$defs/BranchOptions"}, "the share and the calls of a branch"
                ),
            },
        },
        "patternProperties": {
            rf"^(?!\s*(parallel|choose)\s*$){CHAIN[1:]}": _call(calls, options),
        },
        "additionalProperties": False,
    }


def _call(calls: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """What stands after a call: its calls, its options, or only the operation."""
    return {
        "description": "the calls inside this call, its options, or only its operation",
        "if": {"type": "array"},
        "then": calls,
        "else": {"if": {"type": "object"}, "then": options, "else": {"type": "string"}},
    }


def _either(listed: dict[str, Any], mapped: dict[str, Any], description: str) -> dict[str, Any]:
    return {"description": description, "if": {"type": "array"}, "then": listed, "else": mapped}
